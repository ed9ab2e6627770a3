from . import exception_case
