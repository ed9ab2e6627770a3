"""Two processes write on one trail at once: real transactions, committed. No chain ever forks."""

from committed import CommittedCase
from processes import run_together

from odoo.tests import get_db_name, tagged

from odoo.addons.exception_core.tools import audit_seal, audit_verify

ROUNDS = 150
APPEND = """
case = env["exception.case"].browse({case})
team = env["exception.team"].search([], limit=1)
for number in range({rounds}):
    case._audit("hold.set", after={{"number": number}})
    env["exception.audit.entry"]._audit_config(team, "config.changed", after={{"number": number}})
    env.cr.commit()
"""


@tagged("post_install", "-at_install")
class TestAuditProcesses(CommittedCase):
    """What is made here is committed; of the trail nothing is removed again, as nobody can."""

    mark = "test_audit_processes"

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            partner = self._create_partners(env, 1)
            kind = env["exception.type"].search([], limit=1)
            case = env["exception.case"].create(
                {
                    "title": self.mark,
                    "type_id": kind.id,
                    "res_model": "res.partner",
                    "res_id": partner.id,
                }
            )
            self.case_id = case.id
        self._seal()

    def _clean_up(self):
        with self.committed() as env:
            env["exception.case"].browse(self.case_id).unlink()
            env["res.partner"].search([("ref", "=", self.mark)]).unlink()
        self._seal()

    def _seal(self):
        """Chain what is left, as the Scheduled Action does."""
        with self.registry.cursor() as cr:
            return audit_seal.seal_all(cr)

    def _verified(self, chain):
        """Return the number of entries of a chain, once the verifier is content with it."""
        with self.committed() as env:
            trail = audit_verify.Trail(whole=False)
            for entry in env["exception.audit.entry"]._export_rows([("chain", "=", chain)]):
                trail.feed(entry)
            trail.end()
            return trail.entries

    def test_two_processes_never_fork_a_chain(self):
        config = self._verified(0)
        body = APPEND.format(case=self.case_id, rounds=ROUNDS)
        run_together(get_db_name(), body, body)
        self._seal()
        # the opening, and what both have written
        self.assertEqual(self._verified(self.case_id), 1 + 2 * ROUNDS)
        self.assertEqual(self._verified(0), config + 2 * ROUNDS)

    def test_nearly_all_are_chained_at_once(self):
        body = APPEND.format(case=self.case_id, rounds=ROUNDS)
        run_together(get_db_name(), body)
        self.assertEqual(self._seal(), 0, "each commit has chained what it left behind")

    def test_an_old_snapshot_neither_fails_nor_waits(self):
        with self.committed() as slow:
            # the snapshot of this transaction is taken here
            case = slow["exception.case"].browse(self.case_id)
            self.assertTrue(case.name)
            with self.committed() as fast:
                fast["exception.case"].browse(self.case_id)._audit("hold.set", after={"n": 1})
            self._seal()
            slow.cr.execute("SET LOCAL lock_timeout = '100ms'")
            case._audit("hold.lifted", after={"n": 2})
        self._seal()
        self.assertEqual(self._verified(self.case_id), 3)

    def test_what_is_rolled_back_leaves_no_gap(self):
        with self.committed() as env:
            case = env["exception.case"].browse(self.case_id)
            case._audit("hold.set")
            env.cr.rollback()
            case._audit("hold.lifted")
        self._seal()
        self.assertEqual(self._verified(self.case_id), 2)
