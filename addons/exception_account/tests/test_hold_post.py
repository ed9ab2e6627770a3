from odoo import fields
from odoo.tests import tagged

from .hold_common import AccountHoldCommon


@tagged("post_install", "-at_install")
class TestHoldPost(AccountHoldCommon):
    """A held invoice, bill or refund is not posted, whoever tries it and however."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._hold(cls.invoice, "post", title="Tax number is wrong")

    def test_every_kind_of_document_is_held(self):
        for kind in ("out_invoice", "out_refund", "in_invoice", "in_refund", "in_receipt"):
            with self.subTest(kind=kind):
                move = self._create_invoice(kind)
                self._hold(move, "post")
                self._rpc(self.bookkeeper, move, "action_post")
                self.assertEqual(move.state, "draft")

    def test_rpc_is_told_what_holds(self):
        answer = self._rpc(self.bookkeeper, self.invoice, "action_post")
        self._assert_told(answer, self.case)
        self.assertEqual(self.case.hold_refused_by, self.bookkeeper)

    def test_the_clean_of_a_batch_go_on(self):
        clean = self._create_invoice() | self._create_invoice("in_invoice")
        answer = self._rpc(self.bookkeeper, clean | self.invoice, "action_post")
        self.assertEqual(set(clean.mapped("state")), {"posted"})
        self.assertEqual(self.invoice.state, "draft")
        self._assert_told(answer, self.case, done=clean)

    def _post_dialog(self, moves, **values):
        dialog = self.env["validate.account.move"].with_user(self.bookkeeper)
        dialog = dialog.with_context(active_model="account.move", active_ids=moves.ids)
        return dialog.create(values).validate_move()

    def test_the_dialog_of_the_list_posts_the_clean_and_says_what_stayed(self):
        clean = self._create_invoice() | self._create_invoice()
        answer = self._post_dialog(clean | self.invoice)
        self.assertEqual(set(clean.mapped("state")), {"posted"})
        self.assertEqual(self.invoice.state, "draft")
        hold = answer["params"]["exception_hold"]
        self.assertEqual([row["id"] for row in hold["held"]], self.invoice.ids)
        self.assertEqual(answer["params"]["next"]["type"], "ir.actions.act_window_close")

    def test_the_dialog_with_nothing_but_held(self):
        answer = self._post_dialog(self.invoice, force_post=True)
        self.assertIn("exception_hold", answer["params"])
        self.assertEqual(self.invoice.state, "draft")

    def test_the_dialog_works_as_ever_without_holds(self):
        clean = self._create_invoice()
        answer = self._post_dialog(clean)
        self.assertEqual(answer, {"type": "ir.actions.act_window_close"})
        self.assertEqual(clean.state, "posted")
        with self._assert_refused("no journal items"):
            self._post_dialog(clean)

    def test_code_that_posts_is_refused(self):
        for soft in (True, False):
            with self._assert_refused(self.case.name):
                self.invoice._post(soft=soft)
        with self._assert_refused("Tax number"):
            (self._create_invoice() | self.invoice)._post()
        self.assertFalse(self.invoice.posted_before)

    def test_writing_the_state_is_refused(self):
        for user in (self.bookkeeper, self.env.ref("base.user_root")):
            with self._assert_refused(self.case.name):
                self._rpc(user, self.invoice, "write", {"state": "posted"})

    def test_a_held_document_does_not_become_an_entry(self):
        bill = self._create_invoice("in_invoice")
        self._hold(bill, "post")
        with self._assert_refused("on hold"):
            bill.with_user(self.bookkeeper).write({"move_type": "entry"})
        self.assertEqual(bill.move_type, "in_invoice")

    def test_a_held_payment_s_entry_stays_with_it(self):
        payment = self.payment
        self._hold(payment, "pay")
        with self._assert_refused("on hold"):
            payment.move_id.with_user(self.bookkeeper).write({"payment_id": False})
        self.assertEqual(payment.move_id.payment_id, payment)

    def test_import_is_refused(self):
        moves = self.env["account.move"].with_user(self.bookkeeper)
        result = moves.load([".id", "state"], [[str(self.invoice.id), "posted"]])
        self.assertFalse(result["ids"])
        self.assertIn(self.case.name, result["messages"][0]["message"])

    def test_the_job_that_posts_leaves_it_out_and_tries_again(self):
        held, clean = self._create_invoice(), self._create_invoice()
        (held | clean).write({"auto_post": "at_date", "date": fields.Date.today()})
        case = self._hold(held, "post")
        self.env["account.move"]._autopost_draft_entries()
        self.env.cr.flush()
        before = held.message_ids
        self.env["account.move"]._autopost_draft_entries()
        self.env.cr.flush()
        self.assertEqual((held.state, clean.state), ("draft", "posted"))
        self.assertFalse(held.to_check)
        self.assertEqual(held.message_ids, before)
        self.assertEqual(case.hold_refused_count, 2)
        case.state = "resolved"
        self.env["account.move"]._autopost_draft_entries()
        self.assertEqual(held.state, "posted")

    def test_a_refund_made_by_the_dialog_is_checked(self):
        detector = self._holding_detector(
            "account.move", "[('move_type', '=', 'out_refund'), ('state', '=', 'posted')]", "post"
        )
        invoice = self._create_invoice()
        invoice.action_post()
        dialog = self.env["account.move.reversal"].with_user(self.bookkeeper)
        dialog = dialog.with_context(active_model="account.move", active_ids=invoice.ids)
        dialog = dialog.create({"journal_id": invoice.journal_id.id})
        with self._assert_refused(detector.type_id.name):
            dialog.modify_moves()
        dialog.refund_moves()
        refund = invoice.reversal_move_id
        self._rpc(self.bookkeeper, refund, "action_post")
        self.assertEqual(refund.state, "draft")
        self.assertEqual(refund._exception_money_out("post"), refund)

    def test_other_entries_are_not_guarded(self):
        self._holding_detector("account.move", "[('state', '=', 'posted')]", "post")
        account = self.invoice.invoice_line_ids.account_id
        lines = [{"account_id": account.id, "debit": 5}, {"account_id": account.id, "credit": 5}]
        entry = self.env["account.move"].create(
            {"move_type": "entry", "line_ids": [(0, 0, line) for line in lines]}
        )
        self._hold(entry, "post")
        self._rpc(self.bookkeeper, entry, "action_post")
        self.assertEqual(entry.state, "posted")

    def test_the_end_of_the_case_frees_the_invoice(self):
        self.case.state = "resolved"
        self._rpc(self.bookkeeper, self.invoice, "action_post")
        self.assertEqual(self.invoice.state, "posted")
