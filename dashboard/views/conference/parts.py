"""The parts of a conference's page and its head: which one the address names, and the links to the others."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import assert_never

from dashboard import markup, session, words
from dashboard.pages import Place
from engine.domain.conference.meetings import Conference, ConferenceState
from engine.domain.conference.risk import AgencyPosition
from engine.domain.conference.victim_words import VictimWordsView, WordsWithdrawn
from engine.services.conference.meetings import ConferenceView

CONFERENCE = "conference"
"""The code in the address that names the conference of the page."""
_PART = "part"
_LOOKS = {
    ConferenceState.PLANNED: "t-todo",
    ConferenceState.IN_SESSION: "t-doing",
    ConferenceState.CLOSED: "t-ended",
    ConferenceState.AGREED: "t-done",
}


class Part(Enum):
    """A part of the page: its code in the address, and its name."""

    PLANNING = ("agenda", "Agenda and attendance")
    IN_SESSION = ("session", "In session")
    MINUTES = ("minutes", "Minutes")
    ROOM = ("room", "Room's screen")

    @property
    def code(self) -> str:
        """Code as in the address."""
        return self.value[0]

    @property
    def title(self) -> str:
        """As a link names it."""
        return self.value[1]


def chosen(there: Conference) -> Part:
    """Return the part that the address names; else the one that the conference is at."""
    code = session.query(_PART)
    if code == Part.ROOM.code:
        return Part.ROOM  # it stays the room's screen, whatever becomes of the conference
    return next((part for part in offered(there) if part.code == code), offered(there)[0])


def offered(there: Conference) -> tuple[Part, ...]:
    """Return the parts that there are, the one that the conference is at first."""
    match there.state:
        case ConferenceState.PLANNED:
            return (Part.PLANNING,)
        case ConferenceState.IN_SESSION:
            return (Part.IN_SESSION, Part.PLANNING, Part.MINUTES, Part.ROOM)
        case ConferenceState.CLOSED | ConferenceState.AGREED:
            return (Part.MINUTES, Part.PLANNING)
        case _:
            assert_never(there.state)


def link(
    said: markup.Content,
    reference: str,
    part: Part | None = None,
    *,
    more: Mapping[str, str] | None = None,
) -> markup.Markup:
    """Return a link to a conference; ``more`` are further codes of the part."""
    codes = {CONFERENCE: reference, **({_PART: part.code} if part else {}), **(more or {})}
    return markup.go(said, Place.CONFERENCES, codes=codes)


def go_to(reference: str, part: Part | None = None) -> None:
    """Put a conference into the address."""
    session.put_in_address({CONFERENCE: reference, _PART: part.code if part else ""})


def state_tag(state: ConferenceState) -> markup.Markup:
    """Return the status of a conference."""
    return markup.tag(words.sentence(state.value), _LOOKS[state])


def head(view: ConferenceView, part: Part) -> markup.Markup:
    """Return the title with date, status and people, and the links to the other parts."""
    there = view.conference
    people = [f"chair {session.named(there.chair)}"]
    people += [f"deputy {session.named(there.deputy)}"] if there.deputy else []
    people += [f"minutes {session.named(there.minute_taker)}"] if there.minute_taker else []
    about = markup.join([there.place or "Place not recorded", f"{words.sentence(', '.join(people))}."], ". ")
    links = [
        link(each.title, there.reference, each)
        if each is not part
        else markup.element("b", each.title, aria_current="page")
        for each in offered(there)
    ]
    title = f"Case conference, {words.day(there.held_on, year=True)}"
    return markup.join(
        [
            markup.page_title(
                title, note=markup.join([state_tag(there.state), f"{there.reference}.", about], " ")
            ),
            markup.element(
                "nav",
                *links,
                link_to_all(),
                class_="parts",
                aria_label="Parts of this conference",
            ),
        ]
    )


def link_to_all() -> markup.Markup:
    """Return the link back to the list."""
    return markup.go("All conferences", Place.CONFERENCES)


def source_in_names(source: str) -> str:
    """Return who entered, confirmed or noted something, with the person's name and not the account's."""
    how, by, user = source.rpartition(" by ")
    return f"{how}{by}{session.named(user)}"


def origin_in_names(words: VictimWordsView) -> str:
    """Return the source of the victim's words, with the name of the person who recorded them."""
    return f"{words.origin.removesuffix(f'{words.source}.')}{source_in_names(words.source)}."


def withdrawn_in_names(withdrawn: WordsWithdrawn) -> str:
    """Return the sentence of words that were withdrawn, with the name of the advocate."""
    return f"{source_in_names(withdrawn.in_words)}."


def position_in_names(position: AgencyPosition, agencies: Mapping[str, str]) -> str:
    """Return an agency's position on a decision, with the name of the person who stated it."""
    stated = position.in_words if position.by is None else source_in_names(position.in_words)
    return f"{agencies.get(position.agency, position.agency)}: {stated}"
