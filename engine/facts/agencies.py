"""Released responses as facts: reports and their outcomes, formal classifications, facts of record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.plain_facts import Basis, Fact, FactKind
from engine.domain.responses.answers import Finding
from engine.domain.responses.formal import Formal, FormalKind
from engine.domain.responses.held_reports import Concerns, Elsewhere, HeldReport, ReportOutcomeKind
from engine.facts.acts import NO_FURTHER_ACTION, Around, day_in_words, short_day
from engine.facts.released import Joined, Released
from engine.instruments.formal import short_of

_FEWEST_CLOSED = 2
_FEWEST_FOR_ARRESTS = 3
_OF_REPORTS = "report"
"""The kind of record that a finding of an older plugin, or of a person, points at."""
_ELSEWHERE = {
    Elsewhere.SEARCHED: "other forces' records: searched",
    Elsewhere.NOT_SEARCHED: "other forces' records: not searched",
    None: "other forces' records: not stated",
}


def reports_held(released: Sequence[Released], joined: Joined, today: date) -> Iterator[Fact]:
    """Yield for each agency how many reports it released, and how many of them are acts recorded here."""
    for each in released:
        if not each.reports:
            continue
        days = [report.day for report in each.reports if report.day]
        span = ""
        if days:
            first, last = min(days, key=lambda day: day.earliest), max(days, key=lambda day: day.latest)
            same = first.in_words() == last.in_words()
            span = f" ({first.in_words()}{'' if same else f' to {last.in_words()}'})"
        what = f"{each.name} shared {_reports(len(each.reports))}{span}"
        here = sum(joined.is_here(report) for report in each.reports)
        parts = list(_parts(each, joined, here)) if each.is_confirmed else [_UNCONFIRMED]
        short = f"{each.name} shared {_reports(len(each.reports))}"
        yield Fact(
            kind=FactKind.HELD,
            says=f"{what}: {'; '.join(parts)}.",
            records=_named(each, each.reports),
            sources=(each.agency,),
            basis=Basis.REPORTED,
            on=min(max((day.latest for day in days), default=today), today),
            short=f"{short}, {_number(here)} of them also recorded here"
            if each.is_confirmed
            else f"{short}, match unconfirmed",
        )


_UNCONFIRMED = "it has not confirmed that they are about this person, so they are in no count"


def _parts(each: Released, joined: Joined, here: int) -> Iterator[str]:
    reports = each.reports or ()
    yield f"{_number(here)} of them also recorded in this case"
    own = sum(
        any(report in of for report in reports)
        for act, of in joined.reports_of.items()
        if act not in joined.recorded
    )
    if own:
        yield f"{own:,} more counted with its acts"
    unclear = sum(report in joined.unclear for report in reports)
    if unclear:
        yield f"{unclear:,} may be acts recorded in this case and are in no count"
    other = sum(report.concerns is Concerns.ANOTHER for report in reports)
    if other:
        yield f"{other:,} against another person"
    breaches = sum(report.kind is IncidentKind.BREACH for report in reports)
    if breaches:
        yield f"{breaches:,} of a breach of an order"
    by_force = Counter(report.force for report in reports if report.force)
    yield from (f"{force} holds {count:,} of them" for force, count in sorted(by_force.items()))
    strange = sum(report.has(ReportOutcomeKind.NOT_UNDERSTOOD) for report in reports)
    if strange:
        yield f"{strange:,} with an outcome code that is not understood"
    yield _ELSEWHERE[each.elsewhere]


def closed(
    released: Sequence[Released], joined: Joined, around: Sequence[Around], today: date
) -> Iterator[Fact]:
    """Yield how many times a report was closed with no further action, with the reasons that are recorded.

    ``around`` is what was decided on the acts recorded here.
    """
    days: dict[str, list[date]] = {}
    why: dict[str, str] = {}
    for decision in around:
        if decision.what == NO_FURTHER_ACTION and decision.record:
            days.setdefault(decision.record, []).append(decision.day)
    act_of = {report: act for act, reports in joined.reports_of.items() for report in reports}
    for each in released:
        for report in (each.reports or ()) if each.is_confirmed else ():
            for outcome in report.outcomes or ():
                if outcome.kind is not ReportOutcomeKind.NO_ACTION:
                    continue
                name = act_of.get(report, f"{each.agency}/{report.name}")
                days.setdefault(name, []).extend([outcome.on.latest] if outcome.on else [])
                if outcome.why is not None:
                    why[name] = outcome.why.value
    if len(days) < _FEWEST_CLOSED:
        return
    dated = [day for each in days.values() for day in each]
    newest = f", the latest on {day_in_words(max(dated))}" if dated else ""
    reasons = [f"{reason}: {count:,}" for reason, count in sorted(Counter(why.values()).items())]
    if len(why) < len(days):
        reasons.append(f"no reason recorded: {len(days) - len(why):,}")
    yield Fact(
        kind=FactKind.CLOSED,
        says=f"Reports closed {len(days):,} times with no further action{newest} ({'; '.join(reasons)}).",
        records=tuple(days),
        basis=Basis.OF_RECORD,
        on=min(max(dated, default=today), today),
        short=f"closed {len(days):,} times with no further action",
    )


def arrests(released: Sequence[Released], around: Sequence[Around], today: date) -> Iterator[Fact]:
    """Yield in how many released reports there was an arrest; "no arrest" only where nothing shows one.

    Reports whose outcome is not known are said.
    """
    decided = {each.what for each in around}
    for each in released:
        reports = each.reports or ()
        known = [report for report in reports if report.outcome_is_known]
        if not each.is_confirmed or len(reports) < _FEWEST_FOR_ARRESTS or not known:
            continue
        arrested = [report for report in known if report.has(ReportOutcomeKind.ARREST)]
        total = _reports(len(reports))
        if arrested:
            said = f"An arrest is recorded in {len(arrested):,} of {total} that {each.name} shared"
        elif "the arrest" in decided or "the charge" in decided:
            continue
        else:
            said = f"No arrest is recorded in {total} that {each.name} shared"
        unknown = len(reports) - len(known)
        more = f"; the outcome of {unknown:,} is not known" if unknown else ""
        yield Fact(
            kind=FactKind.ARRESTS,
            says=f"{said}{more}.",
            records=_named(each, arrested or reports),
            sources=(each.agency,),
            basis=Basis.OF_RECORD,
            on=min(each.on, today),
            short=None if arrested else f"no arrest recorded in {total}",
        )


def formal(released: Sequence[Released], today: date) -> Iterator[Fact]:
    """Yield each formal classification and fact of record that was released, with its date and owner."""
    for each in released:
        for finding in each.findings:
            if finding.formal is not None:
                yield _classified(each, finding, finding.formal, today)
        for level in each.levels:
            yield Fact(
                kind=FactKind.FORMAL,
                says=f'{each.name}, shared on {day_in_words(each.on)}: "{level}"',
                sources=(each.agency,),
                basis=Basis.OF_RECORD,
                on=min(each.on, today),
                short=f"{each.name}: {level.rstrip('.')}",
            )
        for order, sentence in each.orders:
            if order.ends is not None and order.ends < today:
                found = Formal(kind=FormalKind.PREVIOUS_ORDER)
                yield Fact(
                    kind=FactKind.FORMAL,
                    says=f"{each.name}: {found.kind.value}: {sentence}",
                    records=(f"{each.agency}/{order.name}",),
                    sources=(each.agency,),
                    basis=Basis.OF_RECORD,
                    on=order.made if order.made and order.made <= today else min(each.on, today),
                )


def _classified(each: Released, finding: Finding, what: Formal, today: date) -> Fact:
    day = min(what.on.latest, today) if what.on else min(each.on, today)
    when = short_day(day, today) if what.on and what.on.is_whole_day else None
    owner = f", decided by {what.owner}" if what.owner else ""
    dated = f", dated {what.on.in_words()}" if what.on else ", date not recorded"
    value = f": {what.value}" if what.value else ""
    return Fact(
        kind=FactKind.FORMAL,
        says=f'{each.name}: {what.kind.value}{value}{dated}{owner}. "{finding.says}"',
        records=(f"{each.agency}/{finding.key}",),
        sources=(each.agency,),
        basis=Basis.OF_RECORD,
        on=day,
        short=f"{short_of(what)} ({', '.join(filter(None, (each.name, when)))})",
    )


def quoted(released: Sequence[Released], today: date) -> Iterator[Fact]:
    """Yield released findings about reports, word for word, where an agency states no reports one by one."""
    for each in released:
        if each.reports is not None:
            continue
        for finding in each.findings:
            days = [pointer.dated for pointer in finding.records if pointer.kind == _OF_REPORTS]
            if finding.formal is None and days:
                newest = max((day.latest for day in days if day), default=each.on)
                yield Fact(
                    kind=FactKind.HELD,
                    says=f'{each.name}, shared on {day_in_words(each.on)}: "{finding.says}"',
                    records=(f"{each.agency}/{finding.key}",),
                    sources=(each.agency,),
                    basis=Basis.REPORTED,
                    on=min(newest, today),
                )


def _named(each: Released, reports: Sequence[HeldReport]) -> tuple[str, ...]:
    return tuple(f"{each.agency}/{report.name}" for report in reports)


def _number(number: int) -> str:
    return f"{number:,}" if number else "none"


def _reports(number: int) -> str:
    return f"{number:,} report{'' if number == 1 else 's'}"
