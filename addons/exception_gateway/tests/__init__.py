from . import test_refusal
from . import test_silence
