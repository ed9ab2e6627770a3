from datetime import timedelta

from markupsafe import Markup, escape

from odoo import SUPERUSER_ID, _, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.exception_core.models.exception_case_close import ENDED

from .exception_delivery_outbox import Happening, Origin

# What comes back within this time of being told is taken for an echo.
ECHO = timedelta(minutes=10)
STATES = ("open", "waiting", "resolved", "closed", "cancelled")


class ExceptionCaseFollow(models.Model):
    """Cases follow what another system says of them, under the rules of their own verbs.

    What comes is told from what comes back: a state that both sides have, or that was told to that
    system a moment ago, changes nothing. When both sides have changed since they last agreed, the
    table of authority decides; where it says nothing, Odoo is right. Nothing of what came from a
    system is told to that system again.
    """

    _inherit = "exception.case"

    def _follow_outside(self, system, changes):
        """Apply what another system says of these cases.

        :param system: the ``exception.system`` that says it and has proved who it is
        :param dict changes: what it says, any of

            ``state``: open, waiting, resolved, closed or cancelled, and with it ``waiting_for``,
            ``until`` and ``reason``; ``note``: text, with its ``author`` and its ``note_id``
            there; ``at``: when it happened there (naive UTC); ``by_us``: True when it says that
            our own change caused it, False when it says that it did not, None when it does not say
        :return: {case id: (result, sentence)}; result is ``applied``, ``same``, ``late``,
            ``conflict`` or ``refused``
        """
        robot = self.with_user(SUPERUSER_ID).with_context(exception_origin=Origin(system.id))
        results = {}
        for case in robot:
            found = [case._follow_state(system, changes), case._follow_note(system, changes)]
            results[case.id] = max(filter(None, found), key=_weight, default=("same", ""))
        return results

    # ------------------------------------------------------------------
    # states
    # ------------------------------------------------------------------

    def _follow_state(self, system, changes):
        state, at = changes.get("state"), changes.get("at")
        if not state:
            return None
        if state not in STATES:
            return "refused", _("“%s” is no state of a case.", state)
        reference = self.reference_ids.filtered(lambda one: one.system_id == system)[:1]
        if at and reference.outside_at and at < reference.outside_at:
            return "late", _("%s has said something newer already.", system.name)
        if at:
            reference.write({"outside_at": at})
        ours = self._outside_state()
        if state == ours or (state, ours) == ("closed", "resolved"):
            # what we told has come back, or both did the same
            reference._agree(ours)
            return "same", _("It was so already.")
        if self._is_echo(system, state, changes.get("by_us")):
            return "same", _("It repeats what it was told.")
        agreed = reference.agreed_state
        if agreed and agreed != ours and not self._is_right(system):
            return self._keep_ours(system, reference, state, _("changed here meanwhile"))
        return self._apply_outside(system, reference, state, changes)

    def _apply_outside(self, system, reference, state, changes):
        """Do what the other system did, by the verb that a person would use."""
        reason = changes.get("reason") or _("%s says so.", system.name)
        before = self.state
        try:
            with self.env.cr.savepoint():
                self._because(reason)._verb_outside(state, changes, reason)
        except UserError as error:
            return self._keep_ours(system, reference, state, str(error))
        reference._agree(self._outside_state())
        self._audit(
            "outside.followed",
            before={"state": before},
            after={"state": self.state},
            reason=reason,
            system=system.name,
        )
        return "applied", _("%(case)s follows %(system)s.", case=self.name, system=system.name)

    def _verb_outside(self, state, changes, reason):
        if state == "waiting":
            until = changes.get("until")
            self.wait(changes.get("waiting_for") or "internal", until, reason)
        elif state == "open":
            self.reopen(reason) if self.state in ENDED else self.resume()
        elif self.state == "resolved" and state == "cancelled":
            raise UserError(_("%s is resolved already.", self.name))
        elif self._refuse_to_free_outside():
            raise UserError(self._refuse_to_free_outside())
        elif state == "cancelled":
            self.cancel_case(note=reason)
        else:
            self.resolve(note=reason)

    def _refuse_to_free_outside(self):
        """Say that another system does not free what is held here; None if nothing is."""
        if not self._holds_a_step():
            return None
        return _(
            "%(case)s holds %(record)s; only people here let it go.",
            case=self.name,
            record=self.res_name or _("its record"),
        )

    def _keep_ours(self, system, reference, state, why):
        """Keep our state, write down that they differ, and tell the other system ours again."""
        ours = self._outside_state()
        words = _(
            "%(system)s says %(theirs)s, here it is %(ours)s: %(why)s",
            system=system.name,
            theirs=state,
            ours=ours,
            why=why,
        )
        reference.write({"in_conflict": True, "conflict": words, "agreed_state": False})
        self._audit(
            "outside.conflict",
            before={"state": state},
            after={"state": ours},
            reason=why,
            system=system.name,
        )
        self._note(words)
        change = {"change": {"from": state, "to": self.state}}
        # its own system must hear it although it spoke first
        here = self.with_context(exception_origin=None)
        here.env["exception.delivery"]._put_out(
            [Happening("case.state_changed", self.id, change, only_system=system.id)]
        )
        return "conflict", words

    def _is_echo(self, system, state, by_us):
        """Tell whether a system repeats a state that it was told a moment ago."""
        if by_us is not None:
            return by_us
        return bool(self._told_lately(system, [("case_state", "in", _same(state))]))

    def _told_lately(self, system, domain):
        # sudo: what was told to a system is the administrators' to see
        deliveries = self.env["exception.delivery"].sudo()
        return deliveries.search(
            [
                ("case_id", "=", self.id),
                ("subscription_id.system_id", "=", system.id),
                ("state", "in", ("sending", "delivered")),
                ("created_at", ">=", fields.Datetime.now() - ECHO),
                *domain,
            ],
            order="id desc",
        )

    def _is_right(self, system):
        """Tell whether the table of authority says that a system is right about this case."""
        authority = self.env["exception.authority"]
        return authority._may_write(authority._who_is_right(), "case", self.company_id, system)

    # ------------------------------------------------------------------
    # notes
    # ------------------------------------------------------------------

    def _follow_note(self, system, changes):
        text = (changes.get("note") or "").strip()
        if not text:
            return None
        known = self.env["exception.case.outside.note"]
        if self._is_own_note(system, text, changes.get("by_us")):
            return "same", _("It repeats a note of ours.")
        if not known._once(self, system, changes.get("note_id"), text):
            return "same", _("The note is here already.")
        author = changes.get("author")
        head = _("%(author)s in %(system)s:", author=author, system=system.name)
        if not author:
            head = _("In %s:", system.name)
        body = Markup("<p><b>%s</b></p><p>%s</p>") % (
            head,
            Markup("<br/>").join(escape(line) for line in text.splitlines()),
        )
        self.message_post(body=body, message_type="comment", subtype_xmlid="mail.mt_note")
        return "applied", _("The note was added to %s.", self.name)

    def _is_own_note(self, system, text, by_us):
        if by_us is not None:
            return by_us
        told = self._told_lately(system, [("event_type", "=", "case.noted")])
        return any(one._note_text() == text for one in told)


class ExceptionDelivery(models.Model):
    """What was delivered to a system is what both sides know."""

    _inherit = "exception.delivery"

    @api.model
    def _follow_delivered(self, delivered):
        result = super()._follow_delivered(delivered)
        told = delivered.filtered(lambda one: one.case_id and one.subscription_id.system_id)
        # sudo: the machine's own knowledge of what both sides know
        references = self.env["exception.case.reference"].sudo()
        found = references.search([("case_id", "in", told.case_id.ids)])
        for one in told.sorted("id"):
            mine = found.filtered(
                lambda ref, one=one: (
                    ref.case_id == one.case_id and ref.system_id == one.subscription_id.system_id
                )
            )
            # a conflict stays one until it has been seen to be over
            mine.write({"agreed_state": _group(one.case_state)})
        return result


def _same(state):
    return {"open": ["new", "open", "approval"]}.get(state, [state])


def _group(state):
    return "open" if state in ("new", "open", "approval") else state


def _weight(result):
    return ("same", "late", "applied", "refused", "conflict").index(result[0])
