"""Odoo's command line as a file.

With workers Odoo starts its process for live chat by calling the program that it was itself
started by, once more; ``python -m odoo`` cannot be called like that.
"""

import sys

if __name__ == "__main__":
    # the folder of this file is no place to import from
    sys.path.pop(0)
    import odoo.cli

    odoo.cli.main()
