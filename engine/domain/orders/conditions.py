"""Conditions of an order as data: who, what, where, when and until. Knows no library and no storage.

A zone is sealed: what it names goes to the vault as soon as it is read, and a stored condition has only its
reference there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from engine.domain.base import Code, Frozen, Sentence

LONGEST_CONDITION = 1_000
MOST_CONDITIONS = 40
NOT_CHECKED = "Not checked by software"
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
_WHOLE_COUNTRY = re.compile(
    r"(?:(?:(?:the\s+)?(?:whole|entire)|all|anywhere|everywhere|any\s+(?:place|part|area))\s+"
    r"(?:(?:of|in|within|over)\s+)?)?(?:the\s+)?"
    r"(?:country|uk|u\.k\.|united\s+kingdom|great\s+britain|britain|england(?:\s+and\s+wales)?|wales|scotland|"
    r"northern\s+ireland)",
    re.IGNORECASE,
)
_WIDEST_METRES = 50_000


class Must(StrEnum):
    """A prohibition or a positive requirement."""

    NOT = "must not"
    DO = "must"


class What(StrEnum):
    """The subject of a condition, as software compares it."""

    CONTACT = "contact"
    APPROACH = "approach"
    PRESENCE = "presence"
    POSSESSION = "possession"
    DISCLOSURE = "disclosure"
    ATTENDANCE = "attendance"
    RESIDENCE = "residence"
    CONDUCT = "conduct"


class Means(StrEnum):
    """A channel that a condition is about."""

    ANY = "any means"
    IN_PERSON = "in person"
    PHONE = "phone"
    MESSAGE = "message"
    ONLINE = "social media or online"
    POST = "post"
    THIRD_PARTY = "another person"


class Allowed(StrEnum):
    """A contact that a condition allows."""

    SOLICITOR = "through a solicitor"
    CHILDREN = "letters about arrangements for children"
    COURT = "at a court hearing that both attend"
    EMERGENCY = "an emergency of a child"


class Thing(StrEnum):
    """A thing that a condition is about."""

    PHONE = "a second phone or SIM card"
    DEVICE = "a device that connects to the internet, other than one shown to police"
    TRACKER = "a tracking device or software"
    CAMERA = "a camera or drone"
    WEAPON = "a weapon"
    VEHICLE = "a vehicle that is not registered with police"


class Attends(StrEnum):
    """An appointment or programme that a person must attend."""

    MENTAL_HEALTH = "a mental health assessment"
    PROGRAMME = "a programme for people who stalk"
    SUBSTANCE = "treatment for alcohol or drugs"
    STATION = "a police station"
    DEVICE_CHECK = "an inspection of devices"


class Weekday(StrEnum):
    """A weekday, in London."""

    MONDAY = "Monday"
    TUESDAY = "Tuesday"
    WEDNESDAY = "Wednesday"
    THURSDAY = "Thursday"
    FRIDAY = "Friday"
    SATURDAY = "Saturday"
    SUNDAY = "Sunday"


class Hours(Frozen):
    """Hours of some weekdays, in London time, within one day."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    begins: str
    ends: str

    @model_validator(mode="after")
    def _is_within_a_day(self) -> Self:
        for name, at in (("begins", self.begins), ("ends", self.ends)):
            if not _TIME.fullmatch(at):
                raise ValueError(f"'{name}': write a time such as 08:30; midnight at the end is 24:00")
        if self.ends <= self.begins:
            raise ValueError(
                f"the hours end before they begin; split them at midnight: {self.begins} to 24:00, and "
                f"00:00 to {self.ends} of the next day"
            )
        return self

    @property
    def in_words(self) -> str:
        """The hours as a person reads them."""
        if len(self.days) == len(Weekday):
            return f"every day, {self.begins} to {self.ends}"
        days = ", ".join(f"{day.value}s" for day in Weekday if day in self.days)
        return f"{days}, {self.begins} to {self.ends}"

    def overlaps(self, other: Hours) -> bool:
        """Return whether some minute of the week is in both."""
        return bool({*self.days} & {*other.days}) and self.begins < other.ends and other.begins < self.ends


