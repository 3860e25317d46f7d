"""The record moves between SQLite and PostgreSQL and back, whole, and the database that it left is closed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from engine.domain.errors import InvalidInputError, RecordError, SetupError
from engine.runtime import open_runtime
from engine.services.cases.views import view_case
from engine.services.system import audit, audit_content
from engine.services.system.moving import move
from engine.store.table_rows import SIGNED_IN
from tests.builders import Desk, a_contribution, a_referral, ask_all, let_answer, with_toys
from tests.databases import create_database, name_database
from tests.engine.services.cases.test_pathway import screened


def other_kind(desk: Desk, tmp_path: Path) -> str:
    """An empty database of the other kind."""
    if desk.runtime.settings.database_url.startswith("sqlite"):
        return create_database()
    return f"sqlite:///{tmp_path / 'moved.db'}"


@pytest.mark.postgres
@pytest.mark.parametrize(
    "database_kind", [pytest.param("sqlite", marks=pytest.mark.full), "postgresql"], indirect=True
)
def test_every_table_is_the_same_and_the_database_that_was_left_is_closed(desk: Desk, tmp_path: Path) -> None:
    with_toys(desk)
    let_answer(desk, "harbour", a_contribution("Two reports were held.", "Bail was set."))
    case = screened(desk)
    ask_all(desk, case)
    with desk.runtime.uow.snapshot() as snapshot:
        before = snapshot.tallies(without=SIGNED_IN)
    seen = view_case(desk.context(desk.chair), reference=case)
    to = other_kind(desk, tmp_path)

    entries = audit.verify(uow=desk.runtime.uow).entries
    done = move(**desk.common, settings=desk.runtime.settings, to=to)
    assert (done.rows, done.entries) == (sum(each.rows for each in before.values()) + 2, entries)
    with pytest.raises(RecordError, match="was moved to another database"):
        desk.refer(a_referral("2"))
    name_database(desk.runtime.settings.home, to)
    home = {"STAC_HOME": str(desk.runtime.settings.home)}
    with open_runtime(home, clock=desk.clock) as runtime:
        with runtime.uow.snapshot() as snapshot:
            after = snapshot.tallies(without=SIGNED_IN)
        chain = {"audit_case", "audit_entry", "audit_head"}
        assert {n: t for n, t in after.items() if n not in chain} == {
            n: t for n, t in before.items() if n not in chain
        }
        verdict = audit.verify(uow=runtime.uow)
        assert (verdict.ok, verdict.entries) == (True, entries + 1)
        assert audit_content.verify_content(uow=runtime.uow).ok
        context = runtime.context(desk.chair).with_agencies(desk.runtime.agencies_known)
        assert view_case(context, reference=case) == seen
        imported = runtime.context(desk.coordinator)
        assert Desk(runtime, desk.clock, imported.acting, desk.chair).refer(a_referral("2")).referrals


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_target_that_is_not_empty_is_refused_and_nothing_is_closed(desk: Desk, tmp_path: Path) -> None:
    common = {**desk.common, "settings": desk.runtime.settings}
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as there:
        there.execute("CREATE TABLE somebody_elses (id INTEGER)")
    with pytest.raises(SetupError, match="give an empty one"):
        move(**common, to=f"sqlite:///{file}")
    for address in ("other.db", "mysql://there/it", "sqlite://"):
        with pytest.raises(InvalidInputError, match="give sqlite:///FILE"):
            move(**common, to=address)
    with pytest.raises(InvalidInputError, match="there already"):
        move(**common, to=desk.runtime.settings.database_url)
    assert desk.refer(a_referral()).referrals


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_copy_that_differs_is_removed_and_the_record_stays(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "engine.store.whole_tables.NewDatabase.tallies", lambda _: {"involvement": (1, "other")}
    )
    with pytest.raises(SetupError, match="the copy differs"):
        move(**desk.common, settings=desk.runtime.settings, to=f"sqlite:///{tmp_path / 'other.db'}")
    assert desk.refer(a_referral()).referrals
    with closing(sqlite3.connect(tmp_path / "other.db")) as there:
        assert there.execute("SELECT name FROM sqlite_master").fetchall() in ([], [("sqlite_sequence",)])


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_move_killed_at_its_end_is_finished_by_repeating_it_and_the_copy_is_not_removed(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.refer(a_referral())
    common = {**desk.common, "settings": desk.runtime.settings}
    to = f"sqlite:///{tmp_path / 'moved.db'}"
    entries = audit.verify(uow=desk.runtime.uow).entries
    with monkeypatch.context() as killed:
        killed.setattr("engine.store.whole_tables.NewDatabase.release", _killed)
        with pytest.raises(KeyboardInterrupt):
            move(**common, to=to)
    home = {"STAC_HOME": str(desk.runtime.settings.home), "STAC_DATABASE_URL": to}
    with open_runtime(home) as runtime, pytest.raises(RecordError, match="run 'stac record move' again"):
        audit.verify(uow=runtime.uow)
    with pytest.raises(RecordError, match="was moved to another database"):
        move(**common, to=f"sqlite:///{tmp_path / 'third.db'}")

    with monkeypatch.context() as other:
        other.setattr("engine.store.whole_tables.NewDatabase.tallies", lambda _: {"involvement": (1, "x")})
        with pytest.raises(SetupError, match="both databases are left as they are"):
            move(**common, to=to)
    done = move(**common, to=to)
    assert done.entries == entries
    with open_runtime(home) as runtime:
        assert audit.verify(uow=runtime.uow).entries == entries + 1
    with pytest.raises(RecordError, match="was moved to another database"):
        desk.refer(a_referral("2"))
    with pytest.raises(SetupError, match="give an empty one"):
        move(**common, to=to)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_move_killed_before_the_record_is_closed_leaves_the_record(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    common = {**desk.common, "settings": desk.runtime.settings}
    to = f"sqlite:///{tmp_path / 'moved.db'}"
    with monkeypatch.context() as killed:
        killed.setattr("engine.store.whole_tables.NewDatabase.mark_whole", _killed)
        with pytest.raises(KeyboardInterrupt):
            move(**common, to=to)
    assert desk.refer(a_referral()).referrals
    entries = audit.verify(uow=desk.runtime.uow).entries
    assert move(**common, to=to).entries == entries


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_the_server_does_not_end_a_move_that_waits_for_its_copy(desk: Desk) -> None:
    with desk.runtime.uow.moving("1") as snapshot:
        query = "SHOW idle_in_transaction_session_timeout"
        assert snapshot._connection.exec_driver_sql(query).scalar() == "0"


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_number_of_a_deleted_link_is_not_given_again(desk: Desk, tmp_path: Path) -> None:
    desk.refer(a_referral())
    with desk.runtime.uow.unrecorded(will_write=True) as work:
        work._session.connection().exec_driver_sql("DELETE FROM link")
    with desk.runtime.uow.snapshot() as snapshot:
        before = snapshot.sequences()["link"]
    move(**desk.common, settings=desk.runtime.settings, to=f"sqlite:///{tmp_path / 'moved.db'}")
    with closing(sqlite3.connect(tmp_path / "moved.db")) as there:
        (last,) = there.execute("SELECT seq FROM sqlite_sequence WHERE name = 'link'").fetchone()
    assert last == before > 0
