from . import controllers
from . import models
from . import schemes
from . import wizards
