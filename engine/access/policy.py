"""The access policy, printed in ``docs/operators/policy.md``: deny beats allow; what is shut is not there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from engine.domain.access.permissions import Permitted
from engine.domain.accounts.acting import CASE_WORKERS, COORDINATOR_AND_CHAIR, Acting, Role
from engine.domain.errors import NotFoundError, NotPermittedError
from engine.domain.rights.retention import DESK_OWNER


class May(StrEnum):
    """The act of a policy line, as it is said in a refusal."""

    IMPORT = "import referrals"
    CREATE_REFERRAL = "create a referral"
    SEE_REJECTED = "see rejected rows"
    SEE_TEXTS_THAT_TELL = "review text that contains protected details"
    SCREEN = "screen a referral"
    ADVISE = "list advice, record that it was sent, its slip or its closing"
    CLOSE_WITHOUT_SLIP = "close advice whose slip is not whole"
    STEP_UP = "step up a case towards a conference, or reopen it for one"
    ACKNOWLEDGE = "acknowledge an alarm"
    ANSWER_ALARM_QUESTIONS = "answer what the first alarm asks: children, parties' employers"
    KEEP_TOPICS = "refuse to share an alarm of your own agency, or disclose its topics"
    JOIN_EPISODE = "choose the episode of an involvement"
    RECORD_SAFEGUARDING = "record same-day safeguarding"
    VIEW_CASE = "view a case"
    SEE_ORDERS = "list orders"
    RECORD_ORDER = "record an order or a step of it"
    RECORD_NOTICE = "record an event that the victim is to be informed of"
    TRY_NOTICE = "record an attempt to inform the victim through the safe contact"
    DECIDE_BREACH = "confirm or reject a likely breach, or ask about it"
    RECORD_INCIDENT = "record an incident"
    RULE_INCIDENT = "set who can see an incident"
    RECORD_COMPLAINT_FINDING = "record what a court or the panel found a complaint about the victim to be"
    NAME_RESPONSIBLE = "record the officer in the case, the case holder and the lead agency"
    SHARE_ACTS = "share the count, kinds and dates of acts of other cases with a panel"
    ASK_AGENCIES = "ask agencies"
    ANSWER = "respond for an agency"
    ASK_ABOUT_RECORD = "ask an agency about a record that it lets you know of"
    PLAN_CONFERENCE = "plan a conference"
    SEE_CONFERENCE = "see a conference"
    RUN_CONFERENCE = "run a conference"
    OPEN_ROOM = "open the room's screen of a conference"
    SHOW_ROOM = "show the room's screen"
    RECORD_ATTENDANCE = "record who attends a conference"
    ENTER_REMARK = "enter what was said in a conference"
    RELEASE_REMARK = "release what your agency said in a conference"
    PREPARE_MINUTES = "prepare the minutes of a conference"
    PROPOSE_CORRECTION = "propose a correction of minutes"
    OPEN_CONFERENCE = "open a conference"
    DECIDE = "record a decision"
    ENTER_DISSENT = "enter or confirm your agency's dissent"
    RECORD_VICTIM_WORDS = "record what the victim said, for a conference"
    START_URGENT = "start an urgent safety action"
    PLAN = "write a plan"
    RECORD_VOICE = "record the victim's voice on a plan"
    SIGN_WHY_NOT = "sign why the victim's voice on a plan is missing"
    APPROVE_PLAN = "approve a plan"
    ACT = "update an action"
    SEE_PLANS = "list plans"
    REVIEW_PLAN = "close the review of a plan"
    RECORD_CUSTODY = "record a change of custody"
    RECORD_POLICE_DECISION = "record a police decision on an incident"
    RECORD_OUTCOME = "record an outcome"
    RECORD_VICTIM_OUTCOME = "record the victim's outcomes and own description"
    SET_PRICES = "change the price list of agencies' time"
    END = "end an involvement"
    SEE_AGGREGATES = "see figures over all cases"
    MAKE_RELEASE = "make a release of figures"
    ADD_USER = "add a user"
    SEE_LEDGER = "see the sharing log"
    SEE_SHARING_FIGURES = "see the sharing report"
    CHANGE_USER = "change or disable a user, or give them a new password"
    SEE_RETENTION = "see the retention of a case"
    REVIEW_RETENTION = "decide whether content is kept or erased"
    HOLD = "put a legal hold on content or lift it"
    ERASE = "erase content on another person's decision"
    RECORD_ACCESS = "record a subject access request"
    SAY_SAFETY = "decide whether a reply to a requester is safe"
    CLEAR_ACCESS = "review what your records hold about a requester"
    DECIDE_ACCESS = "decide on a subject access request"
    ASSESS_ROLES = "record which role the panel assessed as primary"
    NAME_INVESTIGATOR = "name an investigator for both sides of a counter-allegation"
    DRAFT_REQUEST = "draft a victim information request"
    DECIDE_REQUEST = "record who makes a victim information request"
    ANSWER_REQUEST = "respond to a victim information request"
    SEE_REQUESTS = "see victim information requests"
    DECIDE_KNOW = "decide on the victim's right to know"
    PREPARE_PACK = "approve what goes in the victim's information pack"
    TAKE_PACK = "export the victim's information pack"
    ASK_CHANGE = "ask an owner to correct an item"
    ANSWER_CHANGE = "respond to a request to correct an item"
    SUSPEND_AGENCY = "suspend or resume an agency"
    SEE_AGENCY_HEALTH = "see the status of agencies"
    CHASE = "chase an agency"
    HAND_OVER_FILES = "import files for an agency"
    LOOK_UP_ON_ARRIVAL = "have agencies search for people in new referrals"
    EXPORT_AUDIT = "export the audit log"
    SWEEP = "run background jobs"
    RESTRICT = "restrict a case"
    LIFT = "lift a restriction"
    SAY_OWN_CONNECTION = "declare your own conflict of interest"
    SAY_CONNECTION = "declare another user's conflict of interest"
    BREAK_GLASS = "get emergency access to a case"
    REVIEW_GLASS = "review emergency access"
    SEE_LOOKS = "see the access log of a case"
    ASK_ABOUT_PLACES = "ask why a user named many places of a case"
    SEE_HELD = "see which kinds of protected details a case has"
    ASK_OPENING = "ask to open a protected detail"
    AGREE_OPENING = "agree to the opening of a protected detail"
    OPEN_ITEM = "open a protected detail"
    OPEN_FOR_LIFE = "open a protected detail without a second person, for an immediate threat to life"
    RECORD_DESPAIR = "record that the victim may be at risk of harming themselves"
    ACT_ON_DESPAIR = "read or act on a note that the victim may be at risk of harming themselves"
    NAME_SAFE_CONTACT = "name the safe-contact officer"
    NAME_LEAD = "name the investigation lead"
    ROTATE_KEYS = "change the key of the vault"
    EXPLORE_LINKS = "explore links"
    EXPORT_LINKS = "export links"
    ASK_ASSOCIATES = "ask the record about people's associates"
    APPROVE_ASSOCIATES = "answer another user's request to ask about people's associates"
    REFRESH_LINKS = "refresh the links"
    STORE_NETWORKS = "store a network of your own"
    SEE_NETWORKS_STORED = "see which networks are stored"
    DELETE_NETWORKS_STORED = "delete a network of another user, unopened"
    SEE_PROBABILITIES = "see the probabilities of trends"
    JUDGE_SAME = "decide whether two person records are of the same person"
    COMPARE_PERSONS = "compare new person records with those known"
    SEEN_BEFORE = "search for previous referrals"
    SEE_SENT = "review the searches that were sent to the coordinator"


WHO_MAY: dict[May, frozenset[Role]] = {
    May.IMPORT: frozenset({Role.COORDINATOR}),
    May.CREATE_REFERRAL: CASE_WORKERS,
    May.SEE_REJECTED: frozenset({Role.COORDINATOR}),
    May.SEE_TEXTS_THAT_TELL: COORDINATOR_AND_CHAIR,
    May.SCREEN: COORDINATOR_AND_CHAIR,
    May.ADVISE: COORDINATOR_AND_CHAIR,
    May.CLOSE_WITHOUT_SLIP: frozenset({Role.CHAIR}),
    May.STEP_UP: COORDINATOR_AND_CHAIR,
    May.ACKNOWLEDGE: COORDINATOR_AND_CHAIR,
    May.ANSWER_ALARM_QUESTIONS: COORDINATOR_AND_CHAIR,
    May.KEEP_TOPICS: frozenset({Role.PRACTITIONER}),
    May.JOIN_EPISODE: COORDINATOR_AND_CHAIR,
    May.RECORD_SAFEGUARDING: COORDINATOR_AND_CHAIR,
    May.VIEW_CASE: CASE_WORKERS | {Role.ANALYST},
    May.SEE_ORDERS: CASE_WORKERS,
    May.RECORD_ORDER: CASE_WORKERS,
    May.RECORD_NOTICE: CASE_WORKERS,
    May.TRY_NOTICE: frozenset({Role.PRACTITIONER}),
    May.DECIDE_BREACH: CASE_WORKERS,
    May.RECORD_INCIDENT: CASE_WORKERS,
    May.RULE_INCIDENT: CASE_WORKERS,
    May.RECORD_COMPLAINT_FINDING: COORDINATOR_AND_CHAIR,
    May.NAME_RESPONSIBLE: COORDINATOR_AND_CHAIR,
    May.SHARE_ACTS: COORDINATOR_AND_CHAIR,
    May.ASK_AGENCIES: COORDINATOR_AND_CHAIR | {Role.SYSTEM},
    May.ANSWER: frozenset({Role.PRACTITIONER}),
    May.ASK_ABOUT_RECORD: CASE_WORKERS,
    May.PLAN_CONFERENCE: COORDINATOR_AND_CHAIR,
    May.SEE_CONFERENCE: CASE_WORKERS,
    May.RUN_CONFERENCE: frozenset({Role.CHAIR}),
    May.OPEN_ROOM: CASE_WORKERS,
    May.SHOW_ROOM: CASE_WORKERS | {Role.ROOM_SCREEN},
    May.RECORD_ATTENDANCE: COORDINATOR_AND_CHAIR,
    May.ENTER_REMARK: CASE_WORKERS,
    May.RELEASE_REMARK: frozenset({Role.PRACTITIONER}),
    May.PREPARE_MINUTES: CASE_WORKERS,
    May.PROPOSE_CORRECTION: CASE_WORKERS,
    May.OPEN_CONFERENCE: frozenset({Role.CHAIR}),
    May.DECIDE: frozenset({Role.CHAIR}),
    May.ENTER_DISSENT: frozenset({Role.PRACTITIONER}),
    May.RECORD_VICTIM_WORDS: CASE_WORKERS,
    May.START_URGENT: CASE_WORKERS,
    May.PLAN: COORDINATOR_AND_CHAIR,
    May.RECORD_VOICE: frozenset({Role.PRACTITIONER}),
    May.SIGN_WHY_NOT: COORDINATOR_AND_CHAIR,
    May.APPROVE_PLAN: frozenset({Role.CHAIR}),
    May.ACT: CASE_WORKERS,
    May.SEE_PLANS: CASE_WORKERS | {Role.ANALYST, Role.MANAGER},
    May.REVIEW_PLAN: COORDINATOR_AND_CHAIR,
    May.RECORD_CUSTODY: CASE_WORKERS,
    May.RECORD_POLICE_DECISION: CASE_WORKERS,
    May.RECORD_OUTCOME: CASE_WORKERS,
    May.RECORD_VICTIM_OUTCOME: frozenset({Role.PRACTITIONER}),
    May.SET_PRICES: frozenset({Role.COORDINATOR, Role.MANAGER}),
    May.END: COORDINATOR_AND_CHAIR,
    May.MAKE_RELEASE: frozenset({Role.COORDINATOR, Role.MANAGER}),
    May.SEE_AGGREGATES: CASE_WORKERS | {Role.ANALYST, Role.MANAGER},
    May.ADD_USER: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    May.SEE_LEDGER: CASE_WORKERS,
    May.SEE_SHARING_FIGURES: frozenset({Role.DATA_PROTECTION}),
    May.CHANGE_USER: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    May.SEE_RETENTION: CASE_WORKERS,
    May.REVIEW_RETENTION: CASE_WORKERS,
    May.HOLD: CASE_WORKERS,
    May.ERASE: CASE_WORKERS,
    May.RECORD_ACCESS: COORDINATOR_AND_CHAIR | {Role.DATA_PROTECTION},
    May.SAY_SAFETY: frozenset({Role.CHAIR, Role.PRACTITIONER}),
    May.CLEAR_ACCESS: CASE_WORKERS,
    May.DECIDE_ACCESS: frozenset({Role.DATA_PROTECTION}),
    May.ASSESS_ROLES: frozenset({Role.CHAIR}),
    May.NAME_INVESTIGATOR: frozenset({Role.CHAIR}),
    May.DRAFT_REQUEST: COORDINATOR_AND_CHAIR,
    May.DECIDE_REQUEST: frozenset({Role.CHAIR}),
    May.ANSWER_REQUEST: frozenset({Role.PRACTITIONER}),
    May.SEE_REQUESTS: CASE_WORKERS,
    May.DECIDE_KNOW: frozenset({Role.PRACTITIONER}),
    May.PREPARE_PACK: COORDINATOR_AND_CHAIR,
    May.TAKE_PACK: frozenset({Role.PRACTITIONER}),
    May.ASK_CHANGE: CASE_WORKERS,
    May.ANSWER_CHANGE: CASE_WORKERS,
    May.SUSPEND_AGENCY: COORDINATOR_AND_CHAIR | {Role.ADMINISTRATOR},
    May.SEE_AGENCY_HEALTH: frozenset(Role) - {Role.SYSTEM, Role.ROOM_SCREEN},
    May.CHASE: COORDINATOR_AND_CHAIR,
    May.HAND_OVER_FILES: frozenset({Role.COORDINATOR, Role.PRACTITIONER, Role.ADMINISTRATOR}),
    May.LOOK_UP_ON_ARRIVAL: frozenset({Role.SYSTEM}),
    May.EXPORT_AUDIT: COORDINATOR_AND_CHAIR | {Role.AUDITOR, Role.ADMINISTRATOR},
    May.SWEEP: frozenset({Role.SYSTEM}),
    May.RESTRICT: frozenset({Role.CHAIR, Role.PRACTITIONER}),
    May.LIFT: frozenset({Role.CHAIR}),
    May.SAY_OWN_CONNECTION: CASE_WORKERS | {Role.ANALYST},
    May.SAY_CONNECTION: frozenset({Role.CHAIR, Role.PRACTITIONER}),
    May.BREAK_GLASS: frozenset({Role.PRACTITIONER}),
    May.REVIEW_GLASS: COORDINATOR_AND_CHAIR,
    May.SEE_LOOKS: frozenset({Role.CHAIR, Role.PRACTITIONER}),
    May.ASK_ABOUT_PLACES: CASE_WORKERS,
    May.SEE_HELD: CASE_WORKERS,
    May.ASK_OPENING: CASE_WORKERS,
    May.AGREE_OPENING: frozenset({Role.PRACTITIONER}),
    May.OPEN_ITEM: CASE_WORKERS,
    May.OPEN_FOR_LIFE: CASE_WORKERS,
    May.RECORD_DESPAIR: CASE_WORKERS,
    May.ACT_ON_DESPAIR: CASE_WORKERS,
    May.NAME_SAFE_CONTACT: frozenset({Role.CHAIR}),
    May.NAME_LEAD: frozenset({Role.CHAIR}),
    May.ROTATE_KEYS: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    May.EXPLORE_LINKS: CASE_WORKERS | {Role.ANALYST},
    May.EXPORT_LINKS: COORDINATOR_AND_CHAIR | {Role.ANALYST},
    May.ASK_ASSOCIATES: COORDINATOR_AND_CHAIR | {Role.ANALYST},
    May.APPROVE_ASSOCIATES: COORDINATOR_AND_CHAIR,
    May.STORE_NETWORKS: COORDINATOR_AND_CHAIR | {Role.ANALYST},
    May.SEE_NETWORKS_STORED: frozenset({Role.DATA_PROTECTION}),
    May.DELETE_NETWORKS_STORED: frozenset({Role.DATA_PROTECTION}),
    May.REFRESH_LINKS: frozenset({Role.COORDINATOR, Role.ANALYST, Role.ADMINISTRATOR, Role.SYSTEM}),
    May.SEE_PROBABILITIES: frozenset({Role.COORDINATOR, Role.ANALYST}),
    May.JUDGE_SAME: COORDINATOR_AND_CHAIR | {Role.ANALYST},
    May.COMPARE_PERSONS: COORDINATOR_AND_CHAIR | {Role.ANALYST, Role.SYSTEM},
    May.SEEN_BEFORE: CASE_WORKERS | {Role.ANALYST},
    May.SEE_SENT: COORDINATOR_AND_CHAIR,
}


FOR_ADVOCATES_ALONE = frozenset(
    {
        May.RECORD_VOICE,
        May.RECORD_VICTIM_OUTCOME,
        May.RECORD_VICTIM_WORDS,
        May.RESTRICT,
        May.SAY_CONNECTION,
        May.SEE_LOOKS,
        May.SAY_SAFETY,
        May.TAKE_PACK,
    }
)
"""The acts of a practitioner only with the seat of the victim's voice, and named on the case."""


