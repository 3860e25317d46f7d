"""Fates of columns: each column's type says what an erasure does to it, and the rest of the store asks here.

A column is written ``says: Said | None``. The alias says what an erasure writes in place of a value, or why
the value stays, and who wrote it. No type of SQL says that: a number can be an offence. A table says in
``rows`` whose part of a case its rows are. Triggers, erasures and their certificates, and the comparison of
texts with what is protected follow. A migration does not: it is frozen text, and a test compares the triggers
that the migrations made with the fates.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar, get_args

from sqlmodel import SQLModel

from engine.store import erased
from engine.store.erased import Erase, Kept

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Words(StrEnum):
    """The writers of a column's text."""

    OURS = "ours: a reference, a code, a date, a figure, or a sentence of our rules"
    TYPED = "a person's: compared with what is protected whenever a row is stored"
    BY_USE_CASE = "a person's: compared with what is protected by the use case, which knows what is new"
    OF_NO_CASE = "a person's, about no case"
    COPIED = "copied: each text has a row of its own, where it is compared"
    SOURCE = "a source's: no person here typed it"
    IDENTITY = "a source's, about who a person is: a mask in it would hide the person"


TYPED = frozenset({Words.TYPED, Words.BY_USE_CASE})
"""Of people, about a case."""


@dataclass(frozen=True)
class Fate:
    """The fate of a column after an erasure.

    ``erased`` gives what an erasure writes; without it the value stays, and ``why`` says why.
    ``left`` are the keys of an erased document that stay.
    ``of_agency`` gives what is left when one agency's part goes, from the value, certificate and agency.
    ``masked``: the value stays, and what is protected in it is masked for good.
    ``changes``: it may change at any time, although the rest of its row may not.
    """

    erased: Erase | None = None
    why: str = ""
    words: Words = Words.OURS
    left: tuple[str, ...] = ()
    of_agency: Callable[[object, str, str], object] | None = None
    masked: bool = False
    changes: bool = False

    def __post_init__(self) -> None:
        if (self.erased is None) == (not self.why):
            raise ValueError("a fate says what an erasure writes, or else why the value stays")


def stays(why: str, words: Words = Words.OURS, *, changes: bool = False, masked: bool = False) -> Fate:
    """Return the fate of a column whose values stay after an erasure, and why."""
    return Fate(why=why, words=words, changes=changes, masked=masked)


def goes(
    how: Erase,
    words: Words = Words.OURS,
    *,
    left: tuple[str, ...] = (),
    of_agency: Callable[[object, str, str], object] | None = None,
) -> Fate:
    """Return the fate of a column in whose place an erasure writes what ``how`` gives."""
    return Fate(
        erased=how,
        words=words,
        left=left or (how.keys if isinstance(how, Kept) else ()),
        of_agency=of_agency,
    )


@dataclass(frozen=True)
class Part:
    """A table's rows: their case, their owner, and whether they are history.

    ``of`` has the ways from a row to its case, by columns that refer to other rows, such as
    "request_id.involvement_id"; none for rows that are of no case, or are found in another way. ``agency`` is
    the way to the agency whose part they are. ``of_desk``: the coordinator and the chair erase them too.
    ``asked``: an agency with a row here has a part of its own to decide on, with ``asked_where`` only one
    whose row has that value in that column. ``unlisted``: no certificate names its rows, which only their
    agency knows of. ``history``: the database refuses every change of a row but an
    erasure.
    ``deleted`` says what takes the rows themselves away. ``uncovered`` says why no digest covers them.
    """

    of: tuple[str, ...] = ()
    agency: str | None = None
    of_desk: bool = True
    asked: bool = False
    asked_where: tuple[str, str] | None = None
    unlisted: bool = False
    history: bool = True
    deleted: str = ""
    uncovered: str = ""


def case(*of: str) -> Part:
    """Return that the rows are history of a case, of the coordinator's and the chair's part."""
    return Part(of=of or ("involvement_id",))


def agencys(
    *of: str,
    agency: str = "agency",
    of_desk: bool = False,
    asked: bool = False,
    asked_where: tuple[str, str] | None = None,
    unlisted: bool = False,
) -> Part:
    """Return that the rows are history of a case, of an agency's part."""
    is_asked = asked or asked_where is not None
    return Part(of or ("involvement_id",), agency, of_desk, is_asked, asked_where, unlisted)


def apart(*, history: bool = True, uncovered: str = "") -> Part:
    """Return that the rows are of no case."""
    return Part(history=history, uncovered=uncovered)


def deleted(why: str, *, of: str | None = None, uncovered: str = "") -> Part:
    """Return that the rows go whole when the case that they are about is erased, and by what."""
    return Part((of,) if of else (), history=False, deleted=why, uncovered=uncovered)


