from . import exception_event_secret_dialog
