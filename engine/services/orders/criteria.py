"""The criteria of section 1 from the record: evidence, gaps, what speaks against, and dissent as typed.

A dissent is not counted: a person reads it.

Whether to seek an order is for the police and the court. An order does not replace a prosecution.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from engine.domain.cases.custody import CustodyChange, StoredCustodyChange
from engine.domain.cases.incidents import IncidentKind, IncidentsKeptBack
from engine.domain.cases.involvement import StoredDecision
from engine.domain.cases.views import IncidentView
from engine.domain.conference.risk import DissentView, Level
from engine.domain.orders.orders import StoredOrder
from engine.domain.orders.protection import Applies
from engine.domain.orders.views import CriterionView
from engine.orders.on_record import last_day_by_rule
from engine.orders.protection import covers, needs_service, protection_of
from engine.orders.rules import order_type

WHO_MAY_APPLY = (
    "A chief officer of police may apply to a magistrates' court: of the area where the person lives, is, or "
    "is believed to be coming to, of the British Transport Police or of the Ministry of Defence Police "
    "(s.1(1))."
)
NOT_ADVICE = (
    "This lists what the record has. Whether to seek an order is for the police and "
    "the court. An order does not replace a prosecution."
)
_RECENT_DAYS = 90
_ACTS = (
    "(a) The respondent carried out acts associated with stalking",
    "(b) The respondent poses a risk associated with stalking to another person",
    "(c) There is reasonable cause to believe that the order is necessary to protect another person",
)


def criteria(
    incidents: Sequence[IncidentView],
    kept_back: Sequence[IncidentsKeptBack],
    decision: StoredDecision | None,
    orders: Sequence[StoredOrder],
    custody: Sequence[StoredCustodyChange],
    *,
    victim_asked: bool,
    on: date,
    dissent: Sequence[DissentView] = (),
) -> tuple[CriterionView, ...]:
    """Return the three criteria with what is on the record within the access of one person."""
    return (
        _acts(incidents, kept_back, on=on),
        _risk(decision, dissent),
        _necessary(incidents, orders, custody, victim_asked=victim_asked, on=on),
    )


def _acts(
    incidents: Sequence[IncidentView], kept_back: Sequence[IncidentsKeptBack], *, on: date
) -> CriterionView:
    counts = Counter(kind for each in incidents for kind in each.kinds)
    evidence = [f"{count} recorded: {kind.in_words}." for kind, count in counts.most_common()]
    dated = [each.happened for each in incidents if each.happened is not None]
    if dated:
        first, last = min(day.earliest for day in dated), max(day.latest for day in dated)
        last = max(first, min(last, on))  # a year or a month may not be over
        evidence.append(f"Dated incidents are between {_day(first)} and {_day(last)}.")
    undated = len(incidents) - len(dated)
    gaps = [f"{undated} without a date."] if undated else []
    gaps += [f"{each.in_words}." for each in kept_back]
    without_reference = sum(not any(r.crime_reference for r in each.reports) for each in incidents)
    if without_reference:
        gaps.append(f"{without_reference} without a crime reference.")
    single = sum(len(each.reports) == 1 for each in incidents)
    if single:
        gaps.append(f"{single} known from 1 report only: another agency may hold a report.")
    if not incidents:
        gaps.append("No incident is recorded. Incidents may still have happened.")
    against = []
    other = counts[IncidentKind.OTHER]
    if other:
        against.append(f"{other} of another kind: check whether each is associated with stalking (s.1(4)).")
    return _criterion("a", evidence, gaps, against)


def _risk(decision: StoredDecision | None, dissent: Sequence[DissentView]) -> CriterionView:
    if decision is None:
        return _criterion("b", [], ["The panel has not decided. This is not a low risk."], [])
    day = decision.at.date()
    evidence, against, gaps = [], [], []
    for judgement in decision.decision.judgements:
        said = f"{_sentence(judgement.domain.value)}: {judgement.level.value}, panel of {_day(day)}."
        match judgement.level:
            case Level.HIGH | Level.MODERATE:
                evidence.append(said)
            case Level.LOW | Level.DOES_NOT_APPLY:
                against.append(said)
            case _:
                gaps.append(said)
    missing = sorted(agency for agency in decision.not_seen)
    if missing:
        gaps.append(f"The panel had not seen a response of {', '.join(missing)}.")
    as_typed = [f"{each.agency}, {each.source}: {each.reasons}" for each in dissent]
    return _criterion("b", evidence, gaps, against, dissent=as_typed)


def _necessary(
    incidents: Sequence[IncidentView],
    orders: Sequence[StoredOrder],
    custody: Sequence[StoredCustodyChange],
    *,
    victim_asked: bool,
    on: date,
) -> CriterionView:
    since = on - timedelta(days=_RECENT_DAYS)
    dated = [each.happened for each in incidents if each.happened is not None]
    lately = sum(day.earliest >= since for day in dated)
    perhaps = sum(day.earliest < since <= day.latest for day in dated)
    evidence = [f"{_incidents(lately)} in the last {_RECENT_DAYS} days."] if lately else []
    evidence += list(_under_orders(incidents, orders))
    gaps, against = [], []
    if not victim_asked:
        gaps.append("The victim's view is not recorded: not asked, or not known.")
    undated = len(incidents) - len(dated)
    if undated:
        gaps.append(f"{_incidents(undated)} without a date: may be recent.")
    if perhaps:
        gaps.append(f"{_incidents(perhaps)} without an exact date: may be recent.")
    if incidents and not lately and not perhaps:
        against.append(
            f"No incident is dated within the last {_RECENT_DAYS} days. Silence is not evidence of safety."
        )
    for order in orders:
        today = protection_of(order, orders, on=on)
        if today.answer is Applies.YES:
            against.append(f"{_sentence(_name(order))} {order.reference} applies: say why it is not enough.")
        elif today.answer is Applies.NOT_KNOWN:
            gaps.append(today.sentence)
        elif order.reference in today.not_served:
            gaps.append(f"{_sentence(_name(order))} {order.reference} is not served: it does not apply yet.")
    if custody and custody[-1].change is CustodyChange.TAKEN:
        against.append(
            f"In custody since {_day(custody[-1].on)}: contact from custody and a release are still possible."
        )
    return _criterion("c", evidence, gaps, against)


def _under_orders(incidents: Sequence[IncidentView], orders: Sequence[StoredOrder]) -> Iterator[str]:
    """Yield how many dated incidents happened while each order applied, or ran and was not served.

    None is called a breach.
    """
    dated = [each.happened for each in incidents if each.happened is not None]
    for order in orders:
        start, last = order.in_effect, order.last_day(last_day_by_rule(order))
        if start is None:
            continue
        ran = [day for day in dated if day.earliest >= start and (last is None or day.latest <= last)]
        applied = [day for day in ran if covers([order], day.earliest, day.latest)]
        before_service = [
            day for day in ran if needs_service(order) and (order.served is None or day.latest < order.served)
        ]
        name = f"{_name(order)} {order.reference}"
        if applied:
            yield f"{len(applied)} while {name} applied. A person decides whether one is a breach."
        if before_service:
            yield f"{len(before_service)} after {name} was made and before it was served."


def _incidents(count: int) -> str:
    return f"{count} incident{'' if count == 1 else 's'}"


def _criterion(
    code: str,
    evidence: Sequence[str],
    gaps: Sequence[str],
    against: Sequence[str],
    *,
    dissent: Sequence[str] = (),
) -> CriterionView:
    asks = next(each for each in _ACTS if each.startswith(f"({code})"))
    return CriterionView(
        code=code,
        asks=asks,
        evidence=tuple(evidence),
        gaps=tuple(gaps),
        against=tuple(against),
        dissent=tuple(dissent),
    )


def _name(order: StoredOrder) -> str:
    kind = order_type(order.type)
    return kind.name.lower() if kind else order.type


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
