"""What is said when the machine lacks something."""

import socket
import sys

import pytest
from cryptography.fernet import Fernet

from desk import audit_key, gateway_key, ports, python_env
from desk.console import SetupError


def test_busy_port_names_its_holder_and_a_way_out():
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(SetupError, match=rf"(?s)Port {port} is taken by .*PORT={port + 1}"):
            ports.check_free(port)
    ports.check_free(port)


@pytest.mark.parametrize(
    ("output", "advice"),
    [
        ("error: command 'gcc' failed: No such file or directory", "build-essential"),
        ("fatal error: Python.h: No such file or directory", "python3-dev"),
        ("ensurepip is not available", "python3-venv"),
        ("Failed to establish: Temporary failure in name resolution", "network"),
        ("ERROR: something else", "something else"),
    ],
)
def test_failed_installation_is_explained(output, advice):
    assert advice in python_env.explain(output)


def fake_python(folder, name, version):
    script = folder / name
    script.write_text(f"#!/bin/sh\necho {version}\n")
    script.chmod(0o755)
    return str(script)


def test_interpreter_that_odoo_does_not_run_on_is_passed_over(tmp_path):
    new = fake_python(tmp_path, "new", "3 14")
    old = fake_python(tmp_path, "old", "3 9")
    fit = fake_python(tmp_path, "fit", "3 12")
    absent = str(tmp_path / "absent")
    assert python_env.choose_interpreter([new, absent, old, fit]) == fit
    assert python_env.choose_interpreter([new, absent, old]) is None
    assert python_env.version_of(sys.executable) == sys.version_info[:2]


def test_the_key_of_the_audit_trail_is_made_once(monkeypatch, tmp_path):
    monkeypatch.setattr(audit_key, "run_folder", lambda: tmp_path)
    made = audit_key.options()
    digits = made["audit_key_file"].read_text()
    assert len(bytes.fromhex(digits)) == 32
    assert made["audit_key_file"].stat().st_mode & 0o077 == 0
    assert audit_key.options()["audit_key_file"].read_text() == digits


def test_the_key_of_the_gateway_is_made_once(monkeypatch, tmp_path):
    monkeypatch.setattr(gateway_key, "run_folder", lambda: tmp_path)
    made = gateway_key.options()["secret_key_file"]
    box = Fernet(made.read_text())
    assert box.decrypt(box.encrypt(b"secret")) == b"secret"
    assert made.stat().st_mode & 0o077 == 0
    assert gateway_key.options()["secret_key_file"].read_text() == made.read_text()
