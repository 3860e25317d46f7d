"""At a sample of the size: whoever is known is found again, and a question stays quick."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.seen_before import a_register, ask, likely, probes
from engine.domain.accounts.acting import Acting
from engine.runtime import Runtime

PERSONS = 3_000


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Runtime, Acting]]:
    with a_register(Path(tmp_path_factory.mktemp("register")), PERSONS) as made:
        yield made


def test_people_described_anew_with_a_slip_are_found_first(register: tuple[Runtime, Acting]) -> None:
    runtime, _ = register
    known = [(number, probe) for number, probe in probes(PERSONS, 80) if number < PERSONS]
    first = [likely(runtime, probe)[:1] == (number + 1,) for number, probe in known]
    assert sum(first) >= 0.85 * len(first)


def test_a_question_lists_the_referral_of_an_alleged_perpetrator(register: tuple[Runtime, Acting]) -> None:
    runtime, acting = register
    known = [(n, probe) for n, probe in probes(PERSONS, 60) if n < PERSONS and n % 2 == 0]
    listed = [f"R-{number // 2 + 1}" in ask(runtime, acting, probe) for number, probe in known]
    assert sum(listed) >= 0.85 * len(listed)
