"""The law of a type of order, topic by topic, as it was read. What was not read is "not verified". Pure."""

from __future__ import annotations

from collections.abc import Iterator

from engine.domain.orders.order_types import LawTopic, OrderType
from engine.domain.orders.views import NOT_VERIFIED, LawLine

_OF_EVERY_TYPE = (LawTopic.PENALTY, LawTopic.ARREST, LawTopic.TERM, LawTopic.VARY, LawTopic.APPEAL)
_ON_THE_CARD = (LawTopic.ARREST, LawTopic.NEIGHBOUR)


def law_of(kind: OrderType) -> tuple[LawLine, ...]:
    """Return each topic of a type with its section, its source and the date of reading."""
    return tuple(line for topic in LawTopic for line in _lines(kind, topic))


def consequences(kind: OrderType) -> str:
    """Return what follows a breach, for a person who is called: each part with its section, or nothing."""
    parts = [f"{kind.consequence}."]
    parts += [f"{text.says} ({text.rests_on})." for topic in _ON_THE_CARD for text in kind.texts(topic)]
    return " ".join(part.replace(". (", " (") for part in parts)


def _lines(kind: OrderType, topic: LawTopic) -> Iterator[LawLine]:
    if topic is LawTopic.AREA and kind.pilot:
        areas = "; ".join(f"{each.area} from {each.since.day} {each.since:%B %Y}" for each in kind.pilot)
        yield LawLine(topic=topic.value, says=f"A pilot: {areas}.", rests_on=kind.act)
    texts = kind.texts(topic)
    for text in texts:
        yield LawLine(
            topic=topic.value,
            says=f"{text.says.removesuffix('.')}.",
            rests_on=text.rests_on,
            source=text.source.url,
            read=text.source.in_words,
        )
    if not texts and (topic in _OF_EVERY_TYPE or (topic is LawTopic.DUTY and kind.duties)):
        yield LawLine(topic=topic.value, says=NOT_VERIFIED)
