from . import exception_case, sale_order
