from odoo import api, fields, models, tools

# What an administrator may change on a collecting rule without losing detection.
CACHE_FIELDS = {"active", "model_id", "trigger", "trigger_field_ids", "exception_collector"}
# Where Odoo's patches of watched models come from.
ODOOS_PATCHES = "odoo.addons.base_automation.models.base_automation"


class BaseAutomation(models.Model):
    """Collecting rules: one permanent, visible Automation Rule a model that detectors watch.

    Odoo searches its rules anew at every create, write and recompute, and reads old values for
    each. Here the look-up is cached until a rule changes, and collecting rules do not run their
    action record by record: a patch of its own notes the ids (``exception.detector._collect``).
    """

    _inherit = "base.automation"

    exception_collector = fields.Boolean(
        "Watched by the Exception Desk",
        readonly=True,
        copy=False,
        help="Notes what was saved so that real-time detectors check it before the commit. "
        "Detectors are switched on and off on the detector, never here.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create rules; the look-up by model starts anew."""
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        """Write rules; the look-up starts anew when it may find others."""
        result = super().write(vals)
        if CACHE_FIELDS & vals.keys() or "sequence" in vals:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        """Delete rules; the look-up by model starts anew."""
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache("model_name", "triggers")
    def _ordinary_rule_ids(self, model_name, triggers):
        """Return the ids of the active rules of a model, without the collecting ones."""
        domain = [
            ("model_name", "=", model_name),
            ("trigger", "in", triggers),
            ("exception_collector", "=", False),
        ]
        # sudo: which rules run does not depend on who saves (as in Odoo's own look-up)
        return tuple(self.with_context(active_test=True).sudo().search(domain).ids)

    def _get_actions(self, records, triggers):
        """Odoo's look-up, from a cache that any change of a rule drops."""
        if not self._ordinary_rule_ids(records._name, tuple(triggers)):
            return self.browse()
        return (
            super()
            ._get_actions(records, triggers)
            .filtered(
                # sudo: base automation reads its rules as superuser
                lambda rule: not rule.sudo().exception_collector
            )
        )

    @api.model
    @tools.ormcache()
    def _collected_models(self):
        """Return the models with an active collecting rule."""
        # sudo: see _ordinary_rule_ids
        rules = self.sudo().with_context(active_test=True)
        rules = rules.search([("exception_collector", "=", True)])
        return frozenset(rules.mapped("model_name"))

    def _register_hook(self):
        result = super()._register_hook()
        # sudo: see _ordinary_rule_ids
        rules = self.sudo().with_context(active_test=True)
        ordinary = set(rules.search([("exception_collector", "=", False)]).mapped("model_name"))
        for name in self._collected_models():
            if name in self.env:
                model_class = type(self.env[name])
                if name not in ordinary:
                    self._drop_patches(model_class)
                self._patch_collector(model_class)
        return result

    @api.model
    def _drop_patches(self, model_class):
        """Take Odoo's patches off a model that only collecting rules watch.

        They would look for other rules at every write and recompute, a millisecond or two for an
        order that is confirmed. A new rule has Odoo register all patches anew.
        """
        for name in ("create", "write", "_compute_field_value"):
            method = vars(model_class).get(name)
            if getattr(method, "__module__", None) == ODOOS_PATCHES:
                setattr(model_class, name, method.origin)

    @api.model
    def _patch_collector(self, model_class):
        """Wrap what changes records of a model; undone by Odoo's own ``_unregister_hook``."""

        @api.model_create_multi
        def create(self, vals_list, **kw):
            records = create.origin(self, vals_list, **kw)
            self.env["exception.detector"]._collect(records)
            return records

        def write(self, vals, **kw):
            result = write.origin(self, vals, **kw)
            self.env["exception.detector"]._collect(self, vals)
            return result

        def unlink(self, **kw):
            self.env["exception.detector"]._collect_deleted(self)
            return unlink.origin(self, **kw)

        def _compute_field_value(self, field):
            result = _compute_field_value.origin(self, field)
            if field.store:
                names = [f.name for f in self.pool.field_computed[field]]
                self.env["exception.detector"]._collect(self, names)
            return result

        for method in (create, write, unlink, _compute_field_value):
            method.origin = getattr(model_class, method.__name__)
            setattr(model_class, method.__name__, method)
