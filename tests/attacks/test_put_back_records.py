"""A snapshot of the database that was put back opens nothing that was closed since."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from engine.clock import SetClock
from engine.domain.accounts.acting import Acting, Role, flow_acting
from engine.domain.accounts.sign_ins import SignInEnd, SignInWay
from engine.domain.cases.person_acts import ActsToShare
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.links.sharing import LinkShare, ShareAct
from engine.domain.vault.openings import SafeContactNamed
from engine.runtime import Runtime, open_runtime
from engine.services.access import conflicts, restrictions
from engine.services.accounts import users
from engine.services.accounts.sign_ins import begin_sign_in, look_at_sign_in
from engine.services.cases.views import view_case
from engine.services.context import AgencyContext
from engine.services.system import audit, audit_content, register_compared
from engine.store.unit_of_work import Work
from tests.builders import MONDAY, Desk, a_desk, a_referral, with_toys
from tests.engine.services.agencies.test_suspension import suspend
from tests.engine.services.cases.test_pathway import screened

pytestmark = pytest.mark.sqlite


def operator(runtime: Runtime) -> AgencyContext:
    return runtime.context(flow_acting("compare the register of acts", "operator"))


class PutBack:
    """A home whose database was copied, was used, and is that copy again."""

    def __init__(self, home: Path) -> None:
        self.home, self._copy = home, home.with_name("snapshot.db")
        self.before = self._begun()
        self.since = self._closed()
        shutil.copy(self._copy, home / "stac.db")
        for journal in ("-wal", "-shm"):
            (home / f"stac.db{journal}").unlink(missing_ok=True)

    def _begun(self) -> tuple[str, str, Acting, Acting]:
        with a_desk(self.home) as desk:
            workers = with_toys(desk)
            restricted, connected = screened(desk), screened(desk, source_reference="2")
            desk.add("leaver", Role.COORDINATOR)
            self.clock = desk.clock
            self.chair, self.coordinator = desk.chair, desk.coordinator
        shutil.copy(self.home / "stac.db", self._copy)
        return restricted, connected, workers["harbour"], workers["lantern"]

    def _closed(self) -> list[str]:
        restricted, connected, _, colleague = self.before
        self.clock.forward(timedelta(hours=1))
        with self.opened() as desk:
            restrictions.restrict(desk.context(desk.chair), reference=restricted, why="A party works here.")
            conflicts.say_own(desk.context(colleague), reference=connected, is_connected=True)
            users.set_active(desk.context(desk.coordinator), name="leaver", active=False)
            suspend(desk, "harbour")
            return ["agency suspended", "case restricted", "conflict declared", "user changed"]

    @contextmanager
    def opened(self) -> Iterator[Desk]:
        with open_runtime({"STAC_HOME": str(self.home)}, clock=self.clock) as runtime:
            yield Desk(runtime, self.clock, self.coordinator, self.chair)

    def is_open(self, runtime: Runtime) -> list[bool]:
        """Whether each of what was closed is open now."""
        restricted, connected, _, one_of_them = self.before
        with runtime.uow.unrecorded() as work:
            leaver = work.users.known("leaver")
            suspended = work.agencies_watched.suspended()
            is_restricted = work.need_to_know.is_restricted(restricted)
        assert leaver is not None
        return [
            not is_restricted,
            self.opens(runtime, one_of_them, connected),
            leaver.active,
            "harbour" not in suspended,
        ]

    @staticmethod
    def opens(runtime: Runtime, acting: Acting, case: str) -> bool:
        try:
            view_case(runtime.context(acting), reference=case)
        except NotFoundError:
            return False
        return True


@pytest.fixture
def put_back(tmp_path: Path) -> PutBack:
    return PutBack(tmp_path / "home")


def test_the_log_of_what_was_put_back_verifies_and_the_register_tells(put_back: PutBack) -> None:
    with put_back.opened() as desk:
        assert audit.verify(uow=desk.runtime.uow).ok
        assert put_back.is_open(desk.runtime) == [True] * 4
        assert list(register_compared.compare(operator(desk.runtime)).lacking) == put_back.since
        assert put_back.is_open(desk.runtime) == [True] * 4, "to compare changes nothing"


def test_what_was_closed_since_is_closed_again_at_once_by_one_entry(put_back: PutBack) -> None:
    with put_back.opened() as desk:
        done = register_compared.repeat_lacking(operator(desk.runtime))
        assert done.repeated is not None
        assert done.repeated.by_kind == dict.fromkeys(put_back.since, 1)
        assert put_back.is_open(desk.runtime) == [False] * 4
        entries = audit.verify(uow=desk.runtime.uow).entries
        again = register_compared.repeat_lacking(operator(desk.runtime))
        assert (again.lacking, again.repeated) == ({}, None)
        assert audit.verify(uow=desk.runtime.uow).entries == entries
        assert audit_content.verify_content(uow=desk.runtime.uow).ok


def test_what_a_person_opens_again_after_that_stays_open(put_back: PutBack) -> None:
    restricted, *_ = put_back.before
    with put_back.opened() as desk:
        register_compared.repeat_lacking(operator(desk.runtime))
        desk.clock.forward(timedelta(hours=1))
        restrictions.lift(desk.context(desk.chair), reference=restricted, why="It was a mistake.")
        assert register_compared.repeat_lacking(operator(desk.runtime)).repeated is None
        assert put_back.is_open(desk.runtime) == [True, False, False, False]


def test_put_back_a_second_time_it_is_closed_a_second_time(put_back: PutBack) -> None:
    with put_back.opened() as desk:
        register_compared.repeat_lacking(operator(desk.runtime))
    shutil.copy(put_back.home.with_name("snapshot.db"), put_back.home / "stac.db")
    with put_back.opened() as desk:
        assert put_back.is_open(desk.runtime) == [True] * 4
        register_compared.repeat_lacking(operator(desk.runtime))
        assert put_back.is_open(desk.runtime) == [False] * 4


def test_a_record_that_did_not_go_back_gets_no_entry(tmp_path: Path) -> None:
    with a_desk(tmp_path / "home") as desk:
        (case,) = desk.refer(a_referral()).referrals
        restrictions.restrict(desk.context(desk.chair), reference=case, why="A party works here.")
        restrictions.lift(desk.context(desk.chair), reference=case, why="It was a mistake.")
        entries = audit.verify(uow=desk.runtime.uow).entries
        done = register_compared.repeat_lacking(operator(desk.runtime))
        assert (done.lacking, done.in_doubt, done.repeated) == ({}, (), None)
        assert audit.verify(uow=desk.runtime.uow).entries == entries


def test_a_sign_in_that_was_ended_since_does_not_come_back(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with a_desk(home) as desk:
        (case,) = desk.refer(a_referral()).referrals
        token = begin_sign_in(
            **desk.common, name=desk.coordinator.user, way=SignInWay.PASSWORD, lasts=timedelta(hours=8)
        )
    shutil.copy(home / "stac.db", tmp_path / "snapshot.db")
    with open_runtime({"STAC_HOME": str(home)}, clock=desk.clock) as runtime:
        restrictions.restrict(runtime.context(desk.chair), reference=case, why="A party works here.")
    shutil.copy(tmp_path / "snapshot.db", home / "stac.db")
    with open_runtime({"STAC_HOME": str(home)}, clock=desk.clock) as runtime:
        assert state_of(runtime, desk.clock, token) is None
        register_compared.repeat_lacking(operator(runtime))
        assert state_of(runtime, desk.clock, token) is SignInEnd.WENT_BACK


def state_of(runtime: Runtime, clock: SetClock, token: str) -> SignInEnd | None:
    """Why this sign-in is over; None while it is not."""
    return look_at_sign_in(uow=runtime.uow, clock=clock, token=token, lock_after=timedelta(hours=1)).ended


@contextmanager
def one_entry(runtime: Runtime, clock: SetClock) -> Iterator[Work]:
    with runtime.uow.writing(acting=flow_acting("test", "test"), what="test", at=clock.now()) as work:
        yield work


def test_shares_that_ended_and_people_who_were_replaced_since_stay_so(tmp_path: Path) -> None:
    home = tmp_path / "home"
    shared = LinkShare(
        item="LQ-1",
        act=ShareAct.SHARED,
        owner="cora",
        owner_role=Role.COORDINATOR,
        owner_agency=None,
        recipient="chair",
        at=MONDAY,
    )
    with a_desk(home) as desk:
        (case,) = desk.refer(a_referral()).referrals
        named = SafeContactNamed(involvement=case, user="first", by="chair", at=MONDAY)
        with one_entry(desk.runtime, desk.clock) as work:
            work.links.shares.store(shared)
            work.openings.name_officer(named)
            work.reviews.name_lead(case, "first", by="chair", at=MONDAY)
            work.shared_acts.share(
                case, ActsToShare(people=1, acts=()), role=Role.CHAIR, why="Asked.", by="chair", at=MONDAY
            )
    shutil.copy(home / "stac.db", tmp_path / "snapshot.db")
    with open_runtime({"STAC_HOME": str(home)}, clock=desk.clock) as runtime:
        desk.clock.forward(timedelta(hours=1))
        with one_entry(runtime, desk.clock) as work:
            at = desk.clock.now()
            work.links.shares.store(shared.model_copy(update={"act": ShareAct.ENDED, "at": at}))
            work.openings.name_officer(named.model_copy(update={"user": "second", "at": at}))
            work.reviews.name_lead(case, "second", by="chair", at=at)
            work.shared_acts.withdraw(case, role=Role.CHAIR, why="Not needed.", by="chair", at=at)
    shutil.copy(tmp_path / "snapshot.db", home / "stac.db")
    with open_runtime({"STAC_HOME": str(home)}, clock=desk.clock) as runtime:
        assert read_back(runtime, case) == (True, "first", "first", True)
        done = register_compared.repeat_lacking(operator(runtime))
        assert done.repeated is not None
        assert done.repeated.by_kind == {
            "acts of other cases": 1,
            "person entrusted": 2,
            "shared search or map": 1,
        }
        assert read_back(runtime, case) == (False, "second", "second", False)


def read_back(runtime: Runtime, case: str) -> tuple[bool, str, str, bool]:
    """Whether the search is shared, who are officer and lead, and whether acts are shared."""
    with runtime.uow.unrecorded() as work:
        return (
            bool(work.links.shares.received_by("chair")),
            work.openings.officers_named([case])[case][1],
            work.reviews.leads_named([case])[case][1],
            work.shared_acts.of(case) is not None,
        )


def rows_of(home: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "stac.db")) as there:
        return there.execute(f"SELECT * FROM {table}").fetchall()  # a test's own name


def written_over(home: Path, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Put these rows in place of those of a table, past the software."""
    with closing(sqlite3.connect(home / "stac.db")) as there:
        for (name,) in there.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            there.execute(f"DROP TRIGGER {name}")
        there.execute(f"DELETE FROM {table}")
        for row in rows:
            there.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
        there.commit()


