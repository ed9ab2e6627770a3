from . import (
    test_approval_balance,
    test_hold_browser,
    test_hold_cost,
    test_hold_pay,
    test_hold_post,
    test_hold_reconcile,
    test_material_line,
    test_record_access,
    test_record_cases,
)
