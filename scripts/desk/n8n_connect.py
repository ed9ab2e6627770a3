"""Joining a desk and an n8n: endpoint, subscriptions and the technical user, made by RPC.

It does what docs/integration.md tells an administrator to do by hand.
"""

import base64
import json
import secrets
import urllib.request

from .console import SetupError

# path of the webhook → events, and what they say beside the thin form
SUBSCRIPTIONS = {
    "tell": (
        ["case.opened", "case.resolved", "sla.breached", "action.failed"],
        ["title", "record", "amount"],
    ),
    "approve": (["approval.asked"], ["title", "amount", "approvers"]),
    "renewal-step": (["step.reached"], ["record", "facts"]),
    "unfulfillable-step": (["step.reached"], ["record"]),
    "delay-step": (["step.reached"], ["record", "facts"]),
}

# why the configuration changes, for the second person who agrees
REASON = "n8n asks approvers in the chat."


class Rpc:
    """Odoo's JSON-RPC as one user."""

    def __init__(self, url, database, login, password):
        self.url, self.database, self.password = url, database, password
        self.uid = self._ask("common", "login", database, login, password)
        if not self.uid:
            raise SetupError(f"{login} cannot log in to {database} at {url}.")

    def __call__(self, model, method, *args, **options):
        """Call a method; an error of Odoo is raised with its message."""
        call = (self.database, self.uid, self.password, model, method, args, options)
        return self._ask("object", "execute_kw", *call)

    def find(self, model, domain, *names, **options):
        """Return records as dictionaries."""
        return self(model, "search_read", domain, list(names) or ["id"], **options)

    def _ask(self, service, method, *args):
        params = {"service": service, "method": method, "args": args}
        body = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": params}
        request = urllib.request.Request(
            f"{self.url}/jsonrpc",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            said = json.load(answer)
        if "error" in said:
            raise SetupError(said["error"]["data"]["message"])
        # None is left out
        return said.get("result")


def connect(rpc, n8n_url, **subscription):
    """Make what the templates need in the desk; return the settings that n8n needs.

    :param subscription: further values of each subscription
    """
    (contract,) = rpc(
        "exception.event.contract",
        "search",
        [("code", "=", "exception.v1"), ("state", "=", "active")],
    )
    system = _system(rpc)
    endpoint = rpc(
        "exception.event.endpoint",
        "create",
        {"name": "n8n", "system_id": system, "contract_ids": [(6, 0, [contract])]},
    )
    secret = _endpoint_secret(rpc, endpoint)
    rpc("exception.event.endpoint", "action_activate", [endpoint])
    (found,) = rpc("exception.event.endpoint", "read", [endpoint], ["token"])
    robot, password = _robot(rpc)
    return {
        "EXCEPTION_ENDPOINT_URL": f"{rpc.url}/exception/v1/events/{found['token']}",
        "EXCEPTION_ENDPOINT_SECRET": secret,
        "EXCEPTION_SUBSCRIPTION_SECRET": " ".join(
            _subscribe(rpc, n8n_url, path, subscription) for path in SUBSCRIPTIONS
        ),
        "EXCEPTION_DESK_URL": rpc.url,
        "EXCEPTION_DESK_DB": rpc.database,
        "EXCEPTION_DESK_UID": str(robot),
        "EXCEPTION_DESK_KEY": password,
        "EXCEPTION_LINK_SECRET": secrets.token_hex(32),
        "EXCEPTION_PARTNER_SECRET": _new_secret(),
    }


def explain(rpc, reason):
    """Say why changes of the user are asked for that wait for a second person without a word."""
    mine = [("state", "=", "waiting"), ("author_id", "=", rpc.uid), ("reason", "=", False)]
    for change in rpc("exception.config.change", "search", mine):
        rpc("exception.config.change", "explain", [change], reason)


def agree(second, reason=REASON):
    """Agree, as a second person, to the changes that are asked for with these words."""
    mine = [("state", "=", "waiting"), ("reason", "=", reason)]
    waiting = second("exception.config.change", "search", mine)
    second("exception.config.change", "agree", waiting)


def _new_secret():
    """A secret as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def _system(rpc):
    known = rpc("exception.system", "search", [("code", "=", "n8n")])
    return known[0] if known else rpc("exception.system", "create", {"name": "n8n", "code": "n8n"})


def _endpoint_secret(rpc, endpoint):
    values = {"endpoint_id": endpoint, "origin": "made"}
    dialog = rpc("exception.event.secret.dialog", "create", values)
    shown = rpc("exception.event.secret.dialog", "action_apply", [dialog])
    return shown["context"]["exception_new_secret"]


def _robot(rpc):
    """The technical user of the group Middleware; it may bring decisions and nothing else."""
    groups = [
        rpc("ir.model.data", "check_object_reference", *name.split("."))[1]
        for name in ("base.group_portal", "exception_core.group_middleware")
    ]
    password = secrets.token_urlsafe(24)
    values = {"name": "n8n", "login": "n8n", "groups_id": [(6, 0, groups)], "password": password}
    rpc("ir.config_parameter", "set_param", "exception_core.approval_middleware_draws", "yes")
    explain(rpc, REASON)
    return rpc("res.users", "create", values), password


def _subscribe(rpc, n8n_url, path, values):
    events, fields = SUBSCRIPTIONS[path]
    one = rpc(
        "exception.subscription",
        "create",
        {
            "name": f"n8n: {path}",
            "url": f"{n8n_url}/webhook/exception-desk/{path}",
            "event_ids": [(6, 0, _codes(rpc, "exception.outgoing.event", events))],
            "field_ids": [(6, 0, _codes(rpc, "exception.payload.field", fields))],
            # n8n stands beside the desk, on the loopback address
            "allow_private": True,
            "allow_http": True,
            **values,
        },
    )
    shown = rpc("exception.subscription", "action_activate", [one])
    return shown["context"]["exception_new_secret"]


def _codes(rpc, model, codes):
    found = rpc(model, "search", [("code", "in", codes)])
    if len(found) != len(codes):
        raise SetupError(f"The desk does not know all of {', '.join(codes)}.")
    return found
