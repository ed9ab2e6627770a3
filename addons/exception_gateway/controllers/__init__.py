from . import health
from . import events
