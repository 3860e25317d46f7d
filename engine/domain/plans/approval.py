"""The gate before a plan is approved: the victim's voice, or who signed why it is missing. No storage.

Urgent safety actions do not wait for it: they start at once on each agency's own authority.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from engine.domain.base import Code, Frozen, Instant, Sentence
from engine.domain.responses.voices import EVERYONE, Agreement, WithWhom


class Need(StrEnum):
    """A need of an approval; the last only where the plan departs from the victim's wishes."""

    ADVOCATES_VIEW = "advocate's view"
    VICTIMS_WISHES = "victim's wishes"
    SAFETY_CHECK = "safety check"
    WHO_INFORMS = "who informs the victim"


FOR_THE_ADVOCATE = frozenset({Need.ADVOCATES_VIEW, Need.VICTIMS_WISHES, Need.SAFETY_CHECK})
"""Needs that the victim's advocate records; those who write the plan may name who informs the victim."""


class SafetyResult(StrEnum):
    """The result of the safety check of a plan: safe, not safe, or that it could not be made."""

    SAFE = "safe"
    NOT_SAFE = "not safe"
    NOT_DONE = "could not be done"


class WhyNot(StrEnum):
    """Why a need is not met, where the chair or a coordinator signs that it is not."""

    NOT_IN_CONTACT = "not in contact with services"
    NO_ADVOCATE = "no advocate"
    NOT_SAFE_TO_ASK = "not asked yet: not safe to ask"
    DECLINED = "declined"
    OTHER = "other"


class Informs(Frozen):
    """The person who informs the victim, and their agency."""

    agency: Code
    person: Annotated[str, StringConstraints(min_length=2, max_length=120)]


class NeedRecorded(Frozen):
    """A need as the advocate records it, about one version of the plan.

    ``says`` leaves the advocate's agency only as the victim agreed. Without their agreement and its audience,
    give none: the record then shows only that the need was recorded. A safety check has a result, and
    ``because`` where it is not "safe": the advocate's own sentence, for those who approve the plan.
    """

    need: Need
    plan_version: Annotated[int, Field(ge=1)]
    says: Sentence | None = None
    agreed_to_sharing: Agreement = Agreement.NOT_ASKED
    with_whom: WithWhom = ()
    plan_departs: bool | None = Field(
        default=None, description="whether the plan departs from the wishes; None is not recorded"
    )
    informs: Informs | None = None
    result: SafetyResult | None = Field(default=None, description="of a safety check, and only there")
    because: Sentence | None = Field(
        default=None, description="what is not safe, or why the check could not be done"
    )
    replaces: bool = Field(
        default=False,
        description="in place of 'not safe', or of wishes that the plan departs from, once read",
    )

    @model_validator(mode="after")
    def _has_its_result(self) -> NeedRecorded:
        if (self.result is not None) != (self.need is Need.SAFETY_CHECK):
            raise ValueError("result: give 'safe', 'not safe' or 'could not be done' for a safety check only")
        if (self.because is not None) != (self.result in {SafetyResult.NOT_SAFE, SafetyResult.NOT_DONE}):
            raise ValueError("because: say what is not safe, or why the check could not be done, only there")
        return self

    @model_validator(mode="after")
    def _whole(self) -> NeedRecorded:
        if (self.informs is not None) != (self.need is Need.WHO_INFORMS):
            raise ValueError("informs: give the agency and the person for who informs the victim, only there")
        if self.need is Need.WHO_INFORMS:
            if self.says is not None or self.with_whom:
                raise ValueError("says: leave it empty; give who informs the victim")
            return self
        if EVERYONE in self.with_whom and len(self.with_whom) > 1:
            raise ValueError(f"with_whom: give '{EVERYONE}' without other names")
        if (self.says is not None) != (self.agreed_to_sharing is Agreement.YES and bool(self.with_whom)):
            raise ValueError("says: give it only with the victim's agreement and who may read it")
        if self.plan_departs is not None and self.need is not Need.VICTIMS_WISHES:
            raise ValueError("plan_departs: give it only with the victim's wishes")
        return self


