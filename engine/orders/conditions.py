"""The library of conditions: its versions, the wording from the slots, and what changed. Pure.

The wording of a recorded order does not change.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from string import Formatter

from engine.domain.errors import InvalidInputError
from engine.domain.orders.conditions import (
    NOT_CHECKED,
    SLOTS,
    ConditionChanged,
    ConditionGiven,
    ConditionLibrary,
    Difference,
    LibraryCondition,
    StoredCondition,
)

_DATA = Path(__file__).parent / "data" / "conditions.toml"
SEALED_AREA = "the sealed area"
_FREE_TITLE = "Condition in the court's own words"


@cache
def condition_libraries() -> tuple[ConditionLibrary, ...]:
    """Return every version, oldest first."""
    written = tomllib.loads(_DATA.read_text(encoding="utf-8"))["versions"]
    return tuple(ConditionLibrary.model_validate(each) for each in written)


def condition_library(version: int | None = None) -> ConditionLibrary:
    """Return one version of the library, or the newest. Raises InvalidInputError if there is none."""
    there = condition_libraries()
    if version is None:
        return there[-1]
    for each in there:
        if each.version == version:
            return each
    raise InvalidInputError("version", f"the library has versions 1 to {there[-1].version}; choose one")


def recorded_condition(
    given: ConditionGiven, number: int, library: ConditionLibrary, *, persons: int, zone: str | None
) -> StoredCondition:
    """Return a condition as it is stored, with its wording; ``zone`` is the reference of its sealed place.

    Raises InvalidInputError with one sentence where it does not fit the library.
    """
    part = f"condition {number}"
    slots = given.model_dump(exclude={"zone", "wording"})
    if given.code is None:
        return StoredCondition.model_validate(
            {**slots, "wording": given.wording, "title": _FREE_TITLE, "rendered": given.wording}
        )
    entry = library.by_code.get(given.code)
    if entry is None:
        raise InvalidInputError(
            part,
            f"'{given.code}' is not in version {library.version} of the library; 'stac order conditions' "
            "lists the codes, and free text goes into 'wording'",
        )
    _require_slots(part, given, entry, persons)
    return StoredCondition.model_validate(
        {
            **slots,
            "library": library.version,
            "title": entry.title,
            "rendered": _rendered(given, entry),
            "must": entry.must,
            "what": entry.what,
            "zone": zone,
        }
    )


def _require_slots(part: str, given: ConditionGiven, entry: LibraryCondition, persons: int) -> None:
    filled = given.filled
    empty = [name for name in entry.needs if name not in filled]
    if empty:
        raise InvalidInputError(
            part,
            f"its slot '{empty[0]}' is empty; it says what is forbidden or required (SPA 2019 s.2(1))",
        )
    strange = [name for name in SLOTS if name in filled and name not in entry.slots]
    if strange:
        raise InvalidInputError(part, f"'{entry.code}' has no slot '{strange[0]}'; leave it out")
    if given.persons and max(given.persons) > persons:
        raise InvalidInputError(
            part, f"it names protected person {max(given.persons)}, and the order has {persons}; correct it"
        )


def require_no_overlap(conditions: Sequence[ConditionGiven]) -> None:
    """Refuse two conditions that are the same at the same time. Raises InvalidInputError."""
    for number, later in enumerate(conditions, start=1):
        for before, earlier in enumerate(conditions[: number - 1], start=1):
            if _means_the_same(earlier, later) and _share_a_day(earlier, later):
                raise InvalidInputError(
                    f"conditions {before} and {number}",
                    "they overlap: the same condition for the same days; leave one out, or correct "
                    "'starts' and 'until' (local rule)",
                )


def _means_the_same(one: ConditionGiven, other: ConditionGiven) -> bool:
    left_out = {"starts", "until"}
    return one.model_dump(exclude=left_out) == other.model_dump(exclude=left_out)


def _share_a_day(one: ConditionGiven, other: ConditionGiven) -> bool:
    starts_late = one.until is not None and other.starts is not None and other.starts > one.until
    ended_before = other.until is not None and one.starts is not None and one.starts > other.until
    return not (starts_late or ended_before)


def _rendered(given: ConditionGiven, entry: LibraryCondition) -> str:
    wanted = {name for _, name, _, _ in Formatter().parse(entry.text) if name}
    return entry.text.format(**{name: _slot_in_words(name, given) for name in wanted})


def _slot_in_words(name: str, given: ConditionGiven) -> str:
    match name:
        case "persons":
            return persons_in_words(given.persons)
        case "means":
            return listed([each.value for each in given.means])
        case "exceptions":
            allowed = listed([each.value for each in given.exceptions])
            return f", except {allowed}" if allowed else ""
        case "zone":
            return SEALED_AREA
        case "hours":
            said = hours_in_words(given)
            return f" on {said}" if said else ""
        case "things":
            return listed([each.value for each in given.things], last="or")
        case "attends":
            return given.attends.value if given.attends else ""
        case "times":
            return f", {given.times} times" if given.times else ""
        case _:
            return str(given.metres or "")


def persons_in_words(persons: Sequence[int]) -> str:
    """Return which protected persons a condition is about, without a name."""
    if not persons:
        return "any protected person"
    numbers = listed([str(number) for number in persons])
    return f"protected person{'s' if len(persons) > 1 else ''} {numbers}"


def hours_in_words(condition: ConditionGiven | StoredCondition) -> str:
    """Return the hours of a condition as a person reads them; empty where it has none."""
    return "; ".join(each.in_words for each in condition.hours)


def listed(words: Sequence[str], *, last: str = "and") -> str:
    """Return words as a sentence lists them."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def changes_between(old: ConditionLibrary, new: ConditionLibrary) -> tuple[ConditionChanged, ...]:
    """Return how each condition of one version differs in another: in five ways, or not at all."""
    return tuple(_changes(old, new))


def _changes(old: ConditionLibrary, new: ConditionLibrary) -> Iterator[ConditionChanged]:
    there = new.by_code
    for before in old.conditions:
        after = there.get(before.code)
        if after is None:
            yield _gone(before, old, new)
        elif (before.text, before.title) != (after.text, after.title):
            yield ConditionChanged(
                code=before.code,
                title=before.title,
                difference=Difference.TEXT,
                before=before.text,
                after=after.text,
            )
        elif (before.slots, before.needs, before.must, before.what) != (
            after.slots,
            after.needs,
            after.must,
            after.what,
        ):
            yield ConditionChanged(
                code=before.code,
                title=before.title,
                difference=Difference.OPTIONS,
                before=", ".join(before.slots),
                after=", ".join(after.slots),
            )


def _gone(before: LibraryCondition, old: ConditionLibrary, new: ConditionLibrary) -> ConditionChanged:
    instead = tuple(each.code for each in new.conditions if before.code in each.replaces)
    difference = Difference.REMOVED
    if instead:
        is_new = all(code not in old.by_code for code in instead)
        difference = Difference.REPLACED if is_new else Difference.DELETED
    return ConditionChanged(code=before.code, title=before.title, difference=difference, instead=instead)


def public_condition(condition: StoredCondition) -> str:
    """Return a condition for the public: its title and no slot.

    Hours, metres, places and the number of persons would help to locate a protected person, so no slot comes
    into it, and neither does free text.
    """
    if not condition.is_checked:
        return f"{_FREE_TITLE}. {NOT_CHECKED}."
    return f"{condition.title}."
