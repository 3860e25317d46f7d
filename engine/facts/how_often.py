"""Frequency: counts of three periods beside the same before, and acts close together after longer gaps."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from engine.domain.cases.plain_facts import Fact, FactKind
from engine.facts.acts import Act, Period, a_fact, dated, day_in_words, listed, short_day, short_number

_PERIODS = (14, 28, 90)
_FEWEST_TOGETHER = 3
_TWO_AFTER = 3
"""Two acts are said after so many gaps, each more than twice as long: after fewer it is chance."""
_GAPS_SHOWN = 3


def counts(acts: Sequence[Act], today: date) -> Iterator[Fact]:
    """Yield the counts of the last 14, 28 and 90 days beside as many days before.

    A period without an act is left out: it would say that something stopped.
    """
    parts, shorts, counted = list[str](), list[str](), dict[str, Act]()
    for days in _PERIODS:
        period = Period(today, days)
        now, before = period.of(acts), period.before.of(acts)
        if now:
            parts.append(
                f"{len(now):,} in the last {days}{'' if parts else ' days'}, "
                f"{len(before) or 'none'} in the {days} before"
            )
            shorts.append(f"{len(now):,} in {days} days ({len(before) or 'none'} before)")
            counted |= {act.reference: act for act in now}
    if counted:
        found = list(counted.values())
        newest = max(act.last for act in found)
        said = "; ".join(parts)
        short = f"acts: {', '.join(shorts)}"
        yield a_fact(FactKind.COUNTS, f"Reported acts: {said}.", found, on=newest, today=today, short=short)


class _Together(NamedTuple):
    """Acts close together, and the gaps before them, the oldest first."""

    acts: list[Act]
    gaps: list[int]


def close_together(acts: Sequence[Act], today: date) -> Iterator[Fact]:
    """Yield the newest acts that came closer together than any of the gaps before them.

    Three or more within fewer days than each of up to three gaps before the first of them; or two within
    less than half of each of three gaps.
    """
    found = _newest_together(dated(acts))
    if found is None:
        return
    first, last = found.acts[0].first, found.acts[-1].first
    days = (last - first).days
    within = "on 1 day" if days == 0 else f"in {days + 1:,} days"
    gaps = listed([f"{gap:,}" for gap in found.gaps])
    after = f"after a gap of {gaps} days" if len(found.gaps) == 1 else f"after gaps of {gaps} days"
    when = day_in_words(last) if days == 0 else f"{day_in_words(first)} to {day_in_words(last)}"
    sentence = f"Reported acts: {len(found.acts):,} {within} ({when}), {after}."
    from_to = f"{short_day(first, today)} to {short_day(last, today)}" if days else short_day(last, today)
    short = f"{short_number(len(found.acts))} {within} ({from_to}), {after}"
    yield a_fact(FactKind.GAPS, sentence, found.acts, on=last, today=today, short=short)


def _newest_together(acts: Sequence[Act]) -> _Together | None:
    days = [act.first for act in acts]
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    found: tuple[int, int] | None = None
    for start in range(1, len(days)):
        least = min(gaps[max(0, start - _GAPS_SHOWN) : start])
        end = bisect_left(days, days[start] + timedelta(days=least)) - 1
        together = end - start + 1
        are_two = (
            together == _FEWEST_TOGETHER - 1
            and start >= _TWO_AFTER
            and 2 * (days[end] - days[start]).days < least
        )
        if (together >= _FEWEST_TOGETHER or are_two) and (found is None or end > found[1]):
            found = start, end
    if found is None:
        return None
    start, end = found
    return _Together(list(acts[start : end + 1]), gaps[max(0, start - _GAPS_SHOWN) : start])
