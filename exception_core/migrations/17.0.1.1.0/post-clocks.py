"""Cases opened before there were clocks get theirs, as they would be by now."""

from odoo import SUPERUSER_ID, api
from odoo.tools.misc import split_every


def migrate(cr, version):
    """Make the clocks of open cases without any."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    domain = [
        ("is_open", "=", True),
        ("sla_policy_id", "!=", False),
        ("clock_ids", "=", False),
    ]
    cases = env["exception.case"].search(domain, order="id")
    for ids in split_every(1000, cases.ids):
        cases.browse(ids)._make_clocks()
