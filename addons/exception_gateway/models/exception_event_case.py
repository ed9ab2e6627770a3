from odoo import _, api, fields, models

from ..tools.refused import Refused


class ExceptionEventCase(models.Model):
    """From works to hits of event detectors, and the cases that they have."""

    _inherit = "exception.event"

    # ------------------------------------------------------------------
    # keys: model, id, fingerprint
    # ------------------------------------------------------------------

    def _keyed_by(self, line, works):
        """Return (work, key of its case) for a reaction; works that cannot say it end."""
        keyed = []
        for work in works:
            try:
                told_apart = self._text_of(line.fingerprint, work)
            except Refused as refused:
                self._end(work, "dead", refused)
                continue
            keyed.append((work, self._case_key(line.detector_id, work, told_apart)))
        return self._anchored(line.detector_id, keyed)

    @api.model
    def _case_key(self, detector, work, told_apart=""):
        """Return (model, id, fingerprint) of the case of a work."""
        model, res_id = work.place()
        if work.record is None and not told_apart:
            # the next message about it has to find the case again
            told_apart = self._story_mark(work)
        if model != detector.model_id.model:
            told_apart = f"{model} {told_apart}".strip()
        return model, res_id, told_apart

    @api.model
    def _story_mark(self, work):
        """Return what tells the case of a matter that has no record here from others."""
        story = work.subject or work.form["reference"]
        return f"{work.contract._family()}:{story}" if story else ""

    def _anchored(self, detector, keyed):
        """Lead works without a record to the event on which their case was opened."""
        lost = {key[2] for work, key in keyed if work.record is None and key[2]}
        if not lost:
            return keyed
        cases = self.env["exception.case"].search(
            [
                ("detector_id", "=", detector.id),
                ("res_model", "=", self._name),
                ("fingerprint", "in", list(lost)),
            ],
            order="is_open, detected_at, id",
        )
        places = {case.fingerprint: case.res_id for case in cases}
        return [
            (work, (model, places.get(mark, res_id) if work.record is None else res_id, mark))
            for work, (model, res_id, mark) in keyed
        ]

    # ------------------------------------------------------------------
    # cases
    # ------------------------------------------------------------------

    def _known_cases(self, detector, keyed):
        """Return {key: case} of the cases of a detector, open ones before ended ones."""
        if not keyed:
            return {}
        cases = self.env["exception.case"].search(
            [
                ("detector_id", "=", detector.id),
                ("res_id", "in", list({key[1] or 0 for _work, key in keyed})),
            ],
            order="is_open, detected_at, id",
        )
        return {(one.res_model, one.res_id, one.fingerprint or ""): one for one in cases}

    def _cases_to_clear(self, line, keyed):
        """Return {key: cases}; without an expression that tells them apart, all of the record."""
        if not keyed:
            return {}
        # opened when the record was not known yet
        stories = {self._story_mark(work) for work, _key in keyed if work.record is not None}
        cases = self.env["exception.case"].search(
            [
                ("detector_id", "=", line.detector_id.id),
                "|",
                ("res_id", "in", list({key[1] or 0 for _work, key in keyed})),
                "&",
                ("res_model", "=", self._name),
                ("fingerprint", "in", list(stories - {""})),
            ],
            order="is_open desc, detected_at desc, id desc",
        )
        of_key, of_record, of_story = {}, {}, {}
        for case in cases:
            place = (case.res_model, case.res_id)
            if case.res_model == self._name:
                of_story.setdefault(case.fingerprint or "", []).append(case)
            of_key.setdefault((*place, case.fingerprint or ""), []).append(case)
            of_record.setdefault(place, []).append(case)
        told_apart = (line.fingerprint or "").strip()
        found = {}
        for work, key in keyed:
            if work.record is None or told_apart:
                found[key] = of_key.get(key, [])
            else:
                story = of_story.get(self._story_mark(work), [])
                found[key] = of_record.get(key[:2], []) + story
        return found

    def _open_cases_of(self, line, works):
        """Return {(model, id): open cases} of the records of these works."""
        places = {work.place() for work in works}
        domain = [("is_open", "=", True)]
        if line.detector_id:
            domain.append(("detector_id", "=", line.detector_id.id))
        cases = self.env["exception.case"]
        own = {res_id for model, res_id in places if model == cases._name}
        found = cases.search(
            [
                *domain,
                ("res_model", "in", list({model for model, _id in places})),
                ("res_id", "in", list({res_id or 0 for _model, res_id in places})),
            ]
        )
        by_place = {}
        for case in found:
            place = (case.res_model, case.res_id)
            by_place[place] = by_place.get(place, cases) | case
        for case in cases.browse(own):
            if case.is_open:
                by_place[(cases._name, case.id)] = case
        return by_place

    def _newest_cases(self, works):
        """Return {(model, id): newest case} that contracts of late works speak of."""
        if not works:
            return {}
        detectors = {one.id for work in works for one in work.contract.reaction_ids.detector_id}
        cases = self.env["exception.case"].search(
            [
                ("detector_id", "in", list(detectors)),
                ("res_id", "in", list({work.place()[1] or 0 for work in works})),
            ],
            order="detected_at, id",
        )
        return {(case.res_model, case.res_id): case for case in cases}

    # ------------------------------------------------------------------
    # opening
    # ------------------------------------------------------------------

    def _open_cases(self, detector, keyed, now, facts=None):
        """Open or re-open the cases of works in one batch, and note them on the works.

        :param keyed: list of (work, key)
        :param facts: function of a work that returns its facts; default: those of the message
        """
        if detector.state != "enabled":
            for work, _key in keyed:
                work.say(_("“%s” is switched off, so no case opens.", detector.name))
            return
        known, hits, opening = self._known_cases(detector, keyed), [], []
        currencies = self._currency_ids()
        for work, key in keyed:
            case = known.get(key)
            if case and self._is_accepted(case, now):
                work.late_case_ids.add(case.id)
                work.say(_("The risk of %s is accepted; noted there.", case.name), effect=True)
                continue
            opening.append((work, key, case.name if case and case.is_open else None))
            hits.append(self._hit(work, key, currencies, facts))
        if not hits:
            return
        engine = detector._as_engine()
        opened, reopened = engine._open_hits(now, hits)
        engine._record_run(
            "realtime",
            {
                "state": "done",
                "hits": len(hits),
                "opened": opened,
                "reopened": reopened,
                "started_at": now,
            },
        )
        found = self._known_cases(detector, [(work, key) for work, key, _name in opening])
        for work, key, name in opening:
            case = found[key]
            sentence = _("Brought %s up to date.") if name else _("Opened %s.")
            self._say_case(work, case, sentence % case.name)

    @api.model
    def _is_accepted(self, case, now):
        """Tell whether somebody accepted the risk of this until a date that is still to come."""
        return not case.is_open and case.accepted_until and case.accepted_until > now.date()

    def _hit(self, work, key, currencies, facts=None):
        """Return what a work says in the columns of the hit contract."""
        form, (model, res_id, fingerprint) = work.form, key
        record = work.record
        company = work.company
        if record is not None and "company_id" in record._fields and record.company_id:
            company = record.company_id
        currency = currencies.get(form["currency"])
        return {
            **dict.fromkeys(self.env["exception.case"]._dimension_fields()),
            "res_model": model,
            "res_id": res_id,
            "company_id": company.id,
            "fingerprint": fingerprint,
            "partner_id": work.partner_id,
            "amount": form["amount"],
            "currency_id": currency or company.currency_id.id,
            "occurred_at": self._moment(work),
            "severity": form["severity"],
            "facts": facts(work) if facts else work.facts(),
        }

    @api.model
    def _currency_ids(self):
        """Return {ISO code: id} of all currencies, also of those that are not used here."""
        currencies = self.env["res.currency"].with_context(active_test=False)
        return {one.name: one.id for one in currencies.search([])}

    @api.model
    def _moment(self, work):
        """Return when it happened: as the sender says, but not in the future."""
        said = work.contract._moment_of(work.form)
        return min(said, fields.Datetime.now()) if said else work.event.received_at

    def _case_changes(self, detector, reader, work, key, currencies):
        """Return the values with which an open case is brought up to date."""
        engine = detector._as_engine()
        hit = self._hit(work, key, currencies)
        dimensions = self.env["exception.case"]._dimension_fields()
        values = {**engine._case_vals(hit, dimensions), "facts": reader(hit["facts"])}
        return {
            name: value
            for name, value in values.items()
            if name in ("facts", "hold_step")
            or (name in ("amount", "currency_id") and work.form["amount"] is not None)
            or (name == "partner_id" and value)
        }

    # ------------------------------------------------------------------
    # no record
    # ------------------------------------------------------------------

    def _open_unmatched(self, works, now):
        """Open the cases that say which record is missing, or not clear."""
        by_detector = {}
        for work in works:
            found = _("Several records fit.") if work.several else _("No record fits.")
            work.say(found)
            by_detector.setdefault(work.contract.unmatched_detector_id, []).append(work)
        for detector, same in by_detector.items():
            for wave in self._waves(same):
                keyed = [(work, self._case_key(detector, work)) for work in wave]
                self._open_cases(
                    detector, self._anchored(detector, keyed), now, facts=self._unmatched_facts
                )

    @api.model
    def _unmatched_facts(self, work):
        return {
            "event": work.form["what"],
            "looked_for": self._looked_for(work),
            "found": _("several records") if work.several else _("no record"),
            "endpoint": work.event.endpoint_id.name,
            **work.facts(),
        }
