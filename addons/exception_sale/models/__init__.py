from . import exception_case, exception_partner_tier, payment_transaction, sale_order
from . import sale_order_batch, sale_order_counter, sale_order_line, sale_order_margin
