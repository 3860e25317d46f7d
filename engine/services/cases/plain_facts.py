"""The plain facts of a case, worked out of what the viewer is shown anyway: nothing hidden makes a fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache

from engine.access.redaction import Masker
from engine.clock import LONDON
from engine.domain.cases.complaints import ComplaintFinding
from engine.domain.cases.custody import CustodyChange, StoredCustodyChange
from engine.domain.cases.incidents import Channel, IncidentKind
from engine.domain.cases.plain_facts import Fact
from engine.domain.cases.police_decisions import PoliceAction
from engine.domain.cases.views import AgencyAnswerView, CaseView
from engine.domain.orders.breaches import Actor, Reached, StoredDetails
from engine.domain.orders.views import OrderKnown
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.responses.answers import Nature
from engine.facts.acts import NO_FURTHER_ACTION, Act, Around, AtReferral
from engine.facts.around import Custody
from engine.facts.person import of_person
from engine.facts.person_counts import CountedAct
from engine.facts.released import Released, with_released
from engine.orders.rules import order_type
from engine.services.cases.person_acts import names_of, person_acts
from engine.services.people.known import KnownPersons
from engine.services.sharing.response_visibility import Viewer
from engine.store.unit_of_work import Work

_VICTIM = "the victim"
_AS_KIND = {
    AlarmTopic.BREACH: IncidentKind.BREACH.value,
    AlarmTopic.SUICIDAL_TALK: IncidentKind.SUICIDAL_STATEMENT.value,
}
"""Topics that are a kind of incident by another name."""
_OTHERS = frozenset({Reached.PROTECTED, Reached.OTHER})
_RELEASE = "the release"
_DECIDED = {
    PoliceAction.ARREST: "the arrest",
    PoliceAction.VOLUNTARY_INTERVIEW: "the voluntary interview",
    PoliceAction.BAIL: "the bail",
    PoliceAction.CHARGE: "the charge",
    PoliceAction.RELEASED: _RELEASE,
    PoliceAction.NO_ACTION: NO_FURTHER_ACTION,
}
"""Police decisions after which acts are counted; "investigate further" ends and begins nothing."""


def with_facts(
    work: Work,
    view: CaseView,
    of_episode: Sequence[str],
    orders: Sequence[OrderKnown],
    known: KnownPersons,
    viewer: Viewer,
    *,
    masker: Masker,
    today: date,
) -> CaseView:
    """Return the case with its plain facts, those of the person first; a part of viewing it."""
    days = [notice.informed_on for notice in work.victim_notices.of(of_episode)]
    days += [each.said_on.latest for each in view.victim_words if each.said_by == _VICTIM]
    reached = max((day for day in days if day is not None and day <= today), default=None)
    details = work.incident_details.details_of(of_episode) if view.incidents else {}
    acts = tuple(_acts(view, details))
    custody = _custody(view.review.custody, today)
    around, released = tuple(_around(view, orders)), tuple(_released(view.answers))
    waiting = tuple(each.incident for each in view.review.not_decided)
    findings = tuple(_findings(work, view, masker))
    found = _facts(acts, today, around, reached, custody, _at_referral(view), released, waiting, findings)
    own = _with_released(acts, released)
    person = person_acts(work, view, of_episode, known, viewer, own=tuple(map(_counted, own)))
    sources = {*person.sources, *(owner for act in own for owner in act.owners)}
    of_all_cases = tuple(of_person(person.acts, today=today, sources=sources))
    return view.model_copy(
        update={
            "facts": (*of_all_cases, *found),
            "person": person.acts,
            "complaints_found": tuple(each.incident for each in findings),
            "victim_last_reached": reached,
        }
    )


@lru_cache(maxsize=1_000)
def _facts(
    acts: tuple[Act, ...],
    today: date,
    around: tuple[Around, ...],
    reached: date | None,
    custody: Custody,
    at_referral: AtReferral,
    released: tuple[Released, ...],
    not_decided: tuple[str, ...],
    findings: tuple[ComplaintFinding, ...],
) -> tuple[Fact, ...]:
    """Work the same out once: a page is drawn many times between changes, and each viewer has a part."""
    from engine.facts.of_case import plain_facts  # a list of cases has none

    return plain_facts(
        acts,
        today=today,
        around=around,
        reached=reached,
        custody=custody,
        at_referral=at_referral,
        released=released,
        not_decided=not_decided,
        findings=findings,
    )


@lru_cache(maxsize=1_000)
def _with_released(acts: tuple[Act, ...], released: tuple[Released, ...]) -> tuple[Act, ...]:
    return with_released(acts, released).acts


def _acts(view: CaseView, details: Mapping[str, StoredDetails]) -> Iterator[Act]:
    topics: dict[str, list[str]] = {}
    for alarm in view.alarms_since:
        topics.setdefault(alarm.about, []).extend(_AS_KIND.get(topic, topic.value) for topic in alarm.raised)
    for each in view.incidents:
        known = details[each.reference].details if each.reference in details else None
        kinds = dict.fromkeys([*(kind.value for kind in each.kinds), *topics.get(each.reference, ())])
        yield Act(
            reference=each.reference,
            happened=each.happened,
            kinds=tuple(kinds),
            channel=each.channel.value if each.channel else None,
            owners=tuple(dict.fromkeys(report.owner for report in each.reports)),
            came_through_others=each.channel is Channel.THIRD_PARTY
            or (known is not None and known.actor is Actor.ON_BEHALF),
            reached_others=known is not None and not _OTHERS.isdisjoint(known.reached),
            crime_references=tuple(
                dict.fromkeys(report.crime_reference for report in each.reports if report.crime_reference)
            ),
        )


def _counted(act: Act) -> CountedAct:
    return CountedAct(act.reference, act.happened, names_of(act.reference, act.crime_references))


def _released(answers: Sequence[AgencyAnswerView]) -> Iterator[Released]:
    """Yield what each agency released, as this viewer is shown it."""
    for answer in answers:
        if answer.at is None or answer.version is None:
            continue
        yield Released(
            agency=answer.agency,
            name=answer.agency_name,
            on=answer.at.astimezone(LONDON).date(),
            is_confirmed=answer.match_is_confirmed is True,
            reports=answer.reports,
            elsewhere=answer.reports_elsewhere,
            findings=tuple(each for each in answer.findings if each.nature is Nature.FACT),
            levels=answer.in_own_words,
            orders=tuple((each.order, each.says) for each in answer.orders),
        )


def _at_referral(view: CaseView) -> AtReferral:
    kinds = tuple(_AS_KIND.get(topic, topic.value) for topic in view.alarms.raised)
    received = view.received_at.astimezone(LONDON).date()
    return AtReferral(view.reference, kinds, received, view.source)


def _findings(work: Work, view: CaseView, masker: Masker) -> Iterator[ComplaintFinding]:
    """Yield what courts and the panel found of complaints that this viewer reads, texts masked."""
    named = [each.reference for each in view.incidents if IncidentKind.VEXATIOUS in each.kinds]
    for each in work.complaint_findings.of(named).values() if named else ():
        yield each.model_copy(update={"source": masker.masked(each.source, by=each.by)})


def _around(view: CaseView, orders: Sequence[OrderKnown]) -> Iterator[Around]:
    for order in orders:
        if order.made is not None:
            kind = order_type(order.type)
            name = f"{kind.name[:1].lower()}{kind.name[1:]}" if kind else "order"
            yield Around(f"the {name}", order.made, order.reference)
    for decision in view.review.police_decisions:
        what = _DECIDED.get(decision.action)
        if what is not None:
            yield Around(what, decision.decided_on, decision.incident)
    for change in view.review.custody:
        if change.change is CustodyChange.RELEASED:
            yield Around(_RELEASE, change.on)


def _custody(changes: Sequence[StoredCustodyChange], today: date) -> Custody:
    """Return the newest change that took effect, and the newest planned release that no change followed."""
    there = [
        each for each in changes if each.change is not CustodyChange.RELEASE_PLANNED and each.on <= today
    ]
    newest = max(there, key=lambda each: (each.on, each.at), default=None)
    planned = [each for each in changes if each.change is CustodyChange.RELEASE_PLANNED]
    release = max(planned, key=lambda each: each.at, default=None)
    is_to_come = release is not None and (newest is None or release.on > newest.on)
    return Custody(
        newest.change.value if newest else None,
        newest.on if newest else None,
        release.on if release and is_to_come else None,
    )
