"""Who may do what to which case. One table; deny beats allow; a case that is not open does not exist.

This is the first form: roles, being named on the case, restricted cases. Purposes and release classes
come with the access work, behind the same doors.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.domain.acting import Acting, Role
from engine.domain.errors import NotFoundError, NotPermittedError


class May(StrEnum):
    """What a policy line is about, as it is said in a refusal."""

    IMPORT = "take in referrals"
    SEE_REJECTED = "see rejected rows"
    SCREEN = "screen a referral"
    ACKNOWLEDGE = "acknowledge an alarm"
    JOIN_EPISODE = "say which episode an involvement belongs to"
    RECORD_SAFEGUARDING = "record same-day safeguarding"
    VIEW_CASE = "see a case"
    RECORD_INCIDENT = "record an incident"
    ASK_AGENCIES = "ask agencies"
    ANSWER = "answer for an agency"
    OPEN_CONFERENCE = "open a conference"
    DECIDE = "record a decision"
    PLAN = "write a plan"
    ACT = "report on an action"
    RECORD_OUTCOME = "record an outcome"
    END = "end an involvement"
    SEE_AGGREGATES = "see figures over all cases"
    ADD_USER = "add a user"
    SUSPEND_AGENCY = "suspend or resume an agency"
    SEE_AGENCY_HEALTH = "see how agencies stand"
    CHASE = "chase an agency"
    HAND_OVER_FILES = "hand files over to an agency"
    LOOK_UP_ON_ARRIVAL = "have agencies look up who arrives"
    EXPORT_AUDIT = "take a copy of the audit chain"
    SWEEP = "run the machinery"


_DESK = frozenset({Role.COORDINATOR, Role.CHAIR})
_WORKERS = _DESK | {Role.PRACTITIONER}

WHO_MAY: dict[May, frozenset[Role]] = {
    May.IMPORT: frozenset({Role.COORDINATOR}),
    May.SEE_REJECTED: frozenset({Role.COORDINATOR}),
    May.SCREEN: _DESK,
    May.ACKNOWLEDGE: _DESK,
    May.JOIN_EPISODE: _DESK,
    May.RECORD_SAFEGUARDING: _DESK,
    May.VIEW_CASE: _WORKERS | {Role.ANALYST},
    May.RECORD_INCIDENT: _WORKERS,
    May.ASK_AGENCIES: _DESK | {Role.SYSTEM},
    May.ANSWER: frozenset({Role.PRACTITIONER}),
    May.OPEN_CONFERENCE: frozenset({Role.CHAIR}),
    May.DECIDE: frozenset({Role.CHAIR}),
    May.PLAN: _DESK,
    May.ACT: _WORKERS,
    May.RECORD_OUTCOME: _WORKERS,
    May.END: _DESK,
    May.SEE_AGGREGATES: _WORKERS | {Role.ANALYST, Role.MANAGER},
    May.ADD_USER: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    May.SUSPEND_AGENCY: _DESK | {Role.ADMINISTRATOR},
    May.SEE_AGENCY_HEALTH: frozenset(Role) - {Role.SYSTEM},
    May.CHASE: _DESK,
    May.HAND_OVER_FILES: frozenset({Role.COORDINATOR, Role.PRACTITIONER, Role.ADMINISTRATOR}),
    May.LOOK_UP_ON_ARRIVAL: frozenset({Role.SYSTEM}),
    May.EXPORT_AUDIT: _DESK | {Role.AUDITOR, Role.ADMINISTRATOR},
    May.SWEEP: frozenset({Role.SYSTEM}),
}


@dataclass(frozen=True)
class Relation:
    """How the person stands to the case."""

    is_named: bool
    is_restricted: bool = False
    is_screened: bool = True


def require(act: May, acting: Acting) -> None:
    """Refuse a role that may not do this, and say who may."""
    if acting.role not in WHO_MAY[act]:
        raise NotPermittedError(act.value, who_may=" or ".join(sorted(role.value for role in WHO_MAY[act])))


def is_open(acting: Acting, relation: Relation) -> bool:
    """Whether a case exists for this person.

    The desk sees every case that is not restricted, since it screens them; everybody else only those on
    which they are named, and none before a person has screened it.
    """
    if acting.role is Role.SYSTEM:
        return True
    if relation.is_restricted:
        return relation.is_named
    if acting.role in _DESK:
        return True
    return relation.is_named and relation.is_screened and acting.role in WHO_MAY[May.VIEW_CASE]


def sees_every_open_case(acting: Acting) -> bool:
    """Whether every case that is not restricted is open to this person, without being named on it."""
    return acting.role in _DESK


def require_case(act: May, acting: Acting, relation: Relation, reference: str) -> None:
    """Refuse as if the case were not there, or the act as one that somebody else may do."""
    if not is_open(acting, relation):
        raise NotFoundError("referral", reference)
    require(act, acting)


def require_agency(acting: Acting, agency: str) -> None:
    """Only a practitioner of an agency speaks for it."""
    if not acting.speaks_for(agency):
        raise NotPermittedError(f"answer for {agency}", who_may=f"a practitioner of {agency}")


def require_hand_over(acting: Acting, agency: str) -> None:
    """A practitioner hands files to their own agency alone; who looks after the installation, to any."""
    require(May.HAND_OVER_FILES, acting)
    if acting.role is Role.PRACTITIONER and not acting.speaks_for(agency):
        who_may = f"a practitioner of {agency}, a co-ordinator or an administrator"
        raise NotPermittedError(f"hand files over to {agency}", who_may=who_may)


def sees_levels(acting: Acting, agency: str, *, conference_is_open: bool) -> bool:
    """Whether this person sees an agency's levels: its own people always, others once it is open."""
    return conference_is_open or acting.speaks_for(agency)
