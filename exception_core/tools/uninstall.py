"""Whether a module is really uninstalled: Odoo says so in the context, and so may a client."""

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


def unclaimed(records):
    """Return records without a client's claim that their module is uninstalled.

    With it Odoo would leave out what keeps records from being deleted. A real uninstall is done
    by the superuser.
    """
    if records.env.su or not records.env.context.get(MODULE_UNINSTALL_FLAG):
        return records
    return records.with_context(**{MODULE_UNINSTALL_FLAG: False})
