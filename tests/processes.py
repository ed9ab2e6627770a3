"""Real Odoo processes on the database under test, started at the same instant."""

import json
import subprocess
import sys
import textwrap

import odoo
from odoo.tools import SQL, config

# The starting gun: children wait for this advisory lock, the parent lets go of it.
GUN = 1_704_999
CHILD = """
import json, sys
import odoo
from odoo.tools import SQL, config
config.parse_config(json.loads(sys.argv[1]))
registry = odoo.registry(config["db_name"])
with registry.cursor() as cr:
    env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
    with registry.cursor() as gun:
        print("ready", flush=True)
        gun.execute(SQL("SELECT pg_advisory_xact_lock_shared(%s)", GUN))
    result = None
"""


def run_together(dbname, *bodies, timeout=120):
    """Run pieces of Python, each in an Odoo process of its own, all at once.

    :param str dbname: database under test; what the test needs must be committed
    :param bodies: code with ``env`` (superuser) that may set ``result`` to something JSON knows
    :return: the results in order
    """
    with odoo.registry(dbname).cursor() as holder:
        holder.execute(SQL("SELECT pg_advisory_xact_lock(%s)", GUN))
        children = [_start(dbname, body) for body in bodies]
        for child in children:
            line = child.stdout.readline()
            if "ready" not in line:
                raise AssertionError(child.communicate()[1])
    results = []
    for child in children:
        out, err = child.communicate(timeout=timeout)
        if child.returncode:
            raise AssertionError(err)
        results.append(json.loads(out.splitlines()[-1]))
    return results


def server_options(dbname, **server):
    """Return the options with which a process of its own works on the database under test.

    :param server: ``db_host`` and the like, where it is another PostgreSQL server
    """
    options = [
        f"--database={dbname}",
        # what is configured for the run names the database of the first test process
        f"--db-filter=^{dbname}$",
        f"--addons-path={config['addons_path']}",
        f"--data-dir={config['data_dir']}",
        "--log-level=error",
    ]
    for name in ("db_host", "db_port", "db_user", "db_password"):
        if value := server.get(name, config[name]):
            options.append(f"--{name}={value}")
    return options


def _start(dbname, body):
    tail = textwrap.indent(textwrap.dedent(body), "    ") + "\nprint(json.dumps(result))\n"
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            CHILD.replace("GUN", str(GUN)) + tail,
            json.dumps(server_options(dbname)),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
