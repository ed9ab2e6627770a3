{
    "name": "Exception Desk: Inventory",
    "summary": "Open exceptions on transfers, counts and scrap orders, and the warehouse on cases",
    "version": "17.0.1.0.0",
    "category": "Operations/Exceptions",
    "author": "Exception Desk contributors",
    "website": "https://github.com/exception-desk/exception-desk",
    "license": "LGPL-3",
    "depends": ["exception_core", "stock"],
    "data": [
        "views/exception_case_views.xml",
        "views/stock_picking_views.xml",
        "views/stock_quant_views.xml",
        "views/stock_scrap_views.xml",
    ],
    "assets": {"web.assets_tests": ["exception_stock/static/tests/tours/**/*"]},
    "auto_install": True,
}