@dataclass(frozen=True)
class Relation:
    """A person's relation to a case."""

    is_named: bool
    is_restricted: bool = False
    is_screened: bool = True
    is_connected: bool = False
    looks_urgently: bool = False


def require(act: May, acting: Acting) -> None:
    """Refuse a role that may not do this, and say who may. Raises NotPermittedError."""
    if acting.role not in WHO_MAY[act]:
        raise NotPermittedError(act.value, who_may=" or ".join(sorted(role.label for role in WHO_MAY[act])))


def is_open(acting: Acting, relation: Relation) -> bool:
    """Return whether a case exists for this person. Deny beats allow.

    It does not for a person connected to a party, whatever else they are. A restricted one exists only for
    its named people and the chair. Coordinators and chair see every other case, since they screen them; all
    others only those that name them, and none before a person has screened it. Emergency access with a
    written reason counts as being named, for its time, but not where the case is restricted.
    """
    if acting.role is Role.SYSTEM:
        return True
    if relation.is_connected:
        return False
    if relation.is_restricted and not (relation.is_named or acting.role is Role.CHAIR):
        return False
    if acting.role in COORDINATOR_AND_CHAIR:
        return True
    urgently = relation.looks_urgently and acting.role in WHO_MAY[May.BREAK_GLASS]
    return (relation.is_named or urgently) and relation.is_screened and acting.role in WHO_MAY[May.VIEW_CASE]


