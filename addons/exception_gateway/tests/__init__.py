from . import test_expectation
from . import test_health
from . import test_refusal
from . import test_schemes_adyen
from . import test_schemes_attacks
from . import test_schemes_config
from . import test_schemes_vendors
from . import test_silence
