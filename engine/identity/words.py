"""Plain forms of text: without case, accents and scripts. Knows the list of names and words, no person."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from anyascii import anyascii

from engine.domain.base import Frozen

_APOSTROPHES = re.compile("['`\u2018\u2019\u02bc\u00b4]")
_NOT_A_SIGN = re.compile(r"[^a-z0-9]+")
_WHOLE_NUMBER_AS_A_FRACTION = re.compile(r"^(\d+)\.0+$")


class Wordlist(Frozen):
    """The words around and for people's names, as the data file lists them."""

    version: str
    not_recorded: frozenset[str]
    not_names: frozenset[str]
    unknown_in_names: frozenset[str]
    titles: frozenset[str]
    titles_after: frozenset[str]
    after_names: frozenset[str]
    particles: frozenset[str]
    short_forms: tuple[tuple[str, ...], ...]
    address_words: dict[str, str]
    sexes: dict[str, tuple[str, ...]]


@cache
def wordlist() -> Wordlist:
    """Return the list that is shipped."""
    text = files("engine.identity").joinpath("data/names.toml").read_text(encoding="utf-8")
    return Wordlist.model_validate(tomllib.loads(text))


@cache
def groups_by_name() -> Mapping[str, tuple[int, ...]]:
    """Return, for each name that has short forms, the rows of the list that it is in."""
    groups: dict[str, tuple[int, ...]] = {}
    for row, names in enumerate(wordlist().short_forms):
        for name in dict.fromkeys(names):
            groups[name] = (*groups.get(name, ()), row)
    return MappingProxyType(groups)


def folded(text: str) -> str:
    """Return lower case ASCII, whatever the script: accents dropped, other scripts written in Latin letters.

    Examples
    --------
    >>> folded("  Müller-Łuczak ")
    'muller-luczak'
    """
    plain = text if text.isascii() else anyascii(unicodedata.normalize("NFKC", text))
    return plain.casefold().strip()


def words_of(text: str) -> list[str]:
    """Return the words of a text in plain form; an apostrophe joins, every other mark divides.

    Examples
    --------
    >>> words_of("O'Brien-Smith, Jr.")
    ['obrien', 'smith', 'jr']
    """
    return _NOT_A_SIGN.sub(" ", _APOSTROPHES.sub("", folded(text))).split()


def is_recorded(text: str) -> bool:
    """Return whether a cell says anything: blanks and words such as "unknown" do not."""
    return bool(text) and " ".join(words_of(text)) not in wordlist().not_recorded


def without_fraction(text: str) -> str:
    """Return a whole number that a spreadsheet wrote as ``2612.0``, as it was meant."""
    whole = _WHOLE_NUMBER_AS_A_FRACTION.match(text)
    return whole[1] if whole else text
