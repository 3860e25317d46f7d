"""The checks of an incident against one condition: act, channel, person, actor and distance. Pure.

Each answers yes, no, or that a fact is missing. Its sentence names no place, no distance and no person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from engine.domain.cases.incidents import Channel, IncidentKind
from engine.domain.orders.breaches import Actor, HeldIncident, Reached
from engine.domain.orders.conditions import Allowed, Means, StoredCondition, Thing, What
from engine.domain.orders.orders import OrderTerms

_BY_CHANNEL = {
    Channel.IN_PERSON: Means.IN_PERSON,
    Channel.PHONE: Means.PHONE,
    Channel.MESSAGE: Means.MESSAGE,
    Channel.ONLINE: Means.ONLINE,
    Channel.POST: Means.POST,
    Channel.THIRD_PARTY: Means.THIRD_PARTY,
}
_MAY_BE = {
    Channel.MESSAGE: {Means.PHONE, Means.ONLINE},
    Channel.ONLINE: {Means.MESSAGE},
    Channel.PHONE: {Means.ONLINE},
}
"""Channels that a report may also have called by another name: a message can be sent by phone or online."""
_MAY_BE_ALLOWED = {
    Allowed.SOLICITOR: {Channel.THIRD_PARTY, Channel.POST, Channel.MESSAGE},
    Allowed.CHILDREN: {Channel.POST, Channel.MESSAGE, Channel.ONLINE},
    Allowed.COURT: {Channel.IN_PERSON},
    Allowed.EMERGENCY: {Channel.PHONE, Channel.MESSAGE, Channel.IN_PERSON},
}
_VIOLENT = frozenset({IncidentKind.ASSAULT, IncidentKind.SEXUAL_ASSAULT})
_NEVER_ALLOWED = frozenset({*_VIOLENT, IncidentKind.THREAT})
_REACHES = frozenset({*_VIOLENT, IncidentKind.CONTACTING, IncidentKind.GIFT})
_MAY_REACH = frozenset(
    {IncidentKind.THREAT, IncidentKind.BREACH, IncidentKind.SUICIDAL_STATEMENT, IncidentKind.OTHER}
)
_THERE = frozenset(
    {
        *_VIOLENT,
        IncidentKind.FOLLOWING,
        IncidentKind.LOITERING,
        IncidentKind.ENTRY,
        IncidentKind.INTERFERING,
    }
)
"""Acts of a person who is there. Property can be interfered with from afar."""
_SURELY_THERE = _THERE - {IncidentKind.INTERFERING}
_NOT_THERE = frozenset({IncidentKind.PUBLISHING, IncidentKind.VEXATIOUS})
_REMOTE = frozenset({Channel.PHONE, Channel.MESSAGE, Channel.ONLINE, Channel.POST, Channel.THIRD_PARTY})
_DIRECT = frozenset({Channel.PHONE, Channel.MESSAGE, Channel.POST, Channel.THIRD_PARTY, Channel.IN_PERSON})
_WATCHING = frozenset({IncidentKind.FOLLOWING, IncidentKind.WATCHING, IncidentKind.MONITORING})
_NO_ACT = "The report has no kind of act that software compares: a person must read it."
SPEAKING_METRES = 20
"""A local rule: contact in person was at most so far away."""


class Match(Enum):
    """An answer of one check."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "a fact is missing"
    NO_FACT = "nothing of its kind is recorded"


_FITS = (Match.YES, Match.UNKNOWN, Match.NO_FACT, Match.NO)


@dataclass(frozen=True)
class Check:
    """The answer of one check, and its sentence: the evidence, what is missing, or why not."""

    match: Match
    sentence: str = ""
    against: tuple[str, ...] = ()


def _yes(sentence: str = "", *against: str) -> Check:
    return Check(Match.YES, sentence, against)


def _no(sentence: str) -> Check:
    return Check(Match.NO, sentence)


def _unknown(sentence: str) -> Check:
    return Check(Match.UNKNOWN, sentence)


def checks_of(
    incident: HeldIncident, condition: StoredCondition, order: str, terms: OrderTerms
) -> Iterator[Check]:
    """Yield each check that a condition needs, but for the time. The first is about what was done."""
    yield act(incident, condition)
    yield actor(incident, condition)
    match condition.what:
        case What.CONTACT | What.DISCLOSURE | What.CONDUCT:
            yield channel(incident, condition)
            yield person(incident, condition, order, terms)
            yield exception(incident, condition)
        case What.APPROACH:
            yield distance(incident, condition)
            yield person(incident, condition, order, terms)
        case _:
            return


