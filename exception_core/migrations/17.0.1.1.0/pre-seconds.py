"""Targets are kept in whole seconds; they were kept in minutes."""

from odoo.tools.sql import column_exists


def migrate(cr, version):
    """Turn the minutes of existing targets into seconds before the columns are required."""
    if not column_exists(cr, "exception_sla_target", "response_minutes"):
        return
    cr.execute(
        """ALTER TABLE exception_sla_target
             DROP CONSTRAINT IF EXISTS exception_sla_target_severity_uniq,
             DROP CONSTRAINT IF EXISTS exception_sla_target_minutes_ordered,
             ALTER COLUMN severity DROP NOT NULL,
             ADD COLUMN IF NOT EXISTS response_seconds int4,
             ADD COLUMN IF NOT EXISTS resolution_seconds int4"""
    )
    cr.execute(
        """UPDATE exception_sla_target SET response_seconds = response_minutes * 60,
                                           resolution_seconds = resolution_minutes * 60"""
    )
    cr.execute(
        """ALTER TABLE exception_sla_target
             DROP COLUMN response_minutes, DROP COLUMN resolution_minutes"""
    )
