"""`stac schedule list`, and what `stac doctor` says of late and of different work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cli.system.doctor_schedules import schedule_checks
from cli.system.schedules import interval, machine
from engine.services.system import outbox
from engine.services.system.regular_work import report_work
from engine.settings import SETTINGS_FILE
from flows.schedules import TABLE
from tests.builders import Desk, a_desk
from tests.cli.command import Stac

ONE, OTHER = "runner 1 this-machine 7", "runner 2 another-machine 7"
EVERY = {"escalations": 20, "sign_of_life": 20, "arrivals": 20, "comparisons": 20, "flows": 1} | {
    "register": 3600,
    "daily_sweep": 86400,
    "verification": 86400,
}

NOT_SET_UP = "1 not set up, 1 not set up on this machine"
"""Anchors, and copies of the record."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as desk:
        yield desk


def report(desk: Desk, by: str, *names: str, every: dict[str, int] = EVERY) -> None:
    done = dict.fromkeys(names or EVERY, desk.clock.now())
    report_work(**desk.common, by=by, done=done, every=every, is_alive=True)


def findings(desk: Desk) -> list[str]:
    return [f"{check.state}: {check.finding}" for check in schedule_checks(desk.runtime)]


@pytest.mark.sqlite
def test_the_list_names_each_piece_of_work_and_calls_nothing_unknown_on_time(stac: Stac) -> None:
    listed = stac("schedule", "list", "--json", user=None)
    lines = listed.json["schedules"]
    assert [line["name"] for line in lines] == [work.name for work in TABLE]
    assert {line["late"] for line in lines} == {None}
    drawn = stac("schedule", "list", user=None).out
    for work in TABLE:
        assert work.name in drawn
    assert ("on time" in drawn, drawn.count("not set up"), "unknown" in drawn) == (False, 3, True)


@pytest.mark.sqlite
def test_an_interval_of_the_settings_is_listed_with_its_source_and_a_wrong_one_is_a_sentence(
    stac: Stac,
) -> None:
    settings = stac.home / SETTINGS_FILE
    before = settings.read_text() if settings.exists() else None
    try:
        settings.write_text((before or "") + "\n[schedules]\narrivals = 120\n")
        (line,) = [each for each in stac.json("schedule", "list")["schedules"] if each["name"] == "arrivals"]
        assert (line["every_seconds"], line["from"]) == (120, "[schedules]")
        assert "2 min" in stac("schedule", "list", user=None).out
        settings.write_text((before or "") + "\n[schedules]\narrivals = 0\n")
        sentence = "settings.toml: schedules: arrivals is 0; give whole seconds from 1 to 3600"
        for command in (("schedule", "list"), ("serve",)):
            refused = stac(*command, user=None)
            assert (refused.code, refused.out, refused.err.strip()) == (1, "", sentence)
        checks = stac("doctor", "--json", user=None).json["checks"]
        assert [each["says"] for each in checks if each["check"] == "schedules"] == [sentence]
    finally:
        settings.unlink()
        if before is not None:
            settings.write_text(before)


def test_while_no_background_service_runs_nothing_is_called_well_and_late_duties_are_wrong(
    desk: Desk,
) -> None:
    none_runs = "note: no background service is running: only backups by a timer are made"
    assert findings(desk) == [none_runs]
    report(desk, ONE)
    assert findings(desk) == [f"ok: regular work: 8 on time, {NOT_SET_UP}"]
    outbox.ended(**desk.common, by=ONE)
    desk.clock.forward(timedelta(minutes=1))
    assert findings(desk) == [none_runs]
    desk.clock.forward(timedelta(days=2))
    last = "last done at 2026-03-02 09:00 UTC by this-machine, process 1"
    assert findings(desk) == [
        none_runs,
        *(f"WRONG: {name} is late: {last}" for name in ("escalations", "sign_of_life", "daily_sweep")),
    ]
    assert {check.mend for check in schedule_checks(desk.runtime)} == {"start 'stac serve'"}


def test_a_duty_that_is_late_is_wrong_and_other_late_work_is_a_note(desk: Desk) -> None:
    report(desk, ONE)
    desk.clock.forward(timedelta(minutes=2))
    report(desk, ONE, "sign_of_life", "escalations", "comparisons", "flows")
    assert findings(desk) == [
        "note: arrivals is late: last done at 2026-03-02 09:00 UTC by this-machine, process 1"
    ]
    desk.clock.forward(timedelta(minutes=2))
    report(desk, ONE, *(set(EVERY) - {"escalations"}))
    assert findings(desk) == [
        "WRONG: escalations is late: last done at 2026-03-02 09:02 UTC by this-machine, process 1"
    ]


def test_what_is_unknown_is_a_note(desk: Desk) -> None:
    report(desk, ONE, *(set(EVERY) - {"daily_sweep"}))
    note = f"note: regular work: 7 on time, 1 unknown, {NOT_SET_UP}; unknown of daily_sweep"
    assert findings(desk) == [note]
    desk.clock.forward(timedelta(hours=24))
    report(desk, ONE, *(set(EVERY) - {"daily_sweep"}))
    assert findings(desk) == [note]


def test_a_duty_not_known_to_have_been_done_in_a_record_of_a_day_is_wrong_and_other_work_is_a_note(
    desk: Desk,
) -> None:
    desk.clock.forward(timedelta(hours=26))
    report(desk, ONE, *(set(EVERY) - {"daily_sweep"}))
    assert findings(desk) == ["WRONG: daily_sweep is not known to have been done"]
    report(desk, OTHER, *(set(EVERY) - {"escalations"}))
    assert findings(desk) == [
        "WRONG: escalations is not known to have been done by another-machine, process 2"
    ]
    report(desk, OTHER, "escalations")
    report(desk, "runner 3 third-machine 7", *(set(EVERY) - {"arrivals"}))
    assert findings(desk) == [f"note: regular work: 19 on time, 1 unknown, {NOT_SET_UP}; unknown of arrivals"]


def test_two_machines_with_different_intervals_are_named(desk: Desk) -> None:
    report(desk, ONE)
    report(desk, OTHER)
    assert findings(desk) == [f"ok: regular work: 14 on time, {NOT_SET_UP}"]
    report(desk, OTHER, every={**EVERY, "arrivals": 600})
    assert findings(desk)[0] == (
        "note: arrivals is done every 20 s on this-machine, process 1 "
        "and 10 min on another-machine, process 2"
    )


def test_intervals_and_machines_are_said_plainly() -> None:
    assert [interval(seconds) for seconds in (1, 60, 90, 3600, 86400)] == [
        "1 s",
        "1 min",
        "90 s",
        "1 h",
        "24 h",
    ]
    assert [machine(name) for name in (ONE, "runner")] == ["this-machine, process 1", "runner"]
