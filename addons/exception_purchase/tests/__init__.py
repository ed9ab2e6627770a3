from . import test_dimension, test_record_access, test_record_cases
