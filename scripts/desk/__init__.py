"""Set-up logic: finds Python, Odoo 17, PostgreSQL and a browser, and keeps databases and servers.

``console``, ``paths`` and ``python_env`` run on any Python 3 with the standard library alone; the
other modules run inside the environment that ``python_env`` builds.
"""
