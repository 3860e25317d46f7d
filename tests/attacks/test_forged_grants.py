"""Who can write to the database, and has no key, opens nothing: each row that grants has its check."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Date,
    DateTime,
    Integer,
    Table,
    create_engine,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlmodel import col

from engine import store
from engine.clock import SetClock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.accounts.sign_ins import SignInWay
from engine.domain.errors import NotFoundError, StacError
from engine.runtime import initialise, open_runtime
from engine.services.access import emergency
from engine.services.access.conflicts import say_own
from engine.services.access.restrictions import restrict
from engine.services.accounts.passwords import give_start_password
from engine.services.accounts.sign_ins import begin_sign_in, look_at_sign_in
from engine.services.accounts.users import find_user, list_users
from engine.services.cases.lists import list_page
from engine.services.cases.views import view_case
from engine.services.referrals.screening import name_people, screen
from engine.services.system import audit_content
from engine.store.database import open_database
from engine.store.granting import GRANTS, proven, with_check
from engine.store.keyed_checks import CHECKED
from engine.store.schema import TABLE_MODULES
from engine.store.tables.accounts import LocalAccountRow, ProviderSubjectRow, UserRow
from engine.store.tables.base import METADATA, Document, Row, UtcInstant, table_of
from engine.store.tables.cases.involvements import CaseMemberRow
from engine.store.tables.system.row_checks import RowCheckRow
from engine.store.unit_of_work import UnitOfWork
from tests.attacks.test_forged_sign_ins import past_the_software
from tests.builders import MONDAY, Desk, a_desk, a_referral, a_screening
from tests.databases import SQLITE
from tests.released import released_home

HOUR = timedelta(hours=1)
_LOADED = TABLE_MODULES

CONTENT = "what a case or a person says: who may read it, other rows decide"
RULES = "which parts of a case those see who are on it; who is on it, other rows decide"
STATES = "how far work has come; who may do it, roles and people on the case decide"
LIMITS = "it takes away; a change of it is named by the verification"
MACHINERY = "machinery, made again from the record, or gone within hours"
OWN = "a user's own, sealed for them or without content of a case"
CHAIN = "the audit log, which has its own checks"
GRANTS_NOTHING: dict[str, tuple[str, ...]] = {
    CONTENT: (
        "access_request", "access_step", "action", "action_version", "advice_closed", "advice_sent",
        "advice_slip", "alarm_question", "answer_confirmed", "area_check", "arrival_look_up",
        "asked_for_actions", "attendance", "batch", "batch_answer", "batch_member", "change_answer",
        "change_request", "chase", "complaint_finding", "conference_record",
        "case_responsible",
        "court_order", "court_order_case", "court_order_relation", "court_order_step", "custody_change",
        "decision", "decision_in_conference", "decision_quorum", "dissent", "dissent_entry", "erased_row",
        "erasure", "finding_mark", "import_file", "incident", "incident_detail", "incident_report",
        "incident_review", "judgement", "ledger", "likely_breach", "likely_breach_result",
        "likely_breach_review", "link_alert", "link_alert_word", "link_export", "link_map_export",
        "minutes_correction", "minutes_correction_answer", "opening_told", "outcome", "outcome_release",
        "outcome_return", "person_identifier", "person_record", "person_thing", "place", "place_check",
        "places_asked", "places_typed", "plan", "plan_need", "plan_review", "police_decision", "price_list",
        "protected_note", "protected_original", "protected_value", "record_request",
        "record_request_answer", "referral_version", "remark", "restricted_reason", "role_claim",
        "search_sent", "text_seen_to", "text_that_tells", "thing", "topics_asked", "typed_answer",
        "vault_step", "victim_description", "victim_notice", "victim_notice_attempt", "victim_outcome",
        "victim_request", "victim_told", "victim_words",
    ),
    RULES: (
        "acts_shared", "answer", "incident_rule", "item_rule", "minutes_copy", "minutes_copy_item",
        "outcome_return_step", "release_class", "remark_step", "role_assessment", "victim_request_word",
        "victim_words_confirmed",
    ),
    STATES: (
        "agenda", "agenda_item", "alarm", "alarm_step", "associates_run", "conference_step",
        "episode_judgement", "glass_review", "identity_judgement", "involvement", "item_plan", "item_shown",
        "item_timer", "minutes_step", "move", "plan_approval", "request", "screening",
    ),
    LIMITS: ("episode", "link_query_ended", "restriction", "retention_word", "victim_words_withdrawn"),
    MACHINERY: (
        "due", "due_kind", "erasing", "identity_form", "identity_key", "identity_proposal", "link",
        "link_case", "link_head", "link_object", "link_same", "link_word", "outbox", "regular_work",
        "row_check", "runner", "sign_in_attempt", "submission",
    ),
    OWN: ("draft", "imported_network", "link_map_places", "link_query", "saved_link_map"),
    CHAIN: ("audit_anchor", "audit_case", "audit_entry", "audit_head", "verification"),
}  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as there:
        yield there


def named(desk: Desk) -> set[tuple[str, str]]:
    held = audit_content.verify_content(uow=desk.runtime.uow)
    return {(each.table, each.row) for each in held.differences}


def rows_of(table: str) -> type[Row]:
    """The class of a table's rows."""
    (found,) = {
        each.class_ for each in UserRow._sa_registry.mappers if each.local_table is METADATA.tables[table]
    }
    return found


