import csv
import io
import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import audit_verify
from ..tools.audit_chain import canonical

# What the verifier reads, in the order of a CSV file.
EXPORTED = (
    *("chain", "sequence", "place", "event", "at", "user_id", "who", "on_behalf_id", "on_behalf"),
    *("company_id", "case_id", "case_name", "res_model", "res_id", "res_name"),
    *("is_override", "is_automatic", "reason", "before", "after", "data", "salts", "redacted"),
    *("digest", "previous", "hash"),
)
# An entry that waits to be chained comes after those of its chain.
NUMBER = SQL("COALESCE(exception_audit_entry.sequence, 2147483647)")
# With these a spreadsheet begins a formula; the apostrophe itself, so that it can be taken off.
FORMULAS = tuple("=+-@\t\r'")
# Rows read at a time.
CHUNK = 5000


class ExceptionAuditExport(models.Model):
    """The trail as the verifier reads it."""

    _inherit = "exception.audit.entry"

    @api.model
    def _export(self, domain, kind="jsonl"):
        """Yield the lines of an export of what the user may see.

        :param domain: which entries; the verifier wants whole chains
        :param str kind: "jsonl" or "csv"
        """
        if kind == "csv":
            yield _csv_line(EXPORTED)
        else:
            yield canonical(self._export_header(domain)) + "\n"
        for entry in self._export_rows(domain):
            if kind == "csv":
                yield _csv_line([entry[name] for name in EXPORTED])
            else:
                yield canonical(entry) + "\n"

    @api.model
    def _export_header(self, domain):
        number = self.search_count(domain)
        # sudo: how many there are altogether
        whole = number == self.sudo().search_count([])
        return {
            "format": audit_verify.FORMAT,
            "entries": number,
            "log": self.env["exception.audit.checkpoint"]._log(),
            "whole": whole,
            "at": fields.Datetime.to_string(fields.Datetime.now()),
        }

    @api.model
    def _export_rows(self, domain):
        """Yield entries as plain values, chain after chain; those not chained yet come last."""
        columns = [SQL.identifier(self._table, name) for name in EXPORTED]
        key = SQL("(exception_audit_entry.chain, %s, exception_audit_entry.id)", NUMBER)
        after = (-1, 0, 0)
        while after:
            chunk = self._search(domain)
            chunk.add_where(SQL("%s > (%s, %s, %s)", key, *after))
            chunk.order = SQL("exception_audit_entry.chain, %s, exception_audit_entry.id", NUMBER)
            chunk.limit = CHUNK
            self.env.cr.execute(chunk.select(*columns, NUMBER, SQL("exception_audit_entry.id")))
            rows = self.env.cr.fetchall()
            for row in rows:
                entry = dict(zip(EXPORTED, row, strict=False))
                yield {**entry, "at": fields.Datetime.to_string(entry["at"])}
            after = (rows[-1][0], *rows[-1][-2:]) if len(rows) == CHUNK else None


def _csv_line(values):
    out = io.StringIO()
    csv.writer(out).writerow(map(_csv_cell, values))
    return out.getvalue()


def _csv_cell(value):
    """Return a value as a cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.startswith(FORMULAS):
        # the verifier takes it off again
        return f"'{value}"
    return json.dumps(value) if isinstance(value, bool) else "" if value is None else value
