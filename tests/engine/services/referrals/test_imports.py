"""A file lands in short parts, those with an alarm first; what is cut short goes on where it stopped."""

from __future__ import annotations

import gc
import json
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from types import FrameType
from typing import Any

import pytest

from engine.domain.absence import YesNo
from engine.domain.errors import RecordError, RecordFault
from engine.domain.referrals.intake import AlarmTopic, Referral
from engine.exchange.rows import ReferralRow, RowFault
from engine.services.referrals import imports as referral_imports
from engine.services.referrals.imports import ROWS_AT_ONCE, ImportReport, import_referrals
from engine.store.versions_written import VersionsWritten
from tests.builders import Desk, a_person, a_referral

PARTS = 4


def many(count: int = ROWS_AT_ONCE * PARTS, *, alarms: tuple[AlarmTopic, ...] = ()) -> list[Referral]:
    """So many referrals of people who share nothing."""
    return [
        a_referral(
            str(number),
            perpetrator=a_person(f"Forename{number}", f"Surname{number}"),
            victim=a_person(f"Given{number}", f"Family{number}"),
            alarms=alarms,
        )
        for number in range(count)
    ]


def take_in(desk: Desk, rows: list[ReferralRow | RowFault]) -> ImportReport:
    return import_referrals(desk.runtime.context(desk.coordinator), rows=rows, file_digest="1" * 64)


def rows_of(given: list[Referral]) -> list[ReferralRow | RowFault]:
    return [ReferralRow(row=n, referral=r, original="{}") for n, r in enumerate(given, start=2)]


def how_many(desk: Desk) -> int:
    with desk.runtime.uow.unrecorded() as work:
        return len(work.cases.all())


def log(desk: Desk) -> list[dict[str, Any]]:
    with desk.runtime.uow.unrecorded() as work:
        answer = [json.loads(entry.body) for entry in work.audit.entries()]
    return [entry for entry in answer if str(entry["what"]).startswith("import referrals")]


@pytest.fixture
def nearly_full(desk: Desk) -> None:
    """A disk with room for a part of a file."""
    engine = desk.runtime.uow._engine
    with closing(engine.raw_connection()) as connection:
        ((pages,),) = connection.cursor().execute("PRAGMA page_count").fetchall()
        connection.cursor().execute(f"PRAGMA max_page_count={pages + 2 * ROWS_AT_ONCE}")


