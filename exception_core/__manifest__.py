{
    "name": "Exception Desk",
    "summary": "Detect what goes wrong between order and cash, and work it as governed cases",
    "version": "17.0.1.0.0",
    "category": "Operations/Exceptions",
    "author": "Exception Desk contributors",
    "website": "https://github.com/exception-desk/exception-desk",
    "license": "LGPL-3",
    "application": True,
    "depends": ["mail", "resource", "base_automation"],
    "data": [
        # security
        "security/security.xml",
        "security/ir.model.access.csv",
        # data
        "data/detection_data.xml",
        # views
        # menus
    ],
    "demo": [],
    "assets": {
        "web.assets_backend": ["exception_core/static/src/**/*"],
        "web.assets_tests": ["exception_core/static/tests/tours/**/*"],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
