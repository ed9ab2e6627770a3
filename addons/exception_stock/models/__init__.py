from . import exception_case, stock_picking
