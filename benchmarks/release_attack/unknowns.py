"""The numbers that a reader does not know, and what is true of them whatever was published.

A number counts people of one year, borough and type, in one part of one table, by one date. A case is in one
part of the results of each measure, and its end is in one step of each curve.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import product

from benchmarks.release_attack.published import (
    ALL,
    CASES,
    CURVES,
    ENDED,
    ENDINGS,
    EVENT,
    FOREVER,
    FURTHER,
    HARM,
    MEASURES,
    NONE_FOUND,
    NOT_CHECKED,
    NOT_YET,
    OTHER,
    PROVEN,
    REPORTED,
    STANDINGS,
    TARGETS,
    Figure,
    Group,
    What,
)

Name = tuple[str, ...]
"""A table, its measure and a part; on a curve the end of the step, the ending and the result beside it."""
Codes = tuple[str, str, str]
_OVER = "over"
"""A result that is known, and is not further stalking."""
_WINDOW = timedelta(days=365)
_LAST_IN_WINDOW = 12
"""The step that the first act of a case with further stalking ends in, at the latest."""


@dataclass(frozen=True)
class Sum:
    """``count`` is what the numbers add up to, each times its sign; at least that, where ``or_more``."""

    numbers: dict[int, int]
    count: int
    sentence: str
    or_more: bool = False
    is_figure: bool = False


class Unknowns:
    """Every unknown number of some dates, and the sums that hold for them."""

    def __init__(self, figures: Sequence[Figure], codes: Sequence[Sequence[str]]) -> None:
        """Name the numbers: one for each date of a figure, combination of codes, and part."""
        self._figures = figures
        self.days = sorted({figure.day for figure in figures})
        self.codes: list[Codes] = [(p, b, t) for p, b, t in product(*codes)]
        self.ends = {
            measure: sorted(
                {3, 12, FOREVER}
                | {
                    month
                    for figure in figures
                    if figure.what.table == "curve" and figure.what.measure == measure
                    for month in (figure.what.after, figure.what.until)
                    if month
                }
            )
            for measure in CURVES.values()
        }
        self._names_in: dict[What, list[Name]] = {}
        self.place: dict[tuple[date, Codes, Name], int] = {}
        for day, one, name in product(self.days, self.codes, self.names):
            self.place[day, one, name] = len(self.place)

    @cached_property
    def names(self) -> list[Name]:
        """The parts that each combination has at each date."""
        found: list[Name] = [("cases",)]
        for measure in MEASURES:
            for table, parts in (("result", STANDINGS), ("against", TARGETS), ("harm", HARM)):
                found += [(table, measure, part) for part in parts]
        for measure in CURVES.values():
            for end, ending, result in product(self.ends[measure], ENDINGS, (FURTHER, _OVER, NOT_YET)):
                if _can_be(measure, end, ending, result):
                    found.append(("curve", measure, str(end), ending, result))
            found += [("off curve", measure, result) for result in (FURTHER, _OVER, NOT_YET)]
        return found

    def of(self, day: date, group: Group, what: What) -> list[int]:
        """Return the numbers that a count of a group adds up."""
        if what not in self._names_in:
            self._names_in[what] = [name for name in self.names if _is_in(name, what)]
        names = self._names_in[what]
        return [
            self.place[day, one, name]
            for one in self.codes
            if all(wanted in (ALL, code) for wanted, code in zip(group, one, strict=True))
            for name in names
        ]

    def targets(self) -> list[What]:
        """Return each sum that is published of any group, and the smallest that could be."""
        found = list(dict.fromkeys(figure.what for figure in self._figures))
        found.append(CASES)
        for measure in MEASURES:
            for table, parts in (("result", STANDINGS), ("against", TARGETS), ("harm", HARM)):
                found += [What(table, measure, (part,)) for part in parts]
        for measure in CURVES.values():
            found.append(What("off curve", measure))
            for after, until in zip((0, *self.ends[measure]), self.ends[measure], strict=False):
                endings = ENDINGS if until < FOREVER else ()
                found += [What("curve", measure, (ending,), after, until) for ending in endings]
        return list(dict.fromkeys(found))

    def sums(self) -> Iterator[Sum]:
        """Yield each published figure, and what a reader knows besides."""
        for figure in self._figures:
            yield self._sum(self.of(figure.day, figure.group, figure.what), figure.count, str(figure))
        for day, one in product(self.days, self.codes):
            yield from self._of_one(day, one)
        for earlier, later in zip(self.days, self.days[1:], strict=False):
            for one in self.codes:
                yield from self._between(earlier, later, one)

    def nothing(self) -> Iterator[int]:
        """Yield the numbers that are 0 because their time has not come, or is over."""
        for day, one in product(self.days, self.codes):
            begins, ends = date(int(one[0]), 1, 1), date(int(one[0]), 12, 31)
            for name in self.names:
                is_open = NOT_YET in name
                is_over = is_open and PROVEN not in name and ends + _WINDOW <= day
                is_early = not is_open and begins + _WINDOW > day and self._is_result(name)
                if begins > day or is_over or is_early:
                    yield self.place[day, one, name]

    @staticmethod
    def _is_result(name: Name) -> bool:
        return name[0] in ("result", "against", "harm") or FURTHER in name or _OVER in name

    @staticmethod
    def _sum(numbers: Sequence[int], count: int, sentence: str) -> Sum:
        return Sum(dict.fromkeys(numbers, 1), count, sentence, is_figure=True)

    def _of_one(self, day: date, one: Codes) -> Iterator[Sum]:
        """Each case is in one part of each table, and who has an act is in one of those about acts."""

        def at(*name: str) -> int:
            return self.place[day, one, name]

        def equal(parts: Sequence[int], wholes: Sequence[int], sentence: str) -> Sum:
            return Sum({**dict.fromkeys(parts, 1), **dict.fromkeys(wholes, -1)}, 0, sentence)

        for measure in MEASURES:
            results = [at("result", measure, each) for each in STANDINGS]
            yield equal(results, [at("cases")], "each case has one result")
            for table, parts in (("against", TARGETS), ("harm", HARM)):
                acts = [at(table, measure, each) for each in parts]
                yield equal(acts, results[:1], "each case with an act has one first act and one worst")
        for measure in CURVES.values():
            known = [at("result", measure, each) for each in (NONE_FOUND, NOT_CHECKED, ENDED)]
            for result, of in (
                (FURTHER, [at("result", measure, FURTHER)]),
                (_OVER, known),
                (NOT_YET, [at("result", measure, NOT_YET)]),
            ):
                ends = [
                    at(*name) for name in self.names if name[0] == "curve" and _fits(name, measure, result)
                ]
                ends.append(at("off curve", measure, result))
                yield equal(ends, of, "each case ends once on a curve, or is not followed")

    def _between(self, earlier: date, later: date, one: Codes) -> Iterator[Sum]:
        """Cases are only added, and to a year that is over none. A found act stays."""
        then, now = self.place[earlier, one, ("cases",)], self.place[later, one, ("cases",)]
        if date(int(one[0]), 12, 31) <= earlier:
            yield Sum({now: 1, then: -1}, 0, "no case is added to a year that is over")
        else:
            yield Sum({now: 1, then: -1}, 0, "cases are only added", or_more=True)
        for measure in MEASURES:
            name = ("result", measure, FURTHER)
            numbers = {self.place[later, one, name]: 1, self.place[earlier, one, name]: -1}
            yield Sum(numbers, 0, "an act that was found stays", or_more=True)
        if later - _WINDOW in self.days:
            before = self.place[later - _WINDOW, one, ("cases",)]
            for measure in CURVES.values():
                open_ = self.place[later, one, ("result", measure, NOT_YET)]
                yield Sum({now: 1, before: -1, open_: -1}, 0, "not yet known are those of the last year")


def _can_be(measure: str, end: int, ending: str, result: str) -> bool:
    """Return whether a case can end so beside a result: first acts in 12 months are in results."""
    if result == FURTHER:
        before_act = ending == EVENT or (ending == OTHER and measure != REPORTED)
        return end <= _LAST_IN_WINDOW and before_act
    if result == NOT_YET:
        return end <= _LAST_IN_WINDOW
    return ending != EVENT or end > _LAST_IN_WINDOW


def _fits(name: Name, measure: str, result: str) -> bool:
    return name[1] == measure and name[-1] == result


def _is_in(name: Name, what: What) -> bool:
    if name[0] != what.table or (what.measure and name[1] != what.measure):
        return False
    if what.table == "curve":
        return name[3] in what.parts and what.after < int(name[2]) <= what.until
    return not what.parts or name[2] in what.parts
