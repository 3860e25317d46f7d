"""Texts of a case with who wrote each, and who named many places in them. Knows no protected place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple


class WrittenText(NamedTuple):
    """One text of an action or an incident as one person wrote it; ``about`` is the reference of that."""

    case: str
    about: str
    text: str
    by: str
    at: datetime


def writers_naming_many_places(
    texts: Iterable[WrittenText],
    *,
    places_named: Callable[[str], frozenset[str]],
    within: timedelta,
    at_least: int,
) -> Iterator[tuple[str, int, datetime]]:
    """Yield each writer who named at least so many different places of one case within this time.

    With the largest number in any such time, and when it was reached.
    """
    by_writer: dict[str, list[WrittenText]] = {}
    for each in sorted(texts, key=lambda each: each.at):
        by_writer.setdefault(each.by, []).append(each)
    for by, written in sorted(by_writer.items()):
        number, at = _most_within(written, places_named, within)
        if number >= at_least:
            yield by, number, at


def _most_within(
    written: Sequence[WrittenText], places_named: Callable[[str], frozenset[str]], within: timedelta
) -> tuple[int, datetime]:
    named = [(each.at, places_named(each.text)) for each in written]
    most, when = 0, written[0].at
    for until, _ in named:
        places = frozenset[str]().union(*(p for at, p in named if until - within < at <= until))
        if len(places) > most:
            most, when = len(places), until
    return most, when
