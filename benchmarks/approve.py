"""What it costs to ask for an approval and to decide it, beside two plain writes of the ORM.

Asking judges by policy, looks at every duty, keeps a snapshot, makes a step and shows it to whoever
is asked; deciding looks at the duties again under a lock. The bound is what any such thing writes
at least: a record is created, and another one written. The list is the page that an approver
opens, with 10,000 steps that wait and among 100: its time says whether the search keeps up.
"""

import threading

from odoo import fields
from odoo.tools import SQL

from .measure import interleaved, median, milliseconds
from .result import Result

OPEN_STEPS = 10_000
PAGE = 80


def run(desk, sizes):
    """Measure asking and deciding, then the list."""
    people = _set_up(desk)
    cases = _make_cases(desk, 2 * (sizes.repetitions + 1))
    # the server has authenticated whoever decides
    threading.current_thread().uid = people["approver"]
    state = {"cases": iter(cases), "approval": None}
    candidates = {
        "ask": lambda: _ask(desk, people, state),
        "bound": lambda: _two_writes(desk, people),
    }
    asked, decided, bound = [], [], []
    for _repetition in range(sizes.repetitions + 1):
        asked.append(milliseconds(candidates["ask"])[0])
        decided.append(milliseconds(lambda: _decide(desk, people, state))[0])
        bound.append(milliseconds(candidates["bound"])[0])
    results = [
        Result(
            name="Ask for an approval and decide it",
            measured=median(asked[1:]) + median(decided[1:]),
            bound=median(bound[1:]),
            unit="ms",
            note=f"asking {median(asked[1:]):,.1f} ms, deciding {median(decided[1:]):,.1f} ms",
        )
    ]
    results.append(_lists(desk, people, sizes))
    _clean_up(desk)
    del threading.current_thread().uid
    return results


def _set_up(desk):
    """Make somebody who asks, somebody who decides, and a policy."""
    with desk.env() as env:
        people = {}
        for name, group in (("asker", "group_user"), ("approver", "group_approver")):
            login = f"bench_{name}"
            user = env["res.users"].with_context(active_test=False).search([("login", "=", login)])
            user = user or env["res.users"].with_context(no_reset_password=True).create(
                {
                    "name": login,
                    "login": login,
                    "groups_id": [(4, env.ref(f"exception_core.{group}").id)],
                }
            )
            people[name] = user.id
        env["exception.approval.matrix"].search([]).write({"enabled": False})
        env["exception.approval.matrix"].create(
            {
                "name": "Bench policy",
                "enabled": True,
                "level_ids": [
                    (
                        0,
                        0,
                        {"name": "Bench", "approver_user_ids": [(4, people["approver"])]},
                    )
                ],
            }
        )
        env["ir.config_parameter"].set_param("exception_core.approval_mail", "no")
    return people


def _make_cases(desk, count):
    with desk.env() as env:
        kind = env["exception.type"].search([], limit=1)
        partner = env.ref("base.partner_root")
        values = {"title": "Bench", "type_id": kind.id, "res_model": "res.partner"}
        cases = env["exception.case"].create(
            [{**values, "res_id": partner.id, "amount": 100.0} for _number in range(count)]
        )
        return cases.ids


def _ask(desk, people, state):
    with desk.env(people["asker"]) as env:
        case = env["exception.case"].browse(next(state["cases"]))
        state["approval"] = env["exception.approval"]._request(case, None, "Bench").id


def _decide(desk, people, state):
    with desk.env(people["approver"]) as env:
        env["exception.approval"].browse(state["approval"]).approve("Bench")


def _two_writes(desk, people):
    with desk.env() as env:
        tag = env["res.partner.category"].create({"name": "Bench"})
        tag_id = tag.id
    with desk.env() as env:
        env["res.partner.category"].browse(tag_id).write({"name": "Bench again"})


# ----------------------------------------------------------------------
# the list
# ----------------------------------------------------------------------


def _lists(desk, people, sizes):
    """Open the first page of requests that wait for somebody, among many and among few."""
    times = {}
    for count in (100, OPEN_STEPS if sizes.official else 1000):
        _fill(desk, people, count)
        found = interleaved({count: lambda: _page(desk, people)}, sizes.repetitions)
        times[count] = median(found[count])
    few, many = times
    return Result(
        name=f"First page of {many:,} requests that wait for one person",
        measured=times[many],
        bound=times[few],
        unit="ms",
        note=f"the bound is the same page of {few:,}",
    )


def _page(desk, people):
    with desk.env(people["approver"]) as env:
        domain = [("approver_ids", "in", [people["approver"]])]
        names = ("name", "company_amount", "requested_at", "due_at", "state")
        env["exception.approval"].web_search_read(domain, {n: {} for n in names}, limit=PAGE)


def _fill(desk, people, count):
    """Make requests that wait by SQL, on one case."""
    case_id = _make_cases(desk, 1)[0]
    with desk.env() as env:
        case = env["exception.case"].browse(case_id)
        env.cr.execute(
            SQL(
                """WITH request AS (
                       INSERT INTO exception_approval (name, case_id, state, requested_by,
                              requested_at, company_id, currency_id, company_amount)
                       SELECT 'Bench', %(case)s, 'pending', %(asker)s, %(now)s, %(company)s,
                              %(currency)s, 100 FROM generate_series(1, %(count)s) RETURNING id),
                   step AS (
                       INSERT INTO exception_approval_step (approval_id, case_id, company_id, name,
                              sequence, state, needed)
                       SELECT id, %(case)s, %(company)s, 'Bench', 1, 'pending', 1 FROM request
                       RETURNING id)
                   INSERT INTO exception_approval_step_user_rel (step_id, user_id)
                   SELECT id, %(approver)s FROM step""",
                case=case.id,
                asker=people["asker"],
                approver=people["approver"],
                now=fields.Datetime.now(),
                company=case.company_id.id,
                currency=case.currency_id.id,
                count=count,
            )
        )
    desk.vacuum("exception_approval", "exception_approval_step", "exception_approval_step_user_rel")


def _clean_up(desk):
    """Take everything away: nothing but SQL deletes what was asked and decided."""
    with desk.env() as env:
        env["mail.activity"].search([("res_model", "=", "exception.approval")]).unlink()
        for table in ("token", "decision", "step"):
            env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(f"exception_approval_{table}")))
        env.cr.execute("DELETE FROM exception_approval")
        env["exception.case"].search([("title", "=", "Bench")]).unlink()
        policies = env["exception.approval.matrix"].search([("name", "=", "Bench policy")])
        policies.unlink()
