"""Normal forms of names. Knows titles, Mac and Mc, particles; compares nothing."""

from __future__ import annotations

import re

from engine.identity.words import wordlist, words_of

_MAC = re.compile(r"^mac(?=[bcdfghjklmnpqrstvwxyz][a-z]{2})")
_ALONE = {"o", "mc", "mac"}


def forename(text: str) -> str:
    """Return a forename's words without titles.

    Examples
    --------
    >>> forename("Mrs. Anne-Marie")
    'anne marie'
    """
    return " ".join(_named(words_of(text)))


def surname(text: str) -> str:
    """Return a surname's words, with Mac and Mc as one and without letters after names.

    Examples
    --------
    >>> surname("Mac Donald"), surname("McDonald"), surname("O Brien")
    ('mcdonald', 'mcdonald', 'obrien')
    """
    return " ".join(_joined(_named(words_of(text))))


def divided(full_name: str) -> tuple[str, str]:
    """Return a full name as forename and surname; before a comma is the surname, else it is the last word.

    Examples
    --------
    >>> divided("Dr Ludwig van der Berg"), divided("SMITH, John Paul")
    (('ludwig', 'van der berg'), ('john paul', 'smith'))
    """
    before, comma, after = full_name.partition(",")
    rest = _named(words_of(after)) if comma else []
    if rest:
        return " ".join(rest), surname(before)
    words = _joined(_named(words_of(full_name)))
    if len(words) < 2:
        return "", " ".join(words)
    start = len(words) - 1
    while start > 1 and words[start - 1] in wordlist().particles:
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:])


def _named(words: list[str]) -> list[str]:
    """Return the names without titles before and letters after, unless nothing else would be left."""
    lists = wordlist()
    start, end = 0, len(words)
    while end - start > 1 and words[start] in lists.titles:
        start += 1
    while end - start > 1 and words[end - 1] in lists.after_names:
        end -= 1
    return words[start:end]


def _joined(words: list[str]) -> list[str]:
    """Return ``o brien``, ``mc donald`` and ``mac donald`` as one word each; Mac is written Mc."""
    whole: list[str] = []
    at = 0
    while at < len(words):
        term = words[at]
        if term in _ALONE and at + 1 < len(words):
            at += 1
            term += words[at]
        whole.append(_MAC.sub("mc", term))
        at += 1
    return whole
