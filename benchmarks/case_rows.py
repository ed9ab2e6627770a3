"""Cases by SQL: a history of any length, and the same number of open cases at its end."""

from odoo.tools import SQL

from .desk import bulk

# The history runs back two years at every size, so more cases are also more cases a day.
DAYS = 730

CASE = """
    INSERT INTO exception_case (
        name, title, type_id, category_id, team_id, user_id, severity, disposition, state, is_open,
        outcome, res_model, res_id, res_name, company_id, currency_id, amount, company_amount,
        partner_id, fingerprint, condition_active, is_leading, bundle_size, occurred_at,
        detected_at, assigned_at, resolved_at, response_due, date_due, create_date, write_date)
    SELECT 'EX/BENCH/' || n, 'Delivered late · 3 days', kind.id, kind.category_id, kind.team_id,
           CASE WHEN NOT opened OR n %% 3 = 0
                THEN (%(users)s)[1 + n %% array_length(%(users)s, 1)] END,
           (1 + n %% 4)::text, 'investigate',
           CASE WHEN opened THEN (ARRAY['new', 'open', 'new', 'waiting'])[1 + n %% 4]
                ELSE 'resolved' END,
           opened, CASE WHEN NOT opened THEN 'manual' END,
           'res.partner', n, 'Customer ' || n, %(company)s, %(currency)s, n %% 900, n %% 900,
           %(partner)s + n %% %(partners)s, '', opened, opened, CASE WHEN opened THEN 1 ELSE 0 END,
           at, at, CASE WHEN NOT opened THEN at END,
           CASE WHEN NOT opened THEN at + interval '1 day' END,
           at + interval '4 hour', at + interval '1 day' * (1 + n %% 5), at, at
      FROM (SELECT n, n > %(last)s - %(open)s AS opened,
                   %(now)s - interval '1 second'
                   * ((n::bigint * 104729) %% (CASE WHEN n > %(last)s - %(open)s THEN %(recent)s
                                              ELSE %(seconds)s END)) AS at
              FROM generate_series(%(first)s, %(last)s) AS n) AS made
      JOIN unnest(%(types)s, %(categories)s, %(teams)s) WITH ORDINALITY
               AS kind(id, category_id, team_id, place)
           ON kind.place = 1 + n %% array_length(%(types)s, 1)
"""
MARK = "EX/BENCH/%"
# Clocks as a working day leaves them: running ones that are due from hours ago to days ahead,
# and resting ones of the cases that wait. The response was given where somebody owns the case.
CLOCK = """
    INSERT INTO exception_sla_clock (
        case_id, kind, state, policy_id, why, calendar_id, allotted, used, since, deadline,
        warn_at, stopped_at, next_level_at, restarts, create_date, write_date)
    SELECT id, kind, state, policy_id, '[]', NULL, allotted,
           CASE state WHEN 'paused' THEN allotted / 3 WHEN 'met' THEN allotted / 2 ELSE 0 END,
           CASE WHEN state = 'running' THEN detected_at END,
           CASE WHEN state <> 'paused' THEN due END,
           CASE WHEN state = 'running' THEN due - allotted * interval '0.2 second' END,
           CASE WHEN state = 'met' THEN detected_at + allotted * interval '0.5 second' END,
           CASE WHEN state = 'running' THEN due - allotted * interval '0.2 second' END,
           0, detected_at, detected_at
      FROM (SELECT c.id, it.kind, c.detected_at, kind.sla_policy_id AS policy_id, it.due,
                   greatest(extract(epoch FROM it.due - c.detected_at), 0)::int AS allotted,
                   CASE WHEN it.kind = 'response' AND c.user_id IS NOT NULL THEN 'met'
                        WHEN c.state = 'waiting' THEN 'paused' ELSE 'running' END AS state
              FROM exception_case AS c JOIN exception_type AS kind ON kind.id = c.type_id
             CROSS JOIN LATERAL (VALUES ('response', c.response_due), ('resolution', c.date_due))
                        AS it(kind, due)
             WHERE c.is_open AND c.name LIKE %(mark)s AND it.due IS NOT NULL
               AND NOT EXISTS (SELECT FROM exception_sla_clock WHERE case_id = c.id)) AS made
"""


def fill(desk, cases, opened):
    """Make as many cases as wanted, of which so many are open."""
    with desk.env() as env:
        cr = env.cr
        cr.execute(SQL("SELECT count(*) FROM exception_case WHERE name LIKE %s", MARK))
        made = cr.fetchone()[0]
        if made >= cases:
            return
        with bulk(cr, "exception_case"):
            cr.execute(SQL("DELETE FROM exception_case WHERE NOT name LIKE %s", MARK))
            cr.execute(SQL("DELETE FROM exception_case WHERE name LIKE %s AND is_open", MARK))
            first = made - opened + 1 if made else 1
            cr.execute(CASE, _values(env) | {"first": first, "last": cases, "open": opened})
    desk.vacuum("exception_case")


def fill_clocks(desk):
    """Make both clocks of every open case that has none; return how many clocks run."""
    with desk.env() as env:
        cr = env.cr
        cr.execute(CLOCK, {"mark": MARK})
        cr.execute(
            """UPDATE exception_case AS c SET sla_policy_id = kind.sla_policy_id
                 FROM exception_type AS kind
                WHERE kind.id = c.type_id AND c.is_open AND c.sla_policy_id IS NULL"""
        )
        cr.execute(SQL("SELECT count(*) FROM exception_sla_clock WHERE state = 'running'"))
        running = cr.fetchone()[0]
    desk.vacuum("exception_sla_clock", "exception_case")
    return running


def clear(desk):
    """Take away what was made, so that what is measured next fills the table itself."""
    with desk.env() as env:
        env.cr.execute(SQL("DELETE FROM exception_case WHERE name LIKE %s", MARK))
    desk.vacuum("exception_case")


def _values(env):
    teams = env["exception.team"].search([("private", "=", False)])
    types = env["exception.type"].search([("team_id", "in", teams.ids)])
    env.cr.execute(SQL("SELECT min(id), count(*) FROM res_partner"))
    partner, partners = env.cr.fetchone()
    return {
        "users": env["res.users"].search([]).ids,
        "company": env.company.id,
        "currency": env.company.currency_id.id,
        "types": types.ids,
        "categories": [kind.category_id.id for kind in types],
        "teams": [kind.team_id.id for kind in types],
        "partner": partner,
        "partners": partners,
        "now": env.cr.now().replace(microsecond=0),
        "seconds": DAYS * 86400,
        "recent": 20 * 86400,
    }
