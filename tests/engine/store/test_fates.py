"""Every column says its fate, an erasure does what it says, and nothing else of a full case is left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, ClassVar, cast

import pytest
from sqlalchemy import Date, Float, Integer, LargeBinary, String, Table, insert, select
from sqlmodel import Session, SQLModel
from sqlmodel.sql.sqltypes import AutoString

from engine.domain.sharing import LedgerAct
from engine.store.database import open_database
from engine.store.every_table import every_table
from engine.store.fates import (
    Choice,
    Fate,
    NoFateError,
    Part,
    Said,
    Words,
    case,
    fates_of,
    stays,
)
from engine.store.repositories.rights.erasure import Erasing
from engine.store.repositories.rights.parts import of_case
from engine.store.repositories.rights.retention import BESIDE_ANSWERS
from engine.store.tables.base import METADATA, Document, Row, UtcInstant, table_of
from engine.store.tables.responses.answers import AnswerRow
from engine.store.triggers import append_only
from tests.builders import Desk

CASE, AGENCY = "R-2222222", "harbour"
MADE_AGAIN = {"due", "link", "link_object", "link_same"}
"""Made again of what is left, when the erasure is recorded: `test_due.py`, `test_link_evidence.py`."""
FOUND_IN_LINKS = {
    "associates_ask",
    "finding_mark",
    "link_alert_word",
    "link_map_export",
    "link_query",
    "link_map_places",
    "saved_link_map",
}
"""About a person or thing of the case, and so found by their question: tests/engine/services/links."""
BY_THEIR_OWN_REQUEST = {"access_request", "access_step"}
"""Erased with the request of a person: `test_subject_access.py`."""
BESIDE_THE_CASE = {"draft"}
"""Destroyed by its own repository: `tests/engine/services/test_drafts.py`."""


class FieldOfNobody(SQLModel):
    rows: ClassVar[Part] = case()
    why: Said | None = None
    harm: float | None = None
    found: str


class FieldOfTwo(SQLModel):
    rows: ClassVar[Part] = case()
    found: Annotated[Choice, stays("and something else")]


class TableOfNobody(SQLModel):
    why: Said | None = None


class TableOfSomebody(SQLModel):
    rows: ClassVar[Part] = case()
    why: Said | None = None
    found: Choice


def of_table(fields: type[SQLModel]) -> type[Row]:
    return cast("type[Row]", fields)


def test_a_column_without_a_fate_is_refused_in_one_sentence_with_its_place() -> None:
    with pytest.raises(
        NoFateError, match=r"^test_fates\.py:\d+: harm, found: say what an erasure does to it"
    ):
        fates_of(of_table(FieldOfNobody))
    with pytest.raises(NoFateError, match=r": found: say what an erasure does to it, once$"):
        fates_of(of_table(FieldOfTwo))
    with pytest.raises(NoFateError, match=r"^test_fates\.py:\d+: say whose part of a case its rows are$"):
        fates_of(of_table(TableOfNobody))
    assert list(fates_of(of_table(TableOfSomebody))) == ["why", "found"]


def test_a_fate_says_what_is_written_or_else_why_the_value_stays() -> None:
    for fate in ({}, {"erased": lambda value, *_: value, "why": "it stays"}):
        with pytest.raises(ValueError, match="or else why"):
            Fate(**fate)  # type: ignore[arg-type]


@pytest.mark.parametrize("table", every_table(), ids=lambda table: str(table.__tablename__))
def test_each_table_says_whose_its_rows_are_and_the_fate_of_each_column(table: type[Row]) -> None:
    fates = fates_of(table)
    assert list(fates) == [column.name for column in table_of(table).columns]
    is_emptied = any(fate.erased or fate.masked for fate in fates.values())
    is_found = table.rows.of or table.__tablename__ in FOUND_IN_LINKS | BY_THEIR_OWN_REQUEST | {
        "places_asked"
    }
    assert not is_emptied or is_found, "by which way does an erasure find its rows?"
    assert not table.rows.deleted or not is_emptied, "its rows go, so nothing is written in them"
    if table.rows.of:
        of_case(table, 1).compile()


class Plants:
    """One row in every table, of one case, with a value in every column that is found again."""

    def __init__(self, connection: Session) -> None:
        self._session = connection
        self._next = 0
        self.goes: dict[str, str] = {}
        """By planted value as text, its column, where an erasure takes it away."""
        self.stays: dict[str, str] = {}
        """By planted value as text, its column, where it stays."""

    def plant(self, table: type[Row]) -> None:
        """Insert a row."""
        values = {column.name: self._value(table, column.name) for column in table_of(table).columns}
        self._session.execute(insert(table_of(table)).values(**values))

    def _value(self, table: type[Row], name: str) -> object:
        column, fate = table_of(table).c[name], fates_of(table)[name]
        if column.foreign_keys or (column.primary_key and isinstance(column.type, Integer)):
            return 1
        if name == "involvement_ref" or (table.__tablename__, name) == ("involvement", "ref"):
            return CASE
        if name in ("agency", "owner", "told_by") and fate.why:
            return AGENCY
        if (table.__tablename__, name) == ("ledger", "act"):
            return LedgerAct.RULE.value  # the reason of any other line is a code
        self._next += 1
        if isinstance(column.type, Document):
            return self._document(table, name)
        value, text = _of_type(column.type, self._next)
        if text:
            self._note(f"{table.__tablename__}.{name}", text, goes=fate.erased is not None)
        return value

    def _document(self, table: type[Row], name: str) -> object:
        fate, place = fates_of(table)[name], f"{table.__tablename__}.{name}"
        text = f"planted-{self._next}-end"
        if fate.erased is None:
            self._note(place, text, goes=False)
            return {"kept": text}
        self._note(place, text, goes=True)
        shape = SHAPES.get(place)
        if shape is not None:
            return _filled(shape, text)
        if "list" in str(table.model_fields[name].annotation):
            return [text]
        keys = {key for part in ("says", "names") for key in getattr(fate.erased, part, ())}
        return {"unknown": {"deep": [text]}, **dict.fromkeys(keys, text)}

    def _note(self, place: str, text: str, *, goes: bool) -> None:
        (self.goes if goes else self.stays)[text] = place


SHAPES: dict[str, object] = {
    "answer.content": {"kind": "contribution", "findings": [{"says": "*"}], "*": "*"},
    "decision.content": {
        "summary": "*",
        "judgements": [{"domain": "violence", "reasons": "*", "settled": "*", "unknown": "*"}],
        "dissent": [{"agency": AGENCY, "who": "*", "reasons": "*", "unknown": "*"}],
        "attendance": [{"who": "*"}],
        "missing": [{"agency": AGENCY, "says": "*"}],
        "amended_because": "*",
        "unknown": "*",
    },
    "referral_version.content": {
        "reason": "*",
        "perpetrator": {"surname": "*"},
        "victim": {"surname": "*"},
        "unknown": "*",
    },
    "plan_approval.accepted": {"a-conflict": "*"},
    "topics_asked.answers": {"answers": {"weapon": "*"}, "unknown": "*"},
}
"""Documents whose fate looks into them: each star is a planted text."""


def _filled(shape: object, text: str) -> object:
    if isinstance(shape, dict):
        return {key: _filled(value, text) for key, value in shape.items()}
    if isinstance(shape, list):
        return [_filled(value, text) for value in shape]
    return text if shape == "*" else shape


def _of_type(kind: object, number: int) -> tuple[object, str]:
    """Return a value of a column's type that no other column has, and as what it is read; none of a truth."""
    if isinstance(kind, UtcInstant):
        at = datetime(1900, 1, 1, tzinfo=UTC) + timedelta(days=number)
        return at, at.date().isoformat() + "T"
    if isinstance(kind, Date):
        day = date(1700, 1, 1) + timedelta(days=number)
        return day, day.isoformat()
    if isinstance(kind, LargeBinary):
        return f"planted-{number}-end".encode(), f"planted-{number}-end"
    if isinstance(kind, Float):
        return 7_000_000.5 + number, str(7_000_000.5 + number)
    if isinstance(kind, Integer):
        return 8_000_000 + number, str(8_000_000 + number)
    if isinstance(kind, String | AutoString):
        return f"planted-{number}-end", f"planted-{number}-end"
    return True, ""


