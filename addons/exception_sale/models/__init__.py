from . import exception_case, exception_partner_tier, sale_order
