from . import exception_case, purchase_order