def test_single_rows_with_their_checks_of_then_that_were_put_back_open_nothing(tmp_path: Path) -> None:
    """A user who was disabled, a suspension and a restriction that were removed: the log itself is whole."""
    home = tmp_path / "home"
    tables = ("app_user", "agency_suspension", "row_check", "restriction", "episode", "case_member")
    with a_desk(home) as desk:
        with_toys(desk)
        case = screened(desk)
        desk.add("leaver", Role.COORDINATOR)
    before = {table: rows_of(home, table) for table in tables}
    with open_runtime({"STAC_HOME": str(home)}, clock=desk.clock) as runtime:
        desk.clock.forward(timedelta(hours=1))
        there = Desk(runtime, desk.clock, desk.coordinator, desk.chair)
        users.set_active(there.context(desk.coordinator), name="leaver", active=False)
        users.change_role(there.context(desk.coordinator), name="harbour-worker", role=Role.ANALYST)
        restrictions.restrict(there.context(desk.chair), reference=case, why="A party works here.")
        suspend(there, "harbour")
        assert open_again(runtime, case) == (False, False, False, False)
    for table in tables:
        written_over(home, table, before[table])
    with open_runtime({"STAC_HOME": str(home)}, clock=desk.clock) as runtime:
        assert open_again(runtime, case) == (True, True, True, True)
        assert register_compared.compare(operator(runtime)).lacking == {}, "no entry is missing"
        done = register_compared.repeat_lacking(operator(runtime))
        assert done.repeated is not None
        assert open_again(runtime, case) == (False, False, False, False)
        entries = audit.verify(uow=runtime.uow).entries
        again = register_compared.repeat_lacking(operator(runtime))
        assert (again.repeated, again.shut) == (None, ())
        assert audit.verify(uow=runtime.uow).entries == entries, "what is closed is not closed every hour"