def test_every_table_grants_something_or_says_why_not() -> None:
    own_check = {str(table.__tablename__) for table in CHECKED}
    nothing = [table for tables in GRANTS_NOTHING.values() for table in tables]
    assert len(nothing) == len(set(nothing))
    assert not GRANTS.keys() & own_check
    assert not (GRANTS.keys() | own_check) & set(nothing)
    assert GRANTS.keys() | own_check | set(nothing) == set(METADATA.tables)


READS_WITHOUT = {
    "access/log.py": "counts who looked without being named",
    "access/visibility.py": "is given the rows that are not proven, and leaves them out",
    "responses/statements.py": "asks which requests nobody on a case can answer; grants nothing",
    "alarms/whose.py": "dates the alarm of a remark by the opening; who reads it, its release decides",
    "process_figures.py": "counts days; grants nothing",
    "reviews.py": "reads leads by 'named_last', which asks for the check",
    "rights/erased_links.py": "empties what is erased",
    "rights/texts_stored.py": "compares texts with what is protected; grants nothing",
    "system/repeated_acts.py": "reads what this transaction wrote",
}


def test_every_repository_that_reads_such_rows_asks_for_their_check() -> None:
    """Or is listed with the reason: a new one is asked."""
    folder = Path(next(iter(store.__path__))) / "repositories"
    classes = "|".join(rows_of(table).__name__ for table in GRANTS)
    without = set()
    for file in folder.rglob("*.py"):
        source = file.read_text(encoding="utf-8")
        if re.search(rf"\b({classes})\b", source) and "engine.store.granting" not in source:
            without.add(file.relative_to(folder).as_posix())
    assert without == set(READS_WITHOUT)


def a_value(table: Table, name: str, ids: dict[str, int], *, other: bool = False) -> object:
    """Some value of this column, or another one."""
    column = table.c[name]
    if column.foreign_keys:
        (key,) = column.foreign_keys
        return ids[key.column.table.name] + (1_000 if other else 0)
    kind = column.type
    if isinstance(kind, Date):
        return MONDAY.date()
    if isinstance(kind, UtcInstant | DateTime):
        return MONDAY + (HOUR if other else timedelta())
    if isinstance(kind, Boolean):
        return not other
    if isinstance(kind, Integer):
        return 2 if other else 1
    if isinstance(kind, Document):
        return {"other": other}
    return "another" if other else "one"


def test_a_row_of_each_kind_grants_nothing_once_one_column_is_changed_or_it_is_copied(
    tmp_path: Path,
) -> None:
    """Every table, every column; a copy of the row's own check does not help; put back, it is as it was."""
    with a_desk(tmp_path / "home", database=SQLITE) as desk:
        numbers = one_of_each(desk)
        past_the_software(desk, *_dropped(desk))
        for name in GRANTS:
            table, number = METADATA.tables[name], numbers[name]
            assert opens(desk, name, number), name
            for column in columns_filled(table):
                change = update(table).where(table.c.id == number)
                for other in (True, False):
                    value = a_value(table, column, numbers, other=other)
                    by_hand(desk, change.values({column: value}))
                    assert opens(desk, name, number) is not other, (name, column)
            by_hand(desk, *copies(table, number, numbers))
            assert not opens(desk, name, COPY), name
        assert {(name, str(COPY)) for name in GRANTS} == named(desk)


