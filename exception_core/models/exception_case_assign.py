from collections import defaultdict
from datetime import datetime

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.assignment import STEP, next_turn
from .exception_case_open import BATCH

ASSIGNED_BY = [
    ("rule", "By a rule"),
    ("round_robin", "In turn"),
    ("least_loaded", "Had the least to do"),
    ("record", "Has the other cases of the record"),
    ("rebalance", "To even out the work"),
]
ASSIGNABLE = ("new", "open")


class ExceptionCaseAssign(models.Model):
    """Who gets a case when its team assigns by a method.

    The machine names an owner; it begins nothing: the case stays new and unanswered until a
    person starts it.
    """

    _inherit = "exception.case"

    assigned_by = fields.Selection(
        ASSIGNED_BY,
        "How it was assigned",
        readonly=True,
        copy=False,
        help="Empty when a person assigned or took it.",
    )

    def _auto_assign(self):
        """Give unowned cases of teams with a method to their members; tell each once."""
        self._tell_owners(self._distribute(fields.Datetime.now()))

    def _distribute(self, now):
        """Give what can be given, the most urgent first, a whole bundle to one person.

        :return: {user id: ids of the cases given}
        """
        # sudo: an owner by a method is the model's own decision
        todo = (
            self.sudo()
            .with_context(**BATCH)
            .filtered(
                lambda case: not case.user_id
                and case.state in ASSIGNABLE
                and case.team_id.assignment_method in ("round_robin", "least_loaded")
            )
        )
        if not todo:
            return {}
        queues = todo.team_id._assignment_queues(now)
        if not any(queue.members for queue in queues.values()):
            return {}
        holders = todo._holders()
        turn = next_turn(now, queues.values())
        groups, turns = defaultdict(list), {}
        for bundle in todo._by_urgency():
            queue, key = queues[bundle[0].team_id.id], bundle[0]._parcel_key()
            member, how = queue.choose(bundle[0].company_id.id, holders.get(key))
            if not member:
                continue
            member.load += queue.points(case.severity for case in bundle)
            holders[key] = member.user_id
            queue.turns[member.user_id] = turns[member.user_id] = turn
            turn += STEP
            groups[member.user_id, how] += [case.id for case in bundle]
        given = defaultdict(list)
        for (user_id, how), ids in groups.items():
            todo.browse(ids)._name_owner(user_id, how, turns[user_id])
            given[user_id] += ids
        todo._let_owners_follow()
        return given

    def _by_urgency(self):
        """Return lists of the cases that stay together, the most urgent first."""
        bundles = defaultdict(list)
        far = datetime.max
        urgent = self.sorted(
            lambda case: (-case.score, case.severity, case.date_due or far, case.id)
        )
        for case in urgent:
            bundles[case.team_id.id, case._parcel_key()].append(case)
        return list(bundles.values())

    def _parcel_key(self):
        """What cases share that one person works together; private teams stay apart."""
        self.ensure_one()
        private = self.team_id.id if self.team_id.private else False
        if not self.res_id:
            return (False, self.id, self.company_id.id, private)
        return (self.res_model, self.res_id, self.company_id.id, private)

    def _holders(self):
        """Return {bundle key: user id} of people who work on these records already."""
        keyed = self.filtered("res_id")
        self._flush_owned(["res_model", "res_id", "user_id", "is_open", "team_id", "assigned_at"])
        self.env["exception.team"].flush_model(["private"])
        self.env.cr.execute(
            SQL(
                """
                SELECT c.res_model, c.res_id, c.company_id, t.id, c.user_id
                  FROM exception_case c
             LEFT JOIN exception_team t ON t.id = c.team_id AND t.private
                 WHERE c.is_open AND c.user_id IS NOT NULL
                   AND c.res_model = ANY(%s) AND c.res_id = ANY(%s)
              ORDER BY c.assigned_at NULLS FIRST, c.id
                """,
                list(set(keyed.mapped("res_model"))),
                keyed.mapped("res_id"),
            )
        )
        rows = self.env.cr.fetchall()
        return {
            (model, res_id, company, team or False): user
            for model, res_id, company, team, user in rows
        }

    def _give(self, user_id, how):
        """Make a person the owner by a decision of the machine, whatever made it.

        Nobody has begun by that: the state stays, no response is noted, and nobody is told;
        ``_tell_owners`` does that once for all cases.

        :param how: a key of ``ASSIGNED_BY``
        """
        # sudo: an owner by a rule or a method is the model's own decision
        cases = self.sudo().with_context(**BATCH)
        cases._name_owner(user_id, how, fields.Datetime.now())
        cases._let_owners_follow()

    def _name_owner(self, user_id, how, moment):
        self.write({"user_id": user_id, "assigned_at": moment, "assigned_by": how})

    def _let_owners_follow(self):
        """Let owners follow their cases, as those do whom a person chose: two statements.

        The ORM needs longer for a thousand followers than for a thousand cases.
        """
        owned = self.filtered("user_id")
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mail_followers (res_model, res_id, partner_id)
                SELECT %s, it.case_id, it.partner_id
                  FROM unnest(%s::int[], %s::int[]) AS it(case_id, partner_id)
                    ON CONFLICT DO NOTHING RETURNING id
                """,
                self._name,
                owned.ids,
                [case.user_id.partner_id.id for case in owned],
            )
        )
        follower_ids = [row[0] for row in self.env.cr.fetchall()]
        subtypes, _internal, _external = self.env["mail.message.subtype"].default_subtypes(
            self._name
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mail_followers_mail_message_subtype_rel
                            (mail_followers_id, mail_message_subtype_id)
                SELECT f, s FROM unnest(%s::int[]) f, unnest(%s::int[]) s
                """,
                follower_ids,
                subtypes.ids,
            )
        )
        self.invalidate_recordset(["message_follower_ids", "message_partner_ids"], flush=False)

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"assigned_by"}
