"""Texts of a decision as their reader reads them; what an amendment leaves stays with its author.

A text that repeats a protected detail reads masked to everyone but its author. What a person leaves as they
read it is the stored text again, and is still its author's: the mask does not become the text, and the
person who amends cannot read it afterwards either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from engine.access.redaction import MASK, Masker
from engine.domain.cases.involvement import StoredDecision
from engine.domain.conference.risk import AgencyGap, Decision, Dissent, DissentEntry, DissentView
from engine.domain.errors import InvalidInputError

DISSENT = "dissent"
_MISSING = "missing"
"""The first words of the places of what agencies noted or recorded."""
_OfAgency = TypeVar("_OfAgency", AgencyGap, Dissent)


class Amendment(NamedTuple):
    """An amendment with its original texts, and by place the author of each that another person wrote."""

    decision: Decision
    writers: dict[str, str]


def as_read(stored: StoredDecision, masker: Masker) -> Decision:
    """Return a decision as the reader of the masker reads it."""
    return _with_each_text(
        stored.decision, lambda place, text: masker.masked(text, by=stored.writer_of(place))
    )


def with_originals(given: Decision, before: StoredDecision, masker: Masker, *, by: str) -> Amendment:
    """Return an amendment with the stored text wherever its writer left what they read.

    Raises
    ------
    InvalidInputError
        A text has the mask in it and is not what the person read there.
    """
    read, stored = _texts_of(as_read(before, masker)), _texts_of(before.decision)
    writers: dict[str, str] = {}

    def original(place: str, text: str) -> str:
        if read.get(place) == text:
            writer = before.writer_of(place)
            writers.update({place: writer} if writer != by else {})
            return stored[place]
        if MASK in text and not place.startswith(_MISSING):  # those are as their agency's response reads
            raise InvalidInputError(
                place, f"it has {MASK} in it; leave the text as you read it, or write another"
            )
        return text

    return Amendment(_with_each_text(given, original), writers)


def own_texts(decision: Decision, writers: dict[str, str]) -> list[str]:
    """Return the texts of a decision that no other person wrote."""
    return [text for place, text in _texts_of(decision).items() if place not in writers]


def masked_places(decision: Decision) -> tuple[str, ...]:
    """Return the places of the texts that have a mask in them, as their reader reads them."""
    return tuple(place for place, text in _texts_of(decision).items() if MASK in text)


def by_place(kind: str, each_of: Sequence[_OfAgency]) -> Iterator[tuple[str, _OfAgency]]:
    """Yield dissents, or what is missing, each with its place: the agency, and its number among its own."""
    for number, each in enumerate(each_of):
        earlier = sum(other.agency == each.agency for other in each_of[:number])
        yield f"{kind} of {each.agency}{f' {earlier + 1}' if earlier else ''}", each


def dissent_of(
    stored: StoredDecision, decision: Decision, entries: Sequence[DissentEntry], masker: Masker
) -> tuple[DissentView, ...]:
    """Return what was noted with the decision, then what agencies entered, each with its source.

    ``decision`` is the stored one as this reader reads it.
    """
    confirmed = {entry.agency: entry.by for entry in entries if entry.confirms}
    noted = [
        DissentView(
            agency=each.agency,
            who=each.who,
            reasons=each.reasons,
            source=(
                f"confirmed by {confirmed[each.agency]}"
                if each.agency in confirmed
                else f"as noted by {stored.writer_of(place)}"
            ),
        )
        for place, each in by_place(DISSENT, decision.dissent)
    ]
    entered = [
        DissentView(
            agency=entry.agency,
            who=entry.by,
            reasons=masker.masked(entry.reasons, by=entry.by),
            source=f"entered by {entry.by}",
        )
        for entry in entries
        if entry.reasons is not None
    ]
    return (*noted, *entered)


def _texts_of(decision: Decision) -> dict[str, str]:
    texts: dict[str, str] = {}

    def collect(place: str, text: str) -> str:
        texts[place] = text
        return text

    _with_each_text(decision, collect)
    return texts


def _with_each_text(decision: Decision, change: Callable[[str, str], str]) -> Decision:
    """Return a decision after a change of each text that is recorded, but the reason of an amendment."""

    def changed(place: str, text: str | None) -> str | None:
        return change(place, text) if text is not None else None

    return decision.model_copy(
        update={
            **{
                place: changed(place, getattr(decision, place))
                for place in ("summary", "low_despite_unknown", "alternatives")
            },
            "judgements": tuple(
                each.model_copy(
                    update={
                        part: changed(f"{each.domain.value}: {part}", getattr(each, part))
                        for part in ("reasons", "settled")
                    }
                )
                for each in decision.judgements
            ),
            "dissent": tuple(
                each.model_copy(update={"reasons": change(place, each.reasons)})
                for place, each in by_place(DISSENT, decision.dissent)
            ),
            "missing": tuple(
                each.model_copy(update={"says": change(place, each.says)})
                for place, each in by_place(_MISSING, decision.missing)
            ),
        }
    )
