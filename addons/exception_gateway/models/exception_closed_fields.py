import re

from odoo import _, api, models
from odoo.exceptions import AccessError


class ExceptionClosedFields(models.AbstractModel):
    """What somebody may not read, they may not search or sort by either.

    Odoo looks at the groups of a field when it is read or grouped by, and not in domains: whoever
    may ask for “begins with a”, “begins with b” and so on has read it in the end.
    """

    _name = "exception.closed.fields"
    _description = "Fields that Only their Readers Search"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, access_rights_uid=None):
        """Search, unless a condition or the order tells about a field that is not to be read."""
        if not self.env.su:
            self._refuse_closed(domain, order)
        return super()._search(domain, offset, limit, order, access_rights_uid)

    @api.model
    def _refuse_closed(self, domain, order):
        asked = [leaf[0] for leaf in domain if isinstance(leaf, list | tuple)]
        asked += (order or "").split(",")
        for name in {re.split(r"[.:\s]", one.strip())[0] for one in asked if isinstance(one, str)}:
            field = self._fields.get(name)
            if field and field.groups and not self.user_has_groups(field.groups):
                raise AccessError(
                    _(
                        "“%(field)s” of “%(model)s” is not for you to read, so you cannot search "
                        "or sort by it. Leave it out of the filter.",
                        field=field._description_string(self.env),
                        model=self._description,
                    )
                )
