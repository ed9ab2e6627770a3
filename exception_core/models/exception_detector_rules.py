from odoo import _, api, fields, models


class ExceptionDetectorRules(models.Model):
    """The visible side of detection in Odoo's own terms: Automation Rules and Scheduled Actions."""

    _inherit = "exception.detector"

    def _ensure_collecting_rules(self):
        """Give every model that real-time detectors watch its permanent collecting rule.

        A new rule reloads the registry of all workers, so there is one a model, it stays when
        detectors are switched off, and none is made inside a user's save: this runs when a
        detector is configured. The rule gets an XML id, so that an uninstall takes it along.
        """
        self._derive_triggers()
        # sudo: rules belong to system administrators; what is created here is fixed by this addon
        rules = self.env["base.automation"].sudo().with_context(active_test=False)
        detectors = self.sudo().with_context(active_test=False)
        watched = detectors.search([("cadence", "=", "realtime")]).trigger_ids.model_id
        covered = rules.search([("exception_collector", "=", True)]).model_id
        for model in watched - covered:
            rule = rules.create(self._collecting_rule_vals(model))
            # not by a command of the rule: Odoo runs those on actions without the sudo
            self.env["ir.actions.server"].sudo().create(self._collecting_action_vals(rule))
            self.env["ir.model.data"].sudo().create(
                {
                    "module": "exception_core",
                    "name": f"rule_collect_{model.model.replace('.', '_')}",
                    "model": "base.automation",
                    "res_id": rule.id,
                    "noupdate": True,
                }
            )

    @api.model
    def _collecting_rule_vals(self, model):
        return {
            "name": _("Exception Desk: watch %s", model.name),
            "model_id": model.id,
            "trigger": "on_create_or_write",
            "exception_collector": True,
            "description": _(
                "<p>Notes what is saved so that real-time detectors check it before the commit, "
                "all in one statement. Switch detectors on and off in Exceptions › "
                "Detection › Detectors; archiving this rule leaves them to the hourly sweep.</p>"
            ),
        }

    @api.model
    def _collecting_action_vals(self, rule):
        return {
            "name": _("Note for the Exception Desk"),
            "model_id": rule.model_id.id,
            "state": "code",
            "code": "env['exception.detector']._collect(records)",
            "usage": "base_automation",
            "base_automation_id": rule.id,
        }

    def _derive_triggers(self):
        """Derive what touches a condition written in the UI from the fields it uses.

        A field of the record itself touches it; a field of its lines touches it through the
        line's many2one. Fields beyond a many2one (a product's weight) do not: one write would
        touch every order of that product. The hourly sweep sees those.
        """
        detectors = self.filtered(lambda d: d.source == "domain" and d.cadence == "realtime")
        for detector in detectors.sudo():  # sudo: lines of what the person may write already
            derived = detector._derived_triggers()
            detector.trigger_ids.filtered("automatic").unlink()
            self.env["exception.detector.trigger"].sudo().create(
                [
                    {
                        "detector_id": detector.id,
                        "automatic": True,
                        "model_id": self.env["ir.model"]._get(model).id,
                        "path": path,
                        "field_ids": [
                            (6, 0, [self.env["ir.model.fields"]._get(model, n).id for n in names])
                        ],
                    }
                    for (model, path), names in derived.items()
                ]
            )

    def _derived_triggers(self):
        params = self._parameter_sets()[0][0]
        domain = self._evaluate_domain(fields.Datetime.now(), params)
        paths = set(self._domain_leaves(domain))
        paths |= {self.amount_field, self.partner_field, self.date_field} - {False}
        root = self.model_id.model
        derived = {}
        for path in paths:
            walked = self._walk_path(root, path, single=False)
            derived.setdefault((root, ""), set()).add(walked[0].name)
            head, rest = walked[0], walked[1:]
            if head.type == "one2many" and head.inverse_name:
                names = derived.setdefault((head.comodel_name, head.inverse_name), set())
                names.update([head.inverse_name, *(field.name for field in rest[:1])])
        return derived

    def action_open_cron(self):
        """Open the Scheduled Action that sweeps this detector (system administrators)."""
        self.ensure_one()
        cadence = "hourly" if self.cadence == "realtime" else self.cadence
        cron = self.env.ref(f"exception_core.cron_sweep_{cadence}")
        return {
            "type": "ir.actions.act_window",
            "res_model": "ir.cron",
            "res_id": cron.id,
            "view_mode": "form",
        }

    def action_open_rules(self):
        """Open the Automation Rules that bring this detector what is saved."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": _("Automation Rules"),
            "res_model": "base.automation",
            "view_mode": "tree,form",
            "domain": [
                ("exception_collector", "=", True),
                ("model_id", "in", self.trigger_ids.model_id.ids),
            ],
            "context": {"active_test": False},
        }