def act(incident: HeldIncident, condition: StoredCondition) -> Check:
    """Check whether what was done is what a condition is about: by the kind that fits it best, of several."""
    answers = [
        _act(incident.model_copy(update={"kind": kind, "also": ()}) if incident.also else incident, condition)
        for kind in incident.kinds
    ]
    return min(answers, key=lambda check: _FITS.index(check.match))


def _act(incident: HeldIncident, condition: StoredCondition) -> Check:
    match condition.what:
        case What.CONTACT:
            return _contact(incident)
        case What.APPROACH | What.PRESENCE | What.RESIDENCE:
            return _being_there(incident)
        case What.POSSESSION:
            return _things(incident, condition)
        case What.DISCLOSURE:
            return _publishing(incident)
        case What.CONDUCT:
            return _watching(incident)
        case What.ATTENDANCE | None:
            return Check(Match.NO_FACT, "Appointments are recorded as attended, missed or not reported.")


def _contact(incident: HeldIncident) -> Check:
    kind, by = incident.kind, incident.channel
    said = f"Reported as {kind.in_words}."
    if kind in _REACHES:
        return _yes(said)
    if kind is IncidentKind.THREAT and by in _DIRECT:
        return _yes(said)
    if kind is IncidentKind.BREACH and by in _DIRECT - {Channel.IN_PERSON}:
        return _yes(f"Reported as {kind.in_words}, by {by.value}." if by else said)
    if kind in _MAY_REACH:
        return _unknown(
            f"Reported as {kind.in_words}: whether it reached a protected person is not recorded."
        )
    if kind is IncidentKind.PUBLISHING:
        return _unknown("Publishing is contact only if it was meant to reach a protected person.")
    if by in _DIRECT - {Channel.IN_PERSON}:
        return _unknown(f"Reported as {kind.in_words}, by {by.value}: a person must read which it was.")
    return _no(f"Reported as {kind.in_words}, and not as contact.")


def _being_there(incident: HeldIncident) -> Check:
    kind, by = incident.kind, incident.channel
    if kind in _VIOLENT or (kind in _SURELY_THERE and by not in _REMOTE):
        return _yes(f"Reported as {kind.in_words}.")
    if by in _REMOTE:
        return _no(f"By {by.value}, and not in person.")
    if kind in _NOT_THERE or (kind is IncidentKind.MONITORING and by is not Channel.IN_PERSON):
        return _no(f"Reported as {kind.in_words}, and not in person.")
    if by is Channel.IN_PERSON:
        return _yes(f"Reported as {kind.in_words}, in person.")
    return _unknown(f"Reported as {kind.in_words}: whether it was in person is not recorded.")


def _things(incident: HeldIncident, condition: StoredCondition) -> Check:
    there = incident.details.things
    shared = [each.value for each in condition.things if each in there]
    if shared:
        return _yes(f"Recorded with it: {', '.join(shared)}.", "The thing belongs to another person.")
    if incident.kind is IncidentKind.MONITORING and Thing.TRACKER in condition.things:
        return _unknown("Reported as monitoring: whether a tracking device was used is not recorded.")
    if there:
        return _no("The things recorded with it are not in the condition.")
    return Check(Match.NO_FACT, "Nothing is recorded about devices or other things.")


def _publishing(incident: HeldIncident) -> Check:
    if incident.kind is IncidentKind.PUBLISHING:
        return _yes("Reported as publishing.")
    if incident.kind in {IncidentKind.OTHER, IncidentKind.BREACH} and incident.channel in {
        Channel.ONLINE,
        None,
    }:
        return _unknown(_NO_ACT)
    return _no(f"Reported as {incident.kind.in_words}, and not as publishing.")


def _watching(incident: HeldIncident) -> Check:
    kind = incident.kind
    if kind in _WATCHING:
        return _yes(f"Reported as {kind.in_words}.")
    if kind is IncidentKind.LOITERING:
        return _unknown("Reported as loitering: whether a protected person was watched is not recorded.")
    if kind in {IncidentKind.OTHER, IncidentKind.BREACH} and incident.channel in {
        Channel.ONLINE,
        Channel.IN_PERSON,
        None,
    }:
        return _unknown(_NO_ACT)
    return _no(f"Reported as {kind.in_words}, and not as following, watching or monitoring.")


