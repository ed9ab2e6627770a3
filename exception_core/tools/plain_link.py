"""A link to a record that the database does not guard."""

from odoo import fields


class PlainMany2one(fields.Many2one):
    """A many2one without a foreign key, for tables whose rows must never change.

    A foreign key would write to the row when the other record is deleted or merged. Without it
    the number stays, and who reads a link to a record that is gone sees it empty.
    """

    def update_db_foreign_key(self, model, column):
        """Leave the column as a plain number."""
