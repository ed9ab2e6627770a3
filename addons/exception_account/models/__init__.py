from . import account_move, account_move_pay, account_payment, exception_approval
from . import account_move_line, account_move_line_reconcile, account_partial_reconcile
from . import account_bank_statement_line
