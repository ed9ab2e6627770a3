{
    "name": "Exception Desk: E-commerce",
    "summary": "Find late, lost, double, unpaid and incomplete web orders in standard Odoo records",
    "version": "17.0.1.0.0",
    "category": "Operations/Exceptions",
    "author": "Exception Desk contributors",
    "website": "https://github.com/exception-desk/exception-desk",
    "license": "LGPL-3",
    "depends": ["exception_sale", "exception_stock", "exception_delivery", "stock_delivery"],
    "data": [
        "data/crm_tag.xml",
        "data/detectors_delivery.xml",
        "data/detectors_payment.xml",
        "data/detectors_order.xml",
        "data/detectors_transfer.xml",
    ],
    "demo": ["demo/demo_shop.xml", "demo/demo_story.xml"],
    "assets": {"web.assets_tests": ["exception_ecommerce/static/tests/tours/**/*"]},
}
