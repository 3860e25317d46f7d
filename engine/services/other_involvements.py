"""Other involvements of one case's people, as far as the viewer may know. A part of viewing a case."""

from __future__ import annotations

from collections.abc import Sequence

from engine.domain.acting import Acting
from engine.domain.involvement import Involvement
from engine.domain.views import OtherInvolvement
from engine.services.doors import open_cases
from engine.services.identifiers import by_which_number
from engine.store.repositories.people import PersonOnCase, shared_identifiers
from engine.store.unit_of_work import Work


def other_involvements(
    work: Work, involvement: Involvement, people: Sequence[PersonOnCase], acting: Acting
) -> tuple[OtherInvolvement, ...]:
    """Other involvements of the same people that exist for the viewer: same episode, or exact identifier."""
    links: dict[str, tuple[PersonOnCase, PersonOnCase]] = {}
    for person in people:
        for other in work.people.with_identifiers(shared_identifiers(person.described)):
            if other.involvement != involvement.reference:
                links.setdefault(other.involvement, (person, other))
    for sibling in work.cases.of_episode(involvement.episode):
        if sibling.reference != involvement.reference and sibling.reference not in links:
            theirs = {p.role: p for p in work.people.on_cases([sibling.reference])}
            for person in people:
                if person.role in theirs:
                    links.setdefault(sibling.reference, (person, theirs[person.role]))
    if not links:
        return ()
    there = open_cases(work, acting, work.cases.all(links))
    found = []
    for linked in there:
        here, theirs_there = links[linked.reference]
        same = linked.episode == involvement.episode
        found.append(
            OtherInvolvement(
                reference=linked.reference,
                episode=linked.episode,
                same_episode=same,
                role_here=here.role,
                role_there=theirs_there.role,
                state=linked.state,
                received_at=linked.received_at,
                says=_says(here, theirs_there, same),
            )
        )
    return tuple(found)


def _says(here: PersonOnCase, there: PersonOnCase, same: bool) -> str:
    if same:
        return "In the same episode, by a person's word."
    return (
        f"The person claimed to be the {here.role.value} here was claimed to be the {there.role.value} there "
        f"({there.status.value}, by {there.asserted_by}); "
        f"found by {by_which_number(here.described, there.described)}."
    )
