"""Conflicts within a plan, before it is approved: each rule a small function. Knows no storage and no place.

What is near a protected place is found elsewhere: the writer of a plan learns nothing about it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum

from pydantic import Field

from engine.domain.absence import YesNo
from engine.domain.base import Code, Frozen
from engine.domain.plans.actions import OPEN_STATUSES, PlannedAction, Side
from engine.domain.plans.versions import StoredAction
from engine.domain.referrals.intake import PerpetratorAccessTo

PLACES_ARE_CHECKED = (
    "Protected places are checked separately. The safe-contact officer contacts you if your plan must change."
)
"""The same for every plan, at the same moment, whatever the check finds."""


class ConflictRule(StrEnum):
    """The kind of conflict of an action with what is known."""

    LETTER = "letter to an address that is not safe"
    SAFE_CONTACT = "contact outside the safe-contact rules"
    REFUSED = "action for an agency that refused"
    AFTER_REVIEW = "action due after the review"
    INFORMED_TWICE = "two agencies inform the victim"
    FORBIDDEN = "contact that a condition forbids"


class Conflict(Frozen):
    """One conflict: the action by its place in the plan, what conflicts, and the act that resolves it."""

    rule: ConflictRule
    action: int
    reference: str | None
    says: str
    resolve: str

    @property
    def key(self) -> str:
        """Its name when the chair accepts it: the rule and the action."""
        return f"{self.rule.name.lower().replace('_', '-')}:{self.reference or self.action}"

    @property
    def in_words(self) -> str:
        """The whole in one line."""
        return f"{self.named}: {self.says} {self.resolve}"

    @property
    def named(self) -> str:
        """The action by its place, with its reference if it has one."""
        return f"Action {self.action}" + (f" ({self.reference})" if self.reference else "")


class VictimContact(Frozen):
    """Facts about contact that all people on the case know with the victim; no protected value."""

    address_is_protected: bool
    rules_are_recorded: bool
    message_may_be_left: YesNo
    perpetrator_can_reach: frozenset[PerpetratorAccessTo] = frozenset()
    names: tuple[str, ...] = Field(default=(), repr=False)


class PlanFacts(Frozen):
    """Facts of the case, known to one viewer, that a plan may conflict with."""

    contact: VictimContact
    agency_names: Mapping[Code, str] = {}
    speak_for_victim: frozenset[Code] = frozenset()
    refused_on: Mapping[Code, date] = {}
    review_on: date | None = None
    informs_victim: Code | None = None
    contact_forbidden_by: tuple[str, ...] = ()
    """Conditions that apply and forbid contact or approach: the order and the number."""


Action = PlannedAction | StoredAction
Numbered = Sequence[tuple[int, Action]]
Rule = Callable[[Numbered, PlanFacts], Iterator[Conflict]]

_LETTER = re.compile(r"\b(?:letters?|leaflets?|by post|posts? (?:it|the|a|her|him|them)|write to)\b", re.I)
_PHONE = re.compile(r"\b(?:phone|call|ring|telephone|text|sms|voicemail)(?:s|ing)?\b(?! data)", re.I)
_EMAIL = re.compile(r"\be-?mails?\b", re.I)
_VISIT = re.compile(r"\b(?:visits?|meets?|call(?:s)? (?:on|at)|knocks?)\b", re.I)
_MESSAGE = re.compile(r"\b(?:leaves?|left) (?:a |the )?(?:voice )?messages?\b|\bvoicemails?\b", re.I)
_INFORM = re.compile(r"\b(?:informs?|tells?|notif(?:y|ies)|updates?|explains?|discloses?)\b", re.I)
_VICTIM = re.compile(r"\bvictim(?:'s|s)?\b", re.I)
_TOGETHER = re.compile(
    r"\b(?:mediat\w+|restorative|reconcil\w+|apolog\w+|joint (?:meetings?|sessions?)|"
    r"(?:couples?|family) (?:counselling|therapy))\b",
    re.I,
)
_RESPONDENT_CONTACTS = re.compile(
    r"\b(?:perpetrator|offender|suspect|respondent)\b[^.;]*?\b(?:contacts?|meets?|writes? to|phones?|rings?|"
    r"emails?|speaks? (?:to|with)|visits?|approach(?:es)?)\b[^.;]*\bvictim\b",
    re.I,
)
_NOT_TO = re.compile(r"\b(?:not|never|no|without|stop|stops|prevent|prevents|if|when|whether|away)\b", re.I)
_SOMEBODY_ELSE = re.compile(
    r"\b(?:perpetrator|offender|suspect|school|employer|workplace|court|landlord|neighbours?|family|gp|"
    r"members?|panel|agenc(?:y|ies)|coordinator|chair)\b",
    re.I,
)
_THROUGH_A_PERSON_TRUSTED = re.compile(
    r"\b(?:through|via|by|with) (?:the )?(?:victim's )?(?:advocate|safe[- ]contact officer)\b", re.I
)


def find_conflicts(actions: Sequence[Action], facts: PlanFacts) -> tuple[Conflict, ...]:
    """Return every conflict of a plan's open actions, by the action's place in it, from 1."""
    numbered = [(number, each) for number, each in enumerate(actions, start=1) if _is_open(each)]
    found = [conflict for rule in RULES for conflict in rule(numbered, facts)]
    return tuple(sorted(found, key=lambda conflict: conflict.action))


def letters_to_unsafe_addresses(actions: Numbered, facts: PlanFacts) -> Iterator[Conflict]:
    """Yield letters to the victim: an address that is protected, or not known to be only the victim's."""
    for number, action in actions:
        if _LETTER.search(action.what) and _reaches_victim(action, facts):
            why = (
                "It sends a letter to the victim, whose address is protected."
                if facts.contact.address_is_protected
                else "It sends a letter to the victim, and it is not recorded whether others open the post."
            )
            yield _conflict(
                ConflictRule.LETTER,
                number,
                action,
                why,
                "Have it delivered through the safe-contact officer.",
            )


