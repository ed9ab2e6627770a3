"""Install and uninstall hooks: what Odoo's data files cannot undo by themselves."""

from odoo.tools import SQL


def post_init_hook(env):
    """Create the permanent collecting rules for the real-time detectors shipped as data."""
    env["exception.detector"]._ensure_collecting_rules()


def uninstall_hook(env):
    """Remove the collecting Automation Rules, which were made at run time.

    They carry a flag that exists only while this addon is installed; left behind they would
    call a model that is gone in every save (a stray rule outlives its addon otherwise).
    """
    rules = env["base.automation"].with_context(active_test=False)
    rules.search([("exception_collector", "=", True)]).unlink()
    # faces of requests hold on to their kind of activity, which goes with the addon
    env.cr.execute(SQL("DELETE FROM mail_activity WHERE exception_approval_step_id IS NOT NULL"))
    # the tables of the audit trail go with their models, the functions behind triggers do not
    for name in ("exception_audit_guard", "exception_audit_refuse"):
        env.cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(name)))
