"""Odoo's command line as a script of its own: with workers Odoo starts itself again by it."""

import sys

if __name__ == "__main__":
    # the folder of this script is no place to import from
    sys.path.pop(0)
    import odoo.cli

    odoo.cli.main()
