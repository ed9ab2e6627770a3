from odoo.addons.exception_core.tests.holds import HoldTools

from .common import AccountExceptionCommon


class AccountHoldCommon(HoldTools, AccountExceptionCommon):
    """Documents that could be posted if nothing held them."""
