from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..tools.event_path import compile_path
from ..tools.refused import Refused

HOWS = [
    ("order", "Order by its number"),
    ("payment", "Payment by its reference"),
    ("invoice", "Invoice by its number"),
    ("shipment", "Transfer by its tracking number"),
    ("product", "Product by SKU or barcode"),
    ("partner", "Customer by e-mail or reference"),
    ("external_id", "Identifier in Odoo"),
    ("named", "Record that the sender names"),
    ("field", "Field of any kind of record"),
]
# Where in the normal form the value is, unless the line says it.
EXPRESSIONS = {
    "order": "references.order || reference",
    "payment": "references.payment || reference",
    "invoice": "references.invoice || reference",
    "shipment": "references.shipment || reference",
    "product": "references.product || reference",
    "partner": "[partner.email, partner.reference]",
    "external_id": "external_id",
    "named": "external_id || reference",
    "field": "reference",
}
# In which fields of which models it is looked for; the first that finds something decides.
LOOKUPS = {
    "order": [
        ("sale.order", "name"),
        ("sale.order", "client_order_ref"),
        ("sale.order", "origin"),
    ],
    "payment": [
        ("payment.transaction", "provider_reference"),
        ("payment.transaction", "reference"),
    ],
    "invoice": [
        ("account.move", "name"),
        ("account.move", "payment_reference"),
        ("account.move", "ref"),
    ],
    "shipment": [("stock.picking", "carrier_tracking_ref"), ("stock.picking", "name")],
    "product": [("product.product", "default_code"), ("product.product", "barcode")],
    "partner": [("res.partner", "email_normalized"), ("res.partner", "ref")],
}
# Of the records of the desk, those that messages are about though no sender names them.
OWN = {"exception.case.reference"}
# Fields that other apps bring: without them a way ends at the record that it found.
BROUGHT = {"sale_order_ids", "sale_id", "purchase_id", "invoice_ids"}


class ExceptionEventMatch(models.Model):
    """One way to find the record that a message is about. The first that finds one decides.

    Addons that bring records of their own extend :meth:`_lookups`.
    """

    _name = "exception.event.match"
    _description = "Way to the Record of an Event"
    _inherit = ["exception.event.contract.part"]
    _order = "sequence, id"

    contract_id = fields.Many2one(
        "exception.event.contract", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    how = fields.Selection(HOWS, "Finds", required=True, default="order")
    model = fields.Char(
        "Kind of record",
        help="Technical name, for “Field of any kind of record”. Where its app is not installed, "
        "the line is skipped. Example: sale.order",
    )
    field_name = fields.Char("Field", help="Example: client_order_ref")
    expression = fields.Char(
        "Value",
        help="JMESPath on the normal form; a list is tried in order. Empty: the usual place. "
        "Example: references.order",
    )
    path = fields.Char(
        "Leads on by",
        help="Fields from the record that was found to the one that the case is about. Example: "
        "sale_order_ids of a payment.",
    )

    @api.constrains("how", "model", "field_name", "expression", "path")
    def _check_line(self):
        for line in self:
            try:
                compile_path(line._value_path())
            except Refused as refused:
                raise ValidationError(
                    _("%(where)s: %(problem)s", where=line._version_name(), problem=refused)
                ) from refused
            if line.how == "field":
                line._check_field()
            elif line.path:
                line._check_path()

    def _check_field(self):
        if not self.model or not self.field_name:
            raise ValidationError(_("Say the kind of record and the field by which it is found."))
        if self.model not in self.env:
            # its app is not installed: the line is skipped until it is
            return
        self._check_kind(self.model)
        model = self.env[self.model]
        if model._abstract or model._transient:
            raise ValidationError(_("“%s” has no records that stay.", self.model))
        field = model._fields.get(self.field_name)
        if not field or not field.store or field.type not in ("char", "integer", "text"):
            raise ValidationError(
                _(
                    "“%(field)s” is no stored text or number of “%(model)s”.",
                    field=self.field_name,
                    model=model._description,
                )
            )
        # the machine finds for all: whoever writes the line must be able to read what it finds by
        self.env["exception.detector"]._check_field_access(model, field, self.field_name)
        self._check_path()

    def _check_path(self):
        for model, _field in self._places():
            for name in (self.path or "").split("."):
                field = self.env[model]._fields.get(name) if name else None
                if name in BROUGHT and not field:
                    break
                if name and not (field and field.relational):
                    raise ValidationError(
                        _(
                            "“%(path)s” does not lead on from “%(model)s”: “%(name)s” is no "
                            "relation there.",
                            path=self.path,
                            model=self.env[model]._description,
                            name=name,
                        )
                    )
                if name and self.how == "field":
                    self.env["exception.detector"]._check_field_access(
                        self.env[model], field, self.path
                    )
                model = field.comodel_name if name else model
            self._check_kind(model)

    @api.model
    def _check_kind(self, model):
        if self._is_business(model):
            return
        raise ValidationError(
            _(
                "An event cannot be about “%s”: such records say how Odoo itself works. Choose the "
                "record that people work on.",
                self.env[model]._description,
            )
        )

    @api.model
    def _is_business(self, model):
        """Tell whether events may be about records of a model, whoever has set it up."""
        return model in OWN or self.env["exception.event"]._is_nameable(model)

    @api.model
    def _lookups(self):
        """Return where each kind of record is looked for: how → list of (model, field)."""
        return LOOKUPS

    def _places(self):
        """Return (model, field) in which the line looks, as far as they are installed."""
        if self.how == "field":
            places = [(self.model, self.field_name)]
        else:
            places = self._lookups().get(self.how, ())
        return [
            (model, name)
            for model, name in places
            if model in self.env and name in self.env[model]._fields and self._is_business(model)
        ]

    def _value_path(self):
        return (self.expression or "").strip() or EXPRESSIONS[self.how]

    def _version_name(self):
        return dict(self._fields["how"]._description_selection(self.env))[self.how]

    def _version_key(self):
        return f"{self.how}/{self.model}/{self.field_name}/{self.expression}"