Key = Annotated[int, stays("its own number, which this certificate names")]
Of = Annotated[int, stays("which row it belongs to")]
Ref = Annotated[str, stays("a reference, which other parts of the record name")]
Refs = Annotated[list[str], stays("references or codes from a list, without text")]
Whose = Annotated[str, stays("whose it is")]
By = Annotated[str, stays("who acted")]
InRole = Annotated[str, stays("the role of who acted")]
At = Annotated[datetime, stays("when it was done, or until when")]
Day = Annotated[date, stays("a date of the procedure")]
Task = Annotated[str, stays("the task in hand, as the audit log has it too")]
Choice = Annotated[str, stays("a choice from a list, without text")]
Flag = Annotated[bool, stays("a yes or no, without text")]
Number = Annotated[int, stays("a version, a place or a count")]
Version = Annotated[str, stays("the version of software or data that it was made with")]
Digest = Annotated[str, stays("a digest, which shows whether something was changed")]
Counted = Annotated[
    T, stays("figures over all cases count it: a kind and a date, and no person (decision 0029)")
]
Found = Annotated[T, stays("so that a correction from the source is not taken for a new case")]
Apart = Annotated[T, stays("it is about no case")]
Logged = Annotated[T, stays("the audit log: ids, times and digests, without text")]
Machinery = Annotated[T, stays("machinery: ids and times, without text")]
ApartTyped = Annotated[T, stays("it is about no case", Words.OF_NO_CASE)]
WithRow = Annotated[T, stays("it goes with its row")]
SourceWithRow = Annotated[T, stays("it goes with its row", Words.SOURCE)]
Asked = Annotated[dict[str, object], stays("references, kinds and dates that were asked for")]
Said = Annotated[str, goes(erased.sentence, Words.TYPED)]
Text = Annotated[str, goes(erased.sentence, Words.BY_USE_CASE)]
Name = Annotated[str, goes(erased.nobody, Words.BY_USE_CASE)]
Gone = Annotated[T, goes(erased.nothing)]
SourceGone = Annotated[T, goes(erased.nothing, Words.SOURCE)]
Identity = Annotated[T, goes(erased.nothing, Words.IDENTITY)]
Emptied = Annotated[dict[str, object], goes(erased.CERTIFICATE_ONLY)]
SaidThere = Annotated[dict[str, object], goes(erased.CERTIFICATE_ONLY, Words.TYPED)]
Grounds = Annotated[dict[str, object], goes(erased.GROUNDS, Words.TYPED)]


class NoFateError(TypeError):
    """Columns without a fate, or a table without an owner of its rows."""


@cache
def fates_of(table: type[SQLModel]) -> Mapping[str, Fate]:
    """Return the fate of each column of a table, in order.

    Raises NoFateError for a column without one, for a column with two, and for a table without a part.
    """
    found = {name: _fate(field.annotation, field.metadata) for name, field in table.model_fields.items()}
    unsaid = [name for name, fates in found.items() if len(fates) != 1]
    if unsaid:
        raise NoFateError(f"{_place(table)}: {', '.join(unsaid)}: say what an erasure does to it, once")
    if not isinstance(getattr(table, "rows", None), Part):
        raise NoFateError(f"{_place(table)}: say whose part of a case its rows are")
    return {name: fates[0] for name, fates in found.items()}


def _fate(annotation: object, metadata: list[object]) -> list[Fate]:
    return [each for each in (*metadata, *_marks(annotation)) if isinstance(each, Fate)]


def _marks(annotation: object) -> Iterator[object]:
    """Yield what the types of a column are marked with: pydantic drops the marks inside of a union."""
    for each in get_args(annotation):
        yield each
        yield from _marks(each)


def _place(table: type[SQLModel]) -> str:
    path = Path(inspect.getsourcefile(table) or "")
    return f"{path.name}:{inspect.getsourcelines(table)[1]}"


@cache
def typed_in(table: type[SQLModel], *words: Words) -> tuple[str, ...]:
    """Return the columns with text of these writers, or with all that people type about a case."""
    chosen = frozenset(words) or TYPED
    return tuple(name for name, fate in fates_of(table).items() if fate.words in chosen)


@cache
def emptied_in(table: type[SQLModel]) -> tuple[str, ...]:
    """Return the columns that an erasure changes, its mask too: in history they change in no other way."""
    return tuple(name for name, fate in fates_of(table).items() if fate.erased is not None or fate.masked)


@cache
def changing_in(table: type[SQLModel]) -> tuple[str, ...]:
    """Return the columns of history that may change although the rest of their row may not."""
    return tuple(name for name, fate in fates_of(table).items() if fate.changes)


def after_erasure(row: SQLModel, certificate: str) -> dict[str, object]:
    """Return the columns of a row that an erasure empties, as they are after it."""
    return {
        name: fate.erased(getattr(row, name), certificate, row)
        for name, fate in fates_of(type(row)).items()
        if fate.erased is not None
    }


def without_agency(row: SQLModel, certificate: str, agency: str) -> dict[str, object]:
    """Return the columns of a row of several owners as they are without what one agency gave."""
    return {
        name: fate.of_agency(getattr(row, name), certificate, agency)
        for name, fate in fates_of(type(row)).items()
        if fate.of_agency is not None
    }


def with_mask(row: SQLModel, mask: Callable[[str], str]) -> dict[str, object]:
    """Return the columns that an erasure changes with the mask in their texts, and nothing else changed."""
    fates = fates_of(type(row))
    return {
        name: erased.masked(getattr(row, name), mask)
        for name in emptied_in(type(row))
        if fates[name].words is not Words.IDENTITY
    }
