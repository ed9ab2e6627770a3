from . import exception_case_report