COPY = 5_000


def one_of_each(desk: Desk) -> dict[str, int]:
    """A row in each table that grants, written by the software; its number by table."""
    desk.refer(a_referral("1"))
    numbers = {"involvement": 1}
    engine = open_database(desk.runtime.settings.database_url)
    uow = UnitOfWork(engine, version_key=lambda: desk.runtime.key.for_versions)  # nothing is derived of it
    with closing(uow), uow.writing(acting=desk.coordinator, what="test", at=MONDAY) as work:
        for table in METADATA.sorted_tables:
            if table.name in (*GRANTS, "conference_record"):
                row = rows_of(table.name)(
                    **{column: a_value(table, column, numbers) for column in columns_filled(table)}
                )
                work._session.add(row)
                work._session.flush()
                numbers[table.name] = row.id  # type: ignore[attr-defined]
    return numbers


def columns_filled(table: Table) -> list[str]:
    return [c.name for c in table.columns if c.name != "id" and not (c.nullable and c.foreign_keys)]


def opens(desk: Desk, table: str, number: int) -> bool:
    """Whether the row of this number grants what it grants."""
    query = with_check(rows_of(table)).where(METADATA.tables[table].c.id == number)
    with desk.runtime.uow.unrecorded() as work:
        rows = work._session.connection().execute(query).all()
        assert len(rows) == 1
        return len(proven(work._session, rows_of(table), rows)) == 1


def copies(table: Table, number: int, numbers: dict[str, int]) -> list[object]:
    """A row that says the same under another number, with a copy of the check of the first."""
    copied = {column: a_value(table, column, numbers) for column in columns_filled(table)}
    for column in table.columns:
        if column.name in copied and (column.unique or table.name in ("case_member", "provider_subject")):
            value = copied[column.name]
            copied[column.name] = f"{value}-2" if isinstance(value, str) else value
    check = select(col(RowCheckRow.table), text(str(COPY)), col(RowCheckRow.keyed_check)).where(
        col(RowCheckRow.table) == table.name, col(RowCheckRow.row_number) == number
    )
    return [
        insert(table).values(copied | {"id": COPY}),
        insert(RowCheckRow).from_select(["table", "row_number", "keyed_check"], check),
    ]


def by_hand(desk: Desk, *statements: Any) -> None:
    """By somebody whose own connection asks for no foreign keys."""
    engine = create_engine(desk.runtime.settings.database_url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)
    engine.dispose()


def _dropped(desk: Desk) -> list[object]:
    with desk.runtime.uow.unrecorded() as work:
        names = work._session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
        return [text(f"DROP TRIGGER {name}") for name in names]


def test_a_check_that_was_taken_away_is_named_and_the_row_opens_nothing(desk: Desk) -> None:
    assert named(desk) == set()
    past_the_software(desk, delete(RowCheckRow).where(col(RowCheckRow.table) == "app_user"))
    assert {table for table, _ in named(desk)} == {"app_user"}
    with pytest.raises(NotFoundError):
        list_and_find(desk, "cora")


def list_and_find(desk: Desk, name: str) -> None:
    with desk.runtime.uow.unrecorded() as work:
        work.users.get(name)


def a_case(desk: Desk, *, restricted: bool = False) -> str:
    (reference,) = desk.refer(a_referral("1")).referrals
    screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    if restricted:
        restrict(
            desk.context(desk.chair),
            reference=reference,
            why="A colleague is named.",
        )
    return reference


def sees(desk: Desk, acting: Acting, reference: str) -> tuple[bool, bool]:
    """Whether the case opens to this person, and whether a list of theirs has it."""
    try:
        view_case(desk.context(acting), reference=reference)
        opens = True
    except StacError:
        opens = False
    return opens, reference in {row.reference for row in list_page(desk.context(acting)).rows}


