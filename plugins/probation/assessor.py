"""Conclusions from probation's records, one plain sentence a finding. Forms no view; carries RoSH as is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from engine.hooks.v1 import (
    NAME_OF_SCHEME,
    CaseAsked,
    Contribution,
    Finding,
    Formal,
    FormalKind,
    FoundNobody,
    FoundUnclear,
    IdentifierScheme,
    NilReturn,
    PartialDate,
    RecordPointer,
    counted,
    doubts_about_held,
    key_of,
    listed,
    newest_views,
    row_of,
    sentence,
    was,
)
from engine.instruments.offences import killing_of
from plugins.probation.predicting import predictors_asked_for, unknown_asked_for
from plugins.probation.records import (
    LOOKED_IN,
    BreachOutcome,
    BreachRow,
    ProbationRecords,
    SupervisedOn,
    SupervisionRow,
)
from plugins.probation.reporting import CONDITIONS, checked, links_of, orders_reported

_POINTERS_MOST = 40
_CATEGORIES = {
    1: "registered sexual offender",
    2: "violent or other sexual offender",
    3: "other dangerous offender",
    4: "terrorist or terrorist risk offender",
}
"""MAPPA's four categories, in short."""


def assess(case: CaseAsked, held: ProbationRecords) -> Contribution | NilReturn:
    """Return what is held about the alleged perpetrator on the day of asking; later records are left out."""
    found = held.index.find(case.perpetrator)
    if isinstance(found, FoundNobody):
        return found.answer(who="probation", looked_in=LOOKED_IN)
    if isinstance(found, FoundUnclear):
        return found.answer()
    periods = sorted(
        (row for row in held.supervision[found.key] if row.started <= case.on),
        key=lambda row: (row.started, row.supervision_id),
    )
    breaches = [row for row in held.breaches.get(found.key, []) if _is_known_by(row.happened, case.on)]
    asked_for = held.asked_for.get(found.key, [])
    licences, not_given = orders_reported(periods)
    links, more = links_of(held, found.key, on=case.on) if found.basis.confirmed else (None, ())
    return Contribution(
        matched_on=found.basis,
        own_row=row_of(held.persons[found.key]),
        findings=(
            *_status(periods, case.on),
            *(_supervision(row, case.on) for row in periods),
            *_conditions(periods, case.on),
            *_breaches(breaches),
            *_mappa(periods),
            *_rosh(periods, case.on),
            *_index_offence(periods),
        ),
        views=newest_views(held.views.get(found.key, []), on=case.on),
        orders=licences,
        link_evidence=links,
        records_checked=checked(periods, on=case.on),
        predictors=predictors_asked_for(asked_for, sanctioned=bool(periods), on=case.on),
        gaps=(
            *found.gaps,
            *_gaps(periods, breaches, case.on),
            *not_given,
            *more,
            *doubts_about_held(held.persons[found.key]),
            *_shared(held.shared.get(found.key, ())),
            *_asked_in_vain(unknown_asked_for(asked_for, on=case.on)),
        ),
    )


def _is_known_by(happened: PartialDate | None, on: date) -> bool:
    return happened is None or happened.earliest <= on


def _is_running(row: SupervisionRow, on: date) -> bool:
    return row.ends is None or row.ends >= on


def _status(periods: Sequence[SupervisionRow], on: date) -> Iterator[Finding]:
    """Yield whether the person was under supervision on the day of asking, and on what."""
    if not periods:
        return
    running = [row for row in periods if _is_running(row, on)]
    if running:
        kinds = list(dict.fromkeys(_a(row.kind.value) for row in running))
        message = f"the person was under supervision on {_day(on)}, on {listed(kinds)}"
    else:
        last = max(row.ends for row in periods if row.ends is not None)
        message = f"the person was not under supervision on {_day(on)}; the last period ended on {_day(last)}"
    licence = next((row for row in running if row.kind is SupervisedOn.LICENCE), None)
    yield Finding(
        key="status",
        says=sentence(message),
        records=tuple(_pointer(row) for row in running or periods[-1:]),
        formal=_licence(licence) if licence else None,
    )


def _licence(row: SupervisionRow) -> Formal:
    until = f"until {_day(row.ends)}" if row.ends else "no end recorded"
    return Formal(kind=FormalKind.LICENCE, value=until, on=PartialDate.of(row.started))


def _supervision(row: SupervisionRow, on: date) -> Finding:
    began = f"supervision on {_a(row.kind.value)} began on {_day(row.started)}"
    if row.ends is None:
        ended = "with no end recorded"
    elif _is_running(row, on):
        ended = f"and was running on {_day(on)}, to end on {_day(row.ends)}"
    else:
        ended = f"and ended on {_day(row.ends)}"
    return Finding(
        key=key_of("supervision", row.supervision_id),
        says=sentence(f"{began} {ended}"),
        records=(_pointer(row),),
    )


def _conditions(periods: Sequence[SupervisionRow], on: date) -> Iterator[Finding]:
    running = [row for row in periods if _is_running(row, on) and row.conditions]
    if running:
        conditions = list(dict.fromkeys(condition for row in running for condition in row.conditions))
        yield Finding(
            key=CONDITIONS,
            says=sentence(f"the conditions of supervision were: {listed(conditions)}"),
            records=tuple(_pointer(row) for row in running),
        )


