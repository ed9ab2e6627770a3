from . import account_move_line, account_payment, payment_transaction
