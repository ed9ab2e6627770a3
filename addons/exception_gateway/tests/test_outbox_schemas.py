import json
from pathlib import Path

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from odoo.tests import HttpCase, tagged

from .delivery_common import DeliveryCommon

SCHEMAS = Path(__file__).parents[1] / "static" / "schemas"


def schemas():
    """Return {name: schema} of all published schemas."""
    return {path.stem: json.loads(path.read_text()) for path in SCHEMAS.glob("*.json")}


def misfits(payload, known):
    """Return why a payload does not fit the schema of its type; empty when it does."""
    resources = {f"{name}.json": Resource.from_contents(one) for name, one in known.items()}
    validator = Draft202012Validator(
        known[payload["type"]],
        registry=Registry().with_resources(resources.items()),
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    return [error.message for error in validator.iter_errors(payload)]


class TestOutboxSchemas(DeliveryCommon):
    """Whatever is told fits the schema that is published for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.schemas = schemas()

    def _validate(self, payload):
        self.assertFalse(misfits(payload, self.schemas), payload)

    def test_the_schemas_are_schemas(self):
        for name, schema in self.schemas.items():
            Draft202012Validator.check_schema(schema)
            self.assertTrue(schema["description"], name)

    def test_each_event_has_one(self):
        events = set(self.env["exception.outgoing.event"].search([]).mapped("code"))
        self.assertEqual(events | {"test.ping", "case"}, set(self.schemas))

    def test_each_field_of_the_mask_is_described(self):
        known = set(self.schemas["case"]["properties"])
        for field in self.env["exception.payload.field"].search([]):
            self.assertIn(field.code, known)
            self.assertTrue(hasattr(self.env["exception.case"], f"_payload_{field.code}"))

    def test_every_event_with_and_without_all_fields(self):
        system = self.env["exception.system"].create({"name": "Desk", "code": "test_desk"})
        codes = self.env["exception.payload.field"].search([]).mapped("code")
        self._create_subscription(name="Full", fields=codes, system_id=system.id, company_id=False)
        with self.trap_deliveries() as trap:
            case = self._create_case(partner_id=self.partner.id)
            bare = self._create_case(res_model=False, res_id=False, team_id=False)
            case._link_outside(system, "T-1", "https://tickets.example.com/T-1")
            self._live(case)
            bare.cancel_case(note="no")
            self._unlikely(case)
        for payload in trap.payloads:
            self._validate(payload)
        told = {payload["type"] for payload in trap.payloads}
        # who is asked: test_approval_outbox
        elsewhere = {"test.ping", "approval.asked"}
        self.assertEqual(told | elsewhere, set(self.schemas) - {"case"})

    def _live(self, case):
        agent = case.with_user(self.user_agent)
        agent.assign_to_me()
        agent.wait("customer", note="asked")
        agent.resume()
        agent.message_post(body="Seen", message_type="comment")
        case.type_id.write({"requires_root_cause": False, "requires_resolution": False})
        agent.resolve(note="done")
        agent.reopen("again")

    def _unlikely(self, case):
        """Events that take long to come by honestly: as the trail writes them."""
        approval = {"request": "Refund", "approval": 1}
        case._audit("approval.requested", **approval)
        case._audit("approval.rejected", **approval, outcome="manager")
        case._audit("action.done", action="refund", run=1)
        case._audit("action.unknown", action="refund", run=1)
        case._emit("warehouse.check", {"step": "Ask"})
        clock = case.clock_ids[:1]
        clock._marked("warned")
        clock._marked("breached")

    def test_a_schema_that_does_not_fit_is_noticed(self):
        with self.trap_deliveries() as trap:
            self._create_case()
        [payload] = trap.payloads
        del payload["data"]["case"]["state"]
        with self.assertRaises(AssertionError):
            self._validate(payload)


@tagged("-at_install", "post_install")
class TestOutboxSchemasPublished(HttpCase):
    """Anybody may read the schemas, and nothing else."""

    def test_published(self):
        for name, schema in schemas().items():
            for suffix in ("", ".json"):
                answer = self.url_open(f"/exception/v1/schemas/{name}{suffix}")
                self.assertEqual(answer.status_code, 200)
                self.assertEqual(answer.json(), schema)

    def test_nothing_else(self):
        for name in ("nothing", "..%2F..%2F__manifest__.py", "case.opened%00", "CASE", "a.b.c"):
            answer = self.url_open(f"/exception/v1/schemas/{name}")
            self.assertEqual(answer.status_code, 404, name)
