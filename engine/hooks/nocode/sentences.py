"""Sentences with columns put in. Plain replacement and nothing else: no format, no attribute, no formula."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_COLUMN = re.compile(r"\{([^{}]{1,60})\}")
_FORMULA_SIGNS = "=+@"
_LONGEST_CELL = 200
LONGEST_SENTENCE = 590


def columns_in(template: str) -> tuple[str, ...]:
    """Return the columns that a sentence names, in their order."""
    return tuple(dict.fromkeys(match.strip() for match in _COLUMN.findall(template)))


def faults_of_template(template: str) -> tuple[str, ...]:
    """Return what prevents a text from being a sentence with columns put in."""
    faults = []
    rest = _COLUMN.sub("", template)
    if "{" in rest or "}" in rest:
        faults.append("put a column in as {Column}: a brace is not closed")
    if not template[:1].isalpha():
        faults.append("start a sentence with your own text, not with a column")
    return tuple(faults)


def filled(template: str, cells: Mapping[str, str]) -> str:
    """Return the sentence with each {Column} replaced by its cell.

    What a cell holds is never read as a template.
    """
    return _cut(_COLUMN.sub(lambda match: plain(cells[match[1].strip()]), template), LONGEST_SENTENCE)


def plain(cell: str, longest: int = _LONGEST_CELL) -> str:
    """Return a cell as it may be in a sentence: one line, with no sign of control, direction or formula."""
    one_line = " ".join(
        "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in cell).split()
    )
    shown = one_line.lstrip(_FORMULA_SIGNS).strip()
    return _cut(shown, longest)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "\N{HORIZONTAL ELLIPSIS}"
