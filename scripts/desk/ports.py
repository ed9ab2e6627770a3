"""Is the port free, and if not, who has it."""

import contextlib
import os
import socket

import psutil

from .console import SetupError
from .paths import ROOT


def check_free(port):
    """Raise a SetupError that names the process which holds the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            return
        except PermissionError as error:
            raise SetupError(f"Port {port} needs more rights; choose one from 1024 up.") from error
        except OSError:
            holder = holder_of(port)
    raise SetupError(busy_message(port, holder))


def free(number):
    """So many ports that nobody listens on."""
    with contextlib.ExitStack() as stack:
        probes = [
            stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _one in range(number)
        ]
        return [probe.getsockname()[1] for probe in probes]


def busy_message(port, holder):
    """What to do about a busy port."""
    if holder and _is_ours(holder):
        return (
            f"Port {port} is taken by the desk itself, which already runs in this checkout "
            f"(process {holder.pid}): open http://127.0.0.1:{port}\n"
            f"To restart it: make stop, then make run. For a second one: "
            f"make run PORT={port + 1} DB=another_name"
        )
    who = (
        f"process {holder.pid} ({' '.join(holder.cmdline()[:3])})" if holder else "another program"
    )
    return (
        f"Port {port} is taken by {who}.\n"
        f"Stop that program, or choose another port: make run PORT={port + 1}"
    )


def holder_of(port):
    """The process that listens on the port, as far as we may see it."""
    with contextlib.suppress(psutil.Error):
        for connection in psutil.net_connections(kind="tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
            if listens and connection.pid:
                return psutil.Process(connection.pid)
    return None


def _is_ours(process):
    with contextlib.suppress(psutil.Error):
        return os.path.join(str(ROOT), ".run") in " ".join(process.cmdline())
    return False
