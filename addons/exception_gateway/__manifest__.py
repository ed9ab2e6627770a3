{
    "name": "Exception Desk: Gateway",
    "summary": "Events come in and go out: signed, stored before understood, never lost or doubled",
    "version": "17.0.1.0.0",
    "category": "Operations/Exceptions",
    "author": "Exception Desk contributors",
    "website": "https://github.com/exception-desk/exception-desk",
    "license": "LGPL-3",
    "depends": ["exception_core"],
    "external_dependencies": {"python": ["jsonschema", "jmespath", "standardwebhooks"]},
    "data": [
        "security/security.xml",
        "security/ir.model.access.csv",
        "data/exception_gateway_health_data.xml",
        "views/exception_event_views.xml",
        "views/exception_event_endpoint_views.xml",
        "views/exception_system_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["exception_gateway/static/src/**/*"],
        "web.assets_tests": ["exception_gateway/static/tests/tours/**/*"],
    },
}
