# what others inherit comes first
from . import exception_kept_value  # isort: skip
from . import (
    account_move,
    account_payment,
    exception_case_payment,
    exception_case_ways_out,
    exception_query_delivery,
    exception_query_gates,
    exception_query_memory,
    exception_query_order,
    exception_query_payment,
    exception_query_transfer,
    exception_settings_ecommerce,
    payment_transaction,
    res_company,
    sale_order,
    sale_order_money,
    sale_order_receipt,
    sale_order_refund,
    sale_order_settle,
    sale_order_ship,
    sale_order_tell,
)
