from odoo import _, api, fields, models
from odoo.exceptions import ValidationError


class ExceptionCategory(models.Model):
    """A node of the taxonomy: groups exception types and names who answers for them.

    A node without an owner of its own is answered for by the nearest node above it that has one;
    top nodes must name theirs, so that nobody is ever asked in vain.
    """

    _name = "exception.category"
    _inherit = "exception.versioned"
    _description = "Exception Category"
    _parent_store = True
    _order = "sequence, complete_name, id"
    _rec_names_search = ["complete_name", "code"]

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(
        "Full name", compute="_compute_complete_name", store=True, recursive=True
    )
    code = fields.Char(required=True, help="Stable key, for example: payment")
    parent_id = fields.Many2one(
        "exception.category", "Parent category", index=True, ondelete="restrict"
    )
    parent_path = fields.Char(index=True, unaccent=False)
    child_ids = fields.One2many("exception.category", "parent_id", "Sub-categories")
    type_ids = fields.One2many("exception.type", "category_id", "Types")
    owner_id = fields.Many2one(
        "res.users",
        ondelete="restrict",
        domain="[('share', '=', False)]",
        help="Answers for everything below this node. Leave it empty to inherit the owner of the "
        "parent category.",
    )
    effective_owner_id = fields.Many2one(
        "res.users",
        compute="_compute_effective_owner_id",
        store=True,
        recursive=True,
        help="The owner, or the nearest owner above where this node names none.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    type_count = fields.Integer("Number of types", compute="_compute_type_count")
    open_case_count = fields.Integer("Open cases", compute="_compute_open_case_count")

    _sql_constraints = [
        ("code_uniq", "unique(code)", "Another category has this code already."),
    ]

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for category in self:
            parent = category.parent_id.complete_name
            category.complete_name = f"{parent} / {category.name}" if parent else category.name

    @api.depends("complete_name")
    def _compute_display_name(self):
        for category in self:
            category.display_name = category.complete_name

    @api.depends("owner_id", "parent_id.effective_owner_id")
    def _compute_effective_owner_id(self):
        for category in self:
            category.effective_owner_id = category.owner_id or category.parent_id.effective_owner_id

    def _compute_type_count(self):
        counts = self._count_below("exception.type", [])
        for category in self:
            category.type_count = counts.get(category.id, 0)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_open_case_count(self):
        counts = self._count_below("exception.case", [("is_open", "=", True)])
        for category in self:
            category.open_case_count = counts.get(category.id, 0)

    # the name is always given on creation, the other two may be left out
    @api.constrains("name", "owner_id", "parent_id")
    def _check_owner(self):
        for category in self:
            if not category.effective_owner_id:
                raise ValidationError(
                    _(
                        "Name an owner for %s: it has no parent category to inherit one from.",
                        category.name,
                    )
                )

    def action_open_cases(self):
        """Open the cases of the category and of everything below it."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_core.exception_case_action_all",
            [("category_id", "child_of", self.id)],
            {"search_default_open": 1},
        )

    def action_open_types(self):
        """Open the types of the category and of everything below it."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_core.exception_type_action",
            [("category_id", "child_of", self.id)],
            {"default_category_id": self.id},
        )

    def _count_below(self, model, domain):
        """Count the records of each node's whole branch with one grouped query."""
        below = self.with_context(active_test=False).search([("id", "child_of", self.ids)])
        counts = {}
        groups = self.env[model]._read_group(
            [("category_id", "in", below.ids), *domain], ["category_id"], ["__count"]
        )
        for category, count in groups:
            for ancestor in category._ancestor_ids():
                counts[ancestor] = counts.get(ancestor, 0) + count
        return counts

    def _ancestor_ids(self):
        """Return the ids of the category and of all above it."""
        self.ensure_one()
        return [int(part) for part in (self.parent_path or "").split("/") if part]

    @api.model
    def _second_person_kind(self):
        return "desk"
