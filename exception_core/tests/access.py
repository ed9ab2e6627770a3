from unittest.mock import patch

from odoo import fields
from odoo.models import MetaModel

from .access_table import ROLES
from .common import ExceptionCommon

# Written by the model only: made by asking.
APPROVALS = (
    "exception.approval",
    "exception.approval.step",
    "exception.approval.decision",
    "exception.approval.token",
)
# Columns whose user ExceptionCommon makes under another name.
PEOPLE = {"user": "agent", "member": "colleague"}


class AccessCommon(ExceptionCommon):
    """A person for each column of the tables, and records of each kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            role: cls.users[PEOPLE.get(role, role)]
            for role in (*ROLES, "member")
            if PEOPLE.get(role, role) in cls.users
        }
        cls.people["portal"] = cls._create_user("test_access_portal", "base.group_portal")
        cls.people["public"] = cls.env.ref("base.public_user")
        # the suite's modules in this database, in the order they were loaded
        cls.modules = [
            name for name in cls.env.registry._init_modules if name.startswith("exception_")
        ]

    @classmethod
    def _suite_models(cls):
        """Names of the models that the suite makes, abstract ones left out."""
        return {
            name
            for name, model in cls.env.registry.items()
            if model._original_module in cls.modules and not model._abstract
        }

    @classmethod
    def _public_methods(cls):
        """Pairs (model, method) that the suite's classes define without underscore."""
        return {
            (definition._name, name)
            for module in cls.modules
            for definition in MetaModel.module_to_models[module]
            for name, value in vars(definition).items()
            # init is private to Odoo's RPC, too
            if name[0] != "_" and name != "init" and _is_function(value)
        }

    # ------------------------------------------------------------------
    # records of any model
    # ------------------------------------------------------------------

    def _samples(self, name):
        """Return records to call the methods of a model on; of a mixin: one of each user of it."""
        model = self.env[name]
        if not model._abstract:
            return [self._sample(name)]
        users = [self.env[child] for child in model._inherit_children]
        own = self._suite_models()
        found = [
            self._sample(user._name) if user._name in own else user.search([], limit=1)
            for user in users
            if not user._abstract
        ]
        return [record for record in found if record] or [model]

    def _sample(self, name):
        """Return a record of the model, made up if there is none."""
        model = self.env[name]
        if name == "exception.case":
            return self.case
        if name == "exception.detector":
            return self._create_detector()
        if name == "mail.activity":
            return self._sample("exception.approval").activity_ids[:1]
        if name == "exception.action.run":
            return self.env.ref("exception_core.action_assign")._propose(self.case)
        if name == "exception.option":
            return self._sample_option()
        if name == "exception.delivery":
            return self._sample_delivery()
        if name == "exception.automation.stop":
            return self.env[name]._stop(self._sample("exception.action.run"), "made up")
        if name == "exception.event.expectation":
            return self._sample_expectation()
        if name == "exception.gateway.health":
            # a view of what there is
            self._sample("exception.event.endpoint")
        found = model.search([], limit=1)
        if not found and name in APPROVALS:
            self._sample_approval()
            found = model.search([], limit=1)
        return found or model.create({**self._values(model), **self._more(name)})

    def _sample_expectation(self):
        """Expect an event about each customer."""
        return self.env["exception.event.expectation"].create(
            {
                "name": "Test expectation",
                "model_id": self.env["ir.model"]._get("res.partner").id,
                "type_id": self.case_type.id,
                "date_field": "create_date",
                "contract_ids": [(6, 0, self._sample("exception.event.contract").ids)],
            }
        )

    def _sample_delivery(self):
        """Put out an event, as if its subscription were at work."""
        deliveries, now = self.env["exception.delivery"], fields.Datetime.now()
        vals = {
            "subscription_id": self._sample("exception.subscription").id,
            "case_id": self.case.id,
            "event_type": "case.opened",
            "message_id": "msg_made_up",
            "payload": "{}",
            "state": "dead",
            **dict.fromkeys(("created_at", "since", "next_at"), now),
        }
        return deliveries.search([], limit=1) or deliveries._record([vals])

    def _sample_option(self):
        """Propose a way out, as a vertical would know one."""
        way = {"action": "exception_core.action_assign", "values": {"user": self.user_lead.id}}
        case_class = type(self.env["exception.case"])
        providers = patch.object(case_class, "_option_providers", lambda case: [lambda: [way]])
        with providers:
            return self.case._propose_options()

    def _sample_approval(self):
        """Ask for something that two people must agree to, and let one of them agree."""
        people = [
            self._create_user(f"test_access_approver_{n}", "exception_core.group_approver")
            for n in range(2)
        ]
        self.env["exception.approval.matrix"].create(
            {
                "name": "Test policy",
                "enabled": True,
                "sequence": -1,
                "level_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Both",
                            "mode": "all",
                            "approver_user_ids": [(6, 0, [user.id for user in people])],
                        },
                    )
                ],
            }
        )
        case = self._create_case(title=self.case.title)
        approval = self.env["exception.approval"]._request(case, None, "made up")
        approval.with_user(people[0]).approve()

    def _more(self, name):
        """Return values without which a made up record would have nothing to show."""
        if name == "exception.subscription":
            return {"url": "https://hooks.example.com/made-up"}
        if name == "exception.approval.delegation":
            return {"user_id": self.user_admin.id, "deputy_id": self.user_approver.id}
        if name == "exception.approval.hand":
            return {"user_id": self.user_approver.id}
        if name == "exception.problem.suggestion":
            return {"problem_id": self._sample("exception.problem").id}
        if name == "exception.peak":
            holding = self._create_detector(holds=True, hold_step="confirm")
            tomorrow = fields.Datetime.add(fields.Datetime.now(), days=1)
            return {"date_until": tomorrow, "detector_ids": [(6, 0, holding.ids)]}
        return {}

    def _values(self, model):
        """Return a value for each required field that has no default."""
        defaults = model.default_get(list(model._fields))
        return {
            name: self._value(field)
            for name, field in model._fields.items()
            if field.required
            and field.store
            and not (field.compute and field.readonly)
            and not defaults.get(name)
        }

    def _value(self, field):
        if field.type == "many2one":
            return self._sample(field.comodel_name).id
        if field.name == "dimension":
            return "partner_id"
        if field.type == "selection":
            return field.get_values(self.env)[0]
        return {
            "integer": 1,
            "float": 1.0,
            "boolean": True,
            "date": fields.Date.today(),
            "datetime": fields.Datetime.now(),
        }.get(field.type, "made_up")


def _is_function(value):
    return callable(value) and not isinstance(value, type) or isinstance(value, classmethod)
