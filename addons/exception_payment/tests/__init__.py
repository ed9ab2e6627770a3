from . import test_hold_provider
