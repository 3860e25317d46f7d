"""Versions of the contract that fit together, and what a version drops. Reads data; asks no plugin."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BaseModel, StringConstraints, model_validator

from engine.domain.base import Frozen, Sentence
from engine.domain.responses.answers import AnyAnswer, Contribution
from engine.hooks.manifest import CONTRACT, Manifest

_DEFINED_IN = Path(__file__).with_name("deprecations.toml")
_WHAT = r"^(manifest(\.[a-z_]+)+|hook\.stac_[a-z_]+|argument\.stac_[a-z_]+\.[a-z_]+|answer(\.[a-z_ ]+)+)$"


class Version(NamedTuple):
    """A version of the contract: the same first figure fits, and a plugin's second may not be newer."""

    major: int
    minor: int

    @classmethod
    def read(cls, text: str) -> Version:
        """Read from text such as 1.0. Raises ValueError."""
        if not re.fullmatch(r"\d{1,3}\.\d{1,3}", text):
            raise ValueError("a version of the contract is two numbers, such as 1.0")
        major, minor = text.split(".")
        return cls(int(major), int(minor))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


OURS = Version(*CONTRACT)

_VersionText = Annotated[str, StringConstraints(pattern=r"^\d{1,3}\.\d{1,3}$")]


class Deprecated(Frozen):
    """One thing that the contract will drop: since when it is announced, when it goes,
    and what to use instead.
    """

    what: Annotated[str, StringConstraints(pattern=_WHAT)]
    since: _VersionText
    removed_in: _VersionText
    instead: Sentence

    @model_validator(mode="after")
    def _lasts_one_minor_version(self) -> Deprecated:
        since, gone = Version.read(self.since), Version.read(self.removed_in)
        next_minor = gone.major == since.major and gone.minor == since.minor + 1
        next_major = gone == Version(since.major + 1, 0)
        if not (next_minor or next_major):
            raise ValueError(
                f"a deprecation lasts one minor version: since {since}, so removed in "
                f"{since.major}.{since.minor + 1}"
            )
        return self

    def warning(self) -> str:
        """Return the warning for its user."""
        return (
            f"{self.what} is deprecated since contract {self.since} and is gone in {self.removed_in}: "
            f"{self.instead}"
        )


_ANSWERS_SINCE = {
    "orders": Version(1, 3),
    "link_evidence": Version(1, 3),
    "records_checked": Version(1, 3),
    "own_row": Version(1, 4),
    "reports": Version(1, 4),
    "reports_elsewhere": Version(1, 4),
    "formal": Version(1, 4),
}
"""Fields of an answer that a later version added, with that version."""


def newer_than_declared(manifest: Manifest, answers: Sequence[AnyAnswer]) -> tuple[str, ...]:
    """Return a sentence for each field of its answers that is newer than the contract in the manifest."""
    declared = Version.read(manifest.contract)
    used = {name for answer in answers for name in answer.model_fields_set}
    used |= {"formal"} if any(map(_classifies, answers)) else set()
    return tuple(
        f"its answers give '{name}', which contract {since} added; set contract to \"{since}\""
        for name, since in _ANSWERS_SINCE.items()
        if name in used
        and declared < since
        and (name == "formal" or any(getattr(each, name, None) for each in answers))
    )


def _classifies(answer: AnyAnswer) -> bool:
    return isinstance(answer, Contribution) and any(each.formal for each in answer.findings)


def deprecations(file: Path = _DEFINED_IN) -> tuple[Deprecated, ...]:
    """Return what this version of the contract will drop, as it says."""
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(Deprecated.model_validate(each) for each in read["deprecated"])


def used_by(
    table: Sequence[Deprecated],
    *,
    manifest: Manifest,
    hooks: Mapping[str, tuple[str, ...]],
    answers: Sequence[AnyAnswer],
) -> tuple[Deprecated, ...]:
    """Return which of these a plugin uses, in its manifest, its hooks with their arguments,
    or its answers.
    """
    used = {f"manifest.{place}" for place in _given(manifest)}
    used |= {f"hook.{hook}" for hook in hooks}
    used |= {f"argument.{hook}.{argument}" for hook, given in hooks.items() for argument in given}
    for answer in answers:
        used |= {f"answer.{answer.kind}.{place}" for place in _given(answer)}
    return tuple(each for each in table if each.what in used)


def _given(model: BaseModel, before: str = "") -> Iterator[str]:
    """Yield the parts that were given, and not left at their default, below one another."""
    for name in sorted(model.model_fields_set):
        value = getattr(model, name)
        default = type(model).model_fields[name].default
        if value == default:
            continue
        yield f"{before}{name}"
        inner = value if isinstance(value, tuple) else (value,)
        for each in inner:
            if isinstance(each, BaseModel):
                yield from _given(each, f"{before}{name}.")
