"""`stac doctor` names each machine that works with another version than the others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cli.system.doctor_versions import version_checks
from engine.domain.system.versions import SoftwareVersions
from engine.services.system import outbox
from engine.services.system.regular_work import report_work, software_versions
from tests.builders import Desk, a_desk

ONE, OTHER = "runner 1 this-machine 7", "runner 2 another-machine 7"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as desk:
        yield desk


def report(desk: Desk, by: str, versions: SoftwareVersions | None) -> None:
    report_work(**desk.common, by=by, done={}, every={}, is_alive=True, versions=versions)


def findings(desk: Desk) -> list[str]:
    return [f"{check.state}: {check.finding}" for check in version_checks(desk.runtime)]


def test_machines_with_the_same_versions_are_well_and_without_a_runner_nothing_is_said(desk: Desk) -> None:
    assert findings(desk) == []
    for name in (ONE, OTHER):
        report(desk, name, software_versions(desk.runtime.agencies_described))
    assert findings(desk) == ["ok: the same on this machine and in each background service"]


def test_a_plugin_or_an_engine_of_another_version_is_named_with_its_machine(desk: Desk) -> None:
    here = software_versions(desk.runtime.agencies_described)
    police = here.agencies["police"]
    report(desk, ONE, here)
    report(desk, OTHER, here.model_copy(update={"agencies": {**here.agencies, "police": "0.0.1"}}))
    assert findings(desk) == [
        "WRONG: police differs: 0.0.1 is another-machine, process 2; "
        f"{police} is installed on this machine, this-machine, process 1"
    ]
    report(desk, OTHER, here.model_copy(update={"engine": "0.0.1"}))
    (said,) = findings(desk)
    assert said.startswith("WRONG: stac-engine differs: 0.0.1 is another-machine, process 2; ")
    report(desk, OTHER, here)
    assert [each.state for each in version_checks(desk.runtime)] == ["ok"]


def test_two_services_with_one_machine_name_and_process_number_are_two(desk: Desk) -> None:
    here = software_versions(desk.runtime.agencies_described)
    report(desk, "runner 1 this-machine 7", here.model_copy(update={"engine": "0.0.1"}))
    report(desk, "runner 1 this-machine 8", here)  # another container, which counts its own processes
    (said,) = findings(desk)
    assert said.startswith("WRONG: stac-engine differs: 0.0.1 is this-machine, process 1; ")
    assert said.endswith(" is installed on this machine, this-machine, process 1")


def test_a_plugin_that_one_machine_lacks_is_named(desk: Desk) -> None:
    here = software_versions(desk.runtime.agencies_described)
    fewer = {code: version for code, version in here.agencies.items() if code != "health"}
    report(desk, ONE, here.model_copy(update={"agencies": fewer}))
    (said,) = findings(desk)
    assert said.startswith("WRONG: health differs: ")
    assert "not installed is this-machine, process 1" in said


def test_what_is_not_known_is_not_called_the_same(desk: Desk) -> None:
    report(desk, ONE, software_versions(desk.runtime.agencies_described))
    report(desk, OTHER, None)
    assert findings(desk) == ["note: versions are not known yet of another-machine, process 2"]
    report(desk, ONE, None)  # a later sign of life without them leaves them
    assert findings(desk) == ["note: versions are not known yet of another-machine, process 2"]


def test_a_machine_that_is_gone_is_compared_no_more(desk: Desk) -> None:
    here = software_versions(desk.runtime.agencies_described)
    older = here.model_copy(update={"engine": "0.0.1"})
    report(desk, ONE, older)
    report(desk, OTHER, older)
    outbox.ended(**desk.common, by=ONE)
    assert "this-machine, process 1" not in findings(desk)[0]
    desk.clock.forward(timedelta(minutes=2))
    report(desk, ONE, here)
    assert findings(desk) == ["ok: the same on this machine and in each background service"]
