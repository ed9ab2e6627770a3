import hashlib
import json
import os

from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import audit_key
from ..tools.audit_chain import canonical

# Cases archived at a time; the file and the seals of a batch belong together.
BATCH = 1000


class ExceptionAuditArchive(models.Model):
    """Retention: old entries leave the database for a file, and a seal stays in their place.

    Of a chain that ended long ago everything but the newest entry is written to a file. Then an
    entry is added that says how many there were, the hash at which the rest begins, and the hash
    of the file; only then are they deleted. The verifier takes such a chain for whole, and the
    file can be verified by itself.
    """

    _inherit = "exception.audit.entry"

    @api.model
    def _archive(self, before, reason):
        """Archive the trails of cases that were closed before a day.

        :param before: date; cases closed earlier are archived
        :param str reason: why, for the trail
        :return: (path of the file, number of entries archived)
        """
        place = audit_key.folder()
        if not place:
            raise UserError(
                _(
                    "There is no folder for archives. Set audit_folder in the configuration of "
                    "Odoo, on a disk that is backed up, and start Odoo anew."
                )
            )
        self._seal()
        chains = self._archivable(before)
        if not chains:
            raise UserError(_("There is nothing to archive: no case was closed before that day."))
        name = f"{self.env.cr.dbname}-{fields.Datetime.now():%Y%m%d%H%M%S}.archive.jsonl"
        path = place / name
        self._write_archive(path, chains)
        file = {"file": name, "sha256": _hash_of(path)}
        number = self._seal_archived(chains, file, reason)
        self._audit_config(
            self.browse(),
            "audit.archived",
            reason=reason,
            **{**file, "chains": len(chains), "entries": number, "before": str(before)},
        )
        return path, number

    @api.model
    def _archivable(self, before):
        """Return the chains of cases closed before that have more to archive than their seal."""
        self.env.cr.execute(
            SQL(
                """SELECT e.chain FROM exception_audit_entry e
                     JOIN exception_case c ON c.id = e.chain
                    WHERE c.state IN ('closed', 'cancelled') AND c.closed_at < %s
                      AND e.hash IS NOT NULL
                    GROUP BY e.chain HAVING count(*) > 2 ORDER BY e.chain""",
                before,
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    @api.model
    def _write_archive(self, path, chains):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as out:
            out.writelines(self._export([("chain", "in", chains), ("hash", "!=", False)]))
            out.flush()
            os.fsync(out.fileno())

    @api.model
    def _seal_archived(self, chains, file, reason):
        """Add the seals, then delete what is in the file; return how many entries that were."""
        cr, number = self.env.cr, 0
        cr.execute(SQL("SET LOCAL exception_core.audit_archives = 'yes'"))
        for start in range(0, len(chains), BATCH):
            heads = self._archived_heads(chains[start : start + BATCH])
            self._append("audit.archived", [self._seal_of(head, file) for head in heads], reason)
            cr.execute(
                SQL(
                    """DELETE FROM exception_audit_entry e
                        USING unnest(%s, %s) AS head(chain, sequence)
                        WHERE e.chain = head.chain AND e.sequence < head.sequence""",
                    [head["chain"] for head in heads],
                    [head["sequence"] for head in heads],
                )
            )
            number += cr.rowcount
        cr.execute(SQL("SET LOCAL exception_core.audit_archives = 'no'"))
        self.invalidate_model(flush=False)
        return number

    @api.model
    def _archived_heads(self, chains):
        """Return the newest entry of each chain, and the places of those before it."""
        self.env.cr.execute(
            SQL(
                """SELECT DISTINCT ON (e.chain) e.chain, e.sequence, e.previous, e.company_id,
                          e.case_id, e.case_name, e.res_model, e.res_id, old.places, old.seals
                     FROM exception_audit_entry e
                    CROSS JOIN LATERAL (
                          SELECT array_agg(place ORDER BY place) AS places,
                                 array_agg(data) FILTER (WHERE event = 'audit.archived') AS seals
                            FROM exception_audit_entry o
                           WHERE o.chain = e.chain AND o.sequence < e.sequence) AS old
                    WHERE e.chain = ANY(%s) AND e.hash IS NOT NULL
                    ORDER BY e.chain, e.sequence DESC""",
                chains,
            )
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _seal_of(self, head, file):
        """Return the entry that stands for what was archived of a chain."""
        places = _ranges(head["places"])
        for seal in head["seals"] or ():
            # an older seal leaves with the rest: what it stands for is taken over
            places += json.loads(seal)["places"]
        subject = ("chain", "company_id", "case_id", "case_name", "res_model", "res_id")
        data = {
            "until": head["sequence"] - 1,
            "hash": head["previous"],
            "places": sorted(places),
            **file,
        }
        return {**{name: head[name] for name in subject}, "data": canonical(data)}


def _ranges(numbers):
    """Return sorted numbers as pairs (first, last) of those without a gap."""
    ranges = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ranges


def _hash_of(path):
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
