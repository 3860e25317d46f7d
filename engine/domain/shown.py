"""Text from outside as a person is shown it: no sign of it reorders, hides or overwrites its neighbours.

For people only: pages, pictures, papers, lines of a terminal. What a machine reads again (JSON, CSV, graph
files) keeps every character, and so does the record.
"""

from __future__ import annotations

import re
import unicodedata

IN_PLACE_OF_A_CONTROL = "\N{REPLACEMENT CHARACTER}"
ISOLATE, END_OF_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff"
_RUN = rf"[{_RIGHT_TO_LEFT}]+(?:[ \-'\u2019\u200c\u200d][{_RIGHT_TO_LEFT}]+)*"
_RUNS = re.compile(_RUN)
_ISOLATED_HERE = re.compile(f"{ISOLATE}({_RUN}){END_OF_ISOLATE}")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_JOINERS = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")
_NEVER_SEEN = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"))


def shown(text: str) -> str:
    """Return the text with controls and direction marks as signs, and right-to-left words isolated.

    A name in Hebrew or Arabic reads in its own direction and moves no word or number beside it. Done twice it
    is as done once.

    Examples
    --------
    >>> shown("Daniel\\u202eRoe")
    'Daniel\\ufffdRoe'
    """
    if text.isascii() and text.isprintable():
        return text
    text = _ISOLATED_HERE.sub(r"\1", text.replace("\r\n", "\n").replace("\t", " "))
    signs = [sign if _may_be_seen(text, place) else IN_PLACE_OF_A_CONTROL for place, sign in enumerate(text)]
    return _RUNS.sub(rf"{ISOLATE}\g<0>{END_OF_ISOLATE}", "".join(signs))


def disarmed(cell: str) -> str:
    """Return the cell of a table as text that no spreadsheet runs."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def escaped_for_json(document: str) -> str:
    r"""Return a JSON document without raw controls and direction marks: ``\u202e`` in their place.

    It is the same document to a reader of JSON.
    """
    if document.isascii() and "\x7f" not in document:  # JSON itself escapes what is below the space
        return document
    return "".join(
        sign if sign == "\n" or unicodedata.category(sign) not in _NEVER_SEEN else _escape(sign)
        for sign in document
    )


def _may_be_seen(text: str, place: int) -> bool:
    sign = text[place]
    if sign == "\n" or unicodedata.category(sign) not in _NEVER_SEEN:
        return True
    before = text[place - 1] if place else ""  # Persian and Hindi names are spelt with joiners
    return sign in _JOINERS and before > "\u0500" and unicodedata.category(before)[0] in "LM"


def _escape(sign: str) -> str:
    units = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
