# taxonomy
from . import exception_category
from . import exception_reason
from . import exception_sla_policy
from . import exception_sla_target
from . import resource_calendar
from . import exception_team
from . import exception_type
from . import exception_channel
from . import exception_team_overview
# case
from . import exception_case
# detection
