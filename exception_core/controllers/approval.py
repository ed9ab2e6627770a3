from urllib.parse import quote

from odoo import _, http
from odoo.exceptions import UserError
from odoo.http import request

# The address is a secret and the page is about money: it is neither kept, framed, indexed nor
# told to whatever it might link to, and it runs no code.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
PAGE = "/exception/approval/<string:token>"
# what the server answers where the page says something else than the request
STATUS = {"unknown": 404, "refused": 403}
DEFAULT_STATUS = 200


class ApprovalPage(http.Controller):
    """The page behind the link of a mail: no login, the link is the person's.

    Opening it changes nothing, so that programs which follow links before people do decide
    nothing. Its two buttons send a form, with the usual protection against forged ones.
    """

    @http.route(PAGE, type="http", auth="public", methods=["GET"], sitemap=False)
    def show(self, token, **_ignored):
        """Show the request, or why the link is no longer good."""
        return self._answer(token)

    @http.route(f"{PAGE}/decide", type="http", auth="public", methods=["POST"], sitemap=False)
    def decide(self, token, decision=None, comment=None, **_ignored):
        """Decide as the person of the link, then show what came of it."""
        row = self._find(token)
        if row and not row._refuse():
            try:
                # what was begun is undone, so that a refusal leaves nothing behind
                with request.env.cr.savepoint():
                    row._use(decision, comment)
            except UserError as error:
                return self._answer(token, problem=str(error), comment=comment)
        # a reload shows the page and sends nothing again
        return request.redirect(f"/exception/approval/{quote(token, safe='')}", code=303)

    def _find(self, token):
        return request.env["exception.approval.token"]._find(token, "mail")

    def _answer(self, token, problem=None, comment=None):
        row = self._find(token)
        values = row._page(problem) if row else self._unknown()
        page = request.env["ir.qweb"].with_context(lang=values["lang"])
        body = page._render(
            "exception_core.approval_page",
            {
                **values,
                "token": token,
                "comment": comment or "",
                "csrf_token": request.csrf_token(),
            },
        )
        status = STATUS.get(values["kind"], DEFAULT_STATUS)
        return request.make_response(
            f"<!DOCTYPE html>\n{body}",
            headers=[("Content-Type", "text/html; charset=utf-8"), *HEADERS.items()],
            status=status,
        )

    def _unknown(self):
        return {
            "kind": "unknown",
            "lang": request.env.lang,
            "title": _("This link leads nowhere"),
            "message": _(
                "It is incomplete, or not from here. Copy the whole link from the mail, or log in "
                "and look under Exceptions → Approvals."
            ),
        }