def test_without_the_register_such_rows_are_shut(tmp_path: Path) -> None:
    home = tmp_path / "home"
    tables = ("app_user", "row_check")
    with a_desk(home) as desk:
        desk.add("leaver", Role.COORDINATOR)
    before = {table: rows_of(home, table) for table in tables}
    with open_runtime({"STAC_HOME": str(home)}, clock=desk.clock) as runtime:
        users.set_active(runtime.context(desk.coordinator), name="leaver", active=False)
    for table in tables:
        written_over(home, table, before[table])
    (home / "repeated-acts.jsonl").unlink()
    with open_runtime({"STAC_HOME": str(home)}, clock=desk.clock) as runtime:
        with runtime.uow.unrecorded() as work:
            leaver = work.users.known("leaver")
        assert leaver is not None
        assert leaver.active
        (shut,) = register_compared.repeat_lacking(operator(runtime)).shut
        assert shut.startswith("app_user, row ")
        with runtime.uow.unrecorded() as work:
            assert work.users.known("leaver") is None
        assert register_compared.repeat_lacking(operator(runtime)).shut == ()


def open_again(runtime: Runtime, case: str) -> tuple[bool, bool, bool, bool]:
    """Whether the user is active, the agency asked, the case not restricted, the former member on it."""
    with runtime.uow.unrecorded() as work:
        leaver = work.users.known("leaver")
        return (
            leaver is not None and leaver.active,
            "harbour" not in work.agencies_watched.suspended(),
            not work.need_to_know.is_restricted(case),
            "harbour-worker" in work.cases.people_on(case),
        )


