from . import exception_system
from . import exception_event_endpoint
from . import exception_event
