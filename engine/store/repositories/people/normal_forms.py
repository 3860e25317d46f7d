"""Normal forms and keys of person records: stored with each record, and found by key.

Decides nothing about who is the same. What a viewer may not know of is cut in the query, before any count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    RowMapping,
    Select,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlmodel import Session, col

from engine.domain.people.persons import ClaimedRole, IdentifierScheme, PersonDescribed, Thing
from engine.store.repositories.access.visibility import EVERYTHING, VisibilityFilter
from engine.store.repositories.bulk import insert_all
from engine.store.tables.base import table_of
from engine.store.tables.cases.involvements import EpisodeRow, InvolvementRow
from engine.store.tables.people.persons import PersonRecordRow
from engine.store.tables.people.same_person import IdentityFormRow, IdentityKeyRow

if TYPE_CHECKING:
    from engine.identity.forms import PersonForm

_AT_ONCE = 500
_KEYS = table_of(IdentityKeyRow)
_FORMS = table_of(IdentityFormRow)
_TIED = frozenset({ClaimedRole.PERPETRATOR, ClaimedRole.VICTIM})
"""Of these there is one in each involvement, so that a second record is the same party described again."""


@dataclass(frozen=True, slots=True)
class RecordToKey:
    """A person record that is to be found again."""

    person_record_id: int
    involvement_id: int
    role: ClaimedRole
    described: PersonDescribed
    things: tuple[Thing, ...] = ()
    place: str | None = None


@dataclass(frozen=True, slots=True)
class KnownForm:
    """A stored person record, in normal form. The numbers are the store's own and leave it nowhere."""

    person_record_id: int
    party_id: int
    involvement_id: int
    role: ClaimedRole
    form: PersonForm


class KeySpan(NamedTuple):
    """The first and the last involvement that has a record under a key, and how many records there are."""

    first: int
    last: int
    records: int


