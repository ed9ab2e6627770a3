import uuid

from odoo import SUPERUSER_ID, _, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.action_key import fill


class ExceptionActionPropose(models.Model):
    """From an action, a case and inputs to a run: who may, on what, once for which key."""

    _inherit = "exception.action"

    # ------------------------------------------------------------------
    # the door
    # ------------------------------------------------------------------

    def _propose(self, case, values=None, reason=None, case_step=None, option=None, **more):
        """Propose to do this action on a case.

        :param case: one ``exception.case``
        :param dict values: inputs by name, checked here wherever they come from
        :param reason: why, for those who read it later
        :param case_step: step of a playbook that asks (``run.case_step_id``)
        :param option: option that a person chose (``run.option_id``)
        :param more: ``automated`` (a machine decided, whoever's transaction it is; by default the
            superuser is the machine), ``on_behalf`` (a user)
        :return: the run, in the state "proposed"; the one with the same key if there is one
        :raise UserError: why it cannot be proposed
        """
        self.ensure_one()
        case.ensure_one()
        automated = more.get("automated", self.env.uid == SUPERUSER_ID)
        self._check_doors(case, automated)
        checked = self._check_values(values or {})
        key = self._key(case, checked)
        # sudo: the doors above were passed; runs are written by the model only
        runs = self.env["exception.action.run"].sudo()
        if known := runs._of_key(key):
            return known.sudo(self.env.su)
        run = runs._record(
            [
                {
                    **self._run_values(case, checked, automated),
                    **({"case_step_id": case_step.id} if case_step else {}),
                    "option_id": option.id if option else False,
                    "on_behalf_id": more["on_behalf"].id if more.get("on_behalf") else False,
                    "key": key,
                    "reason": reason,
                }
            ]
        )
        run._audit("action.proposed", reason=reason, inputs=checked)
        return run.sudo(self.env.su)

    def _known_run(self, case, values=None):
        """Return the run that holds the key of such a request; empty where there is none.

        :raise UserError: why it cannot be proposed
        """
        self.ensure_one()
        self._check_doors(case, self.env.uid == SUPERUSER_ID)
        key = self._key(case, self._check_values(values or {}))
        # sudo: the doors were passed; it is only compared with what is proposed
        return self.env["exception.action.run"].sudo()._of_key(key)

    def _check_doors(self, case, automated):
        """Refuse people who may not ask for it, and cases that it does not fit."""
        if refusal := self._refuse_person() if not automated else None:
            raise AccessError(refusal)
        if refusal := self._refuse_case(case):
            raise UserError(refusal)

    def _run_values(self, case, values, automated):
        amount, currency = self._money_of(case, values)
        company = case.company_id
        person = self.env["res.users"].browse(SUPERUSER_ID) if automated else self.env.user
        rates = {}
        today = fields.Date.context_today(self)
        target = self._target(case)
        return {
            "action_id": self.id,
            "case_id": case.id,
            "type_id": case.type_id.id,
            "company_id": company.id,
            "res_model": target._name,
            "res_id": target.id,
            "record_key": self._record_key(case),
            "values": values,
            "amount": amount,
            "currency_id": currency.id,
            # limits know no sign: what is owed moves as much as what is due
            "company_amount": abs(
                case._to_company_currency(amount, currency, company, today, rates)
            ),
            "requested_by": person.id,
            "automated": automated,
        }

    # ------------------------------------------------------------------
    # who and on what
    # ------------------------------------------------------------------

    def _refuse_person(self):
        """Say why the user may not ask for this action; None if they may."""
        self.ensure_one()
        user = self.env.user
        if not user.has_group("exception_core.group_user"):
            return _("Only people who work on exceptions may do this.")
        # sudo: which groups an action asks for is read whoever asks
        groups = self.sudo().group_ids
        if groups and not groups & user.groups_id:
            return _(
                "“%(action)s” is for: %(groups)s.",
                action=self.name,
                groups=", ".join(groups.mapped("full_name")),
            )
        return None

    def _refuse_case(self, case):
        """Say why the action does not fit the case; None if it does."""
        self.ensure_one()
        if not self.active:
            return _("“%s” is archived.", self.name)
        if self.company_id and self.company_id != case.company_id:
            return _("“%s” belongs to another company.", self.name)
        if not case.is_open:
            return _("%s has ended. Re-open it first.", case.name)
        if self.type_ids and case.type_id not in self.type_ids:
            return _(
                "“%(action)s” is not for “%(type)s”.", action=self.name, type=case.type_id.name
            )
        target = self._target(case)
        # sudo: only whether it is there; rights are checked when it is done
        if target is None or not target.sudo().exists():
            return _(
                "%(case)s has no record that “%(action)s” could work on.",
                case=case.name,
                action=self.name,
            )
        return self._refuse_code()

    def _target(self, case):
        """Return the record that the action works on: the case, or the record of the case."""
        if self.model_name == case._name:
            return case
        if self.model_name == case.res_model and case.res_model in self.env:
            return self.env[case.res_model].browse(case.res_id)
        return None

    def _record_key(self, case):
        """Return what one remediation at a time is kept for.

        The record; but what only moves the case about, like giving it to somebody, does not wait
        for a refund of the order.
        """
        on_record = self.model_name != case._name or self.is_external or self.money != "none"
        if on_record and case.res_model and case.res_id:
            return f"{case.res_model},{case.res_id}"
        return f"{case._name},{case.id}"

    @api.model
    def _offered_for(self, case):
        """Return the actions that the user may choose for a case."""
        models_of_case = [case._name, *([case.res_model] if case.res_model else [])]
        found = self.search(
            [
                ("model_name", "in", models_of_case),
                ("is_offered", "=", True),
                "|",
                ("company_id", "=", False),
                ("company_id", "=", case.company_id.id),
                "|",
                ("type_ids", "=", False),
                ("type_ids", "in", case.type_id.ids),
                "|",
                ("group_ids", "=", False),
                ("group_ids", "in", self.env.user.groups_id.ids),
            ]
        )
        return found.filtered(lambda action: not action._refuse_code())

    # ------------------------------------------------------------------
    # inputs, key, money
    # ------------------------------------------------------------------

    def _check_values(self, values):
        """Return the inputs as their kinds; unknown ones are refused."""
        parameters = self.parameter_ids
        if unknown := values.keys() - set(parameters.mapped("name")):
            raise UserError(
                _(
                    "“%(action)s” has no input “%(name)s”.",
                    action=self.name,
                    name=min(unknown),
                )
            )
        return {one.name: one._parse(values.get(one.name, one.default)) for one in parameters}

    def _words(self, case):
        """Return what the words of keys and sentences stand for."""
        # the record that the case is about, also where the action works on the case: what is done
        # once for an order is done once, whatever number of cases it has
        return {
            "action": self.code,
            "case": case.id,
            "type": case.type_id.code or case.type_id.id,
            "record": f"{case.res_model},{case.res_id}"
            if case.res_id
            else f"{case._name},{case.id}",
            "date": fields.Date.to_string(fields.Date.context_today(self)),
            "request": uuid.uuid4().hex,
        }

    def _key(self, case, values):
        """Return the key of a request: what is done once for it."""
        return fill(self.key_template, self._words(case), values)

    def _money_of(self, case, values):
        """Return (amount, currency) that counts against the limits."""
        if self.money == "case":
            return case.amount, case.currency_id
        if self.money == "input":
            amounts = self.parameter_ids.filtered(lambda one: one.kind == "amount")
            # playbooks ask before their inputs, which may be text, are checked
            return float(values.get(amounts.name) or 0.0), case.currency_id
        return 0.0, case.currency_id
