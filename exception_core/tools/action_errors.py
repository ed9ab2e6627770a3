"""How an action may end other than well, as vocabulary: the class says what happens next."""


class ActionError(Exception):
    """An action did not do what it should; the message is for people."""


class ActionRefused(ActionError):
    """It cannot be done as it stands: the run fails, and a person decides whether to retry."""


class ActionNotSent(ActionError):
    """Nothing has reached the outside: the run is tried again as its retry pattern says.

    :param int seconds: not sooner than this; None: as the pattern says
    """

    def __init__(self, message, seconds=None):
        super().__init__(message)
        self.seconds = seconds


class ActionUnknown(ActionError):
    """The outside may or may not have acted: ask back before anything is tried again."""
