"""Judgement of whether a case's reports came faster and graver, case by case. Ranks no case.

It sees what was *reported*. That no alarm is raised never lowers concern, and the text says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from pydantic import Field

from engine.domain.base import Frozen
from engine.domain.dates import PartialDate
from engine.domain.links.trends import RecordingChange
from engine.instruments.recording import changes_crossed, crossing_in_words
from engine.links.escalation_data import escalation_data
from engine.links.gaps import Change, gaps_after
from engine.links.how_often import ALIKE, DAYS_MISSING, ONE_DAY, TOO_FEW, HowOften, how_often
from engine.links.rise import Answer, rise_in
from engine.links.spans import Span, span_of

NO_ALARM = (
    "the test does not show whether what was *reported* came faster; this does not lower concern: "
    "contact can stop before an attack"
)


class Event(NamedTuple):
    """One reported event of a case; without a day, ``vague`` is what is known of it."""

    day: date | None
    severity: float | None
    observed_from: date | None
    vague: PartialDate | None = None


class CaseTrend(Frozen):
    """Results of the tests of one case. The probabilities are for analysts, not for a panel."""

    case: str
    events: int
    statistic: float | None
    p_trend: float | None
    p_permutation: float | None
    alarm: bool | None
    reason: str | None = None
    """Reason why ``alarm`` is null."""
    power: float | None = None
    """As measured: how many of all series that rise in a straight line this test would find."""
    recording_changes: tuple[RecordingChange, ...] = ()
    """Changes of recording rules that the events cross."""
    smallest: int | None = None
    """With fewer events than this no alarm is possible; null where there are enough."""
    says: str
    severity_p: float | None = Field(default=None, exclude=True)
    """Number of orders of the same severities that rise as much; None where the order is not known."""
    severity_p_between: tuple[float, float] | None = Field(default=None, exclude=True)
    """The same for the order that rises the most and the one that rises the least."""

    def as_values(self, *, severity: bool = False) -> dict[str, object]:
        """Return plain values; the reason why it was not judged is there only if it was not."""
        beside: set[str] = {"severity_p", "severity_p_between"} if severity else set()
        values = {name: getattr(self, name) for name in type(self).model_fields if name in beside}
        whole = self.model_dump(mode="json") | values
        return {
            name: value
            for name, value in whole.items()
            if value not in (None, []) or name not in _ONLY_WHERE_TOLD
        }


_ONLY_WHERE_TOLD = {"reason", "smallest", "power", "recording_changes"}


class CaseContext(NamedTuple):
    """Facts of one case beside its events."""

    changes: tuple[Change, ...] = ()
    """Changes that may have stopped reports."""
    orders: tuple[date, ...] = ()
    until: date | None = None
    """The last day of which anything is known."""


NOTHING_BESIDE = CaseContext()


def trend_of(case: str, events: Iterable[Event], *, result: CaseContext = NOTHING_BESIDE) -> CaseTrend:
    """Return the trend of one case; what events without a whole day could change is said first."""
    every = list(events)
    by_day = sorted((event for event in every if event.day is not None), key=_day)
    days = [_day(event) for event in by_day]
    begun = min((event.observed_from for event in every if event.observed_from), default=None)
    until = max([*days, *([result.until] if result.until else [])], default=None)
    vague = [span_of(event.vague, until=until) for event in every if event.day is None] if until else []
    often = how_often(days, vague, begun=begun)
    severity = _severity(every, until)
    sentences = [often.depends] if often.depends else []
    sentences += [*_sentences(often, days, severity), *_notes(often), *_beside(days, result)]
    crossed = _crossed(every, begun)
    sentences += [crossing] if (crossing := crossing_in_words(crossed)) else []
    sentences += [_about_left_out(len(every) - len(days))] if len(every) > len(days) else []
    return CaseTrend(
        case=case,
        events=len(days),
        statistic=often.statistic,
        p_trend=often.p_trend,
        p_permutation=often.p_permutation,
        alarm=often.alarm,
        reason=often.reason,
        smallest=often.smallest if often.reason == TOO_FEW else None,
        power=often.power if often.alarm is False else None,
        recording_changes=crossed,
        says="; ".join(sentences),
        severity_p=severity.exact,
        severity_p_between=severity.between,
    )


class _Severity(NamedTuple):
    answer: Answer | None = None
    sentence: str | None = None
    between: tuple[float, float] | None = None

    @property
    def exact(self) -> float | None:
        """The probability, where the order is known."""
        return self.between[0] if self.between and len(set(self.between)) == 1 else None


def _severity(every: Sequence[Event], until: date | None) -> _Severity:
    pairs = [
        (Span(event.day, event.day) if event.day else span_of(event.vague, until=until), event.severity)
        for event in every
        if event.severity is not None and until is not None
    ]
    if not pairs:
        return _Severity()
    if len(pairs) < escalation_data().fewest_events:
        sentence = f"severity was recorded for {len(pairs)} of {len(every)} events, {TOO_FEW}"
        return _Severity(Answer.TOO_FEW, sentence)
    rise = rise_in([span for span, _ in pairs], [value for _, value in pairs])
    ordered = [value for _, value in sorted(pairs, key=lambda each: each[0])]
    sentence = {
        Answer.ROSE: f"recorded severity rose from {ordered[0]:g} to {ordered[-1]:g}",
        Answer.MAY_HAVE_RISEN: (
            "recorded severity may have risen, by the order of events on one date or without a full date"
        ),
        Answer.DID_NOT_RISE: "the test does not show whether recorded severity rose",
        Answer.TOO_FEW: f"recorded severity: {TOO_FEW}",
    }[rise.answer]
    return _Severity(rise.answer, sentence, (round(rise.least, 6), round(rise.most, 6)))


_NOT_LOWER = NO_ALARM.split("; ", 1)[1]


def _sentences(often: HowOften, days: Sequence[date], severity: _Severity) -> list[str]:
    """Return how often and how grave, in one sentence: neither is to be read without the other."""
    rose = severity.sentence if severity.answer in (Answer.ROSE, Answer.MAY_HAVE_RISEN) else None
    beside = [severity.sentence] if severity.sentence and not rose else []
    if often.alarm:
        return [f"{_grew_shorter(often, days)}{f', and {rose}' if rose else ''}", *beside]
    if often.alarm is None:
        return [f"{_not_judged(often, days)}{f', but {rose}' if rose else ''}", *beside]
    if rose:
        return [f"{rose}, while the test does not show whether what was *reported* came faster", _NOT_LOWER]
    return [NO_ALARM, *beside]


def _not_judged(often: HowOften, days: Sequence[date]) -> str:
    if often.reason == DAYS_MISSING:
        return f"without them no alarm is raised, and {_NOT_LOWER}"
    if often.reason in (ONE_DAY, ALIKE):
        return f"{often.reason} whether they came faster: no order of them could have raised an alarm"
    number = f"{often.events} {'event' if often.events == 1 else 'events'}"
    if often.events >= escalation_data().fewest_events:
        if len(set(days)) == 1:
            return f"{TOO_FEW}: all {number} were on one day, which shows no trend in time"
        return f"{TOO_FEW}: {number} with a date; with fewer than {often.smallest} no alarm is possible"
    return f"{TOO_FEW}: {number} with a date"


def _grew_shorter(often: HowOften, days: Sequence[date]) -> str:
    counted = days[-often.events :]
    half = len(often.gaps) // 2
    return (
        f"the gaps between the {often.events} reported events, from {counted[0]:%-d %B %Y} to "
        f"{counted[-1]:%-d %B %Y}, grew shorter: the first {half} took {sum(often.gaps[:half]):.0f} days, "
        f"the last {half} took {sum(often.gaps[-half:]):.0f}"
    )


def _notes(often: HowOften) -> list[str]:
    """Return since when the series was observed, and what was left out of the test for that."""
    if often.statistic is None and not often.earlier:
        return []
    sentences = []
    if often.alarm is False and often.power is not None:
        sentences = [
            f"a test of {often.events} events finds only about {often.power * 100:.0f} of 100 series that "
            "rise in a straight line"
        ]
    if often.begun is None:
        return [*sentences, "counted from the first event, as nothing says since when the case was observed"]
    sentences = [*sentences, f"counted from {often.begun:%-d %B %Y}, the start of observation"]
    if often.earlier:
        events = "event is" if often.earlier == 1 else "events are"
        sentences.append(f"{often.earlier} earlier {events} retrospective and left out of the test")
    return sentences


def _crossed(every: Sequence[Event], begun: date | None) -> tuple[RecordingChange, ...]:
    """Return the changes of recording rules within the time that the events may reach over."""
    known = [event.vague for event in every if event.vague is not None]
    known += [PartialDate.of(event.day) for event in every if event.day is not None]
    first = [each.earliest for each in known] + ([begun] if begun else [])
    return changes_crossed(min(first, default=None), max((each.latest for each in known), default=None))


def _beside(days: Sequence[date], result: CaseContext) -> list[str]:
    """Return falls that are gaps in reporting, and what came after an order."""
    sentences = []
    if result.until is not None:
        sentences += [
            each[:1].lower() + each[1:-1] for each in gaps_after(days, result.changes, until=result.until)
        ]
    if result.orders:
        made = min(result.orders)
        number = sum(day > made for day in days)
        sentences.append(f"{number} of {len(days)} events came after the order of {made:%-d %B %Y}")
    return sentences


def _about_left_out(number: int) -> str:
    return (
        f"{number} more {'event has' if number == 1 else 'events have'} no full date and could not be counted"
    )


def _day(event: Event) -> date:
    assert event.day is not None, "only events with a date come here"
    return event.day
