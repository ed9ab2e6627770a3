"""Notes about processes that commands of this checkout started, to stop what is left of them."""

import contextlib

import psutil

from .paths import run_folder


def note(pid):
    """Note a process; returns the file, to be removed when the process has ended."""
    folder = run_folder() / "processes"
    folder.mkdir(exist_ok=True)
    path = folder / str(pid)
    # An id alone is not enough: the system gives it away again.
    with contextlib.suppress(psutil.NoSuchProcess):
        path.write_text(repr(psutil.Process(pid).create_time()))
    return path


def noted():
    """Processes that were noted and still run; notes about others are removed."""
    for path in sorted((run_folder() / "processes").glob("*")):
        try:
            process = psutil.Process(int(path.name))
            if repr(process.create_time()) == path.read_text():
                yield process
                continue
        except psutil.NoSuchProcess:
            pass
        path.unlink(missing_ok=True)


def stop_all(patience=15):
    """Stop what is left with everything below it; returns what was stopped, told by its command."""
    told = []
    for process in list(noted()):
        family = [process, *process.children(recursive=True)]
        told.append(" ".join(process.cmdline()[:4]))
        process.send_signal(psutil.signal.SIGINT)
        _gone, alive = psutil.wait_procs(family, timeout=patience)
        for survivor in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                survivor.kill()
    list(noted())
    return told
