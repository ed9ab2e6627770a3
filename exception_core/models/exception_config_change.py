import hashlib
import json

from odoo import SUPERUSER_ID, _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.config_note import NOTE, ConfigNote, config_note
from ..tools.config_values import compare

STATES = [
    ("waiting", "Waits for a second person"),
    ("agreed", "Agreed"),
    ("withdrawn", "Withdrawn"),
]


class ExceptionConfigChange(models.Model):
    """A change of the configuration that waits until a second person agrees.

    Kept by ``exception.versioned.base`` instead of being made. It knows the calls that would make
    it, the state of the record before, and the state that its author saw; when it is agreed to,
    the calls are made with the rights of whoever agrees, and must lead to that very state.
    """

    _name = "exception.config.change"
    _description = "Change that Waits for a Second Person"
    _inherit = "exception.kind.mixin"
    _order = "id desc"

    res_model = fields.Char("Model", required=True, readonly=True, index=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    name = fields.Char("Of", readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="waiting", index=True)
    # set null: people may be deleted, their name stays
    author_id = fields.Many2one("res.users", "Asked by", readonly=True, ondelete="set null")
    author_name = fields.Char("Name of who asked", readonly=True)
    at = fields.Datetime("Asked", readonly=True)
    reason = fields.Char(readonly=True)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, ondelete="set null")
    decided_by_name = fields.Char("Name of who decided", readonly=True)
    decided_at = fields.Datetime("Decided", readonly=True)
    own_agreement = fields.Boolean(
        "Agreed by its author", readonly=True, help="Which a setting allowed at that time."
    )
    company_id = fields.Many2one("res.company", readonly=True, ondelete="set null")
    operations = fields.Json(readonly=True)
    before = fields.Json(readonly=True)
    after = fields.Json(readonly=True)
    difference = fields.Html(compute="_compute_difference", sanitize=False)
    look = fields.Char("What is shown", compute="_compute_look")
    is_outdated = fields.Boolean("Changed meanwhile", compute="_compute_is_outdated")
    can_agree = fields.Boolean(compute="_compute_can")
    can_withdraw = fields.Boolean(compute="_compute_can")
    why_not = fields.Char("Why you cannot agree", compute="_compute_can")

    def init(self):
        """Let the database allow one waiting change a record."""
        self.env.cr.execute(
            SQL(
                "CREATE UNIQUE INDEX IF NOT EXISTS exception_config_change_waiting_uniq "
                "ON exception_config_change (res_model, res_id) WHERE state = 'waiting'"
            )
        )

    @api.depends("before", "after")
    @api.depends_context("lang", "tz")
    def _compute_difference(self):
        versions = self.env["exception.config.version"]
        for change in self:
            rows = versions._rows(change.res_model, change.before, change.after or {})
            change.difference = versions._as_table(rows)
            if not change.after:
                gone = versions._rows(change.res_model, None, change.before)
                change.difference = versions._as_deleted(gone)

    @api.depends("before", "after", "reason")
    def _compute_look(self):
        """What a person sees who agrees, in short: screens send it along, see ``agree``."""
        for change in self:
            shown = json.dumps([change.before, change.after, change.reason], sort_keys=True)
            change.look = hashlib.sha256(shown.encode()).hexdigest()

    @api.depends_context("uid")
    def _compute_can(self):
        for change in self:
            why_not = change._refuse_agreement(self.env.user)
            change.why_not = why_not
            change.can_agree = change.state == "waiting" and not why_not
            change.can_withdraw = change.state == "waiting" and not change._refuse_withdrawal(
                self.env.user
            )

    def _compute_is_outdated(self):
        for change in self:
            change.is_outdated = change.state == "waiting" and bool(change._meanwhile())

    # ------------------------------------------------------------------
    # proposing
    # ------------------------------------------------------------------

    @api.model
    def _waiting_for(self, records):
        """Return {record id: the change that waits}, whoever asks."""
        # sudo: whether something waits is shown on the record itself
        changes = self.sudo().search(
            [
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
                ("state", "=", "waiting"),
            ]
        )
        return {change.res_id: change for change in changes}

    @api.model
    def _propose(self, record, operation):
        """Keep a call that must wait; the author's next calls are added to the same change.

        :param record: as the person who makes the change
        :param list operation: model, method, ids, arguments, and in which language and companies
        :return: the change
        """
        change = self._waiting_for(record).get(record.id) or self.sudo()
        if change and change.author_id != self.env.user:
            raise UserError(
                _(
                    "A change of “%(record)s” by %(author)s waits for a second person. Agree to "
                    "it or have it withdrawn before you change anything else.",
                    record=record.display_name,
                    author=change.author_name,
                )
            )
        if change and not change.after:
            raise UserError(
                _(
                    "“%s” waits to be deleted. Withdraw that before you change anything else.",
                    record.display_name,
                )
            )
        operations = [*(change.operations or []), operation]
        before = record._version_states()[record.id]
        after = self._outcome(record, operations)
        note = config_note(record.env)
        reason = self.env.context.get("exception_config_reason") or note.reason
        vals = {"operations": operations, "before": before, "after": after}
        if reason:
            vals["reason"] = str(reason)
        if change:
            change.write(vals)
        else:
            change = self.sudo().create({**vals, **self._opening(record, before)})
        change._tell("config.proposed")
        self._show_to_author(change)
        return change

    @api.model
    def _opening(self, record, before):
        versions = self.env["exception.config.version"].sudo()
        return {
            "res_model": record._name,
            "res_id": record.id,
            "name": versions._name_of(record, before, False),
            "author_id": self.env.uid,
            "author_name": self.env.user.name,
            "at": fields.Datetime.now(),
            "company_id": versions._company_of(before),
        }

    @api.model
    def _outcome(self, record, operations):
        """Return the state to which calls lead, without leaving a trace; None: it is deleted."""
        with record._second_person_undone():
            note = ConfigNote(way="agreed")
            self._carry_out(record.env, operations, note, tracking_disable=True)
            present = record.exists()
            return present._version_states().get(record.id)

    @api.model
    def _carry_out(self, env, operations, note, **context):
        for model, method, ids, args, where in operations:
            # of the companies in which the author worked, those that this user may work in
            companies = [one for one in where["companies"] if one in env.user.company_ids.ids]
            here = {"lang": where["lang"]}
            if companies:
                here["allowed_company_ids"] = companies
            records = env[model].browse(ids).with_context(**{NOTE: note, **here, **context})
            if method not in records._second_person_verbs():
                raise UserError(_("“%s” is no change that can wait.", method))
            getattr(records, method)(*args)
        env.flush_all()

    def _show_to_author(self, change):
        """Say at once that the change waits: the screen that saved shows the old values."""
        self.env["bus.bus"]._sendone(
            self.env.user.partner_id,
            "simple_notification",
            {
                "type": "warning",
                "title": _("Waits for a second person"),
                "message": _(
                    "Your change of “%s” takes effect when somebody else agrees to it.",
                    change.name,
                ),
            },
        )

    def _tell(self, event, **data):
        """Append what happened to a change to the trail of the configuration."""
        versions = self.env["exception.config.version"].sudo()
        for change in self:
            record = self.env[change.res_model].browse(change.res_id)
            rows = versions._rows(change.res_model, change.before, change.after or {})
            self.env["exception.audit.entry"].sudo()._audit_config(
                record.exists(),
                event,
                before={row["label"]: row["before"] for row in rows},
                after={row["label"]: row["after"] for row in rows},
                reason=change.reason,
                **data,
            )

    def _meanwhile(self):
        """Return what of the record changed since the change was proposed."""
        self.ensure_one()
        # sudo: compared as a whole, whoever looks
        record = self.env[self.res_model].sudo().browse(self.res_id).exists()
        state = record._version_states().get(record.id) if record else None
        if state is None:
            return [None]
        return compare(self.before, state)

    @api.model
    def _is_person(self, user):
        """Tell whether a user is somebody who can agree, and no machine."""
        return user.id != SUPERUSER_ID and user.active and not user.share
