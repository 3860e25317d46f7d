"""Sets of instants, for comparing when something happened with when a condition applied. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from engine.clock import LONDON

EARLIEST = datetime(1800, 1, 1, tzinfo=UTC)
LATEST = datetime(2300, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class TimeSpans:
    """Spans of time, in order and apart. Each includes its first instant and not its last."""

    spans: tuple[tuple[datetime, datetime], ...] = ()

    @classmethod
    def of(cls, spans: Iterable[tuple[datetime, datetime]]) -> TimeSpans:
        """Return the union of these spans; an empty one is left out."""
        joined: list[tuple[datetime, datetime]] = []
        for begins, ends in sorted(span for span in spans if span[0] < span[1]):
            if joined and begins <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
            else:
                joined.append((begins, ends))
        return cls(tuple(joined))

    def and_also(self, other: TimeSpans) -> TimeSpans:
        """Return the instants that are in both."""
        return TimeSpans.of(
            (max(mine[0], theirs[0]), min(mine[1], theirs[1]))
            for mine in self.spans
            for theirs in other.spans
        )

    def or_else(self, other: TimeSpans) -> TimeSpans:
        """Return the instants that are in either."""
        return TimeSpans.of((*self.spans, *other.spans))

    def covers(self, begins: datetime, ends: datetime) -> bool:
        """Return whether all of a span is in it."""
        return any(span[0] <= begins and ends <= span[1] for span in self.spans)

    def touches(self, begins: datetime, ends: datetime) -> bool:
        """Return whether some of a span is in it."""
        return any(span[0] < ends and begins < span[1] for span in self.spans)

    @property
    def is_empty(self) -> bool:
        """True if no instant is in it."""
        return not self.spans


ALWAYS = TimeSpans(((EARLIEST, LATEST),))
NEVER = TimeSpans()


@dataclass(frozen=True)
class Applying:
    """When something surely applied, and when it perhaps did: the first is within the second."""

    surely: TimeSpans
    perhaps: TimeSpans
    why: str = ""
    """The fact that is missing, where the two differ."""

    def and_also(self, other: Applying) -> Applying:
        """Return when both applied."""
        return Applying(
            self.surely.and_also(other.surely),
            self.perhaps.and_also(other.perhaps),
            " ".join(each for each in (self.why, other.why) if each),
        )


@dataclass(frozen=True)
class Occurrence:
    """When something happened: at an instant from ``first`` to ``last``, or from then ``until`` its end."""

    first: datetime
    last: datetime
    until: datetime | None = None

    def surely_in(self, spans: TimeSpans) -> bool:
        """Return whether it, or some of what went on, certainly happened in these spans."""
        if self.until is not None:
            return spans.touches(self.last, max(self.until, self.last))
        return spans.covers(self.first, self.last)

    def perhaps_in(self, spans: TimeSpans) -> bool:
        """Return whether it may have happened in these spans."""
        return spans.touches(self.first, max(self.until or self.last, self.last))

    @property
    def is_long(self) -> bool:
        """True if it may have happened in more than a year and a month."""
        return (self.until or self.last) - self.first > timedelta(days=400)


def midnight(day: date) -> datetime:
    """Return the first instant of a date in London."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def after(day: date) -> datetime:
    """Return the first instant after a date in London."""
    return midnight(day + timedelta(days=1))


def instants(local: datetime) -> tuple[datetime, datetime]:
    """Return the earliest and the latest instant that a clock in London may mean.

    They differ in the hour that comes twice when summer time ends, and in the hour that is left out when it
    begins.
    """
    both = [local.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return min(both), max(both)


def bounds(local: datetime) -> tuple[datetime, datetime]:
    """Return the same for the beginning or end of hours: one in the hour left out is when clocks change.

    In London that is 01:00 UTC.
    """
    first, last = instants(local)
    if first.astimezone(LONDON).replace(tzinfo=None) != local and first != last:
        change = datetime.combine(local.date(), time(1), UTC)
        return change, change
    return first, last
