"""The victim's voice on a terminal: three voices under three headings. Draws only what it is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from engine.domain.responses.voices import Agreement, Whose

if TYPE_CHECKING:
    from engine.domain.cases.views import AgencyAnswerView, CaseView
    from engine.domain.responses.answers import VoiceItem


def voice_lines(answer: AgencyAnswerView) -> Iterator[str]:
    """Yield, under each heading, what is in that voice; none is left out silently."""
    if not answer.voices:
        return
    for whose in Whose:
        items = [item for item in answer.voices if item.whose is whose]
        yield f"{whose.value}:"
        if not items and whose.is_opinion and answer.levels_hidden:
            yield "  hidden until the chair opens the conference"
        elif not items:
            yield "  nothing is shared with you here"
        yield from (f"  {in_words(item)}" for item in items)


def voice_rows(items: Sequence[VoiceItem]) -> Iterator[tuple[str, str, str]]:
    """Yield key, voice and words, for the person who releases them."""
    for item in sorted(items, key=lambda each: tuple(Whose).index(each.whose)):
        yield item.key, item.whose.value, in_words(item)


def in_words(item: VoiceItem) -> str:
    """Return its topic, its text or why there is none, and the victim's consent to sharing."""
    where = ", ".join(
        pointer.record + (f", {pointer.dated.in_words()}" if pointer.dated else "")
        for pointer in item.records
    )
    if item.agreed_to_sharing is Agreement.WITHDRAWN:
        return f"{item.about.value}: withdrawn"
    words = "(withheld)" if item.says is None else item.says
    return f"{item.about.value}: {words} [{where}] {sharing(item)}"


def sharing(item: VoiceItem) -> str:
    """Return the victim's consent to sharing."""
    if item.agreed_to_sharing is not Agreement.YES:
        return f"(agreed to sharing: {item.agreed_to_sharing.value})"
    return f"(shared with {', '.join(item.with_whom) or 'recipients not recorded, so not shared'})"


def no_advocate_lines(view: CaseView) -> Iterator[str]:
    """Yield what to show when no advocate is recorded for the victim."""
    if not view.victim_voice.speaks:
        yield view.victim_voice.says
        yield from view.victim_voice.offers
