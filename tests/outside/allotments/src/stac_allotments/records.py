"""The extract: plot holders, letters that were sent to them, and views of wardens. Forms no sentence."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from engine.hooks.v1 import (
    AgencyRecords,
    PartialDate,
    PersonIndex,
    PersonOnRecord,
    Recorded,
    RecordedView,
    RecordsFault,
    RecordsUnreadableError,
    Several,
    Short,
    once_per_extract,
    read_table,
)

HOLDERS, LETTERS, VIEWS = "holders.csv", "letters.csv", "views.csv"
LOOKED_IN = ("register of plots", "letters sent")


class HolderLine(Recorded):
    """Somebody who holds a plot, by every whole name that is recorded."""

    person_id: Short
    names: Several
    date_of_birth: PartialDate | None
    since: PartialDate | None


class LetterLine(Recorded):
    """A letter that the office sent to a plot holder."""

    letter_id: Short
    person_id: Short
    sent: PartialDate | None
    about: Short


TABLES: dict[str, type[Recorded]] = {HOLDERS: HolderLine, LETTERS: LetterLine, VIEWS: RecordedView}


@dataclass(frozen=True, kw_only=True)
class OwnRecords:
    """The whole extract."""

    index: PersonIndex
    holders: dict[str, HolderLine]
    letters: dict[str, list[LetterLine]]
    views: dict[str, list[RecordedView]]


@once_per_extract
def own_records(records: AgencyRecords) -> OwnRecords:
    """Read the extract; an unchanged one is read once. Raises RecordsUnreadableError."""
    holders = {line.person_id: line for line in read_table(records, HOLDERS, HolderLine)}
    letters: dict[str, list[LetterLine]] = defaultdict(list)
    views: dict[str, list[RecordedView]] = defaultdict(list)
    for letter in read_table(records, LETTERS, LetterLine):
        letters[_known(holders, LETTERS, letter.person_id)].append(letter)
    for view in read_table(records, VIEWS, RecordedView):
        views[_known(holders, VIEWS, view.person_id)].append(view)
    index = PersonIndex(
        PersonOnRecord(key=line.person_id, names=line.names, date_of_birth=line.date_of_birth)
        for line in holders.values()
    )
    return OwnRecords(index=index, holders=holders, letters=letters, views=views)


def _known(holders: dict[str, HolderLine], file: str, person_id: str) -> str:
    if person_id not in holders:
        raise RecordsUnreadableError(file, RecordsFault.NO_SUCH_KEY, column="person_id")
    return person_id
