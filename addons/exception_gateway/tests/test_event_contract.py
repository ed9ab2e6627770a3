import json

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .event_common import EventCommon

# What is wrong with a contract, and words of the message.
WRONG = [
    ({"mapping": "{what: type,\n  when: }"}, "Line 2"),
    ({"mapping": "{when: at}"}, "what happened"),
    ({"mapping": "{what: type, colour: at}"}, "colour"),
    ({"mapping": "{what: shout(type)}"}, "shout"),
    ({"mapping": "{what: lower(type, type)}"}, "takes 1"),
    ({"schema": "{"}, "line 1"),
    ({"schema": "[]"}, "object"),
    ({"schema": '{"type": "strange"}'}, "type"),
    ({"schema": '{"$ref": "https://example.com/schema.json"}'}, "not fetched"),
    ({"schema": '{"$ref": "file:///etc/passwd"}'}, "not fetched"),
    ({"schema": '{"$schema": "http://json-schema.org/draft-04/schema#"}'}, "2020-12"),
    ({"schema": '{"properties": {"a": {"pattern": "(a+)+$"}}}'}, "for ever"),
    ({"schema": '{"properties": {"a": {"pattern": "(a|aa)+$"}}}'}, "for ever"),
    ({"schema": '{"patternProperties": {"(.*)*x": {}}}'}, "for ever"),
    ({"schema": '{"pattern": "(?=a)b"}'}, "for ever"),
    ({"schema": '{"pattern": "a*a*a*b"}'}, "for ever"),
    ({"schema": '{"pattern": "("}'}, "("),
    ({"condition": "a ||"}, "Only if"),
    ({"ordering_path": False}, "belong together"),
    ({"versions": "1"}, "belong together"),
    ({"unmatched_detector_id": False}, "which detector"),
    ({"match_ids": [(0, 0, {"how": "field"})]}, "kind of record"),
    (
        {"match_ids": [(0, 0, {"how": "field", "model": "res.partner", "field_name": "nose"})]},
        "nose",
    ),
    ({"match_ids": [(0, 0, {"how": "partner", "path": "nose"})]}, "nose"),
    # what says how Odoo works is not for events to find, and to show in what follows
    (
        {"match_ids": [(0, 0, {"how": "field", "model": "res.users", "field_name": "login"})]},
        "how Odoo itself works",
    ),
    ({"match_ids": [(0, 0, {"how": "partner", "path": "user_ids"})]}, "how Odoo itself works"),
    ({"match_ids": [(0, 0, {"how": "partner", "expression": "a["})]}, "Line 1"),
    ({"reaction_ids": [(0, 0, {"kind": "open", "detector_id": False})]}, "needs"),
    ({"reaction_ids": [(0, 0, {"kind": "ignore"})]}, "needs"),
]