def sees_every_open_case(acting: Acting) -> bool:
    """Return whether every unrestricted case is open to this person, without being named on it."""
    return acting.role in COORDINATOR_AND_CHAIR


def sees_restricted(acting: Acting) -> bool:
    """Return whether a restricted case exists for this person without being named on it."""
    return acting.role in {Role.CHAIR, Role.SYSTEM}


def links_permitted(
    acting: Acting,
    *,
    named_on: Iterable[str] = (),
    shut_out_of: Iterable[str] = (),
    classes: Iterable[int] = (),
) -> Permitted:
    """Return the part of the link graph that exists for this person: the links of their cases.

    An analyst sees the links of every screened case that is not restricted, without names: persons, things
    and places are shown there by reference, but for the cases that name the analyst.
    """
    is_analyst = acting.role is Role.ANALYST
    return Permitted(
        every_case=sees_every_open_case(acting) or is_analyst,
        unscreened_too=sees_every_open_case(acting),
        restricted_too=sees_restricted(acting),
        named_on=frozenset(named_on),
        shut_out_of=frozenset(shut_out_of),
        classes=frozenset(classes),
        names_everywhere=not is_analyst,
    )


def require_case(act: May, acting: Acting, relation: Relation, reference: str) -> None:
    """Refuse as if the case did not exist, or the act. Raises NotFoundError and NotPermittedError."""
    if not is_open(acting, relation):
        raise NotFoundError("referral", reference)
    require(act, acting)


