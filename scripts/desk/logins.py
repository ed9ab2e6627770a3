"""The people of the demo data. For each, the password is the login; demo databases only."""

LOGINS = (
    ("agent", "works a queue of cases"),
    ("lead", "leads a team: assigns, reassigns, overrides"),
    ("manager", "lifts holds, agrees to large amounts, sees private teams"),
    ("administrator", "sets up detectors, policies, actions and playbooks"),
    ("approver", "decides approvals, reads cases"),
    ("auditor", "reads everything, writes nothing"),
    ("admin", "Odoo's own administrator"),
)


def table(existing):
    """Lines to print for people: those of the demo who exist in the database that is served."""
    known = [(login, role) for login, role in LOGINS if login in existing]
    if not known:
        return
    width = max(len(login) for login, _role in known)
    yield "Log in as one of (the password is the same as the login):"
    for login, role in known:
        yield f"  {login:<{width}}  {role}"