@tagged("post_install", "-at_install")
class TestEventContract(EventCommon):
    """Contracts: what is wrong is said when saved; versions; who may what."""

    def test_wrong_ones_are_refused_when_saved(self):
        """Each mistake is said when it is made, not when an event comes."""
        for values, words in WRONG:
            with self.subTest(values=str(values)[:80]):
                with self.assertRaises(ValidationError) as caught, self.cr.savepoint():
                    self._create_contract(**values)
                self.assertIn(words, str(caught.exception))

    def test_what_is_not_saved_finds_no_technical_record_either(self):
        """The trial of an unsaved contract reads with all rights."""
        line = self.env["exception.event.match"].new(
            {"how": "field", "model": "ir.config_parameter", "field_name": "key"}
        )
        self.assertEqual(line._places(), [])

    def test_ordinary_patterns_pass(self):
        """What schemas usually say is accepted."""
        for pattern in ("^[a-z]+$", r"^\\d{4}-\\d{2}$", "^(a|b)$", "^x-.*-y.*$", "[^@]+@[^@]+"):
            self._create_contract(schema=json.dumps({"pattern": pattern}))

    def test_apps_that_are_missing_are_skipped(self):
        """A way over an app that is not installed waits for it."""
        way = {"how": "field", "model": "not.installed", "field_name": "name", "sequence": 1}
        ways = [(0, 0, way), (0, 0, {"how": "field", "model": "res.partner", "field_name": "ref"})]
        endpoint = self._create_endpoint(self._create_contract(match_ids=ways))
        self.assert_event(self._push(self._payload(), endpoint), "done")

    def test_an_active_contract_is_not_changed(self):
        """What events were understood by stays; a new version takes its place at the endpoints."""
        contract = self.contract.with_user(self.user_admin)
        with self.assertRaises(UserError):
            contract.kinds = "paid"
        with self.assertRaises(UserError):
            contract.reaction_ids[0].condition = "what == 'x'"
        with self.assertRaises(UserError):
            contract.match_ids.unlink()
        with self.assertRaises(UserError):
            contract.state = "draft"
        action = contract.action_new_version()
        draft = contract.browse(action["res_id"])
        self.assertEqual((draft.state, draft.number, draft.code), ("draft", 2, contract.code))
        self.assertEqual(len(draft.reaction_ids), 2)
        self.assertEqual(contract.action_new_version()["res_id"], draft.id)
        draft.kinds = "failed, paid"
        draft.action_activate()
        self.assertEqual((contract.state, draft.state), ("retired", "active"))
        self.assertEqual(self.endpoint.contract_ids, draft)
        self.assertEqual(self._push(self._payload()).contract_version, 2)

    @mute_logger("odoo.sql_db")
    def test_one_active_version(self):
        """The database keeps two versions from being active."""
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.contract.copy({"code": self.contract.code, "number": 2, "state": "active"})

    def test_admin_makes_drafts_only(self):
        """Nobody slips in an active contract by create, default or copy."""
        contracts = self.env["exception.event.contract"].with_user(self.user_admin)
        values = {"name": "Mine", "code": "mine", "state": "active", "unmatched": "ignore"}
        contract = contracts.with_context(default_state="active").create(values)
        self.assertEqual(contract.state, "draft")
        self.assertEqual(contract.copy().state, "draft")
        with self.assertRaises(AccessError):
            self.contract.with_user(self.user_manager).action_retire()

    def test_endpoints_of_companies_that_are_not_ones_own_stay_as_they_are(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        theirs = self._create_endpoint(name="Theirs", company_id=company.id)
        contracts = self.env["exception.event.contract"].with_user(self.user_admin)
        mine = contracts.browse(self._create_contract(state="draft").id)
        with self.assertRaises(AccessError), self.cr.savepoint():
            mine.write({"endpoint_ids": [(4, theirs.id)]})
        with self.assertRaises(AccessError), self.cr.savepoint():
            contracts.create({"name": "New", "code": "new", "endpoint_ids": [(4, theirs.id)]})
        mine.sudo().endpoint_ids = theirs
        for decide in (
            lambda: mine.write({"endpoint_ids": [(3, theirs.id)]}),
            lambda: mine.write({"active": False}),
            mine.action_activate,
            mine.action_retire,
            mine.unlink,
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                decide()
        theirs.sudo().active = False
        with self.assertRaises(AccessError), self.cr.savepoint():
            mine.action_activate()
        mine.write({"endpoint_ids": [(4, self.endpoint.id)]})
        served = mine.sudo().with_context(active_test=False).endpoint_ids
        self.assertEqual(served, theirs | self.endpoint)

    def test_changes_are_versions(self):
        """Lines and texts of a contract are kept with who changed them."""
        draft = self._create_contract(state="draft").with_user(self.user_admin)
        draft.reaction_ids[0].condition = "what == 'other'"
        self.env.cr.precommit.run()
        domain = [("res_model", "=", draft._name), ("res_id", "=", draft.id)]
        version = self.env["exception.config.version"].search(domain, order="id desc", limit=1)
        lines = version["values"]["lines"]["reaction_ids"]
        self.assertEqual(lines[0]["fields"]["condition"], "what == 'other'")

    def test_detector_of_events_is_left_alone_by_sweeps(self):
        """Sweeps and guards neither open nor clear what was reported."""
        self._push(self._payload())
        case = self.env["exception.case"].search([("detector_id", "=", self.detector.id)])
        run = self.detector._sweep()
        self.assertEqual((run.state, run.opened, run.cleared), ("done", 0, 0))
        self.assertTrue(case.is_open)

    def test_accepted_risk_is_not_raised_again(self):
        """An accepted risk keeps a note of the event and stays accepted."""
        self._push(self._payload("failed", 1))
        case = self.env["exception.case"].search([("detector_id", "=", self.detector.id)])
        reason = self._create_reason(kind="acceptance")
        case.with_user(self.user_manager).accept_risk("2999-01-01", reason.id, "Known")
        event = self._push(self._payload("failed", 2))
        self.assert_event(event, "done", case.name)
        self.assertFalse(case.is_open)
        self.assertIn(event, case.event_ids)

    def test_playbook_gets_its_answer(self):
        """A step that waits for an event gets it by its name."""
        contract = self._create_contract(
            reaction_ids=[self._reaction("answer", answer="what", detector_id=False)]
        )
        case = self._create_case()
        play = self.env["exception.play"].sudo().search([("case_id", "=", case.id)])
        event = self._push(self._payload("note"), self._create_endpoint(contract))
        self.assert_event(event, "done", case.name)
        if play:
            self.assertEqual(
                self.env["exception.play.event"].search([("case_id", "=", case.id)]).name, "note"
            )