def _breaches(breaches: Sequence[BreachRow]) -> Iterator[Finding]:
    if not breaches:
        return
    newest_first = sorted(breaches, key=lambda row: (row.happened or "", row.breach_id), reverse=True)
    newest = newest_first[0]
    said = f"{counted(len(breaches), 'breach', 'breaches')} of conditions {was(len(breaches))} recorded"
    said += f", the newest {_on(newest.happened)}" if len(breaches) > 1 else f" {_on(newest.happened)}"
    said += f", of the condition {newest.of_condition}" if newest.of_condition else ""
    said += f", followed by {newest.outcome.value}" if newest.outcome else ", with no outcome recorded"
    yield Finding(
        key="breaches",
        says=sentence(said),
        records=tuple(
            RecordPointer(record=row.breach_id, kind="breach", dated=row.happened)
            for row in newest_first[:_POINTERS_MOST]
        ),
        formal=Formal(
            kind=FormalKind.BREACH,
            value=counted(len(breaches), "breach", "breaches"),
            on=newest.happened,
        ),
    )
    recalls = [row for row in newest_first if row.outcome is BreachOutcome.RECALLED]
    if recalls:
        yield Finding(
            key="recall",
            says=sentence(f"a recall to prison followed a breach {_on(recalls[0].happened)}"),
            records=tuple(
                RecordPointer(record=row.breach_id, kind="breach", dated=row.happened)
                for row in recalls[:_POINTERS_MOST]
            ),
            formal=Formal(kind=FormalKind.RECALL, value="recall to prison", on=recalls[0].happened),
        )


def _mappa(periods: Sequence[SupervisionRow]) -> Iterator[Finding]:
    managed = [row for row in periods if row.mappa_level is not None]
    if managed:
        row = managed[-1]
        category = (
            f", category {row.mappa_category} ({_CATEGORIES[row.mappa_category]})"
            if row.mappa_category
            else ", with no category recorded"
        )
        yield Finding(
            key="mappa",
            says=(
                f"The person was managed under MAPPA at level {row.mappa_level}{category}, as recorded with "
                f"the supervision that began on {_day(row.started)}."
            ),
            records=(_pointer(row),),
            formal=Formal(
                kind=FormalKind.MAPPA, value=f"level {row.mappa_level}", on=PartialDate.of(row.started)
            ),
        )


def _index_offence(periods: Sequence[SupervisionRow]) -> Iterator[Finding]:
    """Yield that supervision followed a homicide or an attempted one."""
    for row in reversed(periods):
        kind = killing_of(row.index_offence)
        if kind is not None:
            yield Finding(
                key="previous-homicide",
                says=sentence(
                    f"the supervision that began on {_day(row.started)} followed "
                    f"a conviction for {kind.value}"
                ),
                records=(_pointer(row),),
                formal=Formal(kind=kind, on=PartialDate.of(row.started)),
            )
            return


def _rosh(periods: Sequence[SupervisionRow], on: date) -> Iterator[Finding]:
    recorded = [
        row for row in periods if row.rosh and (row.rosh_recorded_on is None or row.rosh_recorded_on <= on)
    ]
    if recorded:
        row = recorded[-1]
        to = f" to {listed(row.rosh_to)}" if row.rosh_to else ""
        when = f"on {_day(row.rosh_recorded_on)}" if row.rosh_recorded_on else "on a date not recorded"
        recorded_on = PartialDate.of(row.rosh_recorded_on) if row.rosh_recorded_on else None
        yield Finding(
            key="rosh",
            says=f"Risk of serious harm (RoSH) was recorded as {row.rosh}{to} {when}.",
            records=(_pointer(row),),
            formal=Formal(kind=FormalKind.ROSH, value=row.rosh, on=recorded_on),
        )


def _gaps(periods: Sequence[SupervisionRow], breaches: Sequence[BreachRow], on: date) -> Iterator[str]:
    if not periods:
        yield "The person is recorded, and no period of supervision had begun."
    elif not any(row.rosh for row in periods):
        yield "The level of risk of serious harm (RoSH) is not recorded here. That does not mean low."
    elif not any(_rosh(periods, on)):
        yield (
            "The level of risk of serious harm (RoSH) had not been recorded here by the date of the request. "
            "That does not mean low."
        )
    if any(_is_running(row, on) and not row.conditions for row in periods):
        yield "The conditions of a running period of supervision are not recorded here."
    if any(row.mappa_category and row.mappa_level is None for row in periods):
        yield "A MAPPA category is recorded here without its level."
    undated = [row for row in breaches if row.happened is None]
    if undated:
        has = "has" if len(undated) == 1 else "have"
        yield sentence(f"{counted(len(undated), 'breach', 'breaches')} {has} no date recorded")
    if periods and periods[-1].date_of_birth is None:
        yield "The person's date of birth is not recorded here."


def _shared(schemes: Iterable[IdentifierScheme]) -> Iterator[str]:
    for scheme in schemes:
        yield (
            f"The {NAME_OF_SCHEME[scheme]} recorded here is recorded for another person too; which of them "
            "it belongs to is not certain."
        )


def _asked_in_vain(count: int) -> Iterator[str]:
    if count:
        yield sentence(f"{counted(count, 'asking')} here {was(count)} for something that no case shows")


def _pointer(row: SupervisionRow) -> RecordPointer:
    return RecordPointer(record=row.supervision_id, kind="supervision", dated=PartialDate.of(row.started))


def _day(day: date) -> str:
    return PartialDate.of(day).in_words()


def _on(day: PartialDate | None) -> str:
    if day is None:
        return "on a date not recorded"
    return f"{'on' if day.is_whole_day else 'in'} {day.in_words()}"


def _a(noun: str) -> str:
    return noun if noun == "post-sentence supervision" else f"a {noun}"
