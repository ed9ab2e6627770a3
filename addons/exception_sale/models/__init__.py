from . import exception_case
from . import sale_order