def contact_outside_the_rules(actions: Numbered, facts: PlanFacts) -> Iterator[Conflict]:
    """Yield contact with the victim where no rules are recorded, or by a way that is known not to be safe."""
    for number, action in actions:
        if _reaches_victim(action, facts) and (why := _why_unsafe(action.what, facts.contact)):
            yield _conflict(
                ConflictRule.SAFE_CONTACT, number, action, why, "Ask the safe-contact officer how to proceed."
            )


def actions_of_agencies_that_refused(actions: Numbered, facts: PlanFacts) -> Iterator[Conflict]:
    """Yield actions of an agency whose response to this case is a refusal."""
    for number, action in actions:
        if (day := facts.refused_on.get(action.agency)) is not None:
            name = _named(action.agency, facts)
            yield _conflict(
                ConflictRule.REFUSED,
                number,
                action,
                f"{name} refused this case on {day:%-d %B %Y}.",
                "Choose another agency.",
            )


def actions_due_after_the_review(actions: Numbered, facts: PlanFacts) -> Iterator[Conflict]:
    """Yield actions that are due only after the review."""
    for number, action in actions:
        if facts.review_on is not None and action.due > facts.review_on:
            yield _conflict(
                ConflictRule.AFTER_REVIEW,
                number,
                action,
                f"It is due on {action.due:%-d %B %Y}, after the review on {facts.review_on:%-d %B %Y}.",
                "Give an earlier due date or a later review date.",
            )


def victims_informed_twice(actions: Numbered, facts: PlanFacts) -> Iterator[Conflict]:
    """Yield actions of a second agency that informs the victim: the first, or the one that was agreed."""
    informing = [(n, a) for n, a in actions if _INFORM.search(a.what) and _concerns_victim(a, facts)]
    if not informing:
        return
    first, agreed = informing[0], facts.informs_victim or informing[0][1].agency
    for number, action in informing:
        if action.agency != agreed:
            other = "as agreed" if facts.informs_victim else f"by action {first[0]}"
            yield _conflict(
                ConflictRule.INFORMED_TWICE,
                number,
                action,
                f"{_named(action.agency, facts)} informs the victim, and so does "
                f"{_named(agreed, facts)} {other}.",
                "Let one agency inform the victim.",
            )


def contact_that_a_condition_forbids(actions: Numbered, facts: PlanFacts) -> Iterator[Conflict]:
    """Yield actions that bring the two together while a condition of an order forbids contact or approach."""
    if not facts.contact_forbidden_by:
        return
    for number, action in actions:
        if _brings_together(action.what):
            yield _conflict(
                ConflictRule.FORBIDDEN,
                number,
                action,
                f"It brings the two into contact, which an order forbids: {facts.contact_forbidden_by[0]}.",
                "Leave it out, or ask the police lead whether the court allows it.",
            )


RULES: tuple[Rule, ...] = (
    letters_to_unsafe_addresses,
    contact_outside_the_rules,
    actions_of_agencies_that_refused,
    actions_due_after_the_review,
    victims_informed_twice,
    contact_that_a_condition_forbids,
)


def _why_unsafe(what: str, contact: VictimContact) -> str | None:
    """Return the first reason, the surest first; None where no way of contact is named or none is unsafe."""
    by_phone, by_email = _PHONE.search(what), _EMAIL.search(what)
    if _MESSAGE.search(what) and contact.message_may_be_left is not YesNo.YES:
        known = contact.message_may_be_left is YesNo.NO
        return "No message may be left." if known else "It is not recorded whether a message may be left."
    if by_phone and PerpetratorAccessTo.PHONE in contact.perpetrator_can_reach:
        return "The alleged perpetrator can reach the victim's phone."
    if by_email and PerpetratorAccessTo.EMAIL in contact.perpetrator_can_reach:
        return "The alleged perpetrator can reach the victim's email."
    if (by_phone or by_email or _VISIT.search(what)) and not contact.rules_are_recorded:
        return "It contacts the victim, and no safe-contact rules are recorded."
    return None


def _brings_together(what: str) -> bool:
    """Return whether an action has the two in contact; not one that prevents it."""
    if _NOT_TO.search(what):
        return False
    return bool(_TOGETHER.search(what) or _RESPONDENT_CONTACTS.search(what))


def _reaches_victim(action: Action, facts: PlanFacts) -> bool:
    """Return whether an action contacts the victim, other than through a person who knows how."""
    is_trusted = action.agency in facts.speak_for_victim or _THROUGH_A_PERSON_TRUSTED.search(action.what)
    return not is_trusted and _concerns_victim(action, facts)


def _concerns_victim(action: Action, facts: PlanFacts) -> bool:
    """Return whether the victim is named, or an action for the victim's safety names no one else."""
    if _VICTIM.search(action.what) or any(_names(name, action.what) for name in facts.contact.names):
        return True
    return action.side is Side.VICTIM_SAFETY and not _SOMEBODY_ELSE.search(action.what)


def _names(name: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text) is not None


def _is_open(action: Action) -> bool:
    return not isinstance(action, StoredAction) or action.status in OPEN_STATUSES


def _named(agency: Code, facts: PlanFacts) -> str:
    return facts.agency_names.get(agency, agency)


def _conflict(rule: ConflictRule, number: int, action: Action, why: str, resolve: str) -> Conflict:
    return Conflict(rule=rule, action=number, reference=action.reference, says=why, resolve=resolve)
