from odoo import _, api, fields, models
from odoo.tools.misc import format_amount


class ExceptionOptionWords(models.Model):
    """A way out in words: its figures, what it needs, and why it stands where it stands."""

    _inherit = "exception.option"

    cost_words = fields.Char("Costs", compute="_compute_words")
    margin_words = fields.Char("Margin", compute="_compute_words")
    delay_words = fields.Char("Delay", compute="_compute_words")
    needs_words = fields.Text("Needs (in words)", compute="_compute_words")
    why = fields.Text("Why this place", compute="_compute_words")
    preview = fields.Text("What it will do", compute="_compute_preview")
    can_choose = fields.Boolean(compute="_compute_can_choose")

    @api.depends("cost", "margin_effect", "delay_days", "needs", "points", "rank", "problem")
    @api.depends_context("lang")
    def _compute_words(self):
        for option in self:
            option.cost_words = option._say_figure("cost")
            option.margin_words = option._say_figure("margin_effect")
            option.delay_words = option._say_figure("delay_days")
            option.needs_words = "\n".join(option._say_needs())
            option.why = "\n".join(option._say_why())

    @api.depends("action_id", "values", "case_id")
    @api.depends_context("lang")
    def _compute_preview(self):
        for option in self:
            # sudo: names of what the way out is about, which it was proposed with
            action = option.sudo().action_id
            option.preview = action._describe(option.case_id, option.values)

    @api.depends("state", "action_id", "case_id.state")
    @api.depends_context("uid")
    def _compute_can_choose(self):
        works = self.env["exception.case"].check_access_rights("write", raise_exception=False)
        for option in self:
            # sudo: whether the user may, not what the action is
            refusal = option.sudo().action_id.with_user(self.env.user)._refuse_person()
            case = option.case_id
            option.can_choose = (
                works and option.state == "proposed" and case.is_open and not refusal
            )

    # ------------------------------------------------------------------
    # sentences
    # ------------------------------------------------------------------

    def _say_figure(self, name):
        """Say a figure with its unit."""
        self.ensure_one()
        value = self[name]
        if name in (self.unknown or ()):
            return _("not known")
        if name != "delay_days":
            money = format_amount(self.env, abs(value), self.currency_id)
            sign = {"cost": "−" if value < 0 else ""}.get(name, "+" if value > 0 else "−")
            return f"{sign}{money}" if value else money
        if not value:
            return _("none")
        days = f"{value:g}"
        return _("1 day") if days == "1" else _("%s days", days)

    def _say_needs(self):
        labels = {
            "approval": _("approval"),
            "stock": _("stock"),
            "supplier": _("the supplier"),
        }
        return [
            f"{labels[kind]}: {words}" if kind in labels and words else labels.get(kind, words)
            for kind, words in self.needs or ()
        ]

    def _say_why(self):
        """Return one sentence for the place, one a part with its points, and what is wrong."""
        said = [
            _(
                "Place %(place)s of %(count)s: %(points)s of 100 points.",
                place=self.rank,
                count=self.rank_of,
                points=round(self.score),
            )
        ]
        count = len(self.needs or ())
        values = {
            "cost": _("costs %s", self.cost_words),
            "margin": _("margin %s", self.margin_words),
            "delay": _("delay: %s", self.delay_words),
            "needs": _("needs nothing") if not count else _("needs: %s", count),
        }
        for part, words in values.items():
            points, most = (self.points or {}).get(part, (0.0, 0.0))
            if most:
                figures = {"points": f"{points:.0f}", "most": f"{most:.0f}", "words": words}
                said.append(_("%(points)s of %(most)s points: %(words)s", **figures))
        if self.problem:
            said.append(_("Comes last, since it cannot be done as things stand: %s", self.problem))
        return said

    def _choice_words(self):
        """Say for the run, and for whoever approves it, what was chosen and against how many."""
        return _(
            "Chosen as place %(place)s of %(count)s ways out (%(points)s of 100 points). Costs "
            "%(cost)s, margin %(margin)s, delay to the customer: %(delay)s.",
            place=self.rank,
            count=self.rank_of,
            points=round(self.score),
            cost=self.cost_words,
            margin=self.margin_words,
            delay=self.delay_words,
        )

    def _line(self):
        """Say the way out in one line."""
        parts = [self.cost_words, _("margin %s", self.margin_words)]
        parts.append(_("delay: %s", self.delay_words))
        return f"{self.rank}. {self.name} ({', '.join(parts)})"