def actor(incident: HeldIncident, condition: StoredCondition) -> Check:
    """Check whether the respondent acted, or another person for the respondent."""
    match incident.details.actor:
        case Actor.RESPONDENT:
            return _yes("Person who acted: the respondent.")
        case None:
            return _yes(
                "",
                "Another person did it. It is reported of the respondent; who acted is not recorded apart.",
            )
        case Actor.ON_BEHALF if condition.what is What.CONTACT:
            return _yes(
                "Another person acted for the respondent, and the condition includes that.",
                "The other person acted without being asked.",
            )
        case Actor.ON_BEHALF:
            return _unknown(
                "Another person acted for the respondent. The court decides if the condition includes it."
            )
        case Actor.UNKNOWN:
            return _unknown("The person who acted is not known.")
        case Actor.OTHER:
            return _no("Another person acted.")


def channel(incident: HeldIncident, condition: StoredCondition) -> Check:
    """Check whether the channel is one that a condition is about."""
    by = incident.channel
    if Means.ANY in condition.means:
        return _yes(f"Channel: {by.value if by else 'not recorded'}. The condition includes any means.")
    if by is None:
        return _unknown("The channel is not recorded.")
    if _BY_CHANNEL[by] in condition.means:
        return _yes(f"Channel: {by.value}, in the condition.")
    if by is Channel.THIRD_PARTY and condition.what is What.CONTACT:
        return _unknown("It was through another person, by means that are not recorded.")
    if _MAY_BE.get(by, set()) & {*condition.means}:
        return _unknown(f"Channel: {by.value}. Reports use that name for other means too.")
    return _no(f"Channel: {by.value}, not in the condition.")


def person(incident: HeldIncident, condition: StoredCondition, order: str, terms: OrderTerms) -> Check:
    """Check whether it reached a person whom a condition protects."""
    wanted = {*condition.persons} or {*range(1, len(terms.protected) + 1)}
    victims = {
        number
        for number, each in enumerate(terms.protected, start=1)
        if each.is_victim and each.case in incident.cases
    }
    named = {
        int(each.partition("/")[2]) for each in incident.details.protected if each.startswith(f"{order}/")
    }
    if named & wanted:
        return _yes("Person: one whom the condition protects.")
    reached = incident.details.reached
    if Reached.VICTIM in reached and victims & wanted:
        return _yes("Person: the victim of this case, whom the condition protects.")
    if Reached.PROTECTED in reached and not named:
        if wanted >= {*range(1, len(terms.protected) + 1)} - victims and len(terms.protected) > len(victims):
            return _yes("Person: a protected person who is not the victim.")
        return _unknown("It reached a protected person: which of them is not recorded.")
    if reached or named:
        return _no("It reached no person whom the condition protects.")
    if victims & wanted:
        return _yes(
            "Person: the victim of this case, whom the condition protects.",
            "It reached another person. Reports are about the victim unless they name another.",
        )
    return _unknown("The condition protects other persons: whom it reached is not recorded.")


def exception(incident: HeldIncident, condition: StoredCondition) -> Check:
    """Check whether it may have been contact that a condition allows."""
    allowed, details = condition.exceptions, incident.details
    if details.exception is not None:
        if details.exception in allowed:
            return _no(f"The condition allows it: {details.exception.value}.")
        return _yes(f"Recorded as {details.exception.value}, which the condition does not allow.")
    if not allowed or details.no_exception or _NEVER_ALLOWED & {*incident.kinds}:
        return _yes()
    fitting = [each.value for each in allowed if incident.channel in {*_MAY_BE_ALLOWED[each], None}]
    if not fitting:
        return _yes("The contact that the condition allows is by other means.")
    return _unknown(f"The condition allows contact {_allowed(fitting)}: whether it was that is not recorded.")


def _allowed(fitting: list[str]) -> str:
    return " or ".join(f"'{each}'" for each in fitting)


def distance(incident: HeldIncident, condition: StoredCondition) -> Check:
    """Check whether it was as near to a person as a condition forbids. The sentence gives no distance."""
    by_chance = "The two met by chance, or the respondent did not know."
    limit, details = condition.metres or 0, incident.details
    if _VIOLENT & {*incident.kinds}:
        return _yes("An assault is at no distance.")
    if details.metres is not None:
        off = details.metres_off or 0
        if details.metres + off <= limit:
            return _yes(
                "Distance: within the condition, by the report.", by_chance, "The distance was an estimate."
            )
        if details.metres - off > limit:
            return _no("Distance: outside the condition, by the report.")
        return _unknown("The distance in the report is not precise enough.")
    if incident.channel is Channel.IN_PERSON and _REACHES & {*incident.kinds} and limit >= SPEAKING_METRES:
        return _yes("Contact in person is within the distance of the condition.", by_chance)
    return _unknown("The distance from the protected person is not recorded.")
