import base64
import hashlib
import hmac
import secrets

from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, consteq

PURPOSES = [("mail", "Link in a mail"), ("middleware", "Token for middleware")]
# 256 bits: nobody guesses one, however often they try
NONCE_BYTES = 32
# how a decision says it came
WAYS = {"mail": "mail", "middleware": "token"}


class ExceptionApprovalToken(models.Model):
    """One person's right to decide one step once, without logging in.

    The token itself is shown once, in the mail or to whoever draws it. Here stands a hash of its
    random part; the other part signs purpose, step, person and expiry with the secret of the
    database, so that neither a copy of this table nor a changed row makes a token. It gives no
    right of its own: every check of the step is made for that person at the moment of use.
    """

    _name = "exception.approval.token"
    _description = "Approval Token"
    _inherit = ["exception.evidence"]
    _order = "id desc"
    _rec_name = "purpose"

    step_id = fields.Many2one(
        "exception.approval.step", "Level", required=True, index=True, ondelete="restrict"
    )
    approval_id = fields.Many2one(related="step_id.approval_id", store=True, index=True)
    company_id = fields.Many2one(related="approval_id.company_id", store=True, index=True)
    user_id = fields.Many2one("res.users", "Decides", required=True, index=True, ondelete="cascade")
    purpose = fields.Selection(PURPOSES, required=True)
    drawn_by_id = fields.Many2one("res.users", "Drawn by", ondelete="set null")
    nonce_hash = fields.Char(required=True, groups=fields.NO_ACCESS)
    expires_at = fields.Datetime("Expires", required=True)
    used_at = fields.Datetime("Used")
    carried_by_id = fields.Many2one(
        "res.users", "Brought by", ondelete="set null", help="The technical user of a middleware."
    )

    _sql_constraints = [("nonce_hash_uniq", "unique(nonce_hash)", "Every token is another one.")]

    # ------------------------------------------------------------------
    # making
    # ------------------------------------------------------------------

    @api.model
    def _draw(self, step, users, purpose, lasts):
        """Make a token for each of these people.

        :param timedelta lasts: how long they are good
        :return: {user: token}; kept nowhere, so that this is the only time to pass them on
        """
        expires = fields.Datetime.now() + lasts
        nonces = {user: secrets.token_bytes(NONCE_BYTES) for user in users}
        rows = self._record(
            [
                {
                    "step_id": step.id,
                    "user_id": user.id,
                    "purpose": purpose,
                    "drawn_by_id": self.env.uid,
                    "nonce_hash": _hash(nonce),
                    "expires_at": expires,
                }
                for user, nonce in nonces.items()
            ]
        )
        return {
            row.user_id: f"{_text(nonce)}.{_text(row._signature(nonce))}"
            for row, nonce in zip(rows, nonces.values(), strict=True)
        }

    def _signature(self, nonce):
        """Return what the secret of the database says of this row and its random part."""
        self.ensure_one()
        # sudo: the secret never leaves this method
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        if not secret:
            raise ValueError("Tokens need the parameter database.secret")
        row = self.sudo()
        about = f"{row.purpose}|{row.step_id.id}|{row.user_id.id}|{row.expires_at.isoformat()}|"
        message = b"exception.approval.token|" + about.encode() + nonce
        return hmac.new(secret.encode(), message, hashlib.sha256).digest()

    # ------------------------------------------------------------------
    # using
    # ------------------------------------------------------------------

    @api.model
    def _find(self, token, purpose):
        """Return the row of a token that is genuine, whether or not it is still good.

        Its hash is looked up, so that the time of the answer tells nothing of the tokens there
        are; the signature is compared in constant time.
        """
        # sudo: whoever shows the token has no rights of their own
        rows = self.sudo()
        nonce, signature = _parts(token)
        if nonce is None:
            return rows.browse()
        row = rows.search([("nonce_hash", "=", _hash(nonce)), ("purpose", "=", purpose)])
        if not row or not consteq(_text(row._signature(nonce)), _text(signature)):
            return rows.browse()
        return row

    def _refuse(self):
        """Say why the token is no longer good, as ``(code, sentence)``; None if it is."""
        self.ensure_one()
        approval, step = self.approval_id, self.step_id
        if self.used_at:
            return "used", self._say_used()
        if approval.state == "withdrawn":
            return "withdrawn", _("The request was withdrawn. Nothing is left to decide.")
        if approval.state == "stale":
            return "changed", _(
                "The document has changed since the request was made, so that it is asked again. "
                "If you are still asked, you have got another message."
            )
        if self.user_id not in step._asked_now():
            if self._taken():
                return "used", self._say_decided_elsewhere()
            return "decided", _("Your decision is no longer needed: somebody else has decided.")
        if self.expires_at <= fields.Datetime.now():
            return "expired", _(
                "This link was good for a few days only. Log in to decide, or ask for a new one."
            )
        return None

    def _taken(self):
        """Return what the token's person has decided on the step, by whatever way."""
        return self.step_id.decision_ids.filtered(lambda one: one.user_id == self.user_id)[:1]

    def _say_used(self):
        decision = self._taken()
        when = self.env["exception.case"]._local(self.used_at, "short")
        if decision.decision == "reject":
            return _("You rejected this request on %s.", when)
        return _("You approved this request on %s.", when)

    def _say_decided_elsewhere(self):
        """Say what the person decided by the link of another mail, or logged in."""
        decision = self._taken()
        when = self.env["exception.case"]._local(decision.at, "short")
        if decision.decision == "reject":
            return _("Your decision is no longer needed: you rejected this request on %s.", when)
        return _("Your decision is no longer needed: you approved this request on %s.", when)

    def _use(self, decision, comment, carrier=None):
        """Decide the step as the token's person; the token is spent by a decision only.

        :param carrier: the technical user who brought it
        :return: what the step answers
        """
        self.ensure_one()
        # two at once: the second waits here, and then sees what the first has done
        self.env.cr.execute(
            SQL("SELECT id FROM exception_approval_token WHERE id = %s FOR UPDATE", self.id)
        )
        self.invalidate_recordset()
        refusal = self._refuse()
        if refusal:
            raise UserError(refusal[1])
        # as the person: what they do is theirs, on the trail as well
        step = (
            self.approval_id._for_person(self.user_id)
            .env[self.step_id._name]
            .browse(self.step_id.id)
        )
        answer = step._decide(decision, comment, way=WAYS[self.purpose])
        taken = self._taken()
        if taken:
            self._store({"used_at": fields.Datetime.now(), "carried_by_id": carrier and carrier.id})
        if taken and carrier:
            taken._store({"brought_by_id": carrier.id})
        return answer

    # ------------------------------------------------------------------
    # page
    # ------------------------------------------------------------------

    def _page(self, problem=None):
        """Return what the page of a link shows to its person; nothing is written.

        Once the link is no longer good it says so and tells nothing of the request: mails lie
        around for years.

        :param problem: why what was just tried could not be done
        """
        self.ensure_one()
        user = self.user_id
        row = self.with_context(lang=user.lang, tz=user.tz or "UTC")
        values = {"lang": user.lang or "en_US", "person": user.name, "problem": problem}
        if refusal := row._refuse():
            code, sentence = refusal
            return {**values, "kind": code, "title": row._title(code), "message": sentence}
        request = row.approval_id._for_person(user)
        refused = row.step_id._refuse_now(user)
        if refused:
            return {**values, "kind": "refused", "title": row._title("refused"), "message": refused}
        return {**values, "kind": "open", "title": request.name, **request._card_values()}

    def _title(self, code):
        return {
            "used": _("You have decided"),
            "withdrawn": _("Withdrawn"),
            "changed": _("The document has changed"),
            "decided": _("Already decided"),
            "expired": _("This link has expired"),
            "refused": _("You cannot decide this"),
        }[code]


def _hash(nonce):
    return hashlib.sha256(nonce).hexdigest()


def _text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _parts(token):
    """Return random part and signature of a token; (None, None) if it does not look like one."""
    try:
        nonce, signature = (
            base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
            for part in str(token).split(".", 1)
        )
    except ValueError:
        return None, None
    return (nonce, signature) if len(nonce) == NONCE_BYTES else (None, None)
