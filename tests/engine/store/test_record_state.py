"""A record of another schema, of a later time or without a byte is refused in a sentence."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from engine.domain.errors import ClockError, InvalidInputError, NeverReleasedError, RecordError, RecordFault
from engine.runtime import initialise, open_runtime
from engine.services.cases.lists import list_page
from engine.services.system import audit
from engine.store import schema
from engine.store.record_state import CLOCKS_MAY_DIFFER, NEVER_RELEASED, revision_needed
from tests.builders import Desk, a_desk, a_referral


def listed(desk: Desk) -> int:
    return list_page(desk.context(desk.coordinator)).total


def entries(desk: Desk) -> int:
    return audit.verify(uow=desk.runtime.uow).entries


def test_the_revision_that_is_needed_is_the_newest_migration() -> None:
    assert [revision_needed()] == ScriptDirectory.from_config(schema._config()).get_heads()


def is_at(desk: Desk, revision: str | None) -> None:
    """Let the record be at another revision."""
    with desk.runtime._engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        if revision:
            connection.execute(text("INSERT INTO alembic_version VALUES (:r)"), {"r": revision})


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [
        ("0001", "made by a version that was not released"),
        ("0026", "made by a version that was not released"),
        ("0263", "made by a version that was not released"),
        ("0100", "it is at 0100"),
        ("9999", "a newer stac-engine made it"),
        (None, "it is at none"),
    ],
)
def test_a_record_of_another_schema_is_neither_read_nor_written(
    desk: Desk, revision: str | None, sentence: str
) -> None:
    is_at(desk, revision)
    settings = desk.runtime.settings
    environ = {"STAC_HOME": str(settings.home), "STAC_DATABASE_URL": settings.database_url}
    with open_runtime(environ, clock=desk.clock) as runtime:
        other = Desk(runtime, desk.clock, desk.coordinator, desk.chair)
        for act in (lambda: listed(other), lambda: other.refer(a_referral())):
            with pytest.raises(RecordError, match=sentence) as refused:
                act()
            assert refused.value.fault is RecordFault.SCHEMA
    with pytest.raises(RecordError, match=sentence):  # one that was opened before the schema was changed
        desk.refer(a_referral())


@pytest.mark.parametrize("revision", [*NEVER_RELEASED[::13], "0026", "0263", "9999"])
def test_no_installation_brings_a_record_up_to_date_that_it_cannot(desk: Desk, revision: str) -> None:
    is_at(desk, revision)
    settings = desk.runtime.settings
    environ = {"STAC_HOME": str(settings.home), "STAC_DATABASE_URL": settings.database_url}
    with pytest.raises(RecordError) as refused:
        initialise(environ, clock=desk.clock)
    assert isinstance(refused.value, NeverReleasedError) is (revision != "9999")
    assert schema.revision_of(desk.runtime._engine) == revision


def test_a_record_that_no_release_made_is_refused_in_these_words() -> None:
    assert str(NeverReleasedError("0026")) == (
        "This record was made by a version that was not released. Run `stac demo` in a new folder."
    )


def test_a_clock_behind_the_log_records_nothing_until_an_operator_accepts_it(desk: Desk) -> None:
    right = desk.clock.now()
    desk.clock.forward(timedelta(days=400))
    desk.refer(a_referral("1"))
    desk.clock.move_to(right)
    before = entries(desk)
    with pytest.raises(ClockError, match=r"clock says 2026-03-02 09:00 UTC.* is of 2027-04-06 09:00 UTC"):
        desk.refer(a_referral("2"))
    with pytest.raises(ClockError):
        listed(desk)
    assert entries(desk) == before

    seen = audit.accept_clock(uow=desk.runtime.uow, clock=desk.clock)
    assert seen.is_behind
    assert desk.refer(a_referral("2")).accepted == 1
    assert listed(desk) == 2
    assert audit.verify(uow=desk.runtime.uow).ok
    with pytest.raises(InvalidInputError, match="nothing to accept"):
        audit.accept_clock(uow=desk.runtime.uow, clock=desk.clock)


def test_clocks_of_two_machines_may_differ_a_little(desk: Desk) -> None:
    assert listed(desk) == 0
    desk.clock.forward(-CLOCKS_MAY_DIFFER)
    assert listed(desk) == 0
    desk.clock.forward(-CLOCKS_MAY_DIFFER - timedelta(seconds=1))
    with pytest.raises(ClockError):
        listed(desk)


def test_a_long_silence_and_a_leap_forward_are_seen(desk: Desk) -> None:
    listed(desk)
    desk.clock.forward(timedelta(days=400))
    seen = audit.clock_seen(uow=desk.runtime.uow, clock=desk.clock)
    assert (seen.silent_days, seen.leaps, seen.is_behind) == (400, (), False)
    listed(desk)
    (leap,) = audit.clock_seen(uow=desk.runtime.uow, clock=desk.clock).leaps
    assert (leap.at - leap.before).days == 400


def test_a_file_of_no_bytes_is_no_new_record(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with a_desk(home):
        pass
    for left in home.glob("stac.db*"):
        left.unlink()
    (home / "stac.db").touch()
    environ = {"STAC_HOME": str(home)}
    for begin in (open_runtime, initialise):
        with pytest.raises(RecordError, match="the file of the record is empty") as refused:
            begin(environ)
        assert refused.value.fault is RecordFault.EMPTY
    assert (home / "stac.db").stat().st_size == 0
