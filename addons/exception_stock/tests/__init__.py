from . import test_dimension, test_promise, test_record_access, test_record_cases
