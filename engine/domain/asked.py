"""The label of a model's field, and what a form needs beside it. Knows no page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from engine.domain.base import Frozen

NO_PLACES = "Do not write where the victim is or how to reach the victim."
"""The hint of a field that more people read than may know where the victim is."""


@dataclass(frozen=True)
class Asked:
    """The texts of one field, in the annotation of the model's field.

    A field of text is one line unless it has more ``rows``. A field of codes that only the page knows is
    ``offered``: its form gives the codes with their labels.
    """

    label: str
    missing: str = ""
    """The sentence beside a field that is blank and may not be; without it, that of its kind."""
    wrong: str = ""
    """The sentence beside a value that does not fit; without it, that of the model."""
    part: str = ""
    """The name of the field in refusals of the use case, where it is another than the model's."""
    code: str = ""
    """The code of the field in drafts, where it was another before the model had this name for it."""
    hint: str | None = None
    rows: int = 3
    one_line: bool = True
    longest: int = 600
    across: bool = False
    """True where its choices are side by side."""
    answers: tuple[str, str] = ("Yes", "No")
    """The answers of a question that is yes or no."""
    choices: tuple[StrEnum, ...] = ()
    """The choices of an enumeration, where they are not all of its members."""
    offered: bool = False
    at_once: bool = False
    """True where a few offered codes are shown at once and open from no list."""
    or_typed: bool = False
    """True where a code that is not offered can be typed."""
    example: str | None = None
    """An example, in an empty field of a short line."""
    only_if: tuple[str | tuple[str, ...], tuple[object, ...]] | None = None
    """Asked only where the field of this name, or one of them, has one of these values; drawn after those."""

    def is_asked(self, typed: Mapping[str, object]) -> bool:
        """Return whether it is asked for, by what is typed in the fields before it."""
        names, values = self.only_if or ((), ())
        names = (names,) if isinstance(names, str) else names
        return self.only_if is None or any(typed.get(name) in values for name in names)


class Because(Frozen):
    """One text: the reason for an act. A form that asks for no more may have a label of its own."""

    why: Annotated[str, Asked("Reason", part="reason")]
