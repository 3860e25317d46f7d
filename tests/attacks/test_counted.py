"""There are at least 300 hostile cases, and each kind has as many as it says."""

from __future__ import annotations

import inspect
from types import ModuleType

from tests.attacks.counted import AT_LEAST, ran
from tests.browser import test_forged_messages
from tests.faults import test_hostile_agencies


def cases_of(module: ModuleType) -> int:
    """How many a module of tests has: a table of values is one for each."""
    number = 0
    for name, test in inspect.getmembers(module, inspect.isfunction):
        if name.startswith("test_"):
            marks = [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
            each = 1
            for mark in marks:
                each *= len(mark.args[1])
            number += each
    return number


def test_there_are_at_least_300_hostile_cases_of_twelve_kinds() -> None:
    ran("messages of a browser that no page sends", cases_of(test_forged_messages))
    ran("hostile plugins", cases_of(test_hostile_agencies))
    assert len(AT_LEAST) == 12
    assert sum(AT_LEAST.values()) >= 300
