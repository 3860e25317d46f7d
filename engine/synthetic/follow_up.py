"""Findings of a follow-up by some day. Never implies that the work changed what an invented person did next.

Follow-ups are made three, six and twelve months after the decision. A court outcome counts for six months
more.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from engine.domain.dates import PartialDate
from engine.domain.errors import InvalidInputError
from engine.domain.invented import InventedEpisode
from engine.domain.outcomes.follow_up import AgainstWhom, Censoring, Measure, OutcomeFound, OutcomeGiven
from engine.synthetic.figures import figures
from engine.synthetic.streams import chosen, exponential_within, happens, stream
from engine.synthetic.wording import talk

_LOOKS = (3, 6, 12)
_COURT_MONTHS_MORE = 6
_COURT_DAYS = (60, 300)


@dataclass(frozen=True)
class _Followed:
    """One episode's follow-up by today."""

    decided_on: date
    today: date
    looked_in: tuple[str, ...]
    not_done: bool
    censored: Censoring | None
    until: date
    event: date | None
    against: AgainstWhom | None
    recorded: bool
    court_on: date | None

    @property
    def window_ends(self) -> date:
        return _months_after(self.decided_on, _LOOKS[-1])

    @property
    def court_window_ends(self) -> date:
        return _months_after(self.decided_on, _LOOKS[-1] + _COURT_MONTHS_MORE)


def outcomes_of(
    episode: InventedEpisode, *, decided_on: date, today: date, seed: int, looked_in: Sequence[str]
) -> tuple[OutcomeGiven, ...]:
    """Return one finding on each measure as of today; 'not known' where the window is still open."""
    if today < decided_on:
        raise InvalidInputError("today", "give the day of the decision or a later one")
    if not looked_in:
        raise InvalidInputError("looked_in", "give the agencies whose records were searched")
    followed = _followed(episode, decided_on, today, seed, tuple(looked_in))
    return _reported(followed), _recorded(followed), _proven(followed)


def _followed(
    episode: InventedEpisode, decided_on: date, today: date, seed: int, looked_in: tuple[str, ...]
) -> _Followed:
    chance, rate = stream(seed, "follow-up", episode.key), figures().rate
    comes_to_notice = happens(chance, rate("further_stalking_comes_to_notice"))
    recorded = happens(chance, rate("recorded_when_reported"))
    proven = happens(chance, rate("proven_when_reported"))
    not_done = happens(chance, rate("follow_up_not_done"))
    ending = chosen(chance, figures().mix("censored"))
    ends_on = decided_on + timedelta(days=chance.randint(30, 360))
    court = timedelta(days=chance.randint(*_COURT_DAYS))
    again, against = _again(chance, episode, decided_on)

    censored = Censoring(ending) if ending != "nothing" and ends_on <= today and not not_done else None
    looks = [look for months in _LOOKS if (look := _months_after(decided_on, months)) <= today]
    until = ends_on if censored else looks[-1] if looks else decided_on
    last = ends_on if censored else min(today, _months_after(decided_on, _LOOKS[-1]))
    is_known = again is not None and again <= last and comes_to_notice and not not_done
    court_on = again + court if is_known and recorded and proven and again is not None else None
    return _Followed(
        decided_on=decided_on,
        today=today,
        looked_in=looked_in,
        not_done=not_done and bool(looks),
        censored=censored,
        until=until,
        event=again if is_known else None,
        against=against if is_known else None,
        recorded=recorded,
        court_on=court_on if court_on is not None and court_on <= today else None,
    )


def _again(
    chance: Random, episode: InventedEpisode, decided_on: date
) -> tuple[date | None, AgainstWhom | None]:
    """Return the first further stalking after the decision.

    Who went on before it goes on after it as well.
    """
    number = figures().number
    days = exponential_within(chance, mean=number("again_within_year_mean_days"), most=364.0)
    if episode.further_stalking_on is None or episode.further_against is None:
        return None, None
    on = episode.further_stalking_on
    if on <= decided_on:
        on = decided_on + timedelta(days=1 + int(days))
    return on, AgainstWhom(episode.further_against)


def _reported(followed: _Followed) -> OutcomeGiven:
    measure, words = Measure.REPORTED, talk().follow_up
    if followed.event is not None:
        return _found(followed, measure, words["reported_found"], followed.event)
    if followed.not_done:
        return _not_known(followed, measure, words["not_done"])
    if followed.censored is None and followed.until == followed.decided_on:
        first_look = _months_after(followed.decided_on, _LOOKS[0])
        return _not_known(followed, measure, words["reported_open"].format(day=_day(first_look)))
    is_open = followed.censored is None and followed.until < followed.window_ends
    return _none_found(
        followed, measure, words["reported_interim" if is_open else "reported_none"], followed.until
    )


def _recorded(followed: _Followed) -> OutcomeGiven:
    measure, words = Measure.RECORDED, talk().follow_up
    if followed.event is not None and followed.recorded:
        return _found(followed, measure, words["recorded_found"], followed.event)
    if followed.not_done:
        return _not_known(followed, measure, words["not_done"])
    if followed.censored is None and followed.today < followed.window_ends:
        sentence = words["recorded_open"].format(day=_day(followed.window_ends))
        return _not_known(followed, measure, sentence)
    return _none_found(followed, measure, words["recorded_none"], followed.until)


def _proven(followed: _Followed) -> OutcomeGiven:
    measure, words = Measure.PROVEN, talk().follow_up
    if followed.court_on is not None and followed.event is not None:
        return _found(followed, measure, words["proven_found"], followed.event)
    if followed.not_done:
        return _not_known(followed, measure, words["not_done"])
    if followed.today < followed.court_window_ends:
        return _not_known(
            followed, measure, words["proven_open"].format(day=_day(followed.court_window_ends))
        )
    looked_until = followed.until if followed.censored else followed.court_window_ends
    return _none_found(followed, measure, words["proven_none"], looked_until)


def _found(followed: _Followed, measure: Measure, sentence: str, event: date) -> OutcomeGiven:
    return OutcomeGiven(
        measure=measure,
        found=OutcomeFound.FURTHER_STALKING,
        against=followed.against,
        happened=PartialDate.of(event),
        looked_until=PartialDate.of(max(event, followed.until)),
        looked_in=followed.looked_in,
        says=sentence.format(day=_day(event)),
    )


def _none_found(followed: _Followed, measure: Measure, sentence: str, looked_until: date) -> OutcomeGiven:
    if followed.censored:
        sentence = f"{sentence} {talk().follow_up['censored']}"
    return OutcomeGiven(
        measure=measure,
        found=OutcomeFound.NONE_FOUND,
        looked_until=PartialDate.of(looked_until),
        looked_in=followed.looked_in,
        censored=followed.censored,
        says=sentence.format(day=_day(looked_until)),
    )


def _not_known(followed: _Followed, measure: Measure, sentence: str) -> OutcomeGiven:
    return OutcomeGiven(
        measure=measure,
        found=OutcomeFound.NOT_KNOWN,
        looked_until=PartialDate.of(followed.decided_on),
        says=sentence,
    )


def _day(day: date) -> str:
    return PartialDate.of(day).in_words()


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
