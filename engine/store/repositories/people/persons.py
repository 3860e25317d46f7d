"""Person records, identifiers, objects and claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import cast

from sqlalchemy import BindParameter, Select, bindparam, select, tuple_
from sqlmodel import Session, col

from engine.domain.people.persons import ClaimedRole, ClaimStatus, IdentifierScheme, PersonDescribed, Thing
from engine.store.among import among_parameter, are_few
from engine.store.repositories.access.visibility import EVERYTHING, VisibilityFilter
from engine.store.repositories.bulk import insert_all, insert_and_number
from engine.store.repositories.references import unused_references
from engine.store.tables.cases.involvements import EpisodeRow, InvolvementRow
from engine.store.tables.people.persons import (
    PersonIdentifierRow,
    PersonRecordRow,
    PersonThingRow,
    PlaceRow,
    RoleClaimRow,
    ThingRow,
)

_AT_ONCE = 500


@dataclass(frozen=True)
class PersonToAdd:
    """A person as one source described them, in one involvement."""

    involvement_id: int
    owner: str
    described: PersonDescribed
    role: ClaimedRole
    status: ClaimStatus
    things: tuple[Thing, ...]
    place: str | None
    at: datetime


@dataclass(frozen=True)
class PersonOnCase:
    """A person record with the newest claim about it in one involvement."""

    reference: str
    involvement: str
    episode: str
    described: PersonDescribed
    role: ClaimedRole
    status: ClaimStatus
    asserted_by: str


@cache
def _with_claims() -> Select[PersonRecordRow, RoleClaimRow, str, str]:
    """Build the statement once: building a statement takes several times as long as running it."""
    return (
        select(PersonRecordRow, RoleClaimRow, col(InvolvementRow.ref), col(EpisodeRow.ref))
        .join(RoleClaimRow, col(RoleClaimRow.person_record_id) == col(PersonRecordRow.id))
        .join(InvolvementRow, col(InvolvementRow.id) == col(PersonRecordRow.involvement_id))
        .join(EpisodeRow, col(EpisodeRow.id) == col(InvolvementRow.episode_id))
        .order_by(col(PersonRecordRow.id), col(RoleClaimRow.id))
    )


@cache
def _of_cases(*, few: bool) -> Select[PersonRecordRow, RoleClaimRow, str, str]:
    return _with_claims().where(among_parameter(col(InvolvementRow.ref), "references", few=few))


@cache
def _named(*, few: bool) -> Select[PersonRecordRow, RoleClaimRow, str, str]:
    return _with_claims().where(among_parameter(col(PersonRecordRow.ref), "references", few=few))


@lru_cache(maxsize=200)
def _identified(part: VisibilityFilter) -> Select[PersonRecordRow, RoleClaimRow, str, str]:
    """Return the records with one of these ``identifiers``, each a scheme and a value, of cases in a part."""
    identifier = tuple_(col(PersonIdentifierRow.scheme), col(PersonIdentifierRow.value))
    given = bindparam("identifiers", expanding=True, type_=identifier.type)
    ids = select(col(PersonIdentifierRow.person_record_id)).where(identifier.in_(given)).scalar_subquery()
    in_part = part.of_each(col(PersonRecordRow.involvement_id))
    return _with_claims().where(col(PersonRecordRow.id).in_(ids), *in_part)


@lru_cache(maxsize=200)
def _born_and_named(part: VisibilityFilter) -> Select[PersonRecordRow, RoleClaimRow, str, str]:
    """Return those ``described`` so, each by folded surname, folded forename and date of birth."""
    described = tuple_(
        col(PersonRecordRow.surname_folded), col(PersonRecordRow.forename_folded), col(PersonRecordRow.born)
    )
    in_part = part.of_each(col(PersonRecordRow.involvement_id))
    named = described.in_(bindparam("described", expanding=True, type_=described.type))
    return _with_claims().where(named, *in_part)


class People:
    """Adds and finds person records."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, people: Sequence[PersonToAdd]) -> None:
        """Write these person records with their identifiers, objects, places, claims, forms and keys."""
        if not people:
            return
        # What only a write needs: a list of cases waits for what is loaded.
        from engine.identity.identifiers import shared_identifiers
        from engine.store.repositories.people.normal_forms import Identity, RecordToKey

        references = unused_references(self._session, "person", col(PersonRecordRow.ref), len(people))
        ids = insert_and_number(
            self._session,
            PersonRecordRow,
            [_record(person, ref) for person, ref in zip(people, references, strict=True)],
        )
        pairs = list(zip(ids, people, strict=True))
        insert_all(
            self._session,
            PersonIdentifierRow,
            [
                {"person_record_id": number, "scheme": scheme, "value": value}
                for number, person in pairs
                for scheme, value in dict.fromkeys(shared_identifiers(person.described))
            ],
        )
        insert_all(
            self._session,
            RoleClaimRow,
            [
                {
                    "person_record_id": number,
                    "involvement_id": person.involvement_id,
                    "role": person.role.value,
                    "status": person.status.value,
                    "asserted_by": person.owner,
                    "at": person.at,
                }
                for number, person in pairs
            ],
        )
        self._tie(pairs)
        Identity(self._session).keep(
            [
                RecordToKey(
                    person_record_id=number,
                    involvement_id=person.involvement_id,
                    role=person.role,
                    described=person.described,
                    things=person.things,
                    place=person.place,
                )
                for number, person in pairs
            ]
        )

    def on_cases(self, involvements: Iterable[str]) -> tuple[PersonOnCase, ...]:
        """Return the persons of these involvements with the newest claim about each, oldest record first."""
        references = list(involvements)
        return self._on_cases(_of_cases(few=are_few(references)), references=references)

    def with_references(self, references: Iterable[str]) -> tuple[PersonOnCase, ...]:
        """Return these person records."""
        named = list(references)
        return self._on_cases(_named(few=are_few(named)), references=named) if named else ()

    def with_identifiers(
        self, identifiers: Iterable[tuple[str, str]], *, part: VisibilityFilter = EVERYTHING
    ) -> tuple[PersonOnCase, ...]:
        """Return every person record that has one of these (scheme, value) identifiers,
        however it is written, of cases in this part.
        """
        wanted = _in_every_form(identifiers)
        if not wanted:
            return ()
        found: dict[tuple[str, str], PersonOnCase] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            there = self._on_cases(_identified(part), identifiers=wanted[start : start + _AT_ONCE])
            found |= {(each.reference, each.involvement): each for each in there}
        return tuple(found.values())

    def born_and_named(
        self, described: Iterable[PersonDescribed], *, part: VisibilityFilter = EVERYTHING
    ) -> tuple[PersonOnCase, ...]:
        """Return every person record with one of these surnames and forenames and the same whole date of
        birth, of cases in this part.
        """
        keys = [
            (person.surname.casefold(), person.forename.casefold(), str(person.date_of_birth))
            for person in described
            if person.surname
            and person.forename
            and person.date_of_birth
            and person.date_of_birth.is_whole_day
        ]
        if not keys:
            return ()
        return self._on_cases(_born_and_named(part), described=keys)

    def _on_cases(
        self, query: Select[PersonRecordRow, RoleClaimRow, str, str], **values: object
    ) -> tuple[PersonOnCase, ...]:
        rows = self._session.execute(query, values).all()
        newest: dict[str, PersonOnCase] = {}
        for record, claim, involvement, episode in rows:
            newest[record.ref] = PersonOnCase(
                reference=record.ref,
                involvement=involvement,
                episode=episode,
                described=PersonDescribed.model_validate(record.described),
                role=ClaimedRole(claim.role),
                status=ClaimStatus(claim.status),
                asserted_by=claim.asserted_by,
            )
        return tuple(newest.values())

    def _tie(self, pairs: Sequence[tuple[int, PersonToAdd]]) -> None:
        wanted = list(dict.fromkeys((t.kind.value, t.value) for _, person in pairs for t in person.things))
        things = self._interned(ThingRow, ("kind", "value"), wanted)
        places = self._interned(
            PlaceRow, ("text",), list(dict.fromkeys((p.place,) for _, p in pairs if p.place))
        )
        rows: list[dict[str, object]] = []
        for number, person in pairs:
            common = {"person_record_id": number, "told_by": person.owner, "at": person.at}
            for thing in person.things:
                key = (thing.kind.value, thing.value)
                rows.append({**common, "thing_id": things[key], "place_id": None})
            if person.place:
                rows.append({**common, "thing_id": None, "place_id": places[person.place,]})
        insert_all(self._session, PersonThingRow, rows)

    def _interned(
        self, table: type[ThingRow | PlaceRow], names: tuple[str, ...], wanted: Sequence[tuple[str, ...]]
    ) -> dict[tuple[str, ...], int]:
        found: dict[tuple[str, ...], int] = {}
        for start in range(0, len(wanted), 300):
            some = {"wanted": wanted[start : start + 300]}
            rows = self._session.connection().execute(_interned_there(table, names), some).all()
            found.update({tuple(map(str, key)): cast("int", number) for number, *key in rows})
        missing = [key for key in wanted if key not in found]
        if missing:
            ids = insert_and_number(
                self._session, table, [dict(zip(names, key, strict=True)) for key in missing]
            )
            found.update(zip(missing, ids, strict=True))
        return found


