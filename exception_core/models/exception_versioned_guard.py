import json
from contextlib import contextmanager

from odoo import SUPERUSER_ID, _, api, models
from odoo.exceptions import UserError

from ..tools.config_note import NOTE, ConfigNote, config_note
from ..tools.config_values import compare

PARAMETER = "exception_core.second_person_%s"
# What is asked for as long as nobody has set it.
DEFAULTS = {"hold": "yes", "matrix": "yes", "setting": "yes"}


class ExceptionVersionedGuard(models.AbstractModel):
    """Changes that need a second person wait in ``exception.config.change``.

    Stands in ``create``, ``write`` and ``unlink`` of records and of their lines, so that form,
    list, import, RPC and copy all meet it. Whether a change concerns what is in force is not
    guessed from the values: the change is made inside a savepoint, looked at, and taken back.
    Code of the system (install, update, Scheduled Actions) passes; its changes are versions, too.

    A model says ``_second_person_kind`` and which of its records ``_second_person_in_force``.
    """

    _inherit = "exception.versioned.base"

    @api.model
    def _second_person_kind(self):
        """Return which setting asks for a second person here; None: no setting does."""
        return None

    def _second_person_in_force(self):
        """Return those of the records whose change, here and now, needs a second person."""
        return self.filtered("active") if "active" in self._fields else self

    @api.model
    def _second_person_free(self):
        """Return the names of fields that anybody with the right may change alone."""
        return {"sequence", "description"}

    @api.model
    def _second_person_verbs(self):
        """Return the names of methods that may wait for a second person, as they are called."""
        return {"write", "unlink"}

    def _second_person_rest(self):
        """Put new records that are in force at rest, and return what would bring them in force."""
        if "active" not in self._fields:
            raise UserError(_("“%s” cannot be made by one person alone.", self[:1].display_name))
        agreed = ConfigNote(way="agreed")
        # sudo: as the model; who made them had the right to
        self.sudo().with_context(**{NOTE: agreed}).write({"active": False})
        return {"active": True}

    @api.model
    def _second_person_asked(self):
        """Tell whether changes made in this environment may have to wait at all."""
        person = self.env.uid != SUPERUSER_ID
        kind = self._second_person_kind()
        if not (kind and person) or config_note(self.env).way == "agreed":
            return False
        if self.env.su and not self._second_person_in_sudo():
            return False
        # sudo: system parameters are not for users
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param(PARAMETER % kind, DEFAULTS.get(kind, "no")) == "yes"

    def _second_person_check_entitled(self, operation):
        """Refuse who may not do this to the records: they cannot agree to it either."""
        self.check_access_rights(operation)
        self.check_access_rule(operation)

    @api.model
    def _second_person_env(self):
        """Return the environment in which a change is made by who agrees to it."""
        return self.env

    @api.model
    def _second_person_in_sudo(self):
        """Tell whether model code that writes in a person's name is asked, too."""
        return False

    # ------------------------------------------------------------------
    # the doors
    # ------------------------------------------------------------------

    def _second_person_holds(self, method, *args):
        """Return those of the records that this change must wait for, after proposing it.

        :param method: ``write``, ``unlink`` or a verb of the model, called with ``args``
        """
        roots = self._version_roots()._versioned_records()
        if not roots or not roots._second_person_asked():
            return self.browse()
        self._second_person_refuse_moves(roots, method, args)
        waiting = roots._second_person_try(self, method, args)
        held = self.browse()
        for root in waiting:
            mine = self.filtered(lambda one, root=root: root in one._version_roots())
            operation = [self._name, method, mine.ids, _plain(args)]
            self._second_person_propose(root, operation)
            held |= mine
        return held

    def _second_person_propose(self, root, operation):
        # words belong to the language in which they were typed, values to the company
        where = {"lang": self.env.lang, "companies": self.env.companies.ids}
        self.env["exception.config.change"]._propose(root, [*operation, where])

    def _second_person_refuse_moves(self, roots, method, args):
        """Refuse what cannot wait: a line that goes to another record."""
        parent = getattr(self, "_versioned_parent", None)
        if method != "write" or not parent or parent not in args[0]:
            return
        there = self._version_parents_of(args[:1])
        if there - roots and (roots | there)._second_person_in_force():
            raise UserError(
                _(
                    "A change of “%s” needs a second person, so its lines are changed in its own "
                    "form. Add the line there, and delete it here.",
                    (roots | there)._second_person_in_force()[:1].display_name,
                )
            )

    def _second_person_try(self, records, method, args):
        """Make the change, look at it, and take it back; return the roots that must wait."""
        before = self._version_states()
        in_force = self._second_person_in_force()
        with self._second_person_undone():
            note = ConfigNote(way="agreed")
            trial = records.with_context(**{NOTE: note, "tracking_disable": True})
            getattr(trial, method)(*args)
            self.env.flush_all()
            present = self.exists()
            after = present._version_states()
            in_force |= present.with_env(self.env)._second_person_in_force()
        waiting = in_force.filtered(
            lambda root: root.id not in after
            or root._second_person_matters(before[root.id], after[root.id])
        )
        return waiting.with_env(self.env)

    @contextmanager
    def _second_person_undone(self):
        """Take back what happens inside, in the database and in memory."""
        savepoint = self.env.cr.savepoint()
        try:
            yield
        finally:
            savepoint.close(rollback=True)
            # what was cached of the trial
            self.env.registry.clear_cache()

    @api.model
    def _second_person_matters(self, before, after):
        """Tell whether the difference between two states needs a second person."""
        free = self._second_person_free()
        return any(change.path or change.field not in free for change in compare(before, after))

    def _second_person_new(self):
        """Let new records that would be in force wait for the second person."""
        if not self or not self._second_person_asked():
            return
        for record in self._version_roots()._versioned_records()._second_person_in_force():
            awake = record._second_person_rest()
            self._second_person_propose(record, [record._name, "write", record.ids, [awake]])

    def _second_person_refuse_lines(self, creating):
        """Refuse lines that are added to a record in force past its own form.

        :param creating: a record is being made; what is added to it is part of it
        """
        if not self or not self._second_person_asked():
            return
        now = self.env.cr.now()
        for root in self._second_person_in_force():
            # a record of this very transaction: its lines come with it
            if not (creating and root.create_date == now):
                raise UserError(
                    _(
                        "A change of “%s” needs a second person. Add the line in its own form, "
                        "so that all of the change can wait and be looked at.",
                        root.display_name,
                    )
                )


def _plain(args):
    """Return arguments of a call as they are kept until it is made."""
    return json.loads(json.dumps(args, default=str))
