from . import (
    exception_query_delivery,
    exception_query_gates,
    exception_query_order,
    exception_query_payment,
    exception_query_transfer,
    payment_transaction,
    sale_order,
)
