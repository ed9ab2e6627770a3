{
    "name": "Exception Desk: Purchase",
    "summary": "Open exceptions on purchase orders, and the supplier on cases",
    "version": "17.0.1.0.0",
    "category": "Operations/Exceptions",
    "author": "Exception Desk contributors",
    "website": "https://github.com/exception-desk/exception-desk",
    "license": "LGPL-3",
    "depends": ["exception_core", "purchase"],
    "data": ["views/exception_case_views.xml", "views/purchase_order_views.xml"],
    "auto_install": True,
}
