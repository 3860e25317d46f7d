"""A restore brings back the whole record on either database; what protected a person since still holds."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.incidents import IncidentKind
from engine.domain.conference.victim_words import Manner, VictimWordsGiven
from engine.domain.dates import PartialDate
from engine.domain.errors import SetupError
from engine.domain.responses.voices import EVERYONE
from engine.domain.rights.retention import DESK_OWNER
from engine.domain.sharing import AudienceKind, LedgerAct, ReleaseClass, VisibilityToOthers
from engine.runtime import Runtime
from engine.services.access import conflicts, restrictions
from engine.services.accounts import users
from engine.services.accounts.passwords import give_start_password
from engine.services.cases.views import view_case
from engine.services.conference import victim_words
from engine.services.context import AgencyContext
from engine.services.referrals import incidents
from engine.services.responses.withdrawal import withdraw
from engine.services.rights import retention
from engine.services.sharing.incident_rules import set_incident_rule
from engine.services.sharing.release_rules import set_rule
from engine.services.system import audit, audit_content
from engine.store.database import open_database
from engine.store.snapshots import IN_NO_BACKUP
from engine.store.unit_of_work import UnitOfWork
from engine.store.whole_tables import NewDatabase
from tests.builders import (
    SAFE_HOUSE,
    Desk,
    a_contribution,
    a_referral,
    an_incident,
    ask_all,
    let_answer,
    with_toys,
)
from tests.databases import create_database
from tests.engine.services.agencies.test_suspension import resume, suspend
from tests.engine.services.cases.test_pathway import screened
from tests.engine.services.rights.test_retention import decided, ended
from tests.engine.services.sharing.test_release_rules import a_rule
from tests.engine.services.system.backed_up import Places

SAID = "I am more afraid than it looks."


def for_victims(desk: Desk, acting: Acting) -> AgencyContext:
    """A context in which the agency of this person speaks for victims."""
    known = desk.runtime.agencies_known
    seated = (a.model_copy(update={"seat": "victim-voice"}) if a.code == "voice" else a for a in known)
    return desk.context(acting).with_agencies(seated)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.under(tmp_path)


SQLITE_AND_IN_FULL_POSTGRESQL = [
    "sqlite",
    pytest.param("postgresql", marks=(pytest.mark.postgres, pytest.mark.full)),
]


def new_database(desk: Desk) -> str | None:
    """An empty database of the same kind as the desk's; SQLite's is a file that is not there yet."""
    if desk.runtime.settings.database_url.startswith("sqlite"):
        return None
    return create_database()


def texts_of(runtime: Runtime) -> str:
    """Every row of every table, as text."""
    with runtime.uow.snapshot() as snapshot:
        return "\n".join(
            text for shape in snapshot.shapes() for texts in snapshot.texts(shape) for text in texts
        )


@pytest.mark.parametrize("database_kind", SQLITE_AND_IN_FULL_POSTGRESQL, indirect=True)
def test_what_was_done_after_a_backup_to_protect_a_person_holds_in_what_is_restored_from_it(
    desk: Desk, places: Places
) -> None:
    workers = with_toys(desk)
    let_answer(desk, "harbour", a_contribution("Two reports were held.", "Bail was set."))
    erased = ended(desk)
    case = screened(desk, source_reference="2")
    ask_all(desk, case)
    victim_words.record_victim_words(
        for_victims(desk, workers["voice"]),
        reference=case,
        given=VictimWordsGiven(
            text=SAID,
            manner=Manner.OWN_WORDS,
            said_by="the victim",
            said_on=PartialDate("2026-03-02"),
            said_to="the advocate",
            with_whom=(EVERYONE,),
        ),
    )
    desk.add("leaver", Role.COORDINATOR)
    for name in (desk.coordinator.user, "leaver"):
        give_start_password(desk.context(desk.coordinator), name=name)
    made = places.back_up(desk)

    desk.clock.forward(timedelta(hours=1))
    decided(desk, desk.coordinator, erased, DESK_OWNER)
    certificate = retention.erase(desk.context(desk.chair), reference=erased, owner=DESK_OWNER)
    withdraw(desk.context(workers["harbour"]), reference=case, agency="harbour", item="finding-2")
    victim_words.withdraw_victim_words(for_victims(desk, workers["voice"]), reference=case, number=1)
    retention.hold(desk.context(desk.chair), reference=case, owner=DESK_OWNER, why="A court asked.")
    restrictions.restrict(desk.context(desk.chair), reference=case, why="A party works here.")
    conflicts.say_own(desk.context(workers["lantern"]), reference=case, is_connected=True)
    users.set_active(desk.context(desk.coordinator), name="leaver", active=False)
    users.change_role(desk.context(desk.coordinator), name="voice-worker", role=Role.ANALYST)
    password = give_start_password(desk.context(desk.coordinator), name=desk.coordinator.user)
    (later,) = desk.refer(a_referral("3")).referrals
    restrictions.restrict(desk.context(desk.chair), reference=later, why="A party works here.")

    new = new_database(desk)
    done = places.restore(desk, made, database=new)
    assert done.repeated.by_kind == {
        "case restricted": 1,
        "conflict declared": 1,
        "erased": 1,
        "items withdrawn": 1,
        "legal hold": 1,
        "password changed": 1,
        "user changed": 2,
        "victim's words withdrawn": 1,
    }
    assert done.repeated.not_there == 1
    assert set(done.repeated.start_passwords) == {desk.coordinator.user}
    assert password not in done.repeated.start_passwords.values()
    with places.opened(desk, new) as runtime:
        (again,) = retention.certificates(runtime.context(desk.chair), reference=erased)
        assert (again.reference, again.by, again.rows != ()) == (certificate.reference, desk.chair.user, True)
        assert [(row.table, row.row) for row in again.rows] == [
            (row.table, row.row) for row in certificate.rows
        ]
        view = view_case(runtime.context(desk.chair), reference=case)
        assert view.is_restricted
        assert "Bail was set." not in view.model_dump_json()
        assert "Two reports were held." in view.model_dump_json()
        assert SAID not in view.model_dump_json()
        with runtime.uow.unrecorded() as work:
            assert work.need_to_know.connected_on("lantern-worker") == (case,)
            leaver = work.users.known("leaver")
            assert leaver is not None
            assert not leaver.active
            voice = work.users.known("voice-worker")
            assert voice is not None
            assert (voice.role, voice.agency) == (Role.ANALYST, None)
            (held,) = work.retention.words([case])
            assert held.act.value == "legal hold"
        assert audit.verify(uow=runtime.uow).ok
        assert audit_content.verify_content(uow=runtime.uow).ok


@pytest.mark.parametrize("database_kind", SQLITE_AND_IN_FULL_POSTGRESQL, indirect=True)
def test_narrower_rules_removed_people_and_suspended_agencies_hold_and_what_was_opened_since_stays_closed(
    desk: Desk, places: Places
) -> None:
    workers = with_toys(desk)
    let_answer(desk, "harbour", a_contribution("Two reports were held.", "Bail was set."))
    case = screened(desk)
    ask_all(desk, case)
    reported = an_incident("2026-02-25", kind=IncidentKind.THREAT, what="The door was tried.")
    harbour = desk.context(workers["harbour"])
    incident = incidents.record_incident(harbour, reference=case, incident=reported)
    later = screened(desk, source_reference="2")
    hidden = ReleaseClass(owner="harbour", audience=AudienceKind.OWNER, otherwise=VisibilityToOthers.HIDE)
    narrow = ReleaseClass(
        owner="harbour", audience=AudienceKind.NAMED, agencies=("lantern",), until=date(2026, 4, 1)
    )
    set_rule(harbour, reference=case, agency="harbour", rule=a_rule("finding-1", otherwise=hidden.otherwise))
    suspend(desk, "voice")
    with desk.runtime.uow.unrecorded() as work:
        named = {*work.cases.people_on(case)}
    assert "lantern-worker" in named
    made = places.back_up(desk)

    desk.clock.forward(timedelta(hours=1))
    set_rule(
        harbour,
        reference=case,
        agency="harbour",
        rule=a_rule("finding-2", narrow.audience, agencies=narrow.agencies, until=narrow.until),
    )
    set_rule(harbour, reference=case, agency="harbour", rule=a_rule("finding-1", AudienceKind.PANEL))
    set_incident_rule(harbour, reference=case, rule=a_rule(incident, otherwise=hidden.otherwise))
    ask_all(desk, later)
    set_rule(harbour, reference=later, agency="harbour", rule=a_rule("finding-2"))
    suspend(desk, "harbour")
    resume(desk, "voice")
    by, worker = desk.context(desk.coordinator), "lantern-worker"
    users.change_role(by, name=worker, role=Role.ANALYST)
    users.change_role(by, name=worker, role=Role.PRACTITIONER, agency="lantern")

    new = new_database(desk)
    done = places.restore(desk, made, database=new)
    assert done.repeated.by_kind == {
        "agency suspended": 1,
        "cases closed": 1,
        "release rule": 1,
        "release rule of an incident": 1,
    }
    assert [(each.reference, each.agency) for each in done.repeated.not_released] == [(later, "harbour")]
    with places.opened(desk, new) as runtime, runtime.uow.unrecorded() as work:
        rules = {
            item: rule.release_class for item, rule in work.sharing.rules([case])[case]["harbour"].items()
        }
        assert rules == {"finding-1": hidden, "finding-2": narrow}
        assert work.incident_rules.class_of_reports(incident, "harbour") == hidden
        assert set(work.cases.people_on(case)) == named - {"lantern-worker"}
        assert work.agencies_watched.suspended() == {"harbour", "voice"}
        limited = [line.whom for line in work.sharing.ledger([case]) if line.act is LedgerAct.RULE]
        assert limited[0] == "lantern until 2026-04-01"


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_withdrawal_of_what_the_backup_has_not_released_is_named(desk: Desk, places: Places) -> None:
    workers = with_toys(desk)
    let_answer(desk, "harbour", a_contribution("Two reports were held.", "Bail was set."))
    case = screened(desk)
    made = places.back_up(desk)
    ask_all(desk, case)
    withdraw(desk.context(workers["harbour"]), reference=case, agency="harbour", item="finding-2")
    done = places.restore(desk, made)
    assert done.repeated.by_kind == {}
    (missed,) = done.repeated.not_released
    assert (missed.reference, missed.agency, missed.items) == (case, "harbour", 1)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_restore_that_is_killed_at_its_last_step_leaves_no_record(
    desk: Desk, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = places.back_up(desk)
    replace = os.replace

    def killed(source: Path, target: Path) -> None:
        if Path(target).name == "stac.db":
            raise KeyboardInterrupt
        replace(source, target)

    with monkeypatch.context() as last:
        last.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            places.restore(desk, made)
    assert sorted(each.name for each in places.new_home.glob("*stac.db*")) == []
    assert places.restore(desk, made).rows == made.rows
    for key in (places.new_home / "keys").iterdir():
        assert key.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_second_restore_into_a_home_is_refused_and_removes_nothing_of_the_first(
    desk: Desk, places: Places
) -> None:
    made = places.back_up(desk)
    of_first = places.new_home / "restoring-first"
    of_first.mkdir(parents=True)
    first = os.open(places.new_home, os.O_RDONLY)
    fcntl.flock(first, fcntl.LOCK_EX)
    with pytest.raises(SetupError, match="another restore"):
        places.restore(desk, made)
    os.close(first)
    assert of_first.exists()
    assert places.restore(desk, made).rows == made.rows
    assert not of_first.exists()


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_two_homes_do_not_restore_into_one_database_at_the_same_time(desk: Desk, places: Places) -> None:
    made = places.back_up(desk)
    new = create_database()
    with NewDatabase(new), pytest.raises(SetupError, match="another restore or move into this database"):
        places.restore(desk, made, registers=None, database=new)
    assert places.restore(desk, made, registers=None, database=new).rows == made.rows


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_restore_of_a_backup_alone_gives_every_table_as_it_was(desk: Desk, places: Places) -> None:
    (case,) = desk.refer(a_referral()).referrals
    made = places.back_up(desk)
    new = new_database(desk)
    done = places.restore(desk, made, registers=None, database=new)
    assert (done.rows, done.entries) == (made.rows, made.entries)
    with places.opened(desk, new) as runtime, desk.runtime.uow.snapshot() as before:
        with runtime.uow.snapshot() as after:
            there, given = after.tallies(without=IN_NO_BACKUP), before.tallies(without=IN_NO_BACKUP)
        differ = {name for name in there | given if there.get(name) != given.get(name)}
        assert differ == {"audit_entry", "audit_head"}  # the backup's own entry, and those of the restore
        assert SAFE_HOUSE not in texts_of(runtime)
        view = view_case(runtime.context(desk.coordinator), reference=case)
        assert view.reference == case
        assert not any(runtime.due.differences(runtime.uow).values()), "derived again: a backup has no rows"
    with pytest.raises(SetupError, match="a record here already"):
        places.restore(desk, made, registers=None, database=new)


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_snapshot_may_be_idle_for_longer_than_a_transaction_that_hangs(desk: Desk) -> None:
    url = f"{desk.runtime.settings.database_url}&options=-c%20idle_in_transaction_session_timeout%3D100ms"
    with closing(UnitOfWork(open_database(url))) as uow, uow.snapshot() as snapshot:
        time.sleep(0.3)
        assert snapshot.tallies()
