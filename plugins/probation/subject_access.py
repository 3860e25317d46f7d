"""People whom probation's records hold, for its staff; and what they hold about a person who asks.

Forms no view.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.hooks.v1 import (
    EvidenceThing,
    FoundNobody,
    FoundOne,
    FoundUnclear,
    MatchBasis,
    PartialDate,
    PeopleFound,
    PersonAsked,
    PersonHeld,
    PersonOnRecord,
    SubjectAccessItem,
    SubjectAccessResult,
    listed,
    name_key,
    sentence,
)
from engine.identity.identifiers import compared_forms, written_form
from plugins.probation.records import (
    LOOKED_IN,
    BreachRow,
    PredictorAskedFor,
    ProbationRecords,
    SupervisionRow,
)

_COULD_BE = MatchBasis(says="one of several records that answer alike, unconfirmed", confirmed=False)
_UNCONFIRMED = "A record here may be this person's, but this is not certain; it was not given."


def told_about(person: PersonAsked, held: ProbationRecords) -> SubjectAccessResult:
    """Return everything held about the person, if one record is theirs for certain."""
    found = held.index.find(person)
    if isinstance(found, FoundNobody):
        return SubjectAccessResult(looked_in=LOOKED_IN, gaps=(*found.doubts, *found.gaps))
    if isinstance(found, FoundUnclear):
        return SubjectAccessResult(looked_in=LOOKED_IN, gaps=(found.gap, *found.doubts))
    if not found.basis.confirmed or found.key in held.shared:
        return SubjectAccessResult(looked_in=LOOKED_IN, gaps=(_UNCONFIRMED, *found.gaps))
    return SubjectAccessResult(
        looked_in=LOOKED_IN,
        items=(
            *(item for row in held.supervision[found.key] for item in _supervision(row)),
            *(_breach(row) for row in held.breaches.get(found.key, ())),
            *(_asked_for(row) for row in held.asked_for.get(found.key, ())),
            *_links(held, found.key),
            *_views(held, found.key),
        ),
        gaps=found.gaps,
    )


def people_found(query: PersonAsked, held: ProbationRecords) -> PeopleFound:
    """Return every record that could be the person's, for probation's own staff.

    Two that answer alike are two.
    """
    found = held.index.find(query)
    if isinstance(found, FoundNobody):
        return PeopleFound()
    if isinstance(found, FoundOne):
        return PeopleFound(found=(_held(found.key, found.basis, held),))
    return PeopleFound(
        found=tuple(
            _held(key, _COULD_BE, held)
            for key, person in sorted(held.persons.items())
            if _could_be(query, person)
        )
    )


def _held(key: str, basis: MatchBasis, held: ProbationRecords) -> PersonHeld:
    newest = max(held.supervision[key], key=lambda row: (row.started, row.supervision_id))
    return PersonHeld(record=newest.supervision_id, matched_on=basis)


def _could_be(query: PersonAsked, person: PersonOnRecord) -> bool:
    asked = {(number.scheme, written_form(number.scheme, number.value)) for number in query.identifiers}
    ours = {(n.scheme, form) for n in person.identifiers for form in compared_forms(n.scheme, n.value)}
    if asked & ours:
        return True
    name = name_key(f"{query.forename} {query.surname}") if query.forename and query.surname else None
    return name is not None and name in {name_key(each) for each in person.names}


def _supervision(row: SupervisionRow) -> Iterator[SubjectAccessItem]:
    began = PartialDate.of(row.started)
    ended = f"ends on {PartialDate.of(row.ends).in_words()}" if row.ends else "has no end recorded"
    conditions = f", on these conditions: {listed(row.conditions)}" if row.conditions else ""
    yield _item(
        "supervision",
        f"supervision ({row.kind.value}) began on {began.in_words()} and {ended}{conditions}",
        row.supervision_id,
        began,
    )
    if row.index_offence is not None:
        yield _item(
            "index offence", f"it followed the offence {row.index_offence}", row.supervision_id, began
        )
    if row.rosh is not None:
        to = f" to {listed(row.rosh_to)}" if row.rosh_to else ""
        dated = PartialDate.of(row.rosh_recorded_on) if row.rosh_recorded_on else None
        yield _item(
            "risk of serious harm",
            f"risk of serious harm (RoSH) was recorded as {row.rosh}{to}",
            row.supervision_id,
            dated,
        )
    if row.mappa_level is not None or row.mappa_category is not None:
        level = "not recorded" if row.mappa_level is None else str(row.mappa_level)
        category = "not recorded" if row.mappa_category is None else str(row.mappa_category)
        yield _item(
            "MAPPA",
            f"management under MAPPA was recorded: level {level}, category {category}",
            row.supervision_id,
            began,
        )


def _breach(row: BreachRow) -> SubjectAccessItem:
    condition = f" of the condition {row.of_condition}" if row.of_condition else ""
    followed = f", followed by {row.outcome.value}" if row.outcome else ", with no outcome recorded"
    return _item("breach", f"a breach{condition} was recorded{followed}", row.breach_id, row.happened)


def _asked_for(row: PredictorAskedFor) -> SubjectAccessItem:
    asked = PartialDate.of(row.asked_on)
    return _item(
        "predictor",
        f"a predictor of reoffending was asked for by {row.asked_by}, {row.post}, on {asked.in_words()}",
        row.asked_id,
        asked,
    )


def _links(held: ProbationRecords, person: str) -> Iterator[SubjectAccessItem]:
    """Yield the person's own things; the name of an associate is another person's and is not given."""
    for row in (held.links or {}).get(person, ()):
        if row.thing is not EvidenceThing.ASSOCIATE:
            yield _item("link", f"{row.thing.value}: {row.value}", row.link_id, row.last_recorded)


def _views(held: ProbationRecords, person: str) -> Iterator[SubjectAccessItem]:
    """Yield that a view was recorded, and its level;
    its reasons may speak of others and are not given here.
    """
    for view in held.views.get(person, ()):
        yield _item(
            "view",
            f"a practitioner's view on {view.domain.value} was recorded: {view.level.value}; its reasons "
            "may be about other people and are not given here",
            view.view_id,
            PartialDate.of(view.recorded_on),
        )


def _item(kind: str, message: str, record: str, dated: PartialDate | None) -> SubjectAccessItem:
    return SubjectAccessItem(kind=kind, says=sentence(message)[:600], record=record, dated=dated)
