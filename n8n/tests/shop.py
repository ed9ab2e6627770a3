"""What a company sets up in its desk so that the workflows have something to do."""

import itertools

from desk import n8n_connect

_number = itertools.count(1)


class Shop:
    """Orders, the types and detectors for what outside systems report, playbooks, an approver."""

    def __init__(self, rpc):
        self.rpc = rpc
        self.customer = rpc("res.partner", "create", {"name": "Azure", "email": "a@example.com"})
        self.approver = self._user("approver_n8n", "exception_core.group_approver")
        self._policy()
        told = self._playbook(
            "Tell the customer about the delay",
            {"kind": "approval", "name": "May we send it?", "question": "May we send it?"},
            {"kind": "event", "name": "Send it", "event_name": "customer.tell"},
            self._wait("customer.told"),
        )
        held = self._playbook(
            "Hold back",
            {"kind": "event", "name": "Hold back", "event_name": "order.hold_back"},
            self._wait("order.held_back"),
        )
        retried = self._playbook(
            "Charge again",
            {"kind": "event", "name": "Charge again", "event_name": "renewal.retry"},
            self._wait("renewal.retried"),
        )
        self._type("carrier_delay", told)
        self._type("order_unfulfillable", held)
        values = {
            "name": "Renewal failed",
            "code": "renewal_failed",
            "category_id": self._one("exception.category", [("code", "=", "payment")]),
            "team_id": self._one("exception.team", []),
            "sla_policy_id": self._one("exception.sla.policy", []),
        }
        rpc("exception.type", "create", values)
        self._type("renewal_failed", retried)

    def order(self):
        """A new order; returns its number."""
        values = {"partner_id": self.customer, "name": f"N8N{next(_number):04d}"}
        order = self.rpc("sale.order", "create", values)
        return self.rpc("sale.order", "read", [order], ["name"])[0]["name"]

    def _type(self, code, playbook):
        """Let events open cases of a type, on which a playbook works."""
        found = self._one("exception.type", [("code", "=", code)])
        values = {"requires_root_cause": False, "requires_resolution": False}
        self.rpc("exception.type", "write", [found], {"playbook_id": playbook, **values})
        known = self.rpc(
            "exception.detector", "search", [("source", "=", "event"), ("type_id", "=", found)]
        )
        if not known:
            model = self._one("ir.model", [("model", "=", "exception.event")])
            detector = self.rpc(
                "exception.detector",
                "create",
                {
                    "name": f"Reported: {code}",
                    "code": f"reported_{code}",
                    "type_id": found,
                    "model_id": model,
                    "source": "event",
                    "cadence": "daily",
                },
            )
            self.rpc("exception.detector", "action_enable", [detector])

    def _playbook(self, name, *steps):
        lines = [(0, 0, {"sequence": place, **step}) for place, step in enumerate(steps)]
        values = {"name": name, "enabled": True, "resolves": True, "step_ids": lines}
        return self.rpc("exception.playbook", "create", values)

    @staticmethod
    def _wait(event):
        return {"kind": "wait", "name": event, "wait_for": "event", "event_name": event}

    def _policy(self):
        """One level that asks the approver, whatever the request is; a second person agrees."""
        level = {"name": "Desk", "approver_user_ids": [(6, 0, [self.approver])]}
        values = {"name": "Ask", "enabled": True, "sequence": 1, "level_ids": [(0, 0, level)]}
        self.rpc("exception.approval.matrix", "create", values)
        reason = "The workflows are tried."
        n8n_connect.explain(self.rpc, reason)
        self._user("second_n8n", "exception_core.group_admin", password="second_n8n")
        second = n8n_connect.Rpc(self.rpc.url, self.rpc.database, "second_n8n", "second_n8n")
        # also to what was changed when desk and n8n were joined: that middleware draws tokens
        n8n_connect.agree(second)
        n8n_connect.agree(second, reason)

    def _user(self, login, *groups, **values):
        ids = [
            self.rpc("ir.model.data", "check_object_reference", *name.split("."))[1]
            for name in ("base.group_user", *groups)
        ]
        values |= {"name": login, "login": login, "email": f"{login}@example.com"}
        return self.rpc("res.users", "create", {**values, "groups_id": [(6, 0, ids)]})

    def _one(self, model, domain):
        (found,) = self.rpc(model, "search", domain, limit=1)
        return found
