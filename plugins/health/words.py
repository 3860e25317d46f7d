"""The terms that health may use and the code systems in which they are asked for. Knows no person."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from pydantic import JsonValue

from engine.hooks.v1 import Code, Frozen, Sentence
from plugins.health.shapes import Coding

_FILE = Path(__file__).with_name("words.toml")
_OWN_MAPPING = "risk_words"
SAFETY_FLAG = "safety-flag"


class Systems(Frozen):
    """The code systems by what they are for."""

    nhs_number: tuple[str, ...]
    flag_category: str
    risk: str
    sharing: str
    refusal: str
    assessment: str
    domain: str
    level: str
    how_soon: str
    confidentiality: str
    consent_scope: str
    act_code: str


class RiskWord(Frozen):
    """One thing that bears on risk, as it is said."""

    says: Sentence
    opinion: bool = False


class SharingWord(Frozen):
    """Reason why an item may be shared, and whether it outweighs the person's refusal."""

    because: Sentence
    without_agreement: bool


class Words(Frozen):
    """Everything that may be said."""

    systems: Systems
    risk: dict[Code, RiskWord]
    sharing: dict[Code, SharingWord]


@cache
def words() -> Words:
    """Return the terms, read once."""
    return Words.model_validate(tomllib.loads(_FILE.read_text(encoding="utf-8")))


def own_mapping(settings: Mapping[str, JsonValue]) -> dict[tuple[str, str], str]:
    """Return the additions of the agency's settings: codes of other systems and the term for each."""
    value = settings.get(_OWN_MAPPING)
    if not isinstance(value, dict):
        return {}
    known = words().risk
    return {
        (system, code): value
        for key, value in value.items()
        if isinstance(value, str) and value in known
        for system, _, code in [key.rpartition("|")]
    }


def risk_word_of(codings: Iterable[Coding], mapped: Mapping[tuple[str, str], str]) -> str | None:
    """Return the term for a flag's codes; None when none of them has one."""
    ours = words()
    for coding in codings:
        if coding.system == ours.systems.risk and coding.code in ours.risk:
            return coding.code
        if coding.system and coding.code and (coding.system, coding.code) in mapped:
            return mapped[coding.system, coding.code]
    return None


def sharing_word_of(labels: Iterable[Coding]) -> str | None:
    """Return why an item may be shared, by the first label of ours on it."""
    ours = words()
    for label in labels:
        if label.system == ours.systems.sharing and label.code in ours.sharing:
            return label.code
    return None
