{
    "name": "Exception Desk: Accounting",
    "summary": "Open exceptions on invoices, bills, refunds and payments",
    "version": "17.0.1.0.0",
    "category": "Operations/Exceptions",
    "author": "Exception Desk contributors",
    "website": "https://github.com/exception-desk/exception-desk",
    "license": "LGPL-3",
    "depends": ["exception_core", "account"],
    "data": ["views/account_move_views.xml", "views/account_payment_views.xml"],
    "assets": {"web.assets_tests": ["exception_account/static/tests/tours/**/*"]},
    "auto_install": True,
}
