"""What pytest needs on top of pytest-odoo: a browser that is missing fails its tests.

Odoo skips a browser test when it finds no Chromium, cannot start it, or has no websocket client,
and an HTTP test when no server was started. A skip looks like success, so it is turned into a
failure here.
"""

import pytest

MISSING_PARTS = (
    "Chrome executable not found",
    "Failed to detect chrome devtools port",
    "websocket-client module is not installed",
    "--odoo-http is not set",
)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Replace the outcome of a test that was skipped for a missing part."""
    outcome = yield
    report = outcome.get_result()
    reason = skip_reason(report)
    if any(part in reason for part in MISSING_PARTS):
        report.outcome = "failed"
        report.longrepr = (
            f"{item.nodeid}: this test needs what is missing here and must not be skipped: "
            f"{reason}\nInstall Chromium (Debian/Ubuntu: apt-get install chromium) or name one in "
            "CHROMIUM=, and run the tests with: make test"
        )


def skip_reason(report):
    """Why a test was skipped; empty if it was not."""
    if not report.skipped:
        return ""
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