class NeedSignedNot(Frozen):
    """A need that is not met, with the reason that the chair or a coordinator signs."""

    need: Need
    plan_version: Annotated[int, Field(ge=1)]
    why: WhyNot
    says: Sentence


class StoredNeed(Frozen):
    """One record of a need: met, or signed that it is not. The newest on each need counts.

    A safety check without a ``result`` is of before checks had one.
    """

    need: Need
    plan_version: int
    why_not: WhyNot | None
    says: str | None
    agreed_to_sharing: Agreement | None = None
    with_whom: WithWhom = ()
    plan_departs: bool | None = None
    informs_agency: str | None = None
    informs_person: str | None = None
    result: SafetyResult | None = None
    because: str | None = None
    by: str
    agency: str | None
    at: Instant

    @property
    def lacks_result(self) -> bool:
        """True of a safety check that was recorded without its result."""
        return self.need is Need.SAFETY_CHECK and self.why_not is None and self.result is None

    def is_shared_with(self, agency: str | None) -> bool:
        """Return whether the victim agreed that this agency reads it; the chair has no agency."""
        return EVERYONE in self.with_whom or (agency is not None and agency in self.with_whom)


class AcceptedConflict(Frozen):
    """A conflict that the chair accepts, and why."""

    conflict: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    because: Sentence


class ApprovalGiven(Frozen):
    """The approval of one version of a plan as the chair gives it."""

    version: Annotated[int, Field(ge=1)]
    accepted: Annotated[tuple[AcceptedConflict, ...], Field(max_length=50)] = ()


class Voice(Frozen):
    """A response that the advocate's agency released on the case: it counts as the advocate's view."""

    agency: str
    version: int
    at: Instant | None = None


class Approval(Frozen):
    """The approval of one version of a plan as stored. ``accepted`` is the reason by conflict.

    ``voice`` is the released response that counted as the advocate's view, if one did.
    """

    version: int
    accepted: tuple[tuple[str, str], ...] = ()
    voice: Voice | None = None
    by: str
    at: Instant


class OpenConflict(Frozen):
    """A conflict of a plan as the approval asks about it; ``key`` is what an acceptance names."""

    key: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    says: str


_MISSING = {
    Need.ADVOCATES_VIEW: "The advocate's view of the plan is not recorded: record it, or sign why not.",
    Need.VICTIMS_WISHES: "The victim's wishes are not recorded: record them, or sign why not.",
    Need.SAFETY_CHECK: "The safety check is not recorded: record it, or sign why not.",
    Need.WHO_INFORMS: (
        "The plan departs from the victim's wishes: record who informs the victim, or sign why not."
    ),
}
_CHANGED = "The safety check was made on version {then}, and actions have changed since: record it again."
_CHANGED_AFTER_NOT_SAFE = (
    "The safety check found version {then} not safe, and actions have changed since: record it again."
)
_NOT_SAFE = (
    "The safety check found version {then} not safe: add an action with an owner, or remove what is not "
    "safe, and the victim's advocate records the check again."
)
_NO_RESULT = "The safety check was recorded without a result: record it again."
_NO_REASON = "The plan departs from the victim's wishes: choose the reason and say how in one sentence."
_ADVOCATE_SAYS_DEPARTS = (
    "The advocate recorded that the plan departs from the victim's wishes: say in the plan why it does."
)


def counting(
    recorded: Iterable[StoredNeed], *, after_version: int, actions_changed_in: int
) -> Mapping[Need, StoredNeed]:
    """Return by need the newest record that counts for an approval now.

    What was recorded for an earlier approval counts for that one only, and a safety check only for the
    actions that were there: one that is new or changed since was not checked. ``after_version`` is the
    version that was approved last (0 for none), ``actions_changed_in`` the newest version that changed one.
    """
    newest: dict[Need, StoredNeed] = {}
    for each in recorded:
        if each.plan_version > after_version:
            newest[each.need] = each
    check = newest.get(Need.SAFETY_CHECK)
    if check is not None and check.plan_version < actions_changed_in:
        del newest[Need.SAFETY_CHECK]
    return newest


