"""A desk that decides by itself: rules, tiers, a team that gives cases to its members."""

from odoo import fields

MEMBERS = 8


def make(env, kind):
    """Let every new case of this type be triaged, promised, ranked and assigned.

    :return: the team
    """
    team = _team(env)
    kind.write({"team_id": team.id})
    _rules(env, team)
    env["exception.partner.tier"]._cron_recompute()
    return team


def _team(env):
    group = env.ref("exception_core.group_user")
    members = env["res.users"].create(
        [
            {
                "name": f"Member {number}",
                "login": f"bench_member_{number}",
                "groups_id": [fields.Command.link(group.id)],
            }
            for number in range(MEMBERS)
        ]
    )
    return env["exception.team"].create(
        {
            "name": "Benchmark desk",
            "code": "benchmark_desk",
            "lead_id": env.uid,
            "member_ids": [fields.Command.set(members.ids)],
            "assignment_method": "least_loaded",
        }
    )


def _rules(env, team):
    """Ten rules of which some meet every case, some a part of them, and some none."""
    gold = env["exception.tier"].search([], limit=1)
    tag = env["exception.tag"].create({"name": "Benchmark"})
    tags = [fields.Command.set(tag.ids)]
    policy = env.ref("exception_core.sla_policy_back_office")
    conditions = [
        ([("company_amount", ">=", 450)], {"severity": "1"}),
        ([("company_amount", ">=", 300)], {"severity": "2"}),
        ([("tier_id", "=", gold.id)], {"severity": "2", "tag_ids": tags}),
        ([("type_id.category_id.code", "=", "none")], {"severity": "4"}),
        ([("country_id.code", "=", "AQ")], {"disposition": "approval"}),
        ([("company_amount", "<", 30)], {"sla_policy_id": policy.id}),
        ([("partner_id.name", "=like", "Customer 1%")], {"disposition": "investigate"}),
        ([("channel_id", "!=", False)], {"tag_ids": tags}),
        ([("recurrence_of_id", "!=", False)], {"severity": "1"}),
        ([("company_amount", ">=", 0)], {"team_id": team.id}),
    ]
    env["exception.rule"].create(
        [
            {
                "name": f"Benchmark {number}",
                "domain": repr(domain),
                "enabled": True,
                **sets,
            }
            for number, (domain, sets) in enumerate(conditions)
        ]
    )