def make_room(desk: Desk) -> None:
    with closing(desk.runtime.uow._engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA max_page_count=1000000")


@contextmanager
def someone_reads(desk: Desk) -> Iterator[set[int]]:
    """Pages that are opened one after the other: how many cases each found."""
    seen: set[int] = set()
    done = threading.Event()

    def keep_reading() -> None:
        while not done.is_set():
            with desk.runtime.uow.reading(acting=desk.chair, what="read", at=desk.clock.now()) as work:
                there = len(work.cases.all())
            seen.add(there)

    reader = threading.Thread(target=keep_reading)
    reader.start()
    try:
        yield seen
    finally:
        done.set()
        reader.join()


def test_whoever_reads_during_an_import_waits_for_one_part_and_not_for_the_file(desk: Desk) -> None:
    with someone_reads(desk) as seen:
        desk.refer(*many())
    assert len(seen - {0, ROWS_AT_ONCE * PARTS}) >= 2


@pytest.mark.sqlite
@pytest.mark.parametrize("alarms", [(), (AlarmTopic.WEAPON,)])
def test_an_import_makes_way_for_whoever_reads_with_alarms_too(
    desk: Desk, alarms: tuple[AlarmTopic, ...]
) -> None:
    with someone_reads(desk):
        desk.refer(*many(alarms=alarms))
    parts = [entry["facts"]["accepted"] for entry in log(desk)]
    assert sum(parts) == PARTS * ROWS_AT_ONCE
    assert referral_imports._ROWS_BESIDE_OTHERS in parts


@pytest.mark.sqlite
@pytest.mark.parametrize(("alarms", "rests"), [((), True), ((AlarmTopic.WEAPON,), False)])
def test_an_import_rests_between_its_parts_but_not_with_alarms(
    desk: Desk, alarms: tuple[AlarmTopic, ...], rests: bool
) -> None:
    turns = desk.runtime.uow._turns
    assert turns is not None
    given = many(1, alarms=alarms)
    turns.others_waited, turns._rested = True, time.monotonic() + 0.8
    began = time.monotonic()
    desk.refer(*given)
    assert (time.monotonic() - began >= 0.7) is rests


@pytest.mark.sqlite  # its disk is nearly full by a limit of SQLite's own
@pytest.mark.usefixtures("nearly_full")
def test_an_import_that_is_cut_short_says_how_far_it_came_and_goes_on_from_there(desk: Desk) -> None:
    given = many()
    with pytest.raises(RecordError, match=rf"(\d+) of {len(given)} rows were imported before that") as raised:
        desk.refer(*given)
    landed = how_many(desk)
    assert raised.value.fault is RecordFault.FULL
    assert 0 < landed < len(given)
    assert f"{landed} of {len(given)}" in str(raised.value)
    make_room(desk)
    again = desk.refer(*given)
    assert (again.accepted, again.unchanged, again.corrected) == (len(given) - landed, landed, 0)
    assert how_many(desk) == len(set(again.referrals)) == len(given)


def test_what_a_part_wrote_is_let_go_of_with_it(desk: Desk) -> None:
    gc.disable()
    try:
        take_in(desk, rows_of(many(3)))
        left = [each for each in gc.get_objects() if type(each) is VersionsWritten]
        assert left, "they wait for the collector: if none did, this would show nothing"
        assert not any(each._keys for each in left)
    finally:
        gc.enable()


def test_an_alarm_is_due_so_many_minutes_after_it_came_in(desk: Desk) -> None:
    desk.refer(*many(1, alarms=(AlarmTopic.WEAPON,)))
    with desk.runtime.uow.unrecorded() as work:
        (alarm,) = work.alarms.open().values()
    minutes = desk.runtime.settings.alarm_within_minutes
    assert alarm.due_at == desk.clock.now() + timedelta(minutes=minutes)


@pytest.mark.sqlite
def test_parts_are_short_while_others_write(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page waits for its entry in the audit log no longer than for one such part."""
    others_write = iter([False, True, True, *[False] * 99])
    monkeypatch.setattr(type(desk.runtime.uow), "others_write", property(lambda _: next(others_write)))
    desk.refer(*many(ROWS_AT_ONCE * 2 + 1))
    few = referral_imports._ROWS_BESIDE_OTHERS
    assert [entry["facts"]["accepted"] for entry in log(desk)] == [
        ROWS_AT_ONCE,
        few,
        few,
        ROWS_AT_ONCE - 2 * few,
        1,
    ]


@pytest.mark.sqlite  # its disk is nearly full by a limit of SQLite's own
@pytest.mark.usefixtures("nearly_full")
def test_alarms_land_before_everything_else(desk: Desk) -> None:
    alarming = many(3, alarms=(AlarmTopic.WEAPON,))
    others = [referral.model_copy(update={"source_reference": f"o{n}"}) for n, referral in enumerate(many())]
    with pytest.raises(RecordError):
        desk.refer(*others, *alarming)
    with desk.runtime.uow.unrecorded() as work:
        assert len(work.alarms.open()) == 3


@pytest.mark.sqlite  # its disk is nearly full by a limit of SQLite's own
@pytest.mark.usefixtures("nearly_full")
def test_a_rejected_row_that_may_hold_an_alarm_waits_for_no_other_row(desk: Desk) -> None:
    fault = RowFault(row=999, column="x", reason="wrong", original="{}", alarms=(AlarmTopic.ENTRY,))
    with pytest.raises(RecordError):
        take_in(desk, [*rows_of(many()), fault])
    rejecteds = referral_imports.rejected_rows(desk.context(desk.coordinator))
    assert [row.row_number for row in rejecteds] == [999]
    make_room(desk)
    take_in(desk, [*rows_of(many()), fault])
    assert len(referral_imports.rejected_rows(desk.context(desk.coordinator))) == 1


def test_what_an_import_linked_is_not_linked_again_as_if_it_had_never_been(desk: Desk) -> None:
    desk.refer(*many(2))
    with desk.runtime.uow.unrecorded() as work:
        assert work.links.projection.never_written(most=5) == ()


def test_each_part_has_an_entry_in_the_log_that_names_its_rows_alone(desk: Desk) -> None:
    report = desk.refer(*many(ROWS_AT_ONCE + 1))
    entries = log(desk)
    assert [entry["facts"]["accepted"] for entry in entries] == [ROWS_AT_ONCE, 1]
    cases = [case for entry in entries for case in entry["cases"]]
    assert sorted(cases) == sorted(report.referrals)


def test_the_count_kept_of_a_file_is_of_all_its_parts(desk: Desk) -> None:
    fault = RowFault(row=999, column="x", reason="wrong", original="{}", alarms=())
    take_in(desk, [*rows_of(many(ROWS_AT_ONCE * 2)), fault])
    with closing(desk.runtime.uow._engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT accepted, corrected, unchanged, rejected FROM import_file")
        assert cursor.fetchall() == [(ROWS_AT_ONCE * 2, 0, 0, 1)]


def test_a_referral_by_somebody_known_often_costs_little_more_than_one_by_somebody_known_seldom(
    desk: Desk,
) -> None:
    def one_more(number: int) -> Referral:
        return a_referral(str(number), victim=a_person(f"Given{number}", f"Family{number}"), protected=())

    def calls(referral: Referral) -> int:
        counted = 0

        def count(frame: FrameType, event: str, given: object) -> None:
            nonlocal counted
            counted += event == "call"

        sys.setprofile(count)
        try:
            desk.refer(referral)
        finally:
            sys.setprofile(None)
        return counted

    for number in range(10):
        desk.refer(one_more(number))
    seldom = calls(one_more(10))
    for number in range(11, 40):
        desk.refer(one_more(number))
    assert calls(one_more(40)) < 3 * seldom


def test_of_somebody_known_often_every_two_records_are_said_to_be_one_person(desk: Desk) -> None:
    given = [a_referral(str(n), victim=a_person(f"Given{n}", f"Family{n}"), protected=()) for n in range(6)]
    for referral in given[:4]:
        desk.refer(referral)
    report = desk.refer(*given[4:])
    with desk.runtime.uow.unrecorded() as work:
        words = work.same_persons.words_on(work.same_persons.parties_on(report.referrals))
        everybody = work.same_persons.joined_with(work.same_persons.parties_on(report.referrals[:1]))
    assert len({decision for decision in words.values() if decision.by_rule}) == 4 + 4 + 1
    assert len(everybody) == 6 + 1  # and the victim of that one referral


def test_two_imports_of_one_file_at_the_same_moment_take_each_row_in_once(desk: Desk) -> None:
    given = many(ROWS_AT_ONCE * 2)
    with ThreadPoolExecutor(max_workers=3) as threads:
        taking = [threads.submit(desk.refer, *given) for _ in range(3)]
        reports = [each.result() for each in taking]
    assert sum(report.accepted for report in reports) == len(given) == how_many(desk)


def test_a_case_whose_party_works_for_us_arrives_restricted_and_names_who_imported_it(desk: Desk) -> None:
    (reference,) = desk.refer(a_referral(party_works_for=YesNo.YES)).referrals
    with desk.runtime.uow.unrecorded() as work:
        assert work.need_to_know.is_restricted(reference)
        assert work.cases.people_on(reference) == ("cora",)


def test_the_row_of_a_referral_is_stored_under_its_case_so_that_it_is_erased_with_it(desk: Desk) -> None:
    fault = RowFault(row=7, column="x", reason="wrong", original="{}", alarms=())
    take_in(desk, [fault])
    (reference,) = desk.refer(a_referral()).referrals
    with closing(desk.runtime.uow._engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute(
            "SELECT row_number, involvement_ref, is_rejected FROM protected_original ORDER BY row_number"
        )
        assert cursor.fetchall() == [(2, reference, 0), (7, None, 1)]