class Identity:
    """Store of the normal forms of person records."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, records: Sequence[RecordToKey]) -> None:
        """Store forms and keys of new person records: a part of adding them."""
        from engine.identity.forms import (
            FORMS_VERSION,
            form_of,
        )  # what only reads need not load its libraries
        from engine.identity.lookup import kept_keys

        if not records:
            return
        parties = self._parties(records)
        forms = [form_of(record.described, things=record.things, place=record.place) for record in records]
        rows, keys = [], []
        for record, form in zip(records, forms, strict=True):
            place = (record.involvement_id, record.role)
            party = record.person_record_id
            if record.role in _TIED:
                party = parties.setdefault(place, party)
            rows.append({
                "person_record_id": record.person_record_id,
                "party_id": party,
                "involvement_id": record.involvement_id,
                "role": record.role.value,
                "version": FORMS_VERSION,
                **_as_row(form),
            })  # fmt: skip
            common = {
                "person_record_id": record.person_record_id,
                "involvement_id": record.involvement_id,
            }
            keys += [{"key": key, **common} for key in dict.fromkeys(kept_keys(form))]
        insert_all(self._session, IdentityFormRow, rows)
        insert_all(self._session, IdentityKeyRow, keys)

    def candidates(
        self,
        keys: Iterable[int],
        *,
        may_know: VisibilityFilter,
        most: int,
        most_under_key: int,
        not_on: int | None = None,
        role: ClaimedRole | None = None,
    ) -> tuple[KnownForm, ...]:
        """Return records that share the most keys, those of the rarer first.

        ``not_on`` is an involvement left out.

        A key that more than so many records share is passed over.
        """
        under = self._under(may_know).limit(most_under_key + 1)
        if not_on is not None:
            under = under.where(_KEYS.c.involvement_id != not_on)
        connection = self._session.connection()  # past the ORM, whose own work would be most of it
        found = (connection.execute(under, {"sought": key}).scalars().all() for key in keys)
        return self.forms(_sharing_most(found, most=most, most_under_key=most_under_key), role=role)

    def candidates_of_each(
        self, sought: Sequence[tuple[Sequence[int], int]], *, most: int, most_under_key: int
    ) -> list[tuple[KnownForm, ...]]:
        """Return for each of these keys, and the involvement left out, the same of all records.

        All are read together, but for a key that very many share.
        """
        spans = self.span(key for keys, _ in sought for key in keys)
        few = self._records_under([key for key, span in spans.items() if span.records <= most_under_key])
        under = self._under(EVERYTHING).where(_KEYS.c.involvement_id != bindparam("not_on"))
        under = under.limit(most_under_key + 1)

        def records(key: int, not_on: int) -> Sequence[int]:
            if key in few or key not in spans:
                return [record for record, involvement in few.get(key, ()) if involvement != not_on]
            several = {"sought": key, "not_on": not_on}
            return self._session.connection().execute(under, several).scalars().all()

        chosen = [
            _sharing_most((records(key, not_on) for key in keys), most=most, most_under_key=most_under_key)
            for keys, not_on in sought
        ]
        forms = self.forms(sorted({each for those in chosen for each in those}))
        by_record = {known.person_record_id: known for known in forms}
        return [tuple(by_record[each] for each in sorted(those) if each in by_record) for those in chosen]

    def holders(
        self, key: int, *, may_know: VisibilityFilter, role: ClaimedRole, most: int
    ) -> tuple[KnownForm, ...]:
        """Return the newest records of one role under a key."""
        number = col(IdentityKeyRow.person_record_id)
        found = (
            self._session.execute(self._under(may_know).order_by(number.desc()).limit(most), {"sought": key})
            .scalars()
            .all()
        )
        return self.forms(found, role=role)

    def span(self, keys: Iterable[int]) -> dict[int, KeySpan]:
        """Return, by key under which there are records, where they are and how many."""
        wanted, found = sorted(set(keys)), dict[int, KeySpan]()
        for start in range(0, len(wanted), _AT_ONCE):
            some = {"keys": wanted[start : start + _AT_ONCE]}
            rows = self._session.connection().execute(_span_of_keys(), some)
            found.update({int(key): KeySpan(*map(int, of_key)) for key, *of_key in rows})
        return found

    def _records_under(self, keys: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
        """Return by key the records under it, each with its involvement."""
        found: dict[int, list[tuple[int, int]]] = {}
        for start in range(0, len(keys), _AT_ONCE):
            some = {"keys": list(keys[start : start + _AT_ONCE])}
            for key, record, involvement in self._session.connection().execute(_records_of_keys(), some):
                found.setdefault(int(key), []).append((int(record), int(involvement)))
        return found

    def is_common(self, key: int, *, may_know: VisibilityFilter, most: int) -> bool:
        """Return whether more records than that share a key."""
        found = self._session.execute(self._under(may_know).limit(most + 1), {"sought": key})
        return len(found.scalars().all()) > most

    def with_reference(
        self, reference: str, *, may_know: VisibilityFilter
    ) -> tuple[tuple[int, ClaimedRole | None], ...]:
        """Return the involvements that a reference names: of one, of an episode, or of a person record.

        With a person record comes the role; without, the reference is of a whole case.
        """
        number = col(InvolvementRow.id)
        if reference.startswith("P-"):
            ids = select(col(PersonRecordRow.id)).where(col(PersonRecordRow.ref) == reference)
            of_person = select(_FORMS.c.involvement_id, _FORMS.c.role).where(
                _FORMS.c.person_record_id.in_(ids), *may_know.of_each(_FORMS.c.involvement_id)
            )
            rows = self._session.connection().execute(of_person)
            return tuple((int(involvement), ClaimedRole(role)) for involvement, role in rows)
        of_episode = select(col(EpisodeRow.id)).where(col(EpisodeRow.ref) == reference)
        of_case = select(number).where(
            or_(col(InvolvementRow.ref) == reference, col(InvolvementRow.episode_id).in_(of_episode)),
            *may_know.of_each(number),
        )
        return tuple((int(found or 0), None) for found in self._session.execute(of_case).scalars())

    def references(self, involvements: Sequence[int]) -> tuple[str, ...]:
        """Return the references of these involvements, in the same order."""
        found: dict[int, str] = {}
        for start in range(0, len(involvements), _AT_ONCE):
            rows = self._session.execute(
                select(col(InvolvementRow.id), col(InvolvementRow.ref)).where(
                    col(InvolvementRow.id).in_(involvements[start : start + _AT_ONCE])
                )
            ).all()
            found.update({int(number or 0): ref for number, ref in rows})
        return tuple(found[number] for number in involvements)

    def forms(
        self, person_records: Sequence[int], *, role: ClaimedRole | None = None
    ) -> tuple[KnownForm, ...]:
        """Return the forms of these person records, or of those in one role."""
        found: list[KnownForm] = []
        for start in range(0, len(person_records), _AT_ONCE):
            part = list(person_records[start : start + _AT_ONCE])
            found += self._run(_those_in(_FORMS.c.person_record_id), part, role)
        return tuple(found)

    def forms_of_party(self, parties: Sequence[int]) -> tuple[KnownForm, ...]:
        """Return every record of these parties: as first described, and as corrected since."""
        found: list[KnownForm] = []
        for start in range(0, len(parties), _AT_ONCE):
            found += self._run(_those_in(_FORMS.c.party_id), list(parties[start : start + _AT_ONCE]))
        return tuple(found)

    def newest_of_party(self, party: int) -> KnownForm:
        """Return the newest record of a party."""
        return self.forms_of_party([party])[-1]

    def forms_on(self, involvements: Sequence[str], role: ClaimedRole) -> tuple[KnownForm, ...]:
        """Return the newest record of one role in each of these involvements, in the order of the records."""
        newest: dict[int, KnownForm] = {}
        for start in range(0, len(involvements), _AT_ONCE):
            of = select(col(InvolvementRow.id)).where(
                col(InvolvementRow.ref).in_(involvements[start : start + _AT_ONCE])
            )
            for known in self._forms(
                col(IdentityFormRow.involvement_id).in_(of) & (col(IdentityFormRow.role) == role.value)
            ):
                newest[known.involvement_id] = known
        return tuple(newest.values())

    def not_compared(self, version: str, *, count: int) -> tuple[KnownForm, ...]:
        """Return the next records that were not yet compared with these weights, oldest first."""
        compared = col(IdentityFormRow.compared_version)
        return tuple(self._forms(or_(compared.is_(None), compared != version), count=count))

    def note_compared(self, person_records: Sequence[int], version: str) -> None:
        """Note that these records were compared with these weights."""
        for start in range(0, len(person_records), _AT_ONCE):
            self._session.execute(
                update(IdentityFormRow)
                .where(col(IdentityFormRow.person_record_id).in_(person_records[start : start + _AT_ONCE]))
                .values(compared_version=version)
                .execution_options(synchronize_session=False)
            )

    def _forms(self, condition: ColumnElement[bool], *, count: int | None = None) -> list[KnownForm]:
        query = select(_FORMS).where(condition).order_by(_FORMS.c.person_record_id).limit(count)
        return [_known(row) for row in self._session.connection().execute(query).mappings()]

    def _run(
        self, query: Select[*tuple[object, ...]], these: list[int], role: ClaimedRole | None = None
    ) -> list[KnownForm]:
        rows = self._session.connection().execute(query, {"these": these}).mappings()
        return [_known(row) for row in rows if role is None or row["role"] == role.value]

    def _under(self, may_know: VisibilityFilter) -> Select[int]:
        """Return the person records under the key that is ``sought``, of which this viewer may know."""
        cut = may_know.of_each(_KEYS.c.involvement_id)
        return select(_KEYS.c.person_record_id).where(_KEYS.c.key == bindparam("sought"), *cut)

    def _parties(self, records: Sequence[RecordToKey]) -> dict[tuple[int, ClaimedRole], int]:
        """Return the parties that these involvements have already."""
        there: dict[tuple[int, ClaimedRole], int] = {}
        numbers = sorted({record.involvement_id for record in records})
        for start in range(0, len(numbers), _AT_ONCE):
            some = {"involvements": numbers[start : start + _AT_ONCE]}
            rows = self._session.connection().execute(_parties_there(), some).all()
            there.update({(involvement, ClaimedRole(role)): party for involvement, role, party in rows})
        return there


@cache
def _those_in(column: Column[int]) -> Select[*tuple[object, ...]]:
    """Return forms whose ``column`` is one of ``these``. Built once, as elsewhere."""
    these: BindParameter[int] = bindparam("these", expanding=True)
    return select(_FORMS).where(column.in_(these)).order_by(_FORMS.c.person_record_id)


@cache
def _span_of_keys() -> Select[int, int, int, int]:
    first, last = func.min(_KEYS.c.involvement_id), func.max(_KEYS.c.involvement_id)
    wanted = _KEYS.c.key.in_(bindparam("keys", expanding=True))
    return select(_KEYS.c.key, first, last, func.count()).where(wanted).group_by(_KEYS.c.key)


@cache
def _records_of_keys() -> Select[int, int, int]:
    wanted = _KEYS.c.key.in_(bindparam("keys", expanding=True))
    return select(_KEYS.c.key, _KEYS.c.person_record_id, _KEYS.c.involvement_id).where(wanted)


def _sharing_most(found: Iterable[Sequence[int]], *, most: int, most_under_key: int) -> list[int]:
    """Return of the records found under each key those found most often, under the rarer keys first."""
    shared: Counter[int] = Counter()
    rarest: dict[int, int] = {}
    for records in found:
        if len(records) > most_under_key:
            continue
        shared.update(records)
        for each in records:
            rarest[each] = min(len(records), rarest.get(each, most_under_key))
    return sorted(shared, key=lambda each: (-shared[each], rarest[each], each))[:most]


@cache
def _parties_there() -> Select[int, str, int]:
    involvement, role = _FORMS.c.involvement_id, _FORMS.c.role
    return (
        select(involvement, role, func.min(_FORMS.c.party_id))
        .where(involvement.in_(bindparam("involvements", expanding=True)))
        .group_by(involvement, role)
    )


def _as_row(form: PersonForm) -> dict[str, object]:
    return {
        "forename": form.forename,
        "surname": form.surname,
        "born": form.born,
        "sex": form.sex,
        "numbers": [[n.scheme.value, n.form, "holds" if n.holds else "fails"] for n in form.numbers],
        "things": sorted([kind, str(key)] for kind, key in form.things),
        "address": form.address,
        "postcode": form.postcode,
    }


def _known(row: RowMapping) -> KnownForm:
    from engine.identity.forms import Number, PersonForm  # what only reads need not load its libraries

    return KnownForm(
        person_record_id=row["person_record_id"],
        party_id=row["party_id"],
        involvement_id=row["involvement_id"],
        role=ClaimedRole(row["role"]),
        form=PersonForm(
            forename=row["forename"],
            surname=row["surname"],
            born=row["born"],
            sex=row["sex"],
            numbers=tuple(
                Number(IdentifierScheme(scheme), form, check == "holds")
                for scheme, form, check in row["numbers"]
            ),
            things=frozenset((kind, int(key)) for kind, key in row["things"]),
            address=row["address"],
            postcode=row["postcode"],
        ),
    )