@cache
def _interned_there(table: type[ThingRow | PlaceRow], names: tuple[str, ...]) -> Select[*tuple[object, ...]]:
    columns = [getattr(table, name) for name in names]
    wanted: BindParameter[tuple[str, ...]] = bindparam("wanted", expanding=True)
    return select(col(table.id), *columns).where(tuple_(*columns).in_(wanted))


def _in_every_form(identifiers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return these with the other forms of the same number: a year may have two digits or four."""
    from engine.identity.identifiers import compared_forms  # a list of cases asks for none

    wanted: dict[tuple[str, str], None] = {}
    for scheme, value in identifiers:
        wanted[scheme, value] = None
        for form in sorted(compared_forms(IdentifierScheme(scheme), value)):
            wanted[scheme, form] = None
    return list(wanted)


def _record(person: PersonToAdd, ref: str) -> dict[str, object]:
    described = person.described
    born = described.date_of_birth
    return {
        "ref": ref,
        "involvement_id": person.involvement_id,
        "owner": person.owner,
        "described": described.model_dump(mode="json"),
        "surname_folded": described.surname.casefold() if described.surname else None,
        "forename_folded": described.forename.casefold() if described.forename else None,
        "born": str(born) if born else None,
        "born_earliest": born.earliest if born else None,
        "born_latest": born.latest if born else None,
        "created_at": person.at,
    }
