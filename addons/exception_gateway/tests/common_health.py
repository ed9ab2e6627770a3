"""Endpoints with a past, for tests of what watches over them."""

from datetime import datetime, timedelta

from odoo.tools import SQL

from odoo.addons.exception_core.tests.common import ExceptionCommon

# A Monday, 12:00 UTC.
NOON = datetime(2024, 7, 1, 12, 0)


class HealthCommon(ExceptionCommon):
    """A system, an active endpoint of an administrator, and events made by hand."""

    @classmethod
    def setUpClass(cls):
        """Make the endpoint."""
        super().setUpClass()
        cls.system = cls.env["exception.system"].create({"name": "Test shop", "code": "test_shop"})
        cls.endpoint = cls._create_endpoint()

    @classmethod
    def _create_endpoint(cls, **overrides):
        values = {
            "name": "Test shop, live",
            "system_id": cls.system.id,
            "owner_id": cls.user_admin.id,
            **overrides,
        }
        endpoint = cls.env["exception.event.endpoint"].create(values)
        # as if it had been active for long: activation asks for keys and secrets
        cls.env.cr.execute(
            SQL("UPDATE exception_event_endpoint SET state = 'active' WHERE id = %s", endpoint.id)
        )
        endpoint.invalidate_recordset()
        return endpoint

    @classmethod
    def _receive(cls, moments, endpoint=None, **values):
        """Store an event for each moment, as the route would; return them."""
        endpoint = endpoint or cls.endpoint
        start = cls.env["exception.event"].search_count([("endpoint_id", "=", endpoint.id)])
        return cls.env["exception.event"].create(
            [
                {
                    "endpoint_id": endpoint.id,
                    "company_id": endpoint.company_id.id,
                    "received_at": moment,
                    "dedup_key": f"event {start + number}",
                    "body_hash": f"{start + number:064d}",
                    "state": "done",
                    **values,
                }
                for number, moment in enumerate(moments)
            ]
        )

    @classmethod
    def _every(cls, minutes, since, until):
        """Return instants, so many minutes apart."""
        count = int((until - since) / timedelta(minutes=minutes))
        return [since + timedelta(minutes=minutes * number) for number in range(count + 1)]

    def _told(self, endpoint, kind):
        kind = self.env.ref(f"exception_gateway.mail_activity_type_{kind}")
        return endpoint.activity_ids.filtered(lambda one: one.activity_type_id == kind)
