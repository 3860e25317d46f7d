"""Rules on the audience of an owner's report of an incident, and a viewer's part of incidents.

What is withheld from a viewer is cut in the query, before it is drawn, counted or measured.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from engine.access.policy import May
from engine.access.release import is_owner, outcome_of, shown_classes
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.incidents import IncidentsKeptBack
from engine.domain.cases.views import IncidentView
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.domain.ids import PREFIXES, read_reference
from engine.domain.sharing import (
    DESK,
    AudienceKind,
    Grounds,
    LedgerAct,
    LedgerEntry,
    LedgerItem,
    Outcome,
    ReleaseClass,
    RuleGiven,
    StoredRule,
    class_common_to_both,
)
from engine.services.access.checks import classes_shown, open_case
from engine.services.access.link_refresh import ask_for_refresh
from engine.services.context import Context
from engine.services.links.projection import relink_cases
from engine.services.sharing.response_visibility import Viewer
from engine.services.sharing.rule_input import class_given
from engine.store.unit_of_work import Work

_KIND = "incident"


def is_incident(item: str) -> bool:
    """Return whether a rule's item is an incident's reference, not a key of an answer's item."""
    return item.strip().upper().startswith(f"{PREFIXES[_KIND]}-")


def set_incident_rule(context: Context, *, reference: str, rule: RuleGiven) -> StoredRule:
    """Set the audience of a report, as its owner; the newest rule applies, on pages, in links and in counts.

    An agency decides about what its people reported. Coordinators and chair decide about what they entered
    themselves and about what came with a referral from elsewhere.

    Raises
    ------
    InvalidInputError
        A reference is malformed, the incident is not on the case, or the rule lacks its grounds.
    NotPermittedError
        The role does not permit it, or another side reported the incident.
    """
    agencies = context.agencies_known
    incident = read_reference(_KIND, rule.item)
    with context.writing("set release rule of an incident") as work:
        case = open_case(work, context.acting, reference, May.RULE_INCIDENT).reference
        texts = _told_by(work, context.acting, case, incident, context.clock)
        codes = {agency.code for agency in agencies}
        owners = [owner for owner in texts if is_owner(context.acting, owner if owner in codes else DESK)]
        if not owners:
            who = " or ".join(
                f"a practitioner of {o}" if o in codes else "chair or coordinator" for o in texts
            )
            raise NotPermittedError(May.RULE_INCIDENT.value, who_may=who)
        release = class_given(rule, context.acting.agency or DESK, context.settings, context.clock)
        stored = StoredRule(
            item=incident,
            release_class=release,
            grounds=rule.grounds,
            why=rule.why,
            by=context.acting.user,
            at=context.clock.now(),
        )
        number = work.sharing.interned(release)
        for owner in owners:
            work.incident_rules.keep(incident, stored, owner=owner, release_class=number)
        relink_cases(work, [case], at=context.clock.now())
        ask_for_refresh(work, context.acting, at=context.clock.now())
        work.notes(
            incident=incident, audience=release.audience.name.lower(), until=str(release.until or "open")
        )
        return stored


def limit_to_owner(work: Work, incident: str, *, owner: str, why: str, acting: Acting, at: datetime) -> None:
    """Leave an incident with the side that reports it, counted for others; part of recording an incident."""
    given = RuleGiven(
        item=incident, audience=AudienceKind.OWNER, grounds=Grounds(purpose=acting.purpose), why=why
    )
    release = ReleaseClass(owner=acting.agency or DESK, audience=given.audience)
    rule = StoredRule(
        item=incident, release_class=release, grounds=given.grounds, why=given.why, by=acting.user, at=at
    )
    number = work.sharing.interned(release)
    work.incident_rules.keep(incident, rule, owner=owner, release_class=number)


def narrow_incident_again(work: Work, case: str, rule: StoredRule, *, owner: str) -> bool:
    """Narrow an owner's reports of an incident by a rule that a restore lost; return whether it changed them.

    A part of that. Raises NotFoundError where the incident is not there.
    """
    now = work.incident_rules.class_of_reports(rule.item, owner)
    now = now or ReleaseClass(owner=rule.release_class.owner, audience=AudienceKind.PANEL)
    common = class_common_to_both(now, rule.release_class)
    if common == now:
        return False
    narrowed = rule.model_copy(update={"release_class": common})
    work.incident_rules.keep(rule.item, narrowed, owner=owner, release_class=work.sharing.interned(common))
    relink_cases(work, [case], at=rule.at)
    return True


def incidents_for(
    work: Work, references: Sequence[str], viewer: Viewer, agencies: Sequence[AgencyKnown]
) -> tuple[tuple[IncidentView, ...], tuple[IncidentsKeptBack, ...]]:
    """Return the incidents of these involvements that this viewer gets, and the counts of those withheld."""
    classes = work.sharing.classes()
    shown = shown_classes(viewer.acting, classes, on=viewer.on, is_member=viewer.is_member)
    there = work.incidents.of(references, shown=shown)
    contacts = {agency.code: agency.contact for agency in agencies}
    counts: Counter[tuple[str, bool]] = Counter()
    for numbers in work.incidents.kept_back(references, shown=shown).values():
        for owner, outcome in {
            (
                classes[number].owner,
                outcome_of(viewer.acting, classes[number], on=viewer.on, is_member=viewer.is_member),
            )
            for number in numbers
        }:
            if outcome in (Outcome.WITHHOLD, Outcome.STUB):
                counts[owner, outcome is Outcome.STUB] += 1
    return there, tuple(
        IncidentsKeptBack(owner=owner, count=count, is_stub=is_stub, ask=contacts.get(owner, "not recorded"))
        for (owner, is_stub), count in sorted(counts.items())
    )


def incident_lines(work: Work, reference: str, acting: Acting) -> tuple[LedgerEntry, ...]:
    """Return the ledger's lines about rules on incidents, newest first: only for their owner."""
    return tuple(
        LedgerEntry(
            involvement=reference,
            agency=rule.release_class.owner,
            version=None,
            act=LedgerAct.RULE,
            items=(LedgerItem(key=rule.item),),
            whom=rule.release_class.in_words,
            grounds=rule.grounds,
            why=rule.why,
            by=rule.by,
            at=rule.at,
        )
        for rule in reversed(work.incident_rules.of([reference]))
        if is_owner(acting, rule.release_class.owner)
    )


def own_incident_rules(work: Work, reference: str, acting: Acting) -> tuple[StoredRule, ...]:
    """Return the current rules on incidents of this case that this person's side gave."""
    newest = {(r.item, r.release_class.owner): r for r in work.incident_rules.of([reference])}
    return tuple(rule for _, rule in sorted(newest.items()) if is_owner(acting, rule.release_class.owner))


def _told_by(work: Work, acting: Acting, case: str, incident: str, clock: Clock) -> tuple[str, ...]:
    """Return who reported it, within this person's access; of a hidden one nothing is said."""
    there = work.incidents.of([case], shown=classes_shown(work, acting, on=clock.today()))
    found = work.incidents.reported_by(incident, case) if incident in {i.reference for i in there} else ()
    if not found:
        raise InvalidInputError(
            "incident", f"{incident} is not on {case}; 'stac case show {case}' lists them"
        )
    return found
