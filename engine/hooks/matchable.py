"""Names that a person can be found by, and the reasons why others cannot be. Knows no register.

A question asks for a forename and a surname. A row whose name cannot equal one is not "another person":
it was not compared, and every nil return counts it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from engine.hooks.wording import counted, listed, number, sentence
from engine.identity.words import is_recorded, wordlist, words_of

# While this is imported, for an agency's process may not open these files later: the list of words, and how
# letters of common scripts are written in Latin ones.
wordlist()
words_of("\u00e9 \u0142 \u0219 \u03b1 \u0434 \u05d0 \u0627 \u0905 \u1ec5 \u2019 \u4e00")

_SET_APART = re.compile(r"[(\[]([^)\]]*)[)\]]")
_NOT_KNOWN_IN_SHORT = re.compile(
    r"(?<![^\W_])(?:n\s?[/.]\s?[kars]|not\s+(?:yet\s+)?(?:known|given|recorded|stated))(?![^\W_])\.?",
    re.IGNORECASE,
)
_HYPHEN = re.compile("[-\u2010\u2011\u2013]")
_FIGURE = re.compile(r"\d")
_OF_SEVERAL = re.compile(r"[&+/;|\n]|\b(?:and|or)\b", re.IGNORECASE)
_ERRORS = frozenset({"#n/a", "#ref!", "#name?", "#value!", "#div/0!", "#null!", "#num!"})
_LETTERS = re.compile(r"[^\W\d_]+")


class NotMatchable(StrEnum):
    """Reason why a row cannot be found by a name."""

    BLANK = "no name"
    NOT_KNOWN = "a name that says that it is not known"
    PART = "only a part of a name"
    SEVERAL = "the name of more than one person"
    FIGURES = "figures where the name is expected"
    MERGED = "a name in merged cells"
    FORMULA = "a name by a formula that was saved without its value"
    ERROR = "a spreadsheet's error in place of a name"


def name_key(name: str) -> str:
    """Return a whole name without case, accents, punctuation, titles or order.

    Examples
    --------
    >>> name_key("MADEUP, Robin (Mr)"), name_key("Mrs Robin Madeup")
    ('madeup robin', 'madeup robin')
    """
    return " ".join(sorted(name_words(name)))


def name_words(name: str) -> list[str]:
    """Return the words of a whole name in plain form, without titles and without what says "not known".

    A part in brackets is left out where two names are left: it is a title or another form of the name.
    """
    apart = _SET_APART.search(name)
    if apart is not None:
        without = _words(_SET_APART.sub(" ", name))
        if len(without) > 1 or not (inside := _words(apart[1])) or _is_title(inside):
            return without
    return _words(name)


def name_fault(name: str) -> NotMatchable | None:
    """Return why a name as a row gives it can equal no name that is asked about; None for one that can."""
    if not name.strip():
        return NotMatchable.BLANK
    if name.strip().casefold() in _ERRORS:
        return NotMatchable.ERROR
    if _FIGURE.search(name):
        return NotMatchable.FIGURES
    if not name_words(name):
        return NotMatchable.NOT_KNOWN
    if _OF_SEVERAL.search(_NOT_KNOWN_IN_SHORT.sub(" ", _SET_APART.sub(" ", name))):
        return NotMatchable.SEVERAL
    whole = [each for each in name_words(_HYPHEN.sub("", name)) if len(each) > 1 or not each.isascii()]
    if len(whole) > 1:  # a double-barrelled name is one, and an initial is none
        return None
    return NotMatchable.NOT_KNOWN if _says_not_known(name) else NotMatchable.PART


def name_in_cell(cell: str) -> str:
    """Return what a cell gives of a name: nothing, when it says that nothing is known.

    Examples
    --------
    >>> name_in_cell(" Robin "), name_in_cell("n/k"), name_in_cell("?")
    ('Robin', '', '')
    """
    return cell.strip() if _says_something(cell) else ""


def not_compared_in_words(whys: Mapping[str, int], *, rows: int, table: str | None) -> str:
    """Return that so many of the rows of a table could not be compared with a person, by why."""
    of = f"{number(sum(whys.values()))} of {counted(rows, 'row')}" + (f" in {table}" if table else "")
    why = listed([f"{number(many)} {'has' if many == 1 else 'have'} {each}" for each, many in whys.items()])
    return sentence(f"{of} could not be compared with the person, who may be among them: {why}")


def _words(text: str) -> list[str]:
    """Return the parts of a name; one between commas that is a title, or "not known", is left out."""
    between = _NOT_KNOWN_IN_SHORT.sub(" ", text).split(",")
    parts = [_letters(part) for part in between if _says_something(part)]
    several = [part for part in parts if not _is_title(part)] or parts
    words = [name for part in several for name in _without_titles(part, alone=len(several) == 1)]
    return [name for name in words if name not in wordlist().unknown_in_names]


def _without_titles(words: list[str], *, alone: bool) -> list[str]:
    """Return a part of a name without titles: of a whole name, as long as two names are left."""
    lists, fewest = wordlist(), 2 if alone else 1
    start, end = 0, len(words)
    while end - start > fewest and words[start] in lists.titles:
        start += 1
    while end - start > fewest and words[end - 1] in lists.titles_after:
        end -= 1
    if end - start == fewest and alone and words[start] in lists.titles_after:
        start += 1  # "Mr Madeup" has one name
    return words[start:end]


def _is_title(words: list[str]) -> bool:
    return bool(words) and all(name in wordlist().titles for name in words)


def _letters(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    return _LETTERS.findall(letters.replace("'", "").replace("\u2019", ""))


def _says_something(text: str) -> bool:
    if text.strip().casefold() in _ERRORS:
        return False
    plain = " ".join(words_of(text))
    return is_recorded(text) and plain not in wordlist().not_names


def _says_not_known(name: str) -> bool:
    if _NOT_KNOWN_IN_SHORT.search(name) or not all(map(_says_something, name.split(","))):
        return True
    return any(name in wordlist().unknown_in_names for name in _letters(name))
