from . import account_payment_register, validate_account_move
