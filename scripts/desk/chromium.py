"""A browser for Odoo's browser tests."""

import os
import shlex
import shutil
import subprocess

from .console import say
from .paths import run_folder

NAMES = ("chromium", "google-chrome", "chromium-browser", "google-chrome-stable")

# On top of what Odoo passes. Without them a new Chromium keeps asking its maker's servers for
# components and accounts while a test runs.
QUIET = ("--disable-component-update", "--disable-sync", "--disable-quic")


def folder_for_path():
    """A folder to put first on PATH, so that Odoo's tests find the browser; None without one."""
    browser = find() or (_install() and find())
    if not browser:
        return None
    folder = run_folder() / "bin"
    folder.mkdir(exist_ok=True)
    # The name that Odoo looks for first.
    script = folder / "google-chrome"
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(browser)} {" ".join(QUIET)} "$@"\n')
    script.chmod(0o755)
    return folder


def find(environ=os.environ):
    """The browser named by CHROMIUM, or the first one on PATH."""
    names = (environ["CHROMIUM"],) if environ.get("CHROMIUM") else NAMES
    return next(filter(None, map(shutil.which, names)), None)


def _install():
    """Install Chromium where that is possible without asking anybody."""
    if not shutil.which("apt-get"):
        say("No Chromium found, and no apt-get to install one with: browser tests will fail.")
        return False
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    say("No Chromium found: installing Debian's package ...")
    log = run_folder() / "chromium.log"
    with log.open("w") as out:
        for step in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            done = _apt(as_root, step, out)
    if done:
        return True
    say(f"Chromium could not be installed: browser tests will fail. See {log}")
    return False


def _apt(as_root, step, out):
    command = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", *step]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
    except FileNotFoundError:
        return False
    return done.returncode == 0
