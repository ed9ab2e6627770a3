{
    "name": "Benchmarks: a bare route",
    "summary": "Inserts one row and commits; loaded with the server, never installed",
    "version": "17.0.1.0.0",
    "category": "Hidden",
    "author": "Exception Desk contributors",
    "license": "LGPL-3",
    "depends": ["base"],
    "installable": False,
}
