from . import test_approval
from . import (
    test_dimension,
    test_hold_bypass,
    test_hold_confirm,
    test_hold_detector,
    test_hold_payment,
    test_hold_people,
    test_peak,
    test_record_access,
    test_record_cases,
    test_report,
    test_tier,
    test_tours_hold,
    test_tours_peak,
)
