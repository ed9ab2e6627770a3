from . import exception_case, purchase_order, purchase_order_line
