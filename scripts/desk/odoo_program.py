"""Odoo's command line as a file.

With workers Odoo starts its process for live chat by calling the program that it was itself
started by, once more; ``python -m odoo`` cannot be called like that.
"""

import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
