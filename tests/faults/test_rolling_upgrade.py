"""Two background services are exchanged for a newer version, one after the other, while referrals come in."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

import pytest

from cli.system.doctor_versions import version_checks
from engine.services.system import audit, audit_content, outbox
from tests.builders import a_contribution
from tests.flows.given import screened
from tests.flows.offices import Offices, offices_on_one_record, toys_at_version
from tests.flows.test_watch import within

CODES = ("harbour", "lantern")
ROUNDS, AT_ONCE = 5, 6
"""How often each service is exchanged, and referrals that come in before each exchange."""
pytestmark = [pytest.mark.prefect, pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def paths(tmp_path: Path) -> dict[str, Sequence[str]]:
    """Where both plugins are, by their version."""
    return {version: toys_at_version(tmp_path / version, version, *CODES) for version in ("1.0", "1.1")}


@pytest.fixture
def offices(tmp_path: Path, prefect_server: str, paths: dict[str, Sequence[str]]) -> Iterator[Offices]:
    """Two homes, each with the records of both agencies, with the newer plugins installed here."""
    here = dict.fromkeys(("east", "west"))
    with offices_on_one_record(
        tmp_path, prefect_server, agencies_here=here, path=paths["1.1"], codes=CODES
    ) as made:
        for office in made.by_name.values():
            for code in CODES:
                folder = office.home / "agencies" / code
                folder.mkdir(parents=True, exist_ok=True)
                (folder / "answer.json").write_text(a_contribution(f"{code} held it.").model_dump_json())
        yield made


def differences(offices: Offices) -> list[str]:
    return [check.finding.partition(" ")[0] for check in version_checks(offices.desk.runtime) if check.mend]


def answered_by(offices: Offices) -> dict[str, int]:
    rows = offices.rows("plugin_version, count(*)", "answer GROUP BY 1")
    return {str(version): int(str(count)) for version, count in rows}


def test_the_version_that_answered_is_with_the_answer_and_doctor_names_machines_that_differ(
    offices: Offices, paths: dict[str, Sequence[str]]
) -> None:
    east, west = offices.by_name["east"], offices.by_name["west"]
    east.start(path=paths["1.0"])
    screened(offices.desk, "1")
    offices.wait_until_done()  # any machine with the records may take it: here one with an older plugin
    assert answered_by(offices) == {"1.0": 2}
    west.start(path=paths["1.1"])
    assert within(30, lambda: len(offices.rows("name", "runner WHERE versions IS NOT NULL")) == 2)
    assert differences(offices) == ["harbour", "lantern"]
    east.end(signal.SIGTERM)
    assert differences(offices) == []
    screened(offices.desk, "2")
    offices.wait_until_done()
    assert answered_by(offices) == {"1.0": 2, "1.1": 2}


@pytest.mark.full
def test_no_referral_is_lost_while_each_service_is_exchanged_in_turn(
    offices: Offices, paths: dict[str, Sequence[str]]
) -> None:
    desk, references, waited = offices.desk, list[str](), list[int]()

    def refer(count: int) -> None:
        begin = len(references)
        references.extend(screened(desk, str(begin + number)) for number in range(count))

    def waiting() -> int:
        return outbox.waiting(uow=desk.runtime.uow)

    for office in offices.by_name.values():
        office.start(path=paths["1.0"])
    for version, _ in zip(cycle(("1.1", "1.0")), range(ROUNDS), strict=False):
        for office in offices.by_name.values():
            before = waiting()
            refer(AT_ONCE)
            assert within(60, lambda most=before + AT_ONCE: waiting() < most)  # type: ignore[misc]
            waited.append(waiting())
            office.end(signal.SIGTERM)
            office.start(path=paths[version])
    refer(AT_ONCE)
    offices.wait_until_done()
    assert all(waited[:2]), "no service was exchanged under load"

    rows = offices.rows("subject, taken_by, attempts, last_error")
    assert sorted(str(subject) for subject, *_ in rows) == sorted(references)
    assert offices.answers_stored() == {f"{code} contribution": len(references) for code in CODES}
    versions = answered_by(offices)
    assert set(versions) <= {"1.0", "1.1"}
    assert sum(versions.values()) == len(references) * len(CODES)
    takers = {int(str(by).split()[1]) for _, by, *_ in rows}
    assert takers <= {pid for office in offices.by_name.values() for pid in office.started}
    assert audit.verify(uow=desk.runtime.uow).ok
    assert audit_content.verify_content(uow=desk.runtime.uow).ok
    again = sum(int(str(attempts)) > 1 for *_, attempts, _ in rows)
    print(f"{len(references)} referrals, waiting at each exchange {waited}, taken again {again}, {versions}")
