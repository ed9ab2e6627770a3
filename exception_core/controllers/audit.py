from pathlib import Path

import odoo
from odoo import _, http
from odoo.http import content_disposition, request

from ..tools import audit_verify

KINDS = {"jsonl": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}


class AuditController(http.Controller):
    """What the auditor takes away: the trail, and the verifier that needs nothing else."""

    @http.route("/exception/audit/export", type="http", auth="user", methods=["GET"])
    def export(self, kind="jsonl", chain=None):
        """Send the trail that the user may see, or one chain of it, as a file."""
        entries = request.env["exception.audit.entry"]
        entries.check_access_rights("read")
        if kind not in KINDS or (chain and not chain.isdigit()):
            raise request.not_found()
        domain = [("chain", "=", int(chain))] if chain else []
        entries._audit_config(entries, "audit.exported", chain=chain or _("all"), kind=kind)
        name = f"{request.db}-trail{'-' + chain if chain else ''}.{kind}"
        headers = [
            ("Content-Type", KINDS[kind]),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
        ]
        context, uid = request.env.context, request.env.uid
        return request.make_response(_lines(request.db, uid, context, domain, kind), headers)

    @http.route("/exception/audit/verifier", type="http", auth="user", methods=["GET"])
    def verifier(self):
        """Send the verifier: one file, which runs wherever Python does."""
        request.env["exception.audit.entry"].check_access_rights("read")
        return request.make_response(
            Path(audit_verify.__file__).read_text(),
            [
                ("Content-Type", "text/x-python; charset=utf-8"),
                ("Content-Disposition", content_disposition("audit_verify.py")),
            ],
        )


def _lines(dbname, uid, context, domain, kind):
    """Yield the file while it is sent, on a cursor of its own: the request's is closed by then."""
    with odoo.registry(dbname).cursor() as cr:
        entries = odoo.api.Environment(cr, uid, context)["exception.audit.entry"]
        for line in entries._export(domain, kind):
            yield line.encode()
