from . import exception_event_edit
from . import exception_event_secret_dialog
from . import exception_subscription_secret
from . import exception_delivery_replay