def missing_needs(
    counts: Mapping[Need, StoredNeed], *, voice: Voice | None, plan_departs: bool
) -> tuple[Need, ...]:
    """Return the needs that no record meets and no signature answers."""
    missing = [need for need in Need if need not in counts or counts[need].lacks_result]
    if voice is not None and Need.ADVOCATES_VIEW in missing:
        missing.remove(Need.ADVOCATES_VIEW)
    if not (plan_departs or _advocate_says_departs(counts)):
        missing = [need for need in missing if need is not Need.WHO_INFORMS]
    return tuple(missing)


def _advocate_says_departs(counts: Mapping[Need, StoredNeed]) -> bool:
    wishes = counts.get(Need.VICTIMS_WISHES)
    return wishes is not None and wishes.plan_departs is True


def still_needed(
    counts: Mapping[Need, StoredNeed],
    *,
    voice: Voice | None,
    plan_departs: bool,
    has_reason: bool,
    last_check: StoredNeed | None = None,
) -> tuple[str, ...]:
    """Return everything that an approval still needs, one sentence each; empty if it needs nothing more.

    ``last_check`` is the newest record of a safety check, whether it counts or not.
    """
    sentences = []
    for need in missing_needs(counts, voice=voice, plan_departs=plan_departs):
        if need is Need.SAFETY_CHECK and last_check is not None:
            sentences.append(_check_again(counts, last_check))
        else:
            sentences.append(_MISSING[need])
    if found_not_safe(counts):
        sentences.append(_NOT_SAFE.format(then=counts[Need.SAFETY_CHECK].plan_version))
    if (plan_departs or _advocate_says_departs(counts)) and not has_reason:
        sentences.append(_NO_REASON if plan_departs else _ADVOCATE_SAYS_DEPARTS)
    return tuple(sentences)


def found_not_safe(counts: Mapping[Need, StoredNeed]) -> bool:
    """Return whether the safety check that counts found the plan not safe: no signature answers that."""
    check = counts.get(Need.SAFETY_CHECK)
    return check is not None and check.result is SafetyResult.NOT_SAFE


def holds_up(counts: Mapping[Need, StoredNeed], need: Need) -> StoredNeed | None:
    """Return the record that counts if it stops an approval or asks for more, else None.

    It is a check that found the plan not safe, or wishes that the plan departs from. A person who has not
    read it must not put another in its place: nothing would say that it was there.
    """
    there = counts.get(need)
    if there is None or not (there.result is SafetyResult.NOT_SAFE or there.plan_departs):
        return None
    return there


def found_not_safe_before(
    recorded: Iterable[StoredNeed], counts: Mapping[Need, StoredNeed], *, after_version: int
) -> int | None:
    """Return the version that the last safety check found not safe, where that check no longer counts."""
    made = [each for each in recorded if each.need is Need.SAFETY_CHECK and each.why_not is None]
    if not made or made[-1].result is not SafetyResult.NOT_SAFE or made[-1].plan_version <= after_version:
        return None
    return None if found_not_safe(counts) else made[-1].plan_version


def _check_again(counts: Mapping[Need, StoredNeed], last_check: StoredNeed) -> str:
    if Need.SAFETY_CHECK in counts:
        return _NO_RESULT
    changed = _CHANGED_AFTER_NOT_SAFE if last_check.result is SafetyResult.NOT_SAFE else _CHANGED
    return changed.format(then=last_check.plan_version)


def unaccepted(conflicts: Sequence[OpenConflict], accepted: Iterable[AcceptedConflict]) -> tuple[str, ...]:
    """Return a sentence for each conflict that is not accepted with a reason."""
    keys = {each.conflict for each in accepted}
    return tuple(
        f"{each.says} Resolve it, or accept it with a reason." for each in conflicts if each.key not in keys
    )
