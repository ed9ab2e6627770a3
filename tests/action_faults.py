"""What fault tests of actions share: a receiver, workers, committed cases and their runs."""

import time
import uuid

from committed import CommittedCase
from nursery import Nursery
from receiver import Receiver

from odoo.tools import SQL

CASES = 21


class FaultCase(CommittedCase):
    """Two actions: ``inside`` works on the database, ``outside`` calls a receiver."""

    nursery = None

    @classmethod
    def start_nursery(cls, dbname, **server):
        """Start the process whose workers carry out runs."""
        cls.nursery = Nursery(dbname, **server)
        cls.addClassCleanup(cls.nursery.close)

    def setUp(self):
        super().setUp()
        self.mark = f"fault-{uuid.uuid4().hex[:8]}"
        self.receiver = Receiver()
        self.addCleanup(lambda: self.receiver.close())
        with self.committed() as env:
            self._make(env)

    def _make(self, env):
        partners = self._create_partners(env, CASES)
        kind = env.ref("exception_core.type_contact_unusable")
        rows = [
            {
                "title": self.mark,
                "type_id": kind.id,
                "res_model": "res.partner",
                "res_id": partner.id,
                "company_id": env.company.id,
            }
            for partner in partners
        ]
        self.case_ids = env["exception.case"]._open_batch(rows).ids
        parameters = env["ir.config_parameter"]
        self.hosts = parameters.get_param("exception_core.webhook_hosts") or ""
        parameters.set_param("exception_core.webhook_hosts", "127.0.0.1")
        self.inside = self._inside(env).id
        self.outside = self._outside(env).id

    def _inside(self, env):
        code = (
            f"env['res.partner'].create({{'name': str(run.id), 'ref': '{self.mark}'}})\n"
            "env.cr.execute('SELECT pg_sleep(0.15)')"
        )
        server_action = env["ir.actions.server"].create(
            {
                "name": self.mark,
                "model_id": env["ir.model"]._get("exception.case").id,
                "state": "code",
                "code": code,
                "exception_release": "system",
            }
        )
        values = {"name": self.mark, "code": f"{self.mark}-in", "run_as": "system"}
        return env["exception.action"].create({**values, "server_action_id": server_action.id})

    def _outside(self, env):
        return env.ref("exception_core.action_webhook").copy(
            {
                "name": self.mark,
                "code": f"{self.mark}-out",
                "url": self.receiver.url,
                "ask_url": f"{self.receiver.url}/{{key}}",
                "timeout_seconds": 1,
                "run_as": "system",
            }
        )

    def _clean_up(self):
        with self.committed() as env:
            cases = env["exception.case"].browse(self.case_ids)
            runs = cases.run_ids
            env["queue.job"].search([("uuid", "in", runs.mapped("job_uuid"))]).unlink()
            env.cr.execute(SQL("DELETE FROM exception_action_run WHERE id = ANY(%s)", runs.ids))
            env.invalidate_all()
            cases.unlink()
            actions = env["exception.action"].browse((self.inside, self.outside))
            inside = actions[0].server_action_id
            actions.unlink()
            inside.unlink()
            env["res.partner"].search([("ref", "=", self.mark)]).unlink()
            env["ir.config_parameter"].set_param("exception_core.webhook_hosts", self.hosts)

    # ------------------------------------------------------------------
    # runs
    # ------------------------------------------------------------------

    def propose(self, action_id, count, same_record=False):
        """Queue so many runs, each on a case of its own, without carrying them out.

        Without jobs, too: the runner of the server under test would be one more worker.
        """
        with self.committed() as env:
            action = env["exception.action"].browse(action_id)
            cases = env["exception.case"].browse(self.case_ids)
            cases = [cases[0]] * count if same_record else list(cases)[:count]
            runs = [action._propose(case) for case in cases]
            for run in runs:
                run._store(run._end_values("queued"))
            return [run.id for run in runs]

    def fetch(self, query):
        """Return the rows of a query as dicts, as anybody sees them now."""
        with self.registry.cursor() as cr:
            cr.execute(query)
            return cr.dictfetchall() if cr.description else []

    def facts(self, run_id):
        """Return the stored columns of a run."""
        return self.fetch(SQL("SELECT * FROM exception_action_run WHERE id = %s", run_id))[0]

    def done(self, run_ids):
        """Return those of the runs that are done."""
        return sorted(run_id for run_id in run_ids if self.facts(run_id)["state"] == "done")

    def effects(self):
        """Return the ids of the runs that left something behind, as often as they did."""
        # what a killed process had begun is taken back when the server notices
        self.wait_for(lambda: not self._at_work())
        found = self.fetch(
            SQL(
                "SELECT name::int AS id FROM res_partner WHERE ref = %s AND name ~ '^[0-9]+$'",
                self.mark,
            )
        )
        return sorted(row["id"] for row in found)

    def _at_work(self):
        return self.fetch(
            SQL(
                "SELECT pid FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE '%%pg_sleep(0.15)%%'"
                " AND state != 'idle' AND pid != pg_backend_pid()"
            )
        )

    def calls(self, run_ids):
        """Return how often the outside was asked for each of the runs."""
        return [self.receiver.calls[self.facts(run_id)["token"]] for run_id in run_ids]

    def make_due(self, run_ids):
        """Let the time pass that these runs wait for."""
        self.fetch(
            SQL(
                "UPDATE exception_action_run SET queued_at = queued_at - interval '1 day',"
                " next_try_at = next_try_at - interval '1 day' WHERE id = ANY(%s)",
                run_ids,
            )
        )

    def wait_for(self, happened, seconds=10):
        """Wait until something has happened in another process."""
        until = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > until:
                raise AssertionError("it did not happen")
            time.sleep(0.02)
