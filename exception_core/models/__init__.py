# taxonomy
# case
from . import exception_case
# detection
