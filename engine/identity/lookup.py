"""The integer keys by which a person is found again: two records of one person mostly share some.

Pure. The keys of a stored record and those of one that is searched for differ in one thing: a number is
searched for in every form that it may have been written in.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.identity.forms import PersonForm, number_of
from engine.identity.identifiers import compared_forms
from engine.identity.keys import either_way_round, forename_sound, long_parts, sound

MOST_CANDIDATES = 300
MOST_UNDER_KEY = 1_000
"""A key that so many records share says too little; it is passed over."""


def kept_keys(form: PersonForm) -> tuple[int, ...]:
    """Return the keys that a record is stored under."""
    return tuple(
        dict.fromkeys(
            number_of(text)
            for text in (*_words(form), *(f"{n.scheme.value}\n{n.form}" for n in form.numbers))
        )
    ) + tuple(_things(form))


def sought_keys(form: PersonForm) -> tuple[int, ...]:
    """Return the keys that a record like this one would be stored under, the rarest first."""
    words = [number_of(text) for text in _words(form)]
    return tuple(dict.fromkeys((*number_keys(form), *_things(form), *words)))


def number_keys(form: PersonForm) -> tuple[int, ...]:
    """Return the keys of only a person's numbers, in every form in which each may have been written."""
    return tuple(
        number_of(f"{number.scheme.value}\n{written}")
        for number in form.numbers
        for written in sorted(compared_forms(number.scheme, number.form) | {number.form})
    )


def _things(form: PersonForm) -> list[int]:
    keys = sorted(key for _, key in form.things)
    return [*keys, form.address] if form.address is not None else keys


def _words(form: PersonForm) -> Iterator[str]:
    """Yield names by their sound, dates in part: whatever was mistyped, something of it stays."""
    first, last = form.forename, form.surname
    one, other = (forename_sound(first) if first else ""), (sound(last) if last else "")
    if one and other:
        yield f"names\n{'|'.join(sorted((one, other)))}"
    elif one or other:
        yield f"only name\n{one or other}"
    yield from _by_birth(form, one)
    if form.postcode and last:
        yield f"postcode\n{form.postcode}\n{last[0]}"


def _by_birth(form: PersonForm, forename_sounds: str) -> Iterator[str]:
    first, last, born = form.forename, form.surname, form.born
    year, month = born[:4], born[4:6]
    if not born:
        return
    if turned := either_way_round(born):
        for name in (first, last):
            if name:
                yield f"born\n{turned}\n{name[0]}"
    if first and last:
        for part in _parts(last):
            yield f"year\n{year}\n{first[0]}\n{sound(part)}"
    if forename_sounds and month != "00":
        yield f"month\n{year}{month}\n{forename_sounds}"


def _parts(surname: str) -> list[str]:
    parts = long_parts(surname)
    return list(dict.fromkeys([surname, *parts])) if len(parts) > 1 else [surname]
