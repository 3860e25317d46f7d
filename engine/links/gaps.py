"""Falls in what was reported after something that may stop reports. A gap is not an end of conduct."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from engine.links.escalation_data import escalation_data


class Change(NamedTuple):
    """Something that may stop reports without stopping conduct: in words, and its day."""

    what: str
    day: date


def says_of_gaps(days: Sequence[date], changes: Sequence[Change], *, until: date) -> str:
    """Return each fall after a change, marked as a gap in reporting; else what there is to say."""
    texts = gaps_after(days, changes, until=until)
    if texts:
        return " ".join(texts)
    if not changes:
        return (
            "Nothing is recorded here that may have stopped reports; a lost advocate, a closed crime or a "
            "changed number may."
        )
    return "Reports did not fall after changes that may have stopped reports."


def gaps_after(days: Sequence[date], changes: Sequence[Change], *, until: date) -> list[str]:
    """Return a sentence for each change after which at most so many of the reports before came."""
    limits = escalation_data().gaps
    value = []
    for change in sorted(changes, key=lambda each: each.day):
        known = [day for day in days if day <= until]
        if not known or min(known) > change.day:
            continue
        long = min((until - change.day).days, (change.day - min(known)).days + 1)
        if long < 1:
            continue
        window = timedelta(days=long)
        before = sum(change.day - window < day <= change.day for day in known)
        after = sum(change.day < day <= change.day + window for day in known)
        if before >= limits.least_before and after <= before * limits.share:
            value.append(
                f"After {change.what} on {change.day:%-d %B %Y}, {after} came in {long} days, where "
                f"{before} came in as many days before: a gap in reporting, which does not show that the "
                "conduct stopped."
            )
    return value
