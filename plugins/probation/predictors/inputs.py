"""One input line, read strictly: what is missing or wrong is reported in one sentence, without its value.

Knows no predictor. A truth value is never a number, and text is a number only where a predictor's published
inputs are text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date

from engine.hooks.v1 import InvalidInputError

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGITS = re.compile(r"[0-9]{1,4}")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


class ScorerInput:
    """Content of one line. ``null`` is "not recorded", the same as leaving a key out."""

    def __init__(self, inputs: dict[str, object], *, numbers_may_be_text: bool = False) -> None:
        self._inputs = {key: value for key, value in inputs.items() if value is not None}
        self._numbers_may_be_text = numbers_may_be_text

    def has(self, key: str) -> bool:
        """Return whether the line gives it."""
        return key in self._inputs

    def missing(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Return which of these the line does not give."""
        return tuple(key for key in keys if key not in self._inputs)

    def require(self, keys: Iterable[str]) -> None:
        """Raise InvalidInputError that names every key that is missing."""
        missing = self.missing(keys)
        if missing:
            raise InvalidInputError("input", f"it lacks {', '.join(missing)}; give each of them")

    def whole(self, key: str, *, least: int, most: int) -> int:
        """Return a whole number within its limits."""
        value = self._inputs[key]
        if self._numbers_may_be_text and isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise InvalidInputError(key, f"give a whole number from {least} to {most}")
        if not least <= value <= most:
            raise InvalidInputError(key, f"the number is outside {least} to {most}")
        return value

    def one_of(self, key: str, answers: Collection[int]) -> int:
        """Return a whole number that is one of a few answers."""
        offered = sorted(answers)
        value = self.whole(key, least=offered[0], most=offered[-1])
        if value not in answers:
            raise InvalidInputError(key, f"give {' or '.join(map(str, offered))}")
        return value

    def choice(self, key: str, words: Collection[str]) -> str:
        """Return one of a few words, whatever its case."""
        value = self._inputs[key]
        if isinstance(value, str):
            asked = " ".join(value.split()).casefold()
            for term in words:
                if term.casefold() == asked:
                    return term
        raise InvalidInputError(key, f"give one of: {'; '.join(words)}")

    def yes(self, key: str) -> bool:
        """Read ``Y`` or ``N``."""
        return self.choice(key, ("Y", "N")) == "Y"

    def flag(self, key: str) -> bool:
        """Read true or false."""
        value = self._inputs[key]
        if not isinstance(value, bool):
            raise InvalidInputError(key, "give true or false")
        return value

    def day(self, key: str) -> date:
        """Return a full date, as YYYY-MM-DD."""
        value = self._inputs[key]
        if isinstance(value, str) and _DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        raise InvalidInputError(key, "give a full date that exists, as YYYY-MM-DD")

    def code(self, key: str) -> str:
        """Read five digits, as text, so that a zero in front is not lost."""
        value = self._inputs[key]
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{5}", value):
            raise InvalidInputError(key, "give five digits as text, such as the code that is in the record")
        return value

    def not_used(self, known: Collection[str]) -> tuple[str, ...]:
        """Return a sentence for keys that the predictor does not know, so that a mistyped one is noticed."""
        strange = sorted(key for key in self._inputs if key not in known)
        if not strange:
            return ()
        named = [key if _KEY.fullmatch(key) else "(unnamed)" for key in strange]
        more = f" and {len(named) - 5} more" if len(named) > 5 else ""
        return (f"Not known to this predictor, and not used: {', '.join(named[:5])}{more}.",)


def whole_years(born: date, on: date) -> int:
    """Return completed years: one counts once month and day are reached.

    A person born on 29 February completes a year on 1 March when the year has no such day.
    """
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def whole_months(start: date, end: date) -> int:
    """Return completed months, one counting once the day of the month is reached.

    Return 0 when the end comes first.
    """
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    return max(months, 0)


def moved(what: str, by: float) -> tuple[str, ...]:
    """Return the sentence for an item that moved the score; none for one that did not."""
    if by == 0:
        return ()
    return (f"{what} {'raised' if by > 0 else 'lowered'} the score by {abs(by):.3f}.",)


def pointed(what: str, points: int) -> tuple[str, ...]:
    """Return the sentence for an item that gave points; none for one that gave none."""
    return (f"{what} gave {points} point{'s'[: points > 1]}.",) if points else ()
