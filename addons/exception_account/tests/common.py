from odoo import Command

from odoo.addons.exception_core.tests.common import ExceptionCommon


class AccountExceptionCommon(ExceptionCommon):
    """A bookkeeper who is also an agent, one who is not, and factories of documents."""

    @classmethod
    def setUpClass(cls):
        """Make people, product, an invoice and a payment to a supplier."""
        super().setUpClass()
        company = cls.env.company
        if not company.chart_template:
            charts = cls.env["account.chart.template"]
            charts.try_loading("generic_coa", company=company, install_demo=False)
        books = "account.group_account_invoice"
        cls.bookkeeper = cls._create_user(
            "test_exception_bookkeeper", f"{books},exception_core.group_user"
        )
        cls.plain_bookkeeper = cls._create_user("test_exception_plain_bookkeeper", books)
        cls.supplier = cls.env["res.partner"].create({"name": "Oak & Sons"})
        cls.product = cls.env["product.product"].create({"name": "Oak table", "list_price": 900})
        cls.bank = cls.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
        )
        cls.invoice = cls._create_invoice()
        cls.payment = cls._create_payment()

    @classmethod
    def _create_invoice(cls, move_type="out_invoice", price=900.0, **overrides):
        """Create an invoice, bill or refund of one line, not posted."""
        line = {"product_id": cls.product.id, "price_unit": price, "tax_ids": []}
        ours = move_type.startswith("out_")
        values = {
            "move_type": move_type,
            "partner_id": (cls.partner if ours else cls.supplier).id,
            "invoice_date": "2026-01-15",
            "invoice_line_ids": [Command.create(line)],
        }
        return cls.env["account.move"].create({**values, **overrides})

    @classmethod
    def _create_payment(cls, **overrides):
        """Create a payment to the supplier, not posted."""
        values = {
            "payment_type": "outbound",
            "partner_type": "supplier",
            "partner_id": cls.supplier.id,
            "amount": 120.0,
            "journal_id": cls.bank.id,
        }
        return cls.env["account.payment"].create({**values, **overrides})

    @classmethod
    def _create_case_on(cls, record, **overrides):
        """Create a case on an invoice or a payment."""
        return cls._create_case(**{"res_model": record._name, "res_id": record.id, **overrides})
