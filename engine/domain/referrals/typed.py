"""A referral as a person types it while the caller speaks, and the referral that it makes. No storage."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from engine.domain.absence import YesNo
from engine.domain.base import Frozen
from engine.domain.cases.incidents import IncidentReported
from engine.domain.dates import PartialDate
from engine.domain.errors import InvalidInputError
from engine.domain.people.persons import ClaimedRole, Name, PersonDescribed, Thing, ThingKind
from engine.domain.referrals.intake import (
    LONGEST_REASON,
    AlarmAnswers,
    AlarmTopic,
    Call999,
    CallTaken,
    ProtectedKind,
    ProtectedValue,
    Referral,
    VictimPosition,
    VictimView,
)

UNKNOWN = "unknown"
"""The surname of an alleged perpetrator whose name is not known, as in a file. Matching reads it as none."""
REST_FOLLOWS = "Alarm from a call: {topics}. The rest of the call is not recorded yet."
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
"""Characters that cannot be seen, or that turn the direction of writing."""
_VALUE = Annotated[str, StringConstraints(min_length=2, max_length=200)]


def _visible(text: str) -> str:
    if _UNSEEN.search(text):
        raise ValueError("it has control characters or invisible characters; type it again")
    return text.replace("\r\n", "\n").replace("\r", "\n")


_Line = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_visible)]
_Name = Annotated[Name, AfterValidator(_visible)]


class PersonTyped(Frozen):
    """A party as the caller describes them. ``not_named`` is a caller who gives no name."""

    forename: _Name | None = None
    surname: _Name | None = None
    not_named: bool = False
    born: PartialDate | None = None
    age: Annotated[int, Field(ge=0, le=120)] | None = None
    works_for_us: YesNo = YesNo.NOT_ASKED

    @model_validator(mode="after")
    def _one_answer_each(self) -> PersonTyped:
        if self.not_named and self.has_name:
            raise ValueError("give a name or 'not_named', not both")
        if self.born is not None and self.age is not None:
            raise ValueError("give 'born' or 'age', not both")
        return self

    @property
    def has_name(self) -> bool:
        """True if the caller gave a name or a part of one."""
        return bool(self.forename or self.surname)

    @property
    def is_answered(self) -> bool:
        """True if there is a name, or the caller gives none."""
        return self.has_name or self.not_named

    def described(self) -> PersonDescribed:
        """Return the person as a source describes one; an age gives no birth date."""
        return PersonDescribed(forename=self.forename, surname=self.surname, date_of_birth=self.born)


class AllegedTyped(PersonTyped):
    """The alleged perpetrator as the caller describes them."""

    phones: tuple[_VALUE, ...] = ()
    plates: tuple[_VALUE, ...] = ()
    handles: tuple[_VALUE, ...] = ()

    def described(self) -> PersonDescribed:
        """Return the person as a source describes one, 'unknown' without a name."""
        person = super().described()
        return person if self.has_name else person.model_copy(update={"surname": UNKNOWN})

    def things(self) -> tuple[Thing, ...]:
        """Return what ties other referrals to the same person."""
        by_kind = (
            (ThingKind.PHONE, self.phones),
            (ThingKind.VEHICLE, self.plates),
            (ThingKind.ACCOUNT, self.handles),
        )
        return tuple(Thing(kind=kind, value=value) for kind, values in by_kind for value in values)


class SafeContact(Frozen):
    """A safe way to contact the victim. It goes to the protected details only, and is not printed."""

    how: _Line | None = Field(default=None, repr=False)
    when: _Line | None = Field(default=None, repr=False)
    through: _Line | None = Field(default=None, repr=False)

    def protected(self) -> tuple[ProtectedValue, ...]:
        """Return the protected values in it."""
        by_kind = (
            (ProtectedKind.CONTACT_HOW, self.how),
            (ProtectedKind.CONTACT_WHEN, self.when),
            (ProtectedKind.CONTACT_THROUGH, self.through),
        )
        return tuple(ProtectedValue(kind=kind, value=value) for kind, value in by_kind if value)


class ReferralTyped(Frozen):
    """A referral as a person types it: alarm topics first, and all else as the caller gives it."""

    topics: dict[AlarmTopic, YesNo] = Field(default_factory=dict)
    victim: PersonTyped = PersonTyped()
    alleged: AllegedTyped = AllegedTyped()
    relationship: _Line | None = None
    what_happened: (
        Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_REASON), AfterValidator(_visible)]
        | None
    ) = None
    incidents: tuple[IncidentReported, ...] = ()
    victim_informed: YesNo = YesNo.NOT_ASKED
    victim_view: VictimView = VictimView.NOT_ASKED
    victim_wants: (
        Annotated[str, StringConstraints(min_length=1, max_length=2_000), AfterValidator(_visible)] | None
    ) = None
    safe_contact: SafeContact = Field(default=SafeContact(), repr=False)
    caller: _Line | None = None
    caller_contact: _Line | None = None
    call_999: Call999 | None = None

    @property
    def alarms(self) -> AlarmAnswers:
        """The answers to all topics."""
        return AlarmAnswers(answers=self.topics)

    @property
    def is_alarm(self) -> bool:
        """True if a topic is answered with yes."""
        return bool(self.alarms.raised)

    @property
    def works_for(self) -> YesNo:
        """The answer for both parties: yes if one does, and not asked until both are asked."""
        return either_works_for(self.victim.works_for_us, self.alleged.works_for_us)


def either_works_for(one: YesNo, other: YesNo) -> YesNo:
    """Return the answer for two parties.

    >>> either_works_for(YesNo.NOT_ASKED, YesNo.YES).value
    'yes'
    >>> either_works_for(YesNo.NO, YesNo.NOT_ASKED).value
    'not asked'
    """
    for answer in (YesNo.YES, YesNo.NOT_ASKED, YesNo.NOT_KNOWN):
        if answer in (one, other):
            return answer
    return YesNo.NO


def referral_of(typed: ReferralTyped, *, source: str, source_reference: str, today: date) -> Referral:
    """Return the referral that was typed.

    With a topic "yes" it needs one name, or "not named". Without one it needs both parties, a name of one of
    them, and what happened.

    Raises
    ------
    InvalidInputError
        One of these is missing, a date is in the future, or both parties are described as one person.
    """
    _require_enough(typed)
    _require_past(typed, today)
    _require_told_apart(typed)
    return _referral(typed, source=source, source_reference=source_reference)


def completed(before: Referral, typed: ReferralTyped, *, today: date) -> Referral:
    """Return the referral with the rest of the call: an answer that was not asked again stays as it was.

    Raises
    ------
    InvalidInputError
        A date is in the future, or both parties are described as one person.
    """
    _require_past(typed, today)
    _require_told_apart(typed)
    new = _referral(typed, source=before.source, source_reference=before.source_reference)
    asked = {topic: answer for topic, answer in new.alarms.answers.items() if answer is not YesNo.NOT_ASKED}
    call = _call_completed(before.call or CallTaken(), typed)
    has_victim = typed.victim.is_answered or typed.victim.born is not None
    has_alleged = typed.alleged.is_answered or typed.alleged.born is not None
    position = before.victim_position.model_copy(
        update={
            name: getattr(new.victim_position, name)
            for name in ("told", "view")
            if getattr(new.victim_position, name).value != YesNo.NOT_ASKED.value
        }
    )
    changed = before.model_copy(
        update={
            "reason": typed.what_happened or before.reason,
            "relationship": new.relationship or before.relationship,
            "victim": new.victim if has_victim else before.victim,
            "perpetrator": new.perpetrator if has_alleged else before.perpetrator,
            "perpetrator_things": new.perpetrator_things or before.perpetrator_things,
            "victim_position": position,
            "party_works_for": either_works_for(call.victim_works_for, call.perpetrator_works_for),
            "alarms": AlarmAnswers(answers={**before.alarms.answers, **asked}),
            "incidents": new.incidents or before.incidents,
            "call": call,
            "protected": new.protected,
        }
    )
    return _checked(changed)


def _call_completed(before: CallTaken, typed: ReferralTyped) -> CallTaken:
    new = _call(typed)
    given = {
        name: value
        for name, value in new
        if name != "not_named" and value is not None and value is not YesNo.NOT_ASKED
    }
    named = {
        role
        for role, person in (
            (ClaimedRole.VICTIM, typed.victim),
            (ClaimedRole.PERPETRATOR, typed.alleged),
        )
        if person.has_name
    }
    not_named = tuple(role for role in _ROLES if role in {*before.not_named, *new.not_named} - named)
    return before.model_copy(update={**given, "not_named": not_named})


_ROLES = (ClaimedRole.VICTIM, ClaimedRole.PERPETRATOR)


def _call(typed: ReferralTyped) -> CallTaken:
    parties = zip(_ROLES, (typed.victim, typed.alleged), strict=True)
    return CallTaken(
        caller=typed.caller,
        caller_contact=typed.caller_contact,
        call_999=typed.call_999,
        not_named=tuple(role for role, person in parties if person.not_named),
        victim_age=typed.victim.age,
        perpetrator_age=typed.alleged.age,
        victim_works_for=typed.victim.works_for_us,
        perpetrator_works_for=typed.alleged.works_for_us,
        victim_wants=typed.victim_wants,
    )


def _referral(typed: ReferralTyped, *, source: str, source_reference: str) -> Referral:
    topics = ", ".join(topic.value for topic in typed.alarms.raised)
    return _checked(
        Referral(
            source=source,
            source_reference=source_reference,
            reason=typed.what_happened or REST_FOLLOWS.format(topics=topics or "no topic"),
            relationship=typed.relationship,
            perpetrator=typed.alleged.described(),
            perpetrator_things=typed.alleged.things(),
            victim=typed.victim.described(),
            victim_position=VictimPosition(told=typed.victim_informed, view=typed.victim_view),
            party_works_for=typed.works_for,
            alarms=typed.alarms,
            incidents=typed.incidents,
            call=_call(typed),
            protected=typed.safe_contact.protected(),
        )
    )


def _checked(referral: Referral) -> Referral:
    """Return it, checked as a whole: a copy with changed parts was not."""
    return Referral.model_validate(referral.model_dump())


def _require_enough(typed: ReferralTyped) -> None:
    parties = {"victim": typed.victim, "alleged": typed.alleged}
    if typed.is_alarm:
        if not any(person.is_answered for person in parties.values()):
            raise InvalidInputError("victim", "give one name, or say that neither is named ('not_named')")
        return
    if not any(person.has_name for person in parties.values()):
        raise InvalidInputError(
            "victim", "give a name of the victim or of the alleged perpetrator; only an alarm needs none"
        )
    for part, person in parties.items():
        if not person.is_answered:
            raise InvalidInputError(part, "give a name, or say that the caller gives none ('not_named')")
    if typed.what_happened is None:
        raise InvalidInputError("what_happened", "write what the caller said")


def _require_past(typed: ReferralTyped, today: date) -> None:
    dates = [
        ("victim.born", typed.victim.born),
        ("alleged.born", typed.alleged.born),
        *((f"incidents.{n}.happened", each.happened) for n, each in enumerate(typed.incidents, start=1)),
    ]
    for part, given in dates:
        if given is not None and given.earliest > today:
            raise InvalidInputError(part, "it is in the future; correct the date, or leave it out")


def _require_told_apart(typed: ReferralTyped) -> None:
    """Refuse two parties of one name without a difference; an alarm does not wait for that."""
    one, other = typed.victim, typed.alleged
    if not (one.has_name and other.has_name):
        return
    if one.described().full_name.casefold() != other.described().full_name.casefold():
        return
    if one.born is not None and one.born == other.born:
        raise InvalidInputError("alleged", "name and date of birth are the victim's; correct one of them")
    is_told_apart = (one.born or one.age) is not None and (other.born or other.age) is not None
    if not is_told_apart and not typed.is_alarm:
        raise InvalidInputError(
            "alleged", "both have one name; give a date of birth or an age of each, so that they stay apart"
        )
