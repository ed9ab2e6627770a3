from . import account_move, account_payment, exception_approval
