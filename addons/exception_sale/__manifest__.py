{
    "name": "Exception Desk: Sales",
    "summary": "Open exceptions on sales orders, and the product on cases",
    "version": "17.0.1.0.0",
    "category": "Operations/Exceptions",
    "author": "Exception Desk contributors",
    "website": "https://github.com/exception-desk/exception-desk",
    "license": "LGPL-3",
    "depends": ["exception_core", "sale"],
    "data": ["views/exception_case_views.xml", "views/sale_order_views.xml"],
    "assets": {"web.assets_tests": ["exception_sale/static/tests/tours/**/*"]},
    "auto_install": True,
}
