from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import SaleExceptionCommon


@tagged("post_install", "-at_install")
class TestRecordCases(SaleExceptionCommon):
    """What a sales order's form says about its open cases."""

    def _seen(self, order=None, user=None):
        return (order or self.order).with_user(user or self.seller)

    def test_no_case_no_banner(self):
        seen = self._seen()
        self.assertEqual(seen.exception_case_count, 0)
        self.assertFalse(seen.exception_banner)
        self.assertFalse(seen.exception_due_state)

    def test_only_open_cases_count(self):
        self._create_order_case()
        self._create_order_case(state="resolved")
        self.assertEqual(self._seen().exception_case_count, 1)

    def test_case_of_same_id_on_another_model_does_not_count(self):
        self._create_case(res_model="res.partner", res_id=self.order.id)
        self.assertEqual(self._seen().exception_case_count, 0)

    def test_banner_tells_the_worst_case_and_how_many_more(self):
        self._create_order_case(title="Gift card forgotten", severity="4")
        self._create_order_case(title="Paid, not shipped", severity="1", amount=900.0)
        banner = self._seen().exception_banner
        self.assertTrue(banner.startswith("Paid, not shipped"), banner)
        self.assertIn("900.00", banner)
        self.assertIn("1 more", banner)
        self.assertNotIn("Gift card", banner)

    def test_banner_turns_red_only_when_the_promise_is_broken(self):
        case = self._create_order_case()
        self.assertEqual(self._seen().exception_due_state, "ok")
        late = fields.Datetime.now() - timedelta(hours=1)
        case.write({"response_due": late, "date_due": late})
        seen = self._seen()
        seen.invalidate_recordset()
        self.assertEqual(seen.exception_due_state, "breached")
        self.assertIn("overdue", seen.exception_banner)

    def test_banner_leads_to_the_worst_case(self):
        self._create_order_case(severity="4")
        worst = self._create_order_case(severity="1")
        self.assertEqual(self._seen().action_view_worst_exception()["res_id"], worst.id)

    def test_smart_button_opens_one_case_as_form_and_several_as_list(self):
        case = self._create_order_case()
        self.assertEqual(self._seen().action_view_exceptions()["res_id"], case.id)
        other = self._create_order_case()
        action = self._seen().action_view_exceptions()
        found = self.env["exception.case"].search(action["domain"])
        self.assertEqual(found, case | other)

    def test_each_company_counts_its_own(self):
        company = self.env["res.company"].create({"name": "Second company"})
        self.seller.write({"company_ids": [(4, company.id)]})
        theirs = self._create_order(company_id=company.id)
        self._create_order_case()
        self._create_order_case(theirs, team_id=False)
        orders = self.order | theirs
        both = [self.env.company.id, company.id]
        seen = orders.with_user(self.seller).with_context(allowed_company_ids=both)
        self.assertEqual(seen.mapped("exception_case_count"), [1, 1])
        own = orders.with_user(self.seller).with_context(allowed_company_ids=both[:1])
        self.assertEqual(own[0].exception_case_count, 1)
        self.assertFalse(own[1].exception_case_count)

    def test_case_of_a_private_team_stays_unseen(self):
        private = self._create_team(private=True)
        self._create_order_case(team_id=private.id)
        seen = self._seen()
        self.assertEqual(seen.exception_case_count, 0)
        self.assertFalse(seen.exception_banner)

    def test_filter_finds_orders_with_open_cases(self):
        other = self._create_order()
        self._create_order_case()
        orders = self.env["sale.order"].with_user(self.seller)
        mine = [("id", "in", (self.order | other).ids)]
        self.assertEqual(
            orders.search([*mine, ("exception_case_count", ">", 0)]).ids, self.order.ids
        )
        self.assertEqual(orders.search([*mine, ("exception_case_count", "=", 0)]).ids, other.ids)

    def test_form_costs_two_statements_more_at_most(self):
        self._create_order_case(amount=10.0)
        self._create_order_case(severity="1")
        spec = {"name": {}, "currency_id": {}, "partner_id": {}}
        names = ("exception_case_count", "exception_banner", "exception_due_state")
        more = {**spec, **{name: {} for name in names}}
        self._count_read(self.order, more)  # warms rules and formats
        plain = self._count_read(self.order, spec)
        self.assertLessEqual(self._count_read(self.order, more) - plain, 2)

    def test_list_costs_no_more_for_many_orders(self):
        orders = self.env["sale.order"].browse(self._create_order().id for _index in range(5))
        for order in orders:
            self._create_order_case(order)
        spec = {"exception_case_count": {}}
        self._count_read(orders, spec)
        self.assertEqual(self._count_read(orders, spec), self._count_read(orders[:1], spec))

    def _count_read(self, orders, specification):
        """Return how many statements the web client's reading of these fields takes.

        Orders and cases are read anew; currency and language are what a form has read anyway.
        """
        self.env.flush_all()
        orders.invalidate_model()
        self.env["exception.case"].invalidate_model()
        before = self.cr.sql_log_count
        # the web client always sends language and time zone
        seen = orders.with_user(self.seller).with_context(lang="en_US", tz="Europe/Brussels")
        seen.web_read(specification)
        return self.cr.sql_log_count - before

    def test_deleted_order_leaves_its_name_on_the_case(self):
        name = self.order.name
        case = self._create_order_case()
        self.order.unlink()
        self.assertEqual(case.res_name, name)
        self.assertFalse(case.record_exists)
        self.assertIn(name, case.action_open_record()["params"]["message"])