def cells(session: Session) -> Iterator[tuple[str, str]]:
    """Every value of the record as text, with its table and column."""
    for table in METADATA.sorted_tables:
        for row in session.execute(select(table)).mappings():
            for name, value in row.items():
                text = value.isoformat() if isinstance(value, date | datetime) else str(value)
                yield f"{table.name}.{name}", text


def _table(name: str) -> type[Row]:
    return next(each for each in every_table() if each.__tablename__ == name)


def planted(session: Session) -> Plants:
    """A full case, in a record without another one."""
    plants = Plants(session)
    left_out = MADE_AGAIN | FOUND_IN_LINKS | BY_THEIR_OWN_REQUEST | BESIDE_THE_CASE
    for table in METADATA.sorted_tables:
        rows = _table(table.name).rows
        if {table.name, *(key.column.table.name for key in table.foreign_keys)} & left_out:
            left_out |= {table.name}
        elif rows.of or rows.deleted or _is_needed(table):
            plants.plant(_table(table.name))
    plants.plant(_table("places_asked"))
    return plants


def _is_needed(table: Table) -> bool:
    """True of a table that rows of a case refer to."""
    return any(key.column.table is table for other in METADATA.sorted_tables for key in other.foreign_keys)


@pytest.fixture
def session(database_url: str, desk: Desk) -> Iterator[Session]:
    engine = open_database(database_url)
    with Session(engine) as made:
        yield made
    engine.dispose()


