"""Changes over a case's reported incidents, measure by measure, each with its formula. Ranks no case.

Severity and nearness go by an order of kinds that is data. Nothing here is added to anything else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from engine.domain.dates import PartialDate
from engine.domain.links.trends import CaseTrendView, TrendMeasure
from engine.instruments.conduct import Conduct, conduct, highest_step
from engine.links.escalation import NO_ALARM, CaseContext, Event, trend_of
from engine.links.escalation_data import escalation_data
from engine.links.gaps import Change, says_of_gaps
from engine.links.how_often import ALIKE, DAYS_MISSING, ONE_DAY, TOO_FEW, came_faster
from engine.links.rise import Answer, rise_in
from engine.links.spans import Span, highest_of_halves, only_in_later_half, span_of


class Reported(NamedTuple):
    """One incident as it was reported."""

    happened: PartialDate | None
    kind: str
    channel: str | None
    also: tuple[str, ...] = ()
    """The kinds of later reports of the same incident."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind that a report gives it."""
        return (self.kind, *self.also)


def measures_of(
    reported: Sequence[Reported],
    *,
    until: date,
    orders: Sequence[date] | None = None,
    changes: Sequence[Change] = (),
    observed_from: date | None = None,
) -> CaseTrendView:
    """Return every measure of one case, from its incidents until a day.

    ``orders`` are the days on which orders were made, None where none are recorded here; ``changes`` are what
    may have stopped reports; ``observed_from`` is the first contact that no counted incident caused.
    """
    series = _Series.of(reported, until)
    trend = trend_of(
        "",
        [
            Event(each.happened.earliest, None, observed_from)
            if each.happened is not None and each.happened.is_whole_day
            else Event(None, None, observed_from, each.happened)
            for each in reported
        ],
        result=CaseContext(until=until),
    )
    seen, judged = series.seen, len(series.reported) >= escalation_data().fewest_events
    grave = _severity(series, conduct()) if judged else _too_few("How grave", _GRAVE, seen)
    near = _nearness(series, conduct()) if judged else _too_few("How near", _NEAR, seen)
    often = Answer.TOO_FEW if trend.alarm is None else Answer.ROSE if trend.alarm else Answer.DID_NOT_RISE
    if trend.reason == DAYS_MISSING:
        often = Answer.MAY_HAVE_RISEN
    if trend.reason in (ALIKE, ONE_DAY):
        often = Answer.NOT_JUDGED
    return CaseTrendView(
        events=len(series.days),
        statistic=trend.statistic,
        p_trend=trend.p_trend,
        p_permutation=trend.p_permutation,
        alarm=trend.alarm,
        reason=trend.reason,
        smallest=trend.smallest,
        power=trend.power,
        says=_whole({"come faster": often, "become graver": grave.answer, "come nearer": near.answer}),
        observed_from=observed_from,
        recording_changes=trend.recording_changes,
        not_counted=series.not_counted,
        measures=(
            _how_often(trend.says, series),
            grave.measure,
            _variety(series) if judged else _too_few("In how many ways", _WAYS, seen).measure,
            near.measure,
            _after_orders(series, orders),
            TrendMeasure(
                name="Gaps in reporting",
                says=says_of_gaps(series.days, changes, until=until),
                how=_GAPS,
                seen=f"{series.counted}; {_count(len(changes), 'recorded change')} that may stop reports",
                would_change="A lost advocate, a closed crime or a changed number that is not recorded here.",
            ),
        ),
    )


def reports_came_faster(happened: Iterable[PartialDate | None], *, until: date) -> bool | None:
    """Return the ``alarm`` of ``measures_of`` for incidents of these days, and nothing else of it.

    For lists of many cases: all measures of one case take as long as this for a hundred.
    """
    dated, vague = [], []
    for day in happened:
        if day is not None and day.is_whole_day:
            dated.append(day.earliest)
        else:
            vague.append(day)
    last = max([*dated, until])
    return came_faster(sorted(dated), [span_of(day, until=last) for day in vague])


class _Judged(NamedTuple):
    """A measure, and what it says in one word for the sentence over all of them."""

    measure: TrendMeasure
    answer: Answer | None
    """None where nothing was recorded that could show it."""


def _whole(answers: dict[str, Answer | None]) -> str:
    """Return one sentence for the whole: that something did not rise is not to be read apart from what
    did.
    """
    by: dict[Answer | None, list[str]] = {}
    for what, answer in answers.items():
        by.setdefault(answer, []).append(what)
    sentence = []
    if rose := by.get(Answer.ROSE):
        sentence.append(f"what was *reported* has {' and '.join(rose)}")
    if may := by.get(Answer.MAY_HAVE_RISEN):
        what = "it" if rose else "what was *reported*"
        sentence.append(f"{what} may have {' and '.join(may)}, by days that are not known")
    if few := by.get(Answer.TOO_FEW):
        sentence.append(f"too few to judge whether it has {' or '.join(few)}")
    if open_ := by.get(Answer.NOT_JUDGED):
        sentence.append(f"it cannot be judged whether it has {' or '.join(open_)}")
    if unknown := by.get(None):
        sentence.append(f"not recorded whether it has {' or '.join(unknown)}")
    if no := by.get(Answer.DID_NOT_RISE):
        sentence.append(
            f"the tests do not show whether {'it' if rose or may else 'what was *reported*'} has "
            f"{' or '.join(no)}"
        )
    return _sentence("; ".join(sentence if rose or may else [*sentence, _NOT_LOWER]))


