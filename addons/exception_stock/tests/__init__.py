from . import (
    test_dimension,
    test_hold_adjust,
    test_hold_browser,
    test_hold_check,
    test_hold_follow,
    test_hold_reserve,
    test_hold_validate,
    test_promise,
    test_record_access,
    test_record_cases,
)
