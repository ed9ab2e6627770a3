from . import test_record_access, test_record_cases
