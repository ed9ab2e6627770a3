# taxonomy
from . import test_business_time
from . import test_sla_policy
from . import test_taxonomy
from . import test_team_overview
from . import test_detector_sweep
from . import test_detector_realtime
# case
from . import test_case_lifecycle
from . import test_case_protect