class _Series(NamedTuple):
    """The incidents with the days on which each may have happened."""

    reported: tuple[Reported, ...]
    spans: tuple[Span, ...]
    days: tuple[date, ...]
    """The whole days, sorted."""

    @classmethod
    def of(cls, reported: Sequence[Reported], until: date) -> _Series:
        spans = tuple(span_of(each.happened, until=until) for each in reported)
        days = sorted(e.happened.earliest for e in reported if e.happened and e.happened.is_whole_day)
        return cls(tuple(reported), spans, tuple(days))

    @property
    def vague(self) -> list[Reported]:
        """Those without a whole day."""
        return [each for each in self.reported if not (each.happened and each.happened.is_whole_day)]

    @property
    def depends(self) -> str:
        """Dependence of an answer on something, where there is one."""
        tied = len(set(self.days)) < len(self.days)
        parts = [_without_a_day(len(self.vague))] if self.vague else []
        parts += ["the order of those on one day"] if tied else []
        return f"This depends on {' and '.join(parts)}"

    @property
    def whole_days(self) -> str:
        """Number of those with a whole day, and from when to when."""
        said = f"{_count(len(self.days), 'incident')} with a full date"
        if self.days:
            said += f", from {self.days[0]:%-d %B %Y} to {self.days[-1]:%-d %B %Y}"
        return said

    @property
    def counted(self) -> str:
        """Incidents seen by a measure that needs whole days."""
        more = f"; {len(self.vague)} more without a full date could not be counted" if self.vague else ""
        return self.whole_days + more

    @property
    def seen(self) -> str:
        """Incidents seen by a measure that takes each on every day that it may have happened."""
        more = f"; {len(self.vague)} more on each day that their dates allow" if self.vague else ""
        return self.whole_days + more

    @property
    def not_counted(self) -> str | None:
        """Incidents without a whole day, each with its kind and what is known of its date."""
        if not self.vague:
            return None
        counts = Counter(
            (" and ".join(each.kinds), each.happened.in_words() if each.happened else "no date")
            for each in self.vague
        )
        each = [f"{kind} ({when})" + (f", {n} times" if n > 1 else "") for (kind, when), n in counts.items()]
        return (
            f"{_count(len(self.vague), 'incident')} without a full date cannot be counted in how often: "
            f"{'; '.join(each)}."
        )


_OFTEN = (
    "The gaps between the incidents, from the first to the last, are put into every other order (or 1,999 "
    "of them). An alarm means that at most 1 in 100 orders has the incidents as close together at the "
    "end. It is so strict because it is checked again after each incident."
)
_GRAVE = (
    "Each kind of incident has one of 4 steps (from unwanted contact to assault): our own order, not a "
    "measure of harm. Each incident is compared with every later incident. A rise is reported if later "
    "incidents are more serious than in 19 of 20 random orders."
)
_WAYS = (
    "The kinds and channels first reported in the second half of the incidents, beside those of the first "
    "half."
)
_NEAR = (
    "Each kind and channel has one of three steps (from a distance; in the victim's presence or at a place "
    "of the victim's; by entry or by touching the victim). The nearest of the first half of the incidents "
    "is set beside the nearest of the second half."
)
_ORDER = "Incidents recorded as a breach of an order are counted, and incidents after the date of an order."
_GAPS = (
    "If an advocate was lost, a crime closed or a number changed, the incidents in the days after are "
    "compared with those in as many days before. At most half as many is marked."
)
_REPORTS = "An incident that was not reported, two that are one, or a date that is wrong or missing."


def _how_often(sentence: str, series: _Series) -> TrendMeasure:
    return TrendMeasure(
        name="How often", says=_sentence(sentence), how=_OFTEN, seen=series.counted, would_change=_REPORTS
    )


def _severity(series: _Series, data: Conduct) -> _Judged:
    pairs = [
        (span, step, [kind for kind in each.kinds if kind in step.kinds])
        for span, each in zip(series.spans, series.reported, strict=True)
        if (step := highest_step(each.kinds, None, data.severity)) is not None
    ]
    rise = rise_in([span for span, _, _ in pairs], [float(step.step) for _, step, _ in pairs])
    top = max((step for _, step, _ in pairs), key=lambda step: step.step)
    there = [kinds for _, step, kinds in pairs if step is top]
    names = dict.fromkeys(kind for kinds in there for kind in kinds)
    gravest = f"the gravest was {' or '.join(names)} ({len(there)} of {len(pairs)})"
    sentence = {
        Answer.ROSE: f"The reported incidents became graver; {gravest}.",
        Answer.MAY_HAVE_RISEN: f"{series.depends}: in one possible order what was reported became graver, in "
        f"another it did not; {gravest}.",
        Answer.DID_NOT_RISE: f"The test does not show whether what was *reported* became graver "
        f"({gravest}); {_DOES_NOT_LOWER}",
        Answer.TOO_FEW: f"{_sentence(TOO_FEW)[:-1]} whether what was reported became graver; {gravest}.",
    }[rise.answer]
    measure = TrendMeasure(
        name="How grave",
        says=sentence,
        how=_GRAVE,
        seen=series.seen,
        would_change="A kind of incident that was recorded wrongly; " + _REPORTS[0].lower() + _REPORTS[1:],
    )
    return _Judged(measure, rise.answer)


