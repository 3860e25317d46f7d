"""Coefficients, points and offence codes from this package's data files. Computes nothing.

Each file is read once, on first use; they change with the package's version only.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict

from engine.hooks.v1 import InvalidInputError

_DATA = Path(__file__).parents[1] / "data"


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Ogrs3Limits(_Table):
    """From which ages and up to how many sanctions a score is given."""

    age_from: int
    age_first_sanction_from: int
    age_below: int
    sanctions_most: int


class Ogrs3Profile(_Table):
    """One published set of figures."""

    rate: float
    one_year: float
    two_years: float
    first_conviction: float
    convicted_again: float
    ages: dict[str, dict[int, float]]
    offence_groups: dict[str, float]
    sanctions_counted_most: int | None = None
    decimals: int | None = None


class Ogrs3Table(_Table):
    """All of OGRS3."""

    limits: Ogrs3Limits
    bands: dict[str, float]
    profiles: dict[str, Ogrs3Profile]


class Ogrs4Constants(_Table):
    """Common figures of all three predictors."""

    career_years_all: int
    career_years_violent: int
    career_years_violence: int
    months_most: int
    percent_most: str
    sanctions_most: int
    age_first_sanction_from: int
    age_first_sanction_to: int
    age_below: int
    months_conviction_after_assessment: int


class Ogrs4Answer(_Table):
    """One answer of an assessment: its key in an input line, and what it may be."""

    key: str
    question: str
    term: str
    allowed: tuple[int, ...]
    counts_as_one: tuple[int, ...] = ()
    says: str


class Ogrs4Drug(_Table):
    """One drug; several may count as one term."""

    key: str
    term: str
    says: str


class Ogrs4Product(_Table):
    """A term that is two others multiplied."""

    term: str
    of: tuple[str, str]
    says: str


class Ogrs4Version(_Table):
    """The static or the dynamic version of one predictor."""

    terms: dict[str, float]
    offences: dict[str, float]


class Ogrs4Predictor(_Table):
    """Both versions of one predictor."""

    static: Ogrs4Version
    dynamic: Ogrs4Version


class Ogrs4Table(_Table):
    """The whole family. ``also`` names a category whose coefficient is added to another's."""

    constants: Ogrs4Constants
    bands: dict[str, dict[str, float]]
    also: dict[str, dict[str, str]]
    answers: tuple[Ogrs4Answer, ...]
    drugs: tuple[Ogrs4Drug, ...]
    products: tuple[Ogrs4Product, ...]
    arp: Ogrs4Predictor
    vrp: Ogrs4Predictor
    svrp: Ogrs4Predictor


class OvpTable(_Table):
    """OVP: points, and what a point is worth."""

    point: float
    one_year: float
    two_years: float
    age_from: int
    age_below: int
    sanctions_most: int
    any_sanction: int
    male: int
    impact_not_recognised: int
    no_fixed_abode: int
    unemployed: int
    psychiatric_treatment: int
    alcohol: float
    temper: int
    attitudes: int
    violent: tuple[int, ...]
    bands: dict[str, float]
    non_violent: dict[int, int]
    ages: dict[int, int]


class LdsTable(_Table):
    """The learning screen."""

    main_items_missing_most: int
    no_fixed_abode: int
    reading: int
    numeracy: int
    no_qualifications: int
    scores: dict[int, int]


class MstTable(_Table):
    """The maturity screen."""

    age_from: int
    age_to: int
    answers_least: int
    flag_from: int
    peer_group: int


class PointsTable(_Table):
    """The three scores of points."""

    ovp: OvpTable
    lds: LdsTable
    mst: MstTable


@cache
def points_table() -> PointsTable:
    """Return the figures of the three scores of points."""
    return PointsTable.model_validate(_read("points.toml"))


@cache
def ogrs3_table() -> Ogrs3Table:
    """Return OGRS3's figures."""
    return Ogrs3Table.model_validate(_read("ogrs3.toml"))


@cache
def ogrs4_table() -> Ogrs4Table:
    """Return the OGRS4 family's figures."""
    return Ogrs4Table.model_validate(_read("ogrs4.toml"))


def _read(file: str) -> dict[str, object]:
    return tomllib.loads((_DATA / file).read_text(encoding="utf-8"))


@dataclass(frozen=True, kw_only=True)
class OffenceCode:
    """A Home Office code of five digits, with its group in each predictor, or None where none is known."""

    code: str
    ogrs3_group: str | None
    ogrs4_category: str | None
    exact: bool


@cache
def offence_codes() -> Mapping[str, OffenceCode]:
    """Return every code that these predictors know: those that go with stalking,
    and those of published cases.
    """
    with open(_DATA / "offence_codes.csv", encoding="utf-8", newline="") as opened:
        found = {
            row["code"]: OffenceCode(
                code=row["code"],
                ogrs3_group=row["ogrs3_group"] or None,
                ogrs4_category=row["ogrs4_category"] or None,
                exact=row["why_here"] != "stands for several offences",
            )
            for row in csv.DictReader(opened)
        }
    return MappingProxyType(found)


def offence_of(code: str) -> OffenceCode:
    """Return the code's entry. Raises InvalidInputError for a code that is not in the table."""
    found = offence_codes().get(code)
    if found is None:
        raise InvalidInputError(
            "offence_code", "the code is not in this agency's table; give the group instead of the code"
        )
    if not found.exact:
        raise InvalidInputError("offence_code", "the code is used for several offences; give the exact one's")
    return found


def band_of(percent: float, bands: Mapping[str, float]) -> str:
    """Return the highest band whose lower bound is reached; LOW when none is."""
    reached = [(bound, band) for band, bound in bands.items() if percent >= bound]
    return max(reached)[1] if reached else "LOW"
