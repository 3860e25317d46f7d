"""The parts of the demonstration: its city, its files, its clock. Nothing is built here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.demonstration.city import invented_city, moved_to, triage_outcomes
from cli.demonstration.conference_stories import next_conference
from cli.demonstration.files import write_referral_file
from cli.demonstration.last_days import SPOILT, scenes
from cli.demonstration.stage import at, in_office_hours
from engine.clock import LONDON
from engine.domain.referrals.intake import Referral
from engine.exchange.referral_files import ReferralRow, read_referrals
from engine.services.referrals.files import read_and_import
from engine.services.system.invented_city import referral_of
from tests.builders import Desk, a_desk
from tests.cli.command import Stac

UNTIL = date(2026, 2, 28)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk in March 2026."""
    with a_desk(tmp_path / "home") as made:
        yield made


def test_the_city_is_the_same_for_the_same_seed() -> None:
    one, other = (invented_city(7, referrals=60, until=UNTIL) for _ in range(2))
    assert one == other
    assert one != invented_city(8, referrals=60, until=UNTIL)


def test_the_city_has_as_many_referrals_as_were_asked_for_over_the_whole_time() -> None:
    city = invented_city(7, referrals=200, until=UNTIL)
    days = [one.day for one in city.referred]
    assert len(days) == 200
    assert days == sorted(days)
    assert days[-1] <= UNTIL
    assert days[0] < UNTIL - timedelta(days=600)
    assert days[-1] > UNTIL - timedelta(days=30)
    assert len(triage_outcomes(7, city.referred)) == 200


def test_a_file_of_invented_referrals_says_exactly_what_was_invented(tmp_path: Path) -> None:
    referrals = [one.referral for one in invented_city(7, referrals=80, until=UNTIL).referred]
    write_referral_file(tmp_path / "referrals.csv", referrals)
    rows = list(read_referrals(tmp_path / "referrals.csv", today=UNTIL))
    read = [row.referral for row in rows if isinstance(row, ReferralRow)]
    assert [in_one_order(referral) for referral in read] == [in_one_order(referral) for referral in referrals]


def in_one_order(referral: Referral) -> dict[str, Any]:
    """The referral, with those of its lists sorted whose order says nothing."""
    said = referral.model_dump(mode="json")
    for person in (said["perpetrator"], said["victim"]):
        person["identifiers"].sort(key=str)
    for name in ("protected", "perpetrator_things"):
        said[name].sort(key=str)
    return said


def test_the_spoilt_rows_are_rejected_and_their_alarm_is_told(desk: Desk, tmp_path: Path) -> None:
    write_referral_file(tmp_path / "referrals.csv", [], SPOILT)
    import_report = read_and_import(desk.runtime.context(desk.coordinator), path=tmp_path / "referrals.csv")
    assert [(row.row, row.column) for row in import_report.rejected] == [
        (2, "perpetrator_date_of_birth"),
        (3, "reason"),
    ]
    assert [[topic.value for topic in row.alarms or ()] for row in import_report.rejected] == [["weapon"], []]


def test_an_episode_that_is_moved_keeps_its_course() -> None:
    episode = invented_city(7, referrals=30, until=UNTIL).extras[0]
    moved = moved_to(episode, date(2026, 1, 15))
    by = date(2026, 1, 15) - episode.referred_on
    assert moved.began == episode.began + by
    assert [incident.happened.latest - by for incident in moved.incidents] == [
        incident.happened.latest for incident in episode.incidents
    ]
    referral = referral_of(moved, seed=7, source="helpline")
    assert referral.referred_on == "2026-01-15"


def test_a_conference_is_every_second_wednesday_at_ten_and_never_on_the_same_day() -> None:
    first = next_conference(datetime(2026, 3, 2, 9, tzinfo=UTC))
    second = next_conference(first)
    assert second - first == timedelta(days=14)
    for moment in (first, second):
        local = moment.astimezone(LONDON)
        assert (local.weekday(), local.hour) == (2, 10)


@pytest.mark.parametrize(
    ("moment", "then"),
    [
        (at(date(2026, 3, 4), 11), at(date(2026, 3, 4), 11)),
        (at(date(2026, 3, 4), 21, 30), at(date(2026, 3, 5), 9, 30)),
        (at(date(2026, 3, 4), 3), at(date(2026, 3, 4), 9)),
        (at(date(2026, 3, 6), 19), at(date(2026, 3, 9), 9)),
        (at(date(2026, 3, 7), 11), at(date(2026, 3, 9), 9)),
    ],
    ids=["at work", "evening", "night", "Friday evening", "Saturday"],
)
def test_people_act_when_they_are_at_work(moment: datetime, then: datetime) -> None:
    assert in_office_hours(moment) == then


def test_the_newest_scenes_come_in_the_order_of_time_and_each_has_a_name_of_its_own() -> None:
    there = scenes()
    hours = [scene.hours_ago for scene in there]
    assert hours == sorted(hours, reverse=True)
    assert len({scene.name for scene in there}) == len(there)


def test_a_demonstration_never_goes_into_a_record_that_it_did_not_make(stac: Stac) -> None:
    before = stac.json("user", "list")
    findings = stac("demo", "--headless")
    assert findings.code == 1
    assert findings.err == "there is a record that no demonstration made; give --home for a new one\n"
    assert not (stac.home / "demo").exists()
    assert stac.json("user", "list") == before
    assert stac("demo", "--headless", "--json").json.keys() == {"error"}


def test_a_demonstration_of_no_size_is_wrong_use(stac: Stac, tmp_path: Path) -> None:
    home = tmp_path / "none"
    assert stac("demo", "--headless", "--referrals", "3", "--home", str(home)).code == 2
    assert not home.exists()


def test_a_home_that_cannot_be_made_is_one_sentence(stac: Stac, tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("")
    findings = stac("demo", "--headless", "--home", str(tmp_path / "a-file" / "home"))
    assert findings.code == 1
    assert findings.err == "the home folder cannot be made or written (a part of its path is not a folder)\n"