def _variety(series: _Series) -> TrendMeasure:
    places: dict[str, list[int]] = {}
    for place, each in enumerate(series.reported):
        for way in _ways(each):
            places.setdefault(way, []).append(place)
    later = {way: only_in_later_half(series.spans, frozenset(at)) for way, at in places.items()}
    new = [way for way, is_new in later.items() if is_new]
    open_ = [way for way, is_new in later.items() if is_new is None]
    ways = _count(len(places), "way")
    sentences = [f"{series.depends}: {', '.join(open_)} may be new in the second half."] if open_ else []
    if new:
        sentences.append(f"New in the second half, of {ways} in all: {', '.join(new)}.")
    elif not open_:
        sentences.append(
            f"{ways} in all, each in the first half of what was *reported* too; {_DOES_NOT_LOWER}"
        )
    return TrendMeasure(
        name="In how many ways",
        says=" ".join(sentences),
        how=_WAYS,
        seen=series.seen,
        would_change="A channel that was not recorded; a way that was used earlier and not reported.",
    )


def _nearness(series: _Series, data: Conduct) -> _Judged:
    steps = [highest_step(each.kinds, each.channel, data.nearness) for each in series.reported]
    words = {step.step: step.says for step in data.nearness}
    halves = highest_of_halves(series.spans, [step.step if step else 0 for step in steps])
    unknown = any(not before or not after for before, after in halves)
    nearer = [(before, after) for before, after in halves if before and after > before]
    no_nearer = [(before, after) for before, after in halves if after and after <= before]
    answer: Answer | None
    if sum(map(bool, (unknown, nearer, no_nearer))) > 1:
        answer = Answer.MAY_HAVE_RISEN if nearer else None
        either = [
            *([f"it came nearer, {words[max(n for _, n in nearer)]} in the second half"] if nearer else []),
            *([f"the nearest was {words[max(no_nearer)[0]]} before already"] if no_nearer else []),
            *(["the record does not show how near anyone came to the victim"] if unknown else []),
        ]
        sentence = f"{series.depends}: {', or '.join(either)}."
    elif unknown:
        answer, sentence = None, "The record does not show how near anyone came to the victim."
    elif nearer:
        before, after = max(nearer)
        answer = Answer.ROSE
        sentence = f"It came nearer: {words[before]} in the first half, {words[after]} in the second."
    else:
        answer = Answer.DID_NOT_RISE
        first = words[min(no_nearer)[0]]
        sentence = f"The nearest in the first half of what was *reported*: {first}; {_DOES_NOT_LOWER}"
    measure = TrendMeasure(
        name="How near",
        says=sentence,
        how=_NEAR,
        seen=series.seen,
        would_change="A channel that was not recorded, or a person who was near and not noticed.",
    )
    return _Judged(measure, answer)


def _after_orders(series: _Series, orders: Sequence[date] | None) -> TrendMeasure:
    breaches = sum("breach of order" in each.kinds for each in series.reported)
    parts = [
        f"{_count(breaches, 'incident') if breaches else 'No incident'} recorded as a breach of an order."
    ]
    if orders is None:
        parts.append("Orders and their days are not recorded here, so what came after one is not known.")
    elif not orders:
        parts.append("No order is recorded. One can exist.")
    else:
        made = min(orders)
        after = sum(span.first > made for span in series.spans)
        may = sum(span.first <= made < span.last for span in series.spans)
        parts.append(f"{_count(after, 'incident')} after the order of {made:%-d %B %Y}.")
        parts += [f"{may} more may have been after it: the date is not recorded."] if may else []
    return TrendMeasure(
        name="After an order",
        says=" ".join(parts),
        how=_ORDER,
        seen=f"{_count(len(series.reported), 'incident')}; whether an order was broken, people judge",
        would_change="An order that is not recorded, or an incident that was not recorded as a breach.",
    )


_NOT_LOWER = NO_ALARM.split("; ", 1)[1]
_DOES_NOT_LOWER = _NOT_LOWER.split(":")[0] + "."


def _too_few(name: str, how: str, seen: str) -> _Judged:
    measure = TrendMeasure(
        name=name, says=_sentence(TOO_FEW), how=how, seen=seen, would_change="More incidents with a date."
    )
    return _Judged(measure, Answer.TOO_FEW)


def _ways(each: Reported) -> list[str]:
    return [f"{kind} ({each.channel})" if each.channel else kind for kind in each.kinds]


def _without_a_day(number: int) -> str:
    return f"{_count(number, 'incident')} without a full date"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _sentence(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:] + "."
