from . import health
from . import events
from . import schemas
