import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..tools.json_paths import changed_paths
from .event_common import EventCommon


@tagged("post_install", "-at_install")
class TestEventReplay(EventCommon):
    """Dead letters: tried again as they came, or edited; the original and the reason are kept."""

    def _dead(self, **more):
        return self.assert_event(self._push(self._payload("unheard", **more)), "dead")

    def _edit(self, event, change, reason="The shop sent another word"):
        """Replay an event as the administrator does, with a change of its content."""
        dialogs = self.env["exception.event.edit"].with_user(self.user_admin)
        form = Form(dialogs.with_context(default_event_id=event.id))
        payload = json.loads(form.content)
        payload.update(change)
        form.content = json.dumps(payload)
        form.reason = reason
        action = form.save().action_apply()
        return self.env["exception.event"].browse(action["res_id"])

    def test_edited_replay_keeps_the_original(self):
        """The new event has the new content; the old one keeps its own, and who did it is told."""
        event = self._dead()
        before = event._content()
        new = self._edit(event, {"type": "failed"})
        self.assertEqual((event._content(), new.replay_of_id), (before, event))
        self.assertEqual(event.state, "ignored")
        self.assertIn(str(new.id), event.reason)
        self.assertEqual(new.replayed_by_id, self.user_admin)
        self._understand(new)
        self.assert_event(new, "done")
        self.assertEqual(new.case_ids.res_id, self.partner.id)
        entry = self.env["exception.audit.entry"].search(
            [("event", "=", "event.replayed"), ("res_id", "=", new.id)]
        )
        self.assertEqual(entry.user_id, self.user_admin)
        self.assertEqual(entry.reason, "The shop sent another word")
        self.assertEqual(json.loads(entry.data)["changed"], "type")
        self.assertNotIn("failed", entry.data)

    def test_dialog_shows_what_would_follow(self):
        """While the content is edited, the result follows; nothing is written."""
        event = self._dead()
        dialogs = self.env["exception.event.edit"].with_user(self.user_admin)
        form = Form(dialogs.with_context(default_event_id=event.id))
        self.assertIn("unheard", form.result)
        with self.trap_cases() as trap:
            form.content = form.content.replace("unheard", "failed")
            self.assertIn("Open a case", form.result)
        trap.assert_none_opened()

    def test_retry_after_the_contract_was_mended(self):
        """Many dead letters go back to the queue as they came; each is done once."""
        events = self._push_all(
            [self._payload("late_fee", n, story=f"s{n}", customer="C-1") for n in range(3)]
        )
        self.assertEqual(set(events.mapped("state")), {"dead"})
        self.contract.sudo().kinds = "*"
        self.contract.sudo().reaction_ids[0].condition = "what == 'late_fee'"
        answer = events.with_user(self.user_admin).action_retry()
        self.assertIn("3 events", answer["params"]["message"])
        self.assertEqual(set(events.mapped("state")), {"received"})
        self._understand(events)
        self.assertEqual(set(events.mapped("state")), {"done"})
        answer = events.with_user(self.user_admin).action_retry()
        self.assertIn("left alone", answer["params"]["message"])

    def test_replay_of_what_was_done_is_no_duplicate(self):
        """What was done can be said again on purpose, and brings the case up to date."""
        event = self.assert_event(self._push(self._payload("failed", amount=5)), "done")
        new = self._understand(self._edit(event, {"amount": 7}))
        self.assert_event(new, "done", event.case_ids.name)
        self.assertEqual(event.state, "done")
        self.assertEqual(event.case_ids.amount, 7.0)

    def test_twice_at_once_is_refused(self):
        """A second click does not say it a second time."""
        event = self._dead()
        event.with_user(self.user_admin)._replay(b'{"type": "failed"}', "once")
        with self.assertRaisesRegex(UserError, "replayed already"):
            event.with_user(self.user_admin)._replay(b'{"type": "failed"}', "twice")

    def test_old_replay_does_not_overwrite(self):
        """A replay keeps its place in the order: what is newer stands."""
        event = self._dead(at=1)
        self._push(self._payload("paid", 5))
        new = self._understand(self._edit(event, {"type": "failed"}))
        self.assert_event(new, "ignored", "Older")

    def test_only_administrators(self):
        """Others neither replay nor see the content; a reason is asked."""
        event = self._dead()
        for user in (self.user_agent, self.user_manager, self.user_auditor):
            with self.assertRaises(AccessError):
                event.with_user(user).action_retry()
            with self.assertRaises(AccessError):
                event.with_user(user)._replay(b"{}", "why")
        dialog = self.env["exception.event.edit"].with_user(self.user_admin)
        dialog = dialog.create({"event_id": event.id})
        with self.assertRaises(UserError):
            dialog.action_apply()

    def test_events_of_other_companies_are_not_replayed(self):
        """An administrator replays what they may see only."""
        other = self.env["res.company"].create({"name": "Other company"})
        endpoint = self._create_endpoint(self.contract, company_id=other.id)
        event = self._push(self._payload("unheard"), endpoint)
        with self.assertRaises(AccessError):
            event.with_user(self.user_admin).action_retry()

    def test_changed_places(self):
        """Places are named, values are not."""
        before = {"a": 1, "b": {"c": [1, {"d": 2}]}, "e": True}
        after = {"a": 1, "b": {"c": [1, {"d": 3}]}, "e": 1, "f": None, "g": 2}
        self.assertEqual(changed_paths(before, after), ["e", "g", "b.c[1].d"])
