from . import test_approval
from . import (
    test_dimension,
    test_hold_bypass,
    test_hold_confirm,
    test_hold_detector,
    test_record_access,
    test_record_cases,
    test_report,
    test_tier,
)