def require_advocate(act: May, acting: Acting, *, speaks_for_victim: bool) -> None:
    """Refuse practitioners who are not the victim's advocate, where only that one may do this.

    Raises NotPermittedError.
    """
    if act in FOR_ADVOCATES_ALONE and acting.role is Role.PRACTITIONER and not speaks_for_victim:
        chair_too = "" if WHO_MAY[act] == {Role.PRACTITIONER} else "the chair or "
        raise NotPermittedError(act.value, who_may=f"{chair_too}the victim's advocate on the case")


def require_agency(acting: Acting, agency: str) -> None:
    """Refuse all but a practitioner of this agency. Raises NotPermittedError."""
    if not acting.speaks_for(agency):
        raise NotPermittedError(f"respond for {agency}", who_may=f"a practitioner of {agency}")


def sees_mirrored(acting: Acting, *, is_investigator: bool) -> bool:
    """Return whether this person may know of a counter-allegation: coordinators, chair, and investigators."""
    return acting.role in COORDINATOR_AND_CHAIR or is_investigator


def decides_on_keeping(acting: Acting, owner: str) -> bool:
    """Return whether this person speaks for the owner; coordinators and chair do for what no agency gave."""
    return acting.role in COORDINATOR_AND_CHAIR if owner == DESK_OWNER else acting.speaks_for(owner)


def require_owner(act: May, acting: Acting, owner: str) -> None:
    """Refuse a decision about another owner's part of a case. Raises NotPermittedError."""
    require(act, acting)
    if not decides_on_keeping(acting, owner):
        who = "the chair or a coordinator" if owner == DESK_OWNER else f"a practitioner of {owner}"
        raise NotPermittedError(act.value, who_may=who)


def require_hand_over(acting: Acting, agency: str) -> None:
    """Refuse a practitioner's import into another agency's folder. Raises NotPermittedError."""
    require(May.HAND_OVER_FILES, acting)
    if acting.role is Role.PRACTITIONER and not acting.speaks_for(agency):
        who_may = f"a practitioner of {agency}, a coordinator or an administrator"
        raise NotPermittedError(f"import files for {agency}", who_may=who_may)


def sees_levels(acting: Acting, agency: str, *, conference_is_open: bool) -> bool:
    """Return whether this person sees an agency's levels: its own people do, others once it is open."""
    return conference_is_open or acting.speaks_for(agency)
