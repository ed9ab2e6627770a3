from . import exception_case
from . import stock_picking