class Zone(Frozen):
    """A place as the court described it, perhaps with a circle on the map. It goes to the vault."""

    description: Annotated[str, StringConstraints(min_length=1, max_length=400)] = Field(repr=False)
    latitude: float | None = Field(default=None, ge=49, le=61, repr=False)
    longitude: float | None = Field(default=None, ge=-9, le=2.5, repr=False)
    radius_metres: int | None = Field(default=None, ge=1, repr=False)
    tolerance_metres: int | None = Field(default=None, ge=0, le=1_000, repr=False)

    @model_validator(mode="after")
    def _is_a_place(self) -> Self:
        if _WHOLE_COUNTRY.fullmatch(self.description.strip(" .")):
            raise ValueError(
                "the zone is a whole country; an order already applies in the whole United Kingdom unless it "
                "is limited (SPA 2019 s.2(4)). Name a smaller area"
            )
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("give both 'latitude' and 'longitude', or neither")
        if self.radius_metres is not None and self.latitude is None:
            raise ValueError("'radius_metres' needs 'latitude' and 'longitude'")
        if self.radius_metres is not None and self.radius_metres > _WIDEST_METRES:
            raise ValueError(
                f"the zone is wider than {_WIDEST_METRES // 1000} km on each side of its middle; name a "
                "smaller area (SPA 2019 s.2(4))"
            )
        return self


class _Period(Frozen):
    starts: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.starts and self.until and self.until < self.starts:
            raise ValueError("the condition ends before it starts; check 'starts' and 'until'")
        return self

    def includes(self, day: date) -> bool:
        """Return whether its own period includes a date."""
        return (self.starts is None or self.starts <= day) and (self.until is None or day <= self.until)


class _Slots(_Period):
    """The slots of a condition but for its zone. An empty one is "not recorded"."""

    code: Code | None = None
    wording: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_CONDITION)] | None = None
    persons: tuple[Annotated[int, Field(ge=1)], ...] = ()
    """Numbers of protected persons; empty is all of them."""
    means: tuple[Means, ...] = ()
    exceptions: tuple[Allowed, ...] = ()
    metres: int | None = Field(default=None, ge=1, le=100_000)
    hours: tuple[Hours, ...] = ()
    things: tuple[Thing, ...] = ()
    attends: Attends | None = None
    times: int | None = Field(default=None, ge=1, le=500)

    @model_validator(mode="after")
    def _is_coded_or_written(self) -> Self:
        if (self.code is None) == (self.wording is None):
            raise ValueError(
                "give 'code' of the library, or 'wording' for a condition that the software does not check"
            )
        if self.wording is not None and self._filled:
            raise ValueError(
                "a condition in free text has no slots: software does not check it; give its 'code' instead"
            )
        return self

    @property
    def _filled(self) -> bool:
        return bool(self.filled)

    @property
    def filled(self) -> frozenset[str]:
        """The names of the slots that are filled."""
        return frozenset(name for name in SLOTS if getattr(self, name, None))


SLOTS = ("persons", "means", "exceptions", "zone", "metres", "hours", "things", "attends", "times")
"""The slots that a condition of the library may have."""


class ConditionGiven(_Slots):
    """A condition as a person records it."""

    zone: Zone | None = Field(default=None, repr=False)


class StoredCondition(_Slots):
    """A condition as it is stored: with the wording of its day, and its zone sealed in the vault.

    ``library`` is the version whose wording it has; later versions do not change it.
    """

    library: int | None = None
    title: Sentence
    rendered: str
    must: Must | None = None
    what: What | None = None
    zone: str | None = None
    """The reference of the sealed place in the vault."""

    @property
    def is_checked(self) -> bool:
        """True if it is coded, so that software can compare it."""
        return self.code is not None


class LibraryCondition(Frozen):
    """A condition of the library: its meaning, its wording and its slots."""

    code: Code
    title: Sentence
    must: Must
    what: What
    text: str
    slots: tuple[str, ...]
    needs: tuple[str, ...] = ()
    replaces: tuple[Code, ...] = ()


class ConditionLibrary(Frozen):
    """One version of the library."""

    version: int
    in_use_from: date
    conditions: tuple[LibraryCondition, ...]

    @property
    def by_code(self) -> Mapping[str, LibraryCondition]:
        """Every condition by its code."""
        return {each.code: each for each in self.conditions}


class Difference(StrEnum):
    """A difference of a condition between two versions of the library."""

    TEXT = "text changed"
    OPTIONS = "options changed"
    REPLACED = "replaced by new conditions"
    DELETED = "deleted; others there may be used"
    REMOVED = "removed without a replacement"


class ConditionChanged(Frozen):
    """A difference of one condition between two versions of the library."""

    code: Code
    title: Sentence
    difference: Difference
    instead: tuple[Code, ...] = ()
    before: str | None = None
    after: str | None = None


class SealedKind(StrEnum):
    """A kind of value that an order brings into the vault."""

    ZONE = "order zone"
    PERSON = "protected person"
    INCIDENT = "place of an incident"
