from . import exception_demo_story
from . import exception_demo_promises
from . import exception_demo_decisions
