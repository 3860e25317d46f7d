"""Offences by their Home Office codes, and how much harm the Cambridge Crime Harm Index gives each.

Knows no case and no agency. What has no score has no score, which is not nought; a code with several scores
is asked about, never guessed. The figures, their source and its terms are in ``data/offences.*``.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections import defaultdict
from enum import StrEnum
from functools import cache
from importlib.resources import files

from pydantic import ConfigDict

from engine.domain.base import Frozen
from engine.domain.responses.formal import FormalKind

_CODE = re.compile(r"(?P<class>[0-9]{1,3})/(?P<sub>[0-9]{1,2})")
_FIVE_DIGITS = re.compile(r"(?P<class>[0-9]{3})(?P<sub>[0-9]{2})")
_CONDUCT_CLASSES = frozenset({"8Q", "8L", "8M"})


_KILLINGS = {
    "001/01": FormalKind.HOMICIDE,
    "004/01": FormalKind.HOMICIDE,
    "002/00": FormalKind.ATTEMPTED_HOMICIDE,
}
"""Murder, manslaughter and attempted murder."""


class Relevance(StrEnum):
    """Relation of an offence to stalking: our own reading."""

    CORE = "core"
    ASSOCIATED = "associated"
    CONTEXT = "context"


class Offence(Frozen):
    """One offence of the table. ``days`` is None if the index has no score for it."""

    code: str
    ho_class: str | None
    title: str
    statute: str
    relevance: Relevance
    urn: str | None
    days: float | None
    has_several_scores: bool
    note: str | None

    @property
    def is_course_of_conduct(self) -> bool:
        """True if it is a stalking or harassment offence: conduct over time, not one act."""
        return self.ho_class in _CONDUCT_CLASSES


class _HarmIndex(Frozen):
    """The index that the scores are from; its licence and cautions are for readers of the file."""

    model_config = ConfigDict(extra="ignore")

    index: str
    edition: str


class Scored(Frozen):
    """The index's score for one offence, in days."""

    offence: Offence
    days: float


class NotScored(Frozen):
    """Absence of a score, and why: a clause for a sentence."""

    code: str
    title: str | None
    why: str


class AskWhich(Frozen):
    """A code with several scores: a person must say which row of the index is meant."""

    code: str
    known: tuple[Offence, ...]

    @property
    def sentence(self) -> str:
        """The code with the scores that are known of it."""
        scores = ", ".join(f"{days_in_words(each.days)} ({each.title})" for each in self.known if each.days)
        return f"{self.code}: {scores}" + ("" if len(self.known) > 1 else ", and others")


Harm = Scored | NotScored | AskWhich


def harm_of(code: str, *, urn: str | None = None) -> Harm:
    """Return the score of an offence by its code, or by code and row number of the index.

    ``code`` may be written 8/65, 008/65 or 00865.
    """
    plain = read_code(code)
    rows = _by_code().get(plain, ()) if plain else ()
    if not rows:
        return NotScored(code=plain or code, title=None, why="the table of offences does not hold its code")
    if urn is not None:
        rows = tuple(row for row in rows if row.urn == urn.strip())
        if not rows:
            return NotScored(code=plain or code, title=None, why="its row number does not belong to its code")
    elif any(row.has_several_scores for row in rows) or len({row.days for row in rows}) > 1:
        return AskWhich(code=rows[0].code, known=rows)
    offence = rows[0]
    if offence.days is None:
        why = f"the index of {edition()} has no score for it"
        return NotScored(code=offence.code, title=offence.title, why=why)
    return Scored(offence=offence, days=offence.days)


def offences_of(code: str) -> tuple[Offence, ...]:
    """Return the rows of the table for a code; more than one where the index distinguishes kinds of it."""
    plain = read_code(code)
    return _by_code().get(plain, ()) if plain else ()


def killing_of(code: str | None) -> FormalKind | None:
    """Return whether an offence is homicide or attempted homicide; None for any other, or none."""
    return _KILLINGS.get(read_code(code) or "") if code else None


def read_code(text: str) -> str | None:
    """Return a Home Office code in the one form 008/65; None when it is not written as one."""
    given = text.strip()
    match = _CODE.fullmatch(given) or _FIVE_DIGITS.fullmatch(given)
    return f"{int(match['class']):03}/{int(match['sub']):02}" if match else None


def edition() -> str:
    """Return the edition of the index that the scores are from."""
    return _index().edition


def index_name() -> str:
    """Return the index and its edition, as a sentence names it."""
    return f"{_index().index} {edition()}"


def days_in_words(days: float | None) -> str:
    """Return ``10 days``, ``1 day``, ``547.5 days``; "no score" for None."""
    if days is None:
        return "no score"
    figure = f"{days:,.1f}".removesuffix(".0")
    return f"{figure} day{'' if figure == '1' else 's'}"


@cache
def _by_code() -> dict[str, tuple[Offence, ...]]:
    text = (files("engine.instruments") / "data" / "offences.csv").read_text(encoding="utf-8")
    found: dict[str, list[Offence]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(text)):
        if row["ho_code"]:
            found[row["ho_code"]].append(_offence(row))
    return {code: tuple(rows) for code, rows in found.items()}


def _offence(row: dict[str, str]) -> Offence:
    return Offence(
        code=row["ho_code"],
        ho_class=row["ho_class"] or None,
        title=row["short_title"],
        statute=row["statute"],
        relevance=Relevance(row["stalking_relevance"]),
        urn=row["cchi_urn"] or None,
        days=float(row["cchi_days_2020"]) if row["cchi_days_2020"] else None,
        has_several_scores=row["cchi_several_scores"] == "yes",
        note=row["note"] or None,
    )


@cache
def _index() -> _HarmIndex:
    text = (files("engine.instruments") / "data" / "offences.toml").read_text(encoding="utf-8")
    return _HarmIndex.model_validate(tomllib.loads(text)["harm"])
