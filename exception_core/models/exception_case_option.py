import logging

from psycopg2 import OperationalError

from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..tools import option_rank
from .exception_case_close import ENDED
from .exception_option import AT_WORK

_logger = logging.getLogger(__name__)


class ExceptionCaseOption(models.Model):
    """Ranked ways out of a case: collected from the verticals, ranked, proposed.

    A vertical extends ``_option_providers``. What becomes of the ways out is on
    ``exception.option``.
    """

    _inherit = "exception.case"

    option_ids = fields.One2many("exception.option", "case_id", "Ways out", readonly=True)
    current_option_ids = fields.Many2many(
        "exception.option", compute="_compute_current_option_ids", string="What can be done"
    )
    can_propose_options = fields.Boolean(compute="_compute_can_propose_options")

    @api.depends("option_ids.state", "option_ids.rank")
    def _compute_current_option_ids(self):
        for case in self:
            current = case.option_ids.filtered(lambda one: one.state in ("proposed", "chosen"))
            case.current_option_ids = current.sorted(
                lambda one: (one.state == "proposed", one.rank, -one.id)
            )

    @api.depends("state", "option_ids.state", "option_ids.run_id.state")
    @api.depends_context("uid")
    def _compute_can_propose_options(self):
        for case in self:
            # sudo: whether there is something to look at, not what
            providers = case.id and case.is_open and case.sudo()._option_providers()
            case.can_propose_options = bool(providers) and not case._refuse_option_at_work()

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"option_ids"}

    def write(self, vals):
        """Write cases; what has ended needs no way out."""
        result = super().write(vals)
        if vals.get("state") in ENDED:
            # sudo: options are written by the model only, whoever ends the case
            options = self.env["exception.option"].sudo()
            left = options.search([("case_id", "in", self.ids), ("state", "=", "proposed")])
            left._withdraw(_("The case ended."))
        return result

    # ------------------------------------------------------------------
    # what verticals fill
    # ------------------------------------------------------------------

    def _option_providers(self):
        """Return the methods that know ways out of this case; a vertical adds its own.

        Each is a bound method of the case without arguments that returns a list of dicts (see
        ``exception.option._read_way``). It is called as superuser and only computes: what it
        writes would be evidence of something that did not happen.
        """
        self.ensure_one()
        return []

    # ------------------------------------------------------------------
    # propose
    # ------------------------------------------------------------------

    def propose_options(self):
        """Work out the ways out of the case anew, and rank them.

        :return: ``{"options": ids, the best first, "notes": what could not be looked at}``
        """
        self.ensure_one()
        self.check_access_rights("write")
        self.check_access_rule("write")
        options, notes = self._propose_and_note()
        return {"options": options.ids, "notes": notes}

    def _propose_options(self, step=None):
        """Propose the ways out of the case: refresh what stands, withdraw what is none any more.

        :param step: step of a playbook that waits for a choice
        :return: the options that are proposed now, the best first
        :raise UserError: the case has ended, or what was chosen is not over yet
        """
        return self._propose_and_note(step)[0]

    def _propose_and_note(self, step=None):
        self.ensure_one()
        if not self.is_open:
            raise UserError(_("%s has ended. Re-open it first.", self.name))
        if refusal := self._refuse_option_at_work():
            raise UserError(refusal)
        case = self.sudo()  # sudo: providers look at everything about the case
        known = case.env["exception.option"]._lock_proposed(case)
        rows, notes = case._collect_options()
        step = step or case.step_ids._waiting_for_choice()
        options = known._renew(case, rows, step)
        gone = known - options
        gone._withdraw(_("It is no way out any more."))
        for note in notes:
            case._note(note)
        case._audit(
            "option.proposed",
            options=[option._audited() for option in options],
            **({"withdrawn": gone.mapped("key")} if gone else {}),
            **({"left_out": notes} if notes else {}),
        )
        return options.sudo(self.env.su), notes

    def _refuse_option_at_work(self):
        """Say that what was chosen is not over yet; None if it is, or nothing was."""
        # sudo: only how it stands
        chosen = self.sudo().option_ids.filtered(lambda one: one.run_id.state in AT_WORK)
        if not chosen:
            return None
        return _(
            "“%(option)s” was chosen and is not over yet. Wait for it, or give it up first.",
            option=chosen[:1].name,
        )

    def _collect_options(self):
        """Ask the providers; return (rows of the ways out, the best first; what failed).

        Nothing is written, so that a dry run may ask, too.
        """
        options = self.env["exception.option"]
        rows, notes = {}, []
        for provider in self._option_providers():
            found, failed = self._ask_provider(provider)
            notes += failed
            for row in found:
                if row["key"] in rows:
                    notes.append(_("“%s” was proposed twice; the first one counts.", row["name"]))
                else:
                    rows[row["key"]] = row
        return options._ranked(self, list(rows.values())), notes

    def _ask_provider(self, provider):
        """Return (rows, notes) of one provider; what fails in it keeps no other from going on."""
        rows, notes = [], []
        try:
            with self.env.cr.savepoint():
                for given in provider():
                    row, why = self.env["exception.option"]._read_way(self, given)
                    if row:
                        rows.append(row)
                    else:
                        notes.append(why)
        except OperationalError:
            # a conflict with another transaction: Odoo tries the whole of it again
            raise
        except Exception as error:
            _logger.exception("Ways out of %s: %s failed", self.name, provider.__name__)
            self.env.invalidate_all(flush=False)
            return [], [
                _(
                    "Some ways out could not be worked out: %s. Look for them by hand, and tell "
                    "the administrator.",
                    error,
                )
            ]
        return rows, notes

    def _option_weights(self):
        """Return what counts how much, as the settings of the company say."""
        company = self.company_id.sudo()  # sudo: settings of the desk
        return {part: company[f"exception_option_{part}"] for part in option_rank.PARTS}

    # ------------------------------------------------------------------
    # button
    # ------------------------------------------------------------------

    def action_propose_options(self):
        """Work out the ways out, and say what could not be looked at or that there are none."""
        answer = self.propose_options()
        if answer["notes"]:
            return self._notification(_("Not complete"), "\n".join(answer["notes"]), "warning")
        if not answer["options"]:
            nothing = _("Nothing that this case could be helped with was found. Use “Do…”.")
            return self._notification(_("No way out"), nothing, "warning")
        return True
