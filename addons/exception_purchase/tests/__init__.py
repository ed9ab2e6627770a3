from . import (
    test_dimension,
    test_hold_confirm,
    test_hold_scheduler,
    test_material_line,
    test_record_access,
    test_record_cases,
)