@pytest.mark.parametrize("restricted", [False, True])
def test_a_person_whom_no_one_named_sees_no_case_by_a_row_of_their_own(desk: Desk, restricted: bool) -> None:
    reference = a_case(desk, restricted=restricted)
    pia = desk.add("pia", Role.PRACTITIONER, "harbour")
    row = {"id": 77, "involvement_id": 1, "user_name": "pia", "named_by": "cora", "at": MONDAY}
    past_the_software(desk, insert(CaseMemberRow).values(row))
    guess = {"table": "case_member", "row_number": 77, "keyed_check": "0" * 64}
    past_the_software(desk, insert(RowCheckRow).values(guess))
    assert sees(desk, pia, reference) == (False, False)
    assert ("case_member", "77") in named(desk)
    name_people(desk.context(desk.chair), reference=reference, people=["pia"])  # the near miss
    assert sees(desk, pia, reference) == (True, True)
    assert named(desk) == set(), "the row of the software's is in place of the forged one"


def test_a_co_ordinator_sees_no_restricted_case_by_a_row_of_their_own(desk: Desk) -> None:
    reference = a_case(desk, restricted=True)
    other = desk.add("olga", Role.COORDINATOR)
    assert sees(desk, other, reference) == (False, False)
    row = {"id": 77, "involvement_id": 1, "user_name": "olga", "named_by": "cora", "at": MONDAY}
    past_the_software(desk, insert(CaseMemberRow).values(row))
    assert sees(desk, other, reference) == (False, False)


def test_a_naming_that_was_rolled_back_is_not_remembered_for_the_same_row_by_hand(desk: Desk) -> None:
    """Until its transaction ends such a row counts without a check: what it came to must not outlive it."""
    reference = a_case(desk)
    pia = desk.add("pia", Role.PRACTITIONER, "harbour")
    rows: list[dict[str, Any]] = []

    def name_and_fail() -> None:
        with desk.context(desk.coordinator).writing("name people") as work:
            work.cases.name_people(reference, ["pia"], by="cora", at=MONDAY)
            assert work.cases.open_to("pia") == {reference}
            query = select(*table_of(CaseMemberRow).columns).where(col(CaseMemberRow.user_name) == "pia")
            rows.extend(dict(row._mapping) for row in work._session.execute(query))
            raise NotFoundError("case", "elsewhere")

    with pytest.raises(NotFoundError):
        name_and_fail()
    past_the_software(desk, insert(CaseMemberRow).values(rows))
    assert sees(desk, pia, reference) == (False, False)
    with desk.runtime.uow.unrecorded() as work:
        assert work.cases.open_to("pia") == frozenset()


def test_two_records_of_one_key_in_one_process_know_their_own_cases_alone(tmp_path: Path) -> None:
    """Their rows are the same to the last character, and their references are not."""
    with a_desk(tmp_path / "one") as one, a_desk(tmp_path / "other") as other:
        cases = []
        for desk in (one, other):
            pia = desk.add("pia", Role.PRACTITIONER, "harbour")
            cases.append(a_case(desk))
            name_people(desk.context(desk.chair), reference=cases[-1], people=["pia"])
            assert sees(desk, pia, cases[-1]) == (True, True)
        assert cases[0] != cases[1]


def test_a_row_that_was_moved_to_another_case_or_person_opens_neither(desk: Desk) -> None:
    reference = a_case(desk)
    pia, una = (desk.add(name, Role.PRACTITIONER, "harbour") for name in ("pia", "una"))
    name_people(desk.context(desk.chair), reference=reference, people=["pia"])
    assert sees(desk, pia, reference) == (True, True)
    past_the_software(
        desk, update(CaseMemberRow).where(col(CaseMemberRow.user_name) == "pia").values(user_name="una")
    )
    assert sees(desk, pia, reference) == sees(desk, una, reference) == (False, False)


def test_a_role_that_was_changed_signs_nobody_in_and_ends_the_sign_in(desk: Desk) -> None:
    desk.add("pia", Role.PRACTITIONER, "harbour")
    token = begin_sign_in(
        uow=desk.runtime.uow, clock=desk.clock, name="pia", way=SignInWay.PASSWORD, lasts=8 * HOUR
    )
    looked = look_at_sign_in(uow=desk.runtime.uow, clock=desk.clock, token=token, lock_after=HOUR)
    assert looked.sign_in is not None
    past_the_software(
        desk, update(UserRow).where(col(UserRow.name) == "pia").values(role=Role.CHAIR.value, agency=None)
    )
    looked = look_at_sign_in(uow=desk.runtime.uow, clock=desk.clock, token=token, lock_after=HOUR)
    assert looked.sign_in is None
    with pytest.raises(NotFoundError):
        begin_sign_in(
            uow=desk.runtime.uow, clock=desk.clock, name="pia", way=SignInWay.PASSWORD, lasts=8 * HOUR
        )
    assert "pia" not in {user.name for user in list_users(desk.context(desk.coordinator))}


