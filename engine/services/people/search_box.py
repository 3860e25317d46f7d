"""The one search box: what a typed text can be, and on what a person matched. Knows no storage."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import ValidationError

from engine.domain.errors import InvalidInputError
from engine.domain.ids import PREFIXES, read_reference
from engine.domain.people.persons import IdentifierScheme
from engine.domain.people.search import SeenBeforeAsked
from engine.identity.identifiers import compared_forms

if TYPE_CHECKING:
    from engine.identity.forms import PersonForm

LONGEST = 200
_SEARCHED_BY = {PREFIXES[kind]: kind for kind in ("involvement", "episode", "person")}
_ONE_OF = "give one name, reference, phone number, plate or handle"
_WILDCARDS = re.compile(r"[*?%]|\.\.\.")
_LIST = re.compile(r"[\n\r\t;|]")
_REFERENCE = re.compile(r"[A-Z]-[0-9A-Z]{5,9}", re.IGNORECASE)
_PHONE = re.compile(r"\+?[\d\s().\-]{7,24}")
_POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z0-9]? ?\d[a-z]{2}\b", re.IGNORECASE)
_NUMBERS = (
    (IdentifierScheme.PNC, re.compile(r"(\d{2}|\d{4})/\d{1,7}[A-Z]", re.IGNORECASE)),
    (IdentifierScheme.CRO, re.compile(r"(\d{1,6}/\d{2}[A-Z]|SF\d{2}/\d{1,6}[A-Z])", re.IGNORECASE)),
    (IdentifierScheme.CRN, re.compile(r"[A-Z]\d{6}", re.IGNORECASE)),
    (IdentifierScheme.PRISON, re.compile(r"[A-Z]\d{4}[A-Z]{2}", re.IGNORECASE)),
)
_SCHEME_NAMES = {
    IdentifierScheme.PNC: "PNC ID",
    IdentifierScheme.CRO: "CRO number",
    IdentifierScheme.CRN: "CRN",
    IdentifierScheme.PRISON: "prison number",
    IdentifierScheme.NHS: "NHS number",
}
_PLATE = re.compile(
    r"([A-Z]{2}\d{2} ?[A-Z]{3}|[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z]|[A-Z]{1,3} ?\d{1,4})",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"@?[\w.\-]+(@[\w.\-]+)?")
_BORN = re.compile(r"[, ]+(?:born )?(\d{4}(?:-\d{2}){0,2}|\d{1,2}/\d{1,2}/\d{4})$", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_]+(?:['\u2019.\-]*[^\W\d_]+)*\.?")
_MOST_WORDS = 6


def read_question(text: str) -> SeenBeforeAsked:
    """Return the one question that a person typed; what can be a plate and a handle is searched for as both.

    Raises
    ------
    InvalidInputError
        The text is empty, a list, has a wildcard, or is nothing that can be searched for.
    """
    typed = " ".join(part for part in text.split(" ") if part).strip()
    if not 2 <= len(typed) <= LONGEST:
        raise InvalidInputError("question", _ONE_OF)
    if _LIST.search(typed):
        raise InvalidInputError("question", f"{_ONE_OF}; lists are refused")
    if _WILDCARDS.search(typed):
        raise InvalidInputError("question", "give the whole name or number; wildcards are not used")
    try:
        return SeenBeforeAsked.model_validate(_parts(typed))
    except ValidationError as error:
        faults = sorted({fault["msg"].removeprefix("Value error, ") for fault in error.errors()})
        raise InvalidInputError("question", "; ".join(faults)) from None


def matched_on(asked: PersonForm, known: PersonForm) -> tuple[str, ...]:
    """Return in words the parts of the question that a person record has, and nothing else of the record."""
    held = {(each.scheme, each.form) for each in known.numbers}
    numbers = {
        _SCHEME_NAMES[each.scheme]
        for each in asked.numbers
        if any((each.scheme, form) in held for form in compared_forms(each.scheme, each.form) | {each.form})
    }
    names = {asked.forename, asked.surname} - {""}
    same = bool(names) and names <= {known.forename, known.surname}
    on = [f"the same {scheme}" for scheme in sorted(numbers)]
    on += [("the same name" if same else "a similar name")] if names else []
    if asked.born and known.born:
        least = min(len(asked.born.rstrip("0")), len(known.born.rstrip("0")))
        on += ["the date of birth"] if asked.born[:least] == known.born[:least] else []
    return tuple(on) or ("a number",)


def _parts(typed: str) -> dict[str, object]:
    """Return by part of the question what the text is."""
    if _REFERENCE.fullmatch(typed):
        return {"reference": _reference(typed)}
    for scheme, form in _NUMBERS:
        if form.fullmatch(typed):
            return {"person": {"identifiers": [{"scheme": scheme, "value": typed}]}}
    if _PHONE.fullmatch(typed):
        return {"phone": typed}
    found: dict[str, object] = {}
    if _PLATE.fullmatch(typed):
        found["vehicle"] = typed
    if _HANDLE.fullmatch(typed):
        found["handle"] = typed
    if "@" not in typed and (person := _person(typed)):
        found["person"] = person
    if not found and _POSTCODE.search(typed):
        found["address"] = typed
    if not found:
        raise InvalidInputError("question", _ONE_OF)
    return found


def _reference(typed: str) -> str:
    kind = _SEARCHED_BY.get(typed[0].upper())
    if kind is None:
        raise InvalidInputError(
            "question", "give the reference of a referral (R-), an episode (E-) or a person (P-)"
        )
    return read_reference(kind, typed)


def _person(typed: str) -> dict[str, str] | None:
    """Return a name with the date of birth behind it, if one is given; None if it cannot be a name."""
    born = _BORN.search(typed)
    name = typed[: born.start()] if born else typed
    before, comma, after = name.partition(",")
    last, first = before.split(), after.split()
    if not comma:
        first, last = _divided(last)
    if not 0 < len(first) + len(last) <= _MOST_WORDS or not all(map(_NAME.fullmatch, (*first, *last))):
        return None
    person = {"forename": " ".join(first), "surname": " ".join(last)}
    if born:
        person["date_of_birth"] = _day(born[1])
    return {part: said for part, said in person.items() if said}


def _divided(words: list[str]) -> tuple[list[str], list[str]]:
    """Return forenames and surname: the last part, with the particles before it."""
    from engine.identity.words import wordlist  # loads lists that --help need not

    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in wordlist().particles:
        start -= 1
    return words[: max(start, 0)], words[max(start, 0) :]


def _day(typed: str) -> str:
    day, slash, rest = typed.partition("/")
    if not slash:
        return typed
    month, _, year = rest.partition("/")
    return f"{year}-{int(month):02}-{int(day):02}"
