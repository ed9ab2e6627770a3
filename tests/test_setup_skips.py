"""A test that lacks its browser or server fails; other skips stay skips."""

from types import SimpleNamespace

import pytest

from desk import pytest_plugin


def outcome_of(reason):
    """What the plugin makes of a test that was skipped for this reason."""
    report = SimpleNamespace(
        outcome="skipped", skipped=True, longrepr=("common.py", 1, f"Skipped: {reason}")
    )
    hook = pytest_plugin.pytest_runtest_makereport(SimpleNamespace(nodeid="test_tour"), None)
    next(hook)
    with pytest.raises(StopIteration):
        hook.send(SimpleNamespace(get_result=lambda: report))
    return report


@pytest.mark.parametrize(
    "reason",
    [
        "Chrome executable not found",
        "Failed to detect chrome devtools port after 10.0s.",
        "websocket-client module is not installed",
        "Test test_x skipped because it is an HttpCase and --odoo-http is not set",
    ],
)
def test_missing_part_is_a_failure(reason):
    report = outcome_of(reason)
    assert report.outcome == "failed"
    assert reason in report.longrepr


def test_other_skip_is_left_alone():
    assert outcome_of("not on this platform").outcome == "skipped"