def test_a_users_row_that_was_written_by_hand_is_no_user(desk: Desk) -> None:
    row = {
        "id": 90, "name": "mallory", "display_name": "Mallory", "role": "chair", "active": True,
        "created_at": MONDAY,
    }  # fmt: skip
    past_the_software(desk, insert(UserRow).values(row))
    with pytest.raises(NotFoundError):
        list_and_find(desk, "mallory")
    assert ("app_user", "90") in named(desk)


def test_what_was_changed_before_the_upgrade_has_no_check_after_it(tmp_path: Path) -> None:
    home = released_home("0.2.0", tmp_path)
    with closing(sqlite3.connect(home / "stac.db")) as record, record:
        record.execute("UPDATE app_user SET role = 'administrator' WHERE name = 'chair'")
        record.execute(
            "INSERT INTO app_user SELECT 99, 'mallory', 'M', role, agency, 1, created_at "
            "FROM app_user WHERE name = 'cora'"
        )
    environ, clock = {"STAC_HOME": str(home)}, SetClock(MONDAY)
    initialise(environ, clock=clock).close()
    with open_runtime(environ, clock=clock) as runtime:
        assert find_user(uow=runtime.uow, name="cora").name == "cora"
        for name in ("chair", "mallory"):
            with pytest.raises(NotFoundError):
                find_user(uow=runtime.uow, name=name)


def test_a_password_that_was_put_in_place_of_anothers_is_none(desk: Desk) -> None:
    for name in ("cora", "chair"):
        give_start_password(desk.context(desk.coordinator), name=name)
    with desk.runtime.uow.unrecorded() as work:
        known = work.sign_ins.account_of("cora")
    assert known is not None
    past_the_software(
        desk,
        update(LocalAccountRow)
        .where(col(LocalAccountRow.user_name) == "chair")
        .values(password_hash=known.password_hash),
    )
    with desk.runtime.uow.unrecorded() as work:
        assert work.sign_ins.account_of("chair") is None
    again = desk.context(desk.coordinator)
    give_start_password(again, name="chair")  # no old one is in its way
    with desk.runtime.uow.unrecorded() as work:
        assert work.sign_ins.account_of("chair") is not None


def test_a_subject_of_a_provider_that_was_written_by_hand_is_nobody(desk: Desk) -> None:
    row = {"id": 5, "issuer": "https://id.example", "subject": "mallory", "user_name": "chair", "at": MONDAY}
    past_the_software(desk, insert(ProviderSubjectRow).values(row))
    with desk.runtime.uow.unrecorded() as work:
        assert work.sign_ins.user_of_subject("https://id.example", "mallory") is None


def test_emergency_access_that_was_written_by_hand_opens_nothing(desk: Desk) -> None:
    reference = a_case(desk)
    pia = desk.add("pia", Role.PRACTITIONER, "harbour")
    table = METADATA.tables["glass_broken"]
    row = {
        "id": 9, "ref": "E-0000009", "involvement_id": 1, "user_name": "pia", "agency": "harbour",
        "why": "x", "at": MONDAY, "until": MONDAY + 800 * HOUR,
    }  # fmt: skip
    past_the_software(desk, insert(table).values(row))
    assert sees(desk, pia, reference) == (False, False)
    emergency.break_glass(desk.context(pia), reference=reference, why="A threat to life tonight.")
    assert sees(desk, pia, reference)[0], "the near miss"


def test_a_declaration_that_was_changed_lets_nobody_in_again(desk: Desk) -> None:
    reference = a_case(desk)
    other = desk.add("olga", Role.COORDINATOR)
    assert sees(desk, other, reference) == (True, True)
    say_own(desk.context(other), reference=reference, is_connected=True)
    assert sees(desk, other, reference) == (False, False)
    table = METADATA.tables["connection"]
    past_the_software(desk, *_dropped(desk), update(table).values(is_connected=False))
    assert sees(desk, other, reference) == (False, False)
