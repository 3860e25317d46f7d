"""Acts after an order, an arrest or a release, and since when nothing is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from engine.domain.cases.plain_facts import Basis, Fact, FactKind
from engine.facts.acts import (
    NO_FURTHER_ACTION,
    Act,
    Around,
    a_fact,
    dated,
    day_in_words,
    kinds_in_words,
    number_of_acts,
    short_day,
    short_number,
)
from engine.instruments.recording import changes_crossed

_QUIET_AFTER = 14
"""Days without a recorded act after which the silence is said."""
_NOT_REACHED = "victim last reached: not recorded"
_NO_CUSTODY = "custody: not known"
MORE_MAY_BE = "Others may have recorded later acts that you cannot see."
"""The same for each reader, whatever there is."""


class Custody(NamedTuple):
    """The newest change of custody that took effect, and a release that is planned for later."""

    says: str | None
    on: date | None
    planned: date | None = None

    @property
    def in_words(self) -> str:
        """Both in one phrase."""
        now = f"{self.says} {day_in_words(self.on)}" if self.says and self.on else _NO_CUSTODY
        return f"release planned {day_in_words(self.planned)}; {now}" if self.planned else now


def after(acts: Sequence[Act], around: Sequence[Around], today: date) -> Iterator[Fact]:
    """Yield each order, arrest and so on, and how many acts came on later days.

    Of several arrests the line on top has the newest.
    An act of the same date is not "after": either may have been first.
    """
    records: dict[tuple[date, str], list[str]] = {}
    for each in around:
        if each.day <= today:
            records.setdefault((each.day, each.what), []).extend([each.record] if each.record else [])
    newest_of = {what: day for day, what in sorted(records)}
    for day, what in sorted(records):
        later = [act for act in acts if act.first > day]
        if not later:
            yield _without_a_later_act(what, day, records[day, what])
            continue
        first = min(act.first for act in later)
        days = (first - day).days
        sentence = (
            f"After {what} of {day_in_words(day)}: {number_of_acts(len(later))}, the earliest on "
            f"{day_in_words(first)}, {days:,} day{'' if days == 1 else 's'} later."
        )
        newest = max(min(act.last, today) for act in later)
        short = f"{short_number(len(later))} after {what} of {short_day(day, today)}"
        yield a_fact(
            FactKind.AFTER,
            sentence,
            later,
            on=newest,
            today=today,
            also=sorted(records[day, what]),
            short=short if newest_of[what] == day and what != NO_FURTHER_ACTION else None,
        )


def _without_a_later_act(what: str, day: date, records: Sequence[str]) -> Fact:
    """Return that it happened, and no more: that nothing is recorded since would sound like calm."""
    return Fact(
        kind=FactKind.AFTER,
        says=f"Recorded: {what} of {day_in_words(day)}.",
        records=tuple(sorted(set(records))),
        basis=Basis.OF_RECORD,
        on=day,
    )


def awaited(not_decided: Sequence[str], acts: Sequence[Act], today: date) -> Iterator[Fact]:
    """Yield how many acts await a decision of police: silence of a register is not "no further action"."""
    waiting = [act for act in acts if act.reference in not_decided]
    if waiting:
        oldest = min((act.last for act in waiting if act.happened), default=None)
        since = ""
        if oldest:
            kinds = kinds_in_words(k for act in waiting if act.last == oldest for k in act.kinds)
            since = f", the earliest of {day_in_words(min(oldest, today))} ({kinds})"
        sentence = f"No police decision is recorded on {number_of_acts(len(waiting))}{since}."
        yield a_fact(FactKind.AWAITED, sentence, waiting, on=today, today=today)  # the band has it on top


def recording_changed(acts: Sequence[Act], today: date) -> Iterator[Fact]:
    """Yield each change of police's recording rules between the first and the newest act."""
    days = dated(acts)
    if days:
        for change in changes_crossed(days[0].first, days[-1].first):
            sentence = (
                f"{change.says[:1].upper()}{change.says[1:]}: counts before and after it differ for that too."
            )
            yield Fact(kind=FactKind.RECORDING, says=sentence, basis=Basis.OF_RECORD, on=change.when.earliest)


def without_a_date(acts: Sequence[Act], today: date) -> Iterator[Fact]:
    """Yield how many acts have no full date: they are in no count of days."""
    vague = [act for act in acts if act.day is None]
    if vague:
        what = number_of_acts(len(vague))
        has = "has" if len(vague) == 1 else "have"
        sentence = f"{what} {has} no full date and may belong to any of these periods."
        yield a_fact(FactKind.UNDATED, sentence, vague, on=today, today=today)


def latest(
    acts: Sequence[Act], today: date, *, reached: date | None, custody: Custody | None
) -> Iterator[Fact]:
    """Yield the newest act, or since when nothing is recorded, with what else is known of that time.

    Silence is not safety: it is said with when the victim was last reached, and with custody.
    """
    days = dated([act for act in acts if act.first <= today])
    newest = [act for act in days if act.first == days[-1].first] if days else []
    said = "No act with a full date is recorded"
    short = "no act with a full date"
    if newest:
        quiet, day = (today - newest[0].first).days, newest[0].first
        kinds = kinds_in_words(kind for act in newest for kind in act.kinds)
        said = f"Latest reported act: {day_in_words(day)} ({kinds})"
        short = f"latest act {short_day(day, today)}"
        if quiet > _QUIET_AFTER:
            said = f"Nothing recorded for {quiet:,} days, since {day_in_words(day)}"
            short = f"nothing recorded for {quiet:,} days"
    victim = f"victim last reached {day_in_words(reached)}" if reached else _NOT_REACHED
    where = custody.in_words if custody else _NO_CUSTODY
    fact = a_fact(
        FactKind.LATEST,
        f"{said}; {victim}; {where}. {MORE_MAY_BE}",
        newest,
        on=today,
        today=today,
        short=f"{short}; {victim}; {where}",
    )
    yield fact.model_copy(update={"basis": Basis.OF_RECORD})
