from . import approval
from . import audit
