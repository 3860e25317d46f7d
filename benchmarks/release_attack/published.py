"""What a reader has: the figures in the files of releases, and the comparisons of the Outcomes page.

Knows the columns of the file and the meaning of its labels, as the data dictionary gives them, and no more.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

ALL = "all"
Group = tuple[str, str, str]
"""Year of the decision, borough and type; "all" where a figure is of every one."""
EVERYONE: Group = (ALL, ALL, ALL)
MEASURES = ("reported further stalking", "recorded crime", "proven reoffending")
REPORTED, RECORDED, PROVEN = MEASURES
CURVES = {
    "time to the next reported stalking": REPORTED,
    "recorded crime, or custody or death first": RECORDED,
}
FURTHER, NONE_FOUND, NOT_YET = "further stalking", "none found", "not yet known"
NOT_CHECKED, ENDED = "not checked", "observation ended early"
STANDINGS = (FURTHER, NONE_FOUND, NOT_YET, NOT_CHECKED, ENDED)
TARGETS = ("same victim", "new victim", "by proxy")
HARM = ("no score", "under 10", "10 to 99", "100 to 364", "365 or more")
_TOGETHER: Mapping[str, tuple[str, ...]] = {
    "ended early or not checked": (ENDED, NOT_CHECKED),
    "ended early, not checked or not yet known": (ENDED, NOT_CHECKED, NOT_YET),
    "new victim or by proxy, shown together": ("new victim", "by proxy"),
    "100 or more": ("100 to 364", "365 or more"),
}
_TABLES = {"result": "result", "against whom": "against", "most serious act": "harm"}
EVENT, OTHER, LEFT = "event", "other ending", "left"
FOREVER = 10_000
"""The month after every step of a curve."""
_LANDMARKS = {92: 3, 365: 12}
"""Days after the decision at which comparisons begin and end, and the month of a curve that ends there."""


@dataclass(frozen=True)
class What:
    """What a figure counts: parts of a table, or endings of a curve between two months."""

    table: str
    """"cases", "result", "against", "harm", "curve" or "off curve"."""
    measure: str = ""
    parts: tuple[str, ...] = ()
    after: int = 0
    until: int = FOREVER

    @property
    def only_come(self) -> bool:
        """True if a case that is counted stays counted, so that a change is a count of cases.

        Who has no result yet gets one, and who left in a step, or is not followed, can be followed later.
        """
        if self.table == "curve":
            return LEFT not in self.parts or self.until == FOREVER
        return self.table != "off curve" and NOT_YET not in self.parts

    def __str__(self) -> str:
        """Return it in words."""
        if self.table == "cases":
            return "decided"
        if self.table == "off curve":
            return f"decided and not followed ({self.measure})"
        if self.table != "curve":
            return f"{' or '.join(self.parts)} ({self.measure})"
        if not self.after and self.until == FOREVER:
            return f"followed ({self.measure})"
        until = "on" if self.until == FOREVER else f"to {self.until}"
        return f"{' or '.join(self.parts)} from month {self.after} {until} ({self.measure})"


CASES = What("cases")
ENDINGS = (EVENT, OTHER, LEFT)


@dataclass(frozen=True)
class Figure:
    """One published count of people, and the release that it is of."""

    day: date
    group: Group
    what: What
    count: int

    def __str__(self) -> str:
        """Return it as an equation names it."""
        of = ", ".join(code for code in self.group if code != ALL) or "all cases"
        return f"{self.what}, {of}, {self.day} = {self.count}"


@dataclass(frozen=True)
class Published:
    """One release as it went out: the return, and the comparisons that the page draws."""

    day: date
    csv: bytes
    comparisons: Sequence[Mapping[str, object]] = ()

    def figures(self) -> list[Figure]:
        """Return each count of people in it, whichever release the count is of."""
        rows = list(csv.DictReader(io.StringIO(self.csv.decode("utf-8-sig"))))
        return [*_counts(rows), *_curves(rows), *_compared(self.comparisons)]


def all_figures(releases: Sequence[Published]) -> list[Figure]:
    """Return each figure of several releases once: what is repeated is the same figure."""
    return list(dict.fromkeys(figure for release in releases for figure in release.figures()))


def _counts(rows: Sequence[Mapping[str, str]]) -> Iterator[Figure]:
    for row in rows:
        if row["unit"] != "cases":
            continue
        if row["table"] == "cases":
            yield _figure(row, CASES)
        elif row["table"] in _TABLES and row["measure"]:
            parts = _TOGETHER.get(row["figure"], (row["figure"],))
            yield _figure(row, What(_TABLES[row["table"]], row["measure"], parts))


def _curves(rows: Sequence[Mapping[str, str]]) -> Iterator[Figure]:
    """Yield who is followed, and each step. On the curve of reports a death leaves, as others do."""
    after: dict[tuple[str, Group, str], int] = {}
    for row in rows:
        measure = CURVES.get(row["table"])
        if measure is None or row["unit"] != "cases":
            continue
        curve = row["release"], _group(row), measure
        named, _, month = row["figure"].partition(" month ")
        if named == "followed":
            yield _figure(row, What("curve", measure, ENDINGS))
            continue
        begin, until = after.get(curve, 0), int(month)
        if named == "events until":
            yield _figure(row, What("curve", measure, (EVENT,), begin, until))
        elif named == "other endings until" and measure != REPORTED:
            yield _figure(row, What("curve", measure, (OTHER,), begin, until))
        elif named == "left until":
            parts = (OTHER, LEFT) if measure == REPORTED else (LEFT,)
            yield _figure(row, What("curve", measure, parts, begin, until))
            after[curve] = until


def _compared(comparisons: Sequence[Mapping[str, object]]) -> Iterator[Figure]:
    """Yield both sides of each comparison, or what they add up to where the page has no such group.

    Comparisons by order count only cases whose orders were read.
    """
    places = {"period": 0, "borough": 1, "typology": 2}
    for each in comparisons:
        by, level, day = str(each["by"]), str(each["level"]), date.fromisoformat(str(each["as_of"]))
        begin, horizon = _whole(each["landmark_days"]), _whole(each["horizon_days"])
        after, until = _LANDMARKS[begin], _LANDMARKS[begin + horizon]
        inside, outside = each["with_it"], each["without"]
        assert isinstance(inside, Mapping)
        assert isinstance(outside, Mapping)
        for name, what in (
            ("events", What("curve", REPORTED, (EVENT,), after, until)),
            ("cases", What("curve", REPORTED, ENDINGS, after)),
        ):
            one, other = _whole(inside[name]), _whole(outside[name])
            if by in places:
                group = tuple(level if place == places[by] else ALL for place in range(3))
                yield Figure(day, (group[0], group[1], group[2]), what, one)
            if by != "order":
                yield Figure(day, EVERYONE, what, one + other)


def _figure(row: Mapping[str, str], what: What) -> Figure:
    return Figure(date.fromisoformat(row["release"]), _group(row), what, int(row["value"]))


def _group(row: Mapping[str, str]) -> Group:
    return row["period"], row["borough"], row["typology"]


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return value
