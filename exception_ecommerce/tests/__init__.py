from . import (
    test_confirm_cost,
    test_delivery,
    test_detector_journey,
    test_gates,
    test_hold_batch,
    test_hold_goods,
    test_life_cycle,
    test_order_quality,
    test_payment,
    test_transfer,
    test_triage_rules,
)
