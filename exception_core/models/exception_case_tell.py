import logging
from collections import defaultdict

from markupsafe import Markup

from odoo import _, api, models

from .exception_case_open import BATCH

_logger = logging.getLogger(__name__)

# How many cases a message lists; the queue shows the rest.
LISTED = 10


class Tidings:
    """Whom to tell of which cases when all is done; no client can send an object."""

    def __init__(self):
        self.given = defaultdict(list)


class ExceptionCaseTell(models.Model):
    """One message to one person about however many cases, in the way the person prefers.

    Sent in the name of the system: no person wrote it.
    """

    _inherit = "exception.case"

    @api.model
    def _tell_owners(self, given):
        """Tell each person once what the machine gave them; later, when more may come.

        :param dict given: {user id: ids of cases}, as ``_distribute`` returns it
        """
        tidings = self.env.context.get("exception_tidings")
        if isinstance(tidings, Tidings):
            for user_id, ids in given.items():
                tidings.given[user_id] += ids
            return
        # sudo: language and address of colleagues are read to write to them
        for user in self.env["res.users"].sudo().browse(given):
            if user != self.env.user:
                cases = self.browse(given[user.id]).with_context(lang=user.lang)
                cases._tell(user, cases._given_subject())

    @api.model
    def _tell_tidings(self, tidings):
        """Tell each person once of the cases that came to them meanwhile and are still theirs.

        What was taken back since then, with a stage or a batch that failed, is nobody's news.
        """
        ids = [case_id for ids in tidings.given.values() for case_id in ids]
        if not ids:
            return
        # read by itself: thousands of cases need not be read whole for it
        found = self.search_fetch([("id", "in", ids)], ["user_id"], order="id")
        owners = {case.id: case.user_id.id for case in found}
        given = {
            user_id: [case_id for case_id in dict.fromkeys(ids) if owners.get(case_id) == user_id]
            for user_id, ids in tidings.given.items()
        }
        self._tell_owners({user_id: ids for user_id, ids in given.items() if ids})

    def _decide(self):
        """Decide on new cases, then tell those who got some: one message to each."""
        if isinstance(self.env.context.get("exception_tidings"), Tidings):
            # a sweep tells them after its last batch
            return super()._decide()
        tidings = Tidings()
        telling = self.with_context(exception_tidings=tidings)
        result = super(ExceptionCaseTell, telling)._decide()
        # sudo: a message by the machine, whoever opened the cases
        self.sudo().with_context(**BATCH)._tell_tidings(tidings)
        return result

    def _given_subject(self):
        if len(self) == 1:
            return _("A case is yours: %s", self.display_name)
        return _("%s cases are yours", len(self))

    def _tell(self, user, subject, text=None):
        """Send one person one message that lists these cases; a failure stops nothing else.

        :param user: to the inbox or by mail, as they prefer; call this with their language
        :param subject: one line
        :param text: a sentence above the list; default: the subject
        """
        try:
            with self.env.cr.savepoint():
                self._send(user, subject, text)
        except Exception:
            _logger.exception("%s could not be told: %s", user.login, subject)

    def _send(self, user, subject, text):
        links = Markup().join(
            Markup(
                '<li><a href="/mail/view?model=exception.case&amp;res_id=%(id)s"'
                ' data-oe-model="exception.case" data-oe-id="%(id)s">%(name)s</a></li>'
            )
            % {"id": case.id, "name": case.display_name}
            for case in self[:LISTED]
        )
        body = Markup("<p>%s</p><ul>%s</ul>") % (text or subject, links)
        if len(self) > LISTED:
            body += Markup("<p>%s</p>") % _("… and %s more", len(self) - LISTED)
        robot = self.env.ref("base.partner_root")
        about = {"model": self._name, "res_id": self.id} if len(self) == 1 else {}
        self.env["mail.thread"].message_notify(
            author_id=robot.id,
            email_from=robot.email_formatted or None,
            partner_ids=user.partner_id.ids,
            subject=subject,
            body=body,
            **about,
        )