def erase(session: Session) -> None:
    """Erase the coordinator's and the chair's part, and the agency's."""
    erasing = Erasing(session)
    erasing.of_agency(CASE, AGENCY, "X-1")
    erasing.of_desk(CASE, "X-1")
    erasing.protected(CASE, told_by=None)


def test_what_an_erasure_leaves_of_a_full_case_is_what_the_columns_say(session: Session) -> None:
    plants = planted(session)
    there = list(cells(session))
    assert {text for text in plants.goes if not any(text in cell for _, cell in there)} == set()
    erase(session)
    left = list(cells(session))
    stayed = {place: at for text, at in plants.goes.items() for place, cell in left if text in cell}
    assert stayed == {}
    gone = {
        place
        for text, place in plants.stays.items()
        if not any(text in cell for _, cell in left) and not _row_goes(place)
    }
    assert gone == set()


def _row_goes(place: str) -> bool:
    return bool(_table(place.partition(".")[0]).rows.deleted)


def test_what_is_of_another_case_stays(session: Session) -> None:
    """The near miss: the same rows, where another case is erased."""
    plants = planted(session)
    involvement = METADATA.tables["involvement"]
    other = {**dict(session.execute(select(involvement)).mappings().one()), "id": 2, "ref": "R-3333333"}
    session.execute(insert(involvement).values({**other, "source_reference": "another"}))
    erasing = Erasing(session)
    erasing.of_agency("R-3333333", AGENCY, "X-1")
    erasing.of_desk("R-3333333", "X-1")
    erasing.of_agency(CASE, "lantern", "X-1")
    erasing.protected("R-3333333", told_by=None)
    left = [cell for _, cell in cells(session)]
    assert {text for text in plants.goes if not any(text in cell for cell in left)} == set()


def test_rows_that_go_whole_are_gone(session: Session) -> None:
    planted(session)
    erase(session)
    left_out = MADE_AGAIN | FOUND_IN_LINKS | BESIDE_THE_CASE
    whole = [each for each in every_table() if each.rows.deleted and each.__tablename__ not in left_out]
    assert whole
    assert {
        each.__tablename__: session.execute(select(table_of(each))).all()
        for each in whole
        if session.execute(select(table_of(each))).first() is not None
    } == {}


def test_only_a_person_s_words_are_compared_and_no_list_beside_the_columns_says_which() -> None:
    texts = [
        (f"{table.__tablename__}.{name}", fate)
        for table in every_table()
        for name, fate in fates_of(table).items()
        if fate.words is not Words.OURS
        and not isinstance(table_of(table).c[name].type, String | AutoString | Document | Date)
    ]
    assert texts == []


def test_what_history_lets_an_erasure_empty_is_what_the_columns_say() -> None:
    assert append_only()["outcome_return"].erasable == ("found",)
    assert append_only()["arrival_look_up"].erasable == ("found",)
    assert append_only()["move"].erasable == ("why",)
    assert append_only()["judgement"] == ((), ())
    assert append_only()["incident_report"].changeable == ("release_class_id",)
    assert "involvement" not in append_only()


def test_each_table_that_gives_an_agency_a_part_is_asked_for_it() -> None:
    assert {each for each in every_table() if each.rows.asked} == {AnswerRow, *BESIDE_ANSWERS}
