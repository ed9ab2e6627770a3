"""How make test shares its files among processes."""

import pytest

from desk import testing
from desk.console import SetupError


def test_files_are_shared_among_as_many_processes_as_asked():
    assert testing._shared("3") == ["-n", "3", "--dist", "loadfile"]


def test_one_process_is_plain_pytest():
    assert testing._shared("1") == []


def test_by_default_there_is_one_process_a_core_up_to_a_limit(monkeypatch):
    monkeypatch.setattr(testing.os, "cpu_count", lambda: 64)
    assert testing._shared(None)[1] == str(testing.MOST_PROCESSES)


def test_nonsense_is_explained():
    with pytest.raises(SetupError, match="JOBS=two"):
        testing._shared("two")
