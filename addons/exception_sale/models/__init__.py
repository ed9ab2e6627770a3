from . import exception_case, exception_partner_tier, payment_transaction, sale_order