def without_its_confirmation(register: Path) -> None:
    """Leave the last line out: that of a machine that stopped between an act and its confirmation."""
    *before, last = register.read_text().splitlines(keepends=True)
    assert '"recorded"' in last
    register.write_text("".join(before))


def test_an_act_that_the_record_has_is_confirmed_where_the_machine_stopped_before_that(
    tmp_path: Path,
) -> None:
    with a_desk(tmp_path / "home") as desk:
        (case,) = desk.refer(a_referral()).referrals
        register = desk.runtime.settings.backup.register_file(desk.runtime.settings.home)
        restrictions.restrict(desk.context(desk.chair), reference=case, why="A party works here.")
        confirmed = register.read_text().count('"recorded"')
        without_its_confirmation(register)
        register_compared.repeat_lacking(operator(desk.runtime))
        assert register.read_text().count('"recorded"') == confirmed


@pytest.mark.parametrize("was_recorded", [True, False])
def test_an_act_in_doubt_is_repeated_on_an_answer_alone(tmp_path: Path, was_recorded: bool) -> None:
    home = tmp_path / "home"
    with a_desk(home) as desk:
        (case,) = desk.refer(a_referral()).referrals
    shutil.copy(home / "stac.db", tmp_path / "snapshot.db")
    with open_runtime({"STAC_HOME": str(home)}, clock=desk.clock) as runtime:
        restrictions.restrict(runtime.context(desk.chair), reference=case, why="A party works here.")
        without_its_confirmation(runtime.settings.backup.register_file(home))
    shutil.copy(tmp_path / "snapshot.db", home / "stac.db")
    with open_runtime({"STAC_HOME": str(home)}, clock=desk.clock) as runtime:
        assert register_compared.repeat_lacking(operator(runtime)).in_doubt == (), "it may be about to be"
        desk.clock.forward(timedelta(minutes=16))
        (doubt,) = register_compared.repeat_lacking(operator(runtime)).in_doubt
        assert case in doubt.sentence
        with pytest.raises(InvalidInputError, match="its acts are not in doubt"):
            register_compared.answer(operator(runtime), entry="9-none", was_recorded=True)
        register_compared.answer(operator(runtime), entry=doubt.entry, was_recorded=was_recorded)
        done = register_compared.repeat_lacking(operator(runtime))
        assert done.in_doubt == ()
        assert (done.repeated is not None) is was_recorded
        with runtime.uow.unrecorded() as work:
            assert work.need_to_know.is_restricted(case) is was_recorded
