from . import test_approval_balance, test_record_access, test_record_cases
