"""Compare what was found with the truth, as a table for people and as JSON."""

from collections import Counter

import odoo
from odoo.tools import SQL


def compare(found, truth):
    """Return the result of each check; without a truth only the number found.

    Nothing expected and nothing found is a precision and recall of 1.
    """
    results = {}
    for name, keys in found.items():
        got = set(keys)
        if truth is None:
            results[name] = dict.fromkeys(("expected", "correct", "precision", "recall"))
            results[name]["found"] = len(got)
            continue
        expected = truth.get(name, set())
        correct = len(got & expected)
        results[name] = {
            "expected": len(expected),
            "found": len(got),
            "correct": correct,
            "precision": round(correct / len(got), 4) if got else float(not expected),
            "recall": round(correct / len(expected), 4) if expected else 1.0,
        }
    return results


def case_counts(env):
    """Count the cases by severity, team, type and service level, and what each rule took."""
    cases = env["exception.case"]
    severities = dict(cases._fields["severity"]._description_selection(env))
    counts = {"severity": {}, "team": {}, "type": {}, "policy": {}}
    for severity, number in cases._read_group([], ["severity"], ["__count"]):
        counts["severity"][severities.get(severity, "none")] = number
    fields = (("team_id", "team"), ("type_id", "type"), ("sla_policy_id", "policy"))
    for field, target in fields:
        for record, number in cases._read_group([], [field], ["__count"]):
            counts[target][record.display_name or "none"] = number
    # a rule that takes nothing is worth knowing, too; a case that two rules shaped counts twice
    counts["rule"] = {
        rule.name: cases.search_count([("rule_ids", "in", rule.ids)])
        for rule in env["exception.rule"].search([("enabled", "=", True)])
    }
    counts["rule"]["no rule"] = cases.search_count([("rule_ids", "=", False)])
    return counts


def queue_head(env, limit=10):
    """Return the first cases of the queue as "Take next" would give them, with their scores."""
    cases = env["exception.case"]
    query = cases._search([("is_open", "=", True), ("is_leading", "=", True)], limit=limit)
    score = env["exception.score"]._expression(odoo.fields.Datetime.now())
    query.order = SQL("%s DESC, exception_case.date_due, exception_case.id", score)
    env.flush_all()
    return [
        {
            "case": case.name,
            "title": case.title,
            "record": case.res_name or "",
            "team": case.team_id.name or "",
            "score": case.score_now,
            "why": case.score_words,
        }
        for case in cases.browse(query)
    ]


def print_decisions(cases, queue):
    """Print what rules, teams and service levels took, and how the queue begins."""
    for key, title in (("rule", "rule"), ("team", "team"), ("policy", "service level")):
        print(f"\n{title:<52}{'cases':>8}")
        for name, number in sorted(cases[key].items(), key=lambda item: -item[1]):
            print(f"{name[:50]:<52}{number:>8}")
    print(f"\nThe first {len(queue)} of the queue:")
    for place, row in enumerate(queue, start=1):
        print(f"{place:>3}. {row['score']:>3}  {row['record']}  {row['title']}")
        print(f"          {row['why']}")


def print_table(results, verdicts):
    """Print one line a check; an asterisk marks those that rest on the source's own verdict."""
    print(
        f"\n{'exception':<28}{'expected':>9}{'found':>7}{'correct':>9}{'precision':>11}{'recall':>8}"
    )
    for name, result in results.items():
        label = name + (" *" if name in verdicts else "")
        cells = [result[key] for key in ("expected", "found", "correct", "precision", "recall")]
        texts = ["-" if cell is None else cell for cell in cells]
        texts[3:] = [f"{cell:.2f}" if isinstance(cell, float) else cell for cell in texts[3:]]
        widths = (9, 7, 9, 11, 8)
        columns = "".join(f"{text:>{width}}" for text, width in zip(texts, widths, strict=True))
        print(f"{label:<28}{columns}")
    print("* rests on a status that the source system states:")
    for name, verdict in verdicts.items():
        print(f"  {name}: {verdict}")


def print_misses(found, truth, explain, limit=20):
    """Explain each order that was missed or found without being expected."""
    unknown = sorted(set(truth) - set(found))
    if unknown:
        print(f"\nThe truth names exceptions that no detector here is for: {', '.join(unknown)}")
    misses = Counter()
    for name, keys in found.items():
        expected = truth.get(name, set())
        for word, orders in (("missed", expected - set(keys)), ("surplus", set(keys) - expected)):
            for key in sorted(orders):
                misses[name, word] += 1
                if misses[name, word] <= limit:
                    print(f"{name}: {word} {key}: {explain(key)}")
    for (name, word), number in misses.items():
        if number > limit:
            print(f"{name}: {number - limit} more {word}")
    if not misses:
        print("\nNo misses, nothing surplus.")
