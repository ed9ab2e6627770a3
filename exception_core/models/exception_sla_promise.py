from odoo import api, models


class ExceptionSlaPolicyPromise(models.Model):
    """What a batch of cases is promised: looked up once for cases of one kind."""

    _inherit = "exception.sla.policy"

    @api.model
    def _promises(self):
        """Return a function of a case: (policy, target, calendar, why as stored, warn share).

        The target is empty for a case without policy.
        """
        ranked, calendars, found = {}, {}, {}
        clocks = self.env["exception.sla.clock"]

        def promise(case):
            policy = case.sla_policy_id
            offered = policy.id, *self._case_conditions(case)
            if offered not in found:
                if policy not in ranked:
                    ranked[policy] = policy._ranked_targets() if policy else []
                target = next(
                    (t for wanted, t in ranked[policy] if _fits(wanted, offered[1:])), None
                )
                place = policy, case.team_id, case.company_id
                if policy and place not in calendars:
                    calendars[place] = policy._calendar(case.team_id, case.company_id)
                why = clocks._json(target._why()) if target else None
                share = policy._warn_share() if target else None
                found[offered] = policy, target, calendars.get(place), why, share
            return found[offered]

        return promise


def _fits(wanted, offered):
    return all(want is None or want == got for want, got in zip(wanted, offered, strict=True))
