"""Erasure of content from the record, leaving its envelope. Only ``rights.retention`` uses it.

Decides nothing.

Which rows go with whose part, and what is written in their place, the tables say: see ``engine.store.fates``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from engine.domain.rights.retention import DESK_OWNER, ErasedRow, Stays
from engine.domain.system.audit import canonical, digest
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.links.associates import AssociatesRequestsStored
from engine.store.repositories.links.saved_searches import LinkQueries
from engine.store.repositories.rights import erased_links
from engine.store.repositories.rights.parts import Part, agencys_parts, all_parts, desks_parts, what_stays
from engine.store.repositories.rights.texts_stored import TextStored, texts_of
from engine.store.tables.base import table_of
from engine.store.tables.people.persons import (
    PersonIdentifierRow,
    PersonRecordRow,
    PersonThingRow,
    PlaceRow,
    ThingRow,
)
from engine.store.tables.people.same_person import (
    IdentityFormRow,
    IdentityKeyRow,
    IdentityProposalRow,
)
from engine.store.tables.responses.answers import AnswerRow
from engine.store.tables.rights.retention import ErasingRow
from engine.store.tables.rights.subject_access import AccessRequestRow, AccessStepRow
from engine.store.tables.vault.protected import (
    PlacesAskedRow,
    ProtectedNoteRow,
    ProtectedOriginalRow,
    ProtectedValueRow,
    TypedAnswerRow,
)

_TIMES = ("at", "received_at", "created_at")


class Erasing:
    """Empties rows of one case, one owner's at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_agency(self, reference: str, agency: str, certificate: str) -> list[ErasedRow]:
        """Erase all versions of one agency's answers about this involvement, re-assessments too,
        and its rules.

        Raises NotFoundError if the referral does not exist.
        """
        number = involvement_id(self._session, reference)
        return [row for part in agencys_parts(number, agency) for row in self._emptied(part, certificate)]

    def of_desk(self, reference: str, certificate: str) -> list[ErasedRow]:
        """Erase the STAC coordinator and chair's part of this involvement: referral, people, incidents,
        decisions, outcomes.

        Raises NotFoundError if the referral does not exist.
        """
        number = involvement_id(self._session, reference)
        rows = [row for part in desks_parts(number) for row in self._emptied(part, certificate)]
        rows += self.of_links(reference, certificate)
        self._cut_links(number)
        return rows

    def mask_for_good(
        self, references: Iterable[str], masked: Callable[[str], str], certificate: str
    ) -> list[ErasedRow]:
        """Put the mask in place of what is protected, in every text that stays on these involvements.

        For the moment before protected values go: what is masked at each read would be shown from then on.
        Raises NotFoundError if the referral does not exist.
        """
        return [
            row
            for reference in references
            for part in all_parts(involvement_id(self._session, reference), masked)
            for row in self._emptied(part, certificate)
        ]

    def what_stays(self, owner: str) -> tuple[Stays, ...]:
        """Return what an erasure of this owner's part leaves, by the reason, as the columns say it."""
        found = what_stays(of_desk=owner == DESK_OWNER)
        return tuple(Stays(why=why, columns=tuple(columns)) for why, columns in found.items())

    def texts_on(self, references: Iterable[str], *, before: datetime) -> Iterator[TextStored]:
        """Yield the texts of each row about these involvements that was stored before this instant.

        Raises NotFoundError if a referral does not exist.
        """
        for reference in references:
            yield from texts_of(
                self._session, reference, involvement_id(self._session, reference), before=before
            )

    def of_links(self, reference: str, certificate: str) -> list[ErasedRow]:
        """Erase the text of saved searches and maps that name this case or a person or thing in it, and marks
        on findings about them.

        Maps that a user saved or moved round one of them go whole: they are their owner's convenience.
        Raises NotFoundError if the referral does not exist.
        """
        number = involvement_id(self._session, reference)
        names = erased_links.names_in_case(self._session, number) | {reference}
        names |= erased_links.things_of_case(self._session, number)
        erased_links.delete_maps(self._session, names)
        parts = [
            *erased_links.word_parts(
                *LinkQueries(self._session).about(names),
                AssociatesRequestsStored(self._session).about(names),
            ),
            *erased_links.parts_about(self._session, names, number),
        ]
        return [row for part in parts for row in self._emptied(part, certificate)]

    def of_queries_over(self, *, before: datetime) -> int:
        """Erase the text of saved searches and of requests about associates whose time was over before this.

        Return the number.
        """
        because = "its time is over"
        parts = erased_links.word_parts(
            *LinkQueries(self._session).over(before=before),
            AssociatesRequestsStored(self._session).over(before=before),
        )
        return sum(1 for part in parts for _ in self._emptied(part, because))

    def of_access_request(self, reference: str) -> int:
        """Erase who asked in a subject access request, and the text of its steps.

        Return the number of rows.
        """
        here = col(AccessRequestRow.ref) == reference
        steps = col(AccessStepRow.access_request_id).in_(select(col(AccessRequestRow.id)).where(here))
        return sum(
            1
            for part in (
                Part(AccessRequestRow, here),
                Part(AccessStepRow, steps),
            )
            for _ in self._emptied(part, reference)
        )

    def protected(self, reference: str, *, told_by: str | None) -> int:
        """Erase protected values of this involvement: those of one source,
        or all with the rows as they came.

        Protected notes, answers as typed and texts on writers of many places go too and are not counted: a
        certificate has more readers.
        """
        notes = delete(ProtectedNoteRow).where(col(ProtectedNoteRow.involvement_ref) == reference)
        if told_by is not None:
            notes = notes.where(col(ProtectedNoteRow.owner) == told_by)
        self._session.execute(notes)
        typed = delete(TypedAnswerRow).where(col(TypedAnswerRow.involvement_ref) == reference)
        if told_by is not None:
            typed = typed.where(col(TypedAnswerRow.agency) == told_by)
        self._session.execute(typed)
        asked = update(PlacesAskedRow).where(col(PlacesAskedRow.involvement_ref) == reference)
        if told_by is not None:
            asked = asked.where(col(PlacesAskedRow.owner) == told_by)
        self._session.execute(asked.values(content=None))
        query = delete(ProtectedValueRow).where(col(ProtectedValueRow.involvement_ref) == reference)
        if told_by is not None:
            query = query.where(col(ProtectedValueRow.told_by) == told_by)
        gone: int = self._session.execute(query).rowcount  # type: ignore[attr-defined]  # of a delete
        if told_by is None:
            originals = delete(ProtectedOriginalRow).where(
                col(ProtectedOriginalRow.involvement_ref) == reference
            )
            gone += self._session.execute(originals).rowcount  # type: ignore[attr-defined]  # of a delete
        return gone

    def _emptied(self, part: Part, certificate: str) -> Iterator[ErasedRow]:
        table = part.table
        name, number = table_of(table).name, table_of(table).c.id
        for row in self._session.execute(select(table).where(part.where).order_by(number)).scalars().all():
            after = part.how(row, certificate)
            before = {column: getattr(row, column) for column in after}
            if before == after:
                continue
            row_number: int = getattr(row, number.key)
            self._session.execute(insert(ErasingRow).values(table=name, row_number=row_number))
            self._session.execute(
                update(table)
                .where(number == row_number)
                .values(**after)
                .execution_options(synchronize_session=False)
            )
            self._session.execute(
                delete(ErasingRow).where(
                    col(ErasingRow.table) == name, col(ErasingRow.row_number) == row_number
                )
            )
            if not table.rows.unlisted:
                yield ErasedRow(
                    table=name,
                    row=row_number,
                    kind=f"answer: {row.kind}" if isinstance(row, AnswerRow) else name.replace("_", " "),
                    digest=getattr(row, "digest", None) or digest(canonical(json.loads(_as_json(before)))),
                    dated=next((getattr(row, time) for time in _TIMES if hasattr(row, time)), None),
                )
            self._session.expunge(row)

    def _cut_links(self, number: int) -> None:
        """Erase what was made of these persons with them: identifiers, objects, forms, keys, proposals.

        So does every link and every likeness through one of them.
        """
        persons = select(col(PersonRecordRow.id)).where(col(PersonRecordRow.involvement_id) == number)
        pairs = col(IdentityProposalRow.low_id).in_(persons) | col(IdentityProposalRow.high_id).in_(persons)
        self._session.execute(
            delete(IdentityProposalRow).where(pairs).execution_options(synchronize_session=False)
        )
        for table in (PersonIdentifierRow, PersonThingRow, IdentityFormRow, IdentityKeyRow):
            self._session.execute(
                delete(table)
                .where(col(table.person_record_id).in_(persons))
                .execution_options(synchronize_session=False)
            )
        for function, used in ((ThingRow, PersonThingRow.thing_id), (PlaceRow, PersonThingRow.place_id)):
            in_use = select(col(used)).where(col(used).is_not(None))
            self._session.execute(
                delete(function)
                .where(col(function.id).not_in(in_use))
                .execution_options(synchronize_session=False)
            )


def _as_json(value: object) -> str:
    return json.dumps(value, default=str)
