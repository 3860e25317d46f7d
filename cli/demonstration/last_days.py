"""The newest referrals, each left where a page has something to show: alarms, releases, a conference, gaps.

Every one comes in a file and goes through the same services as all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from cli.demonstration.cast import watchman
from cli.demonstration.city import SOURCES, City, Referred, arriving, moved_to, triage_outcomes
from cli.demonstration.conference_stories import decide, open_conference, plan
from cli.demonstration.recorded_conferences import to_conference
from cli.demonstration.stage import Stage, StagedReferral, Story
from cli.demonstration.stories import screen, taking_up_the_alarm, waiting_for_release
from engine.clock import LONDON
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.dates import PartialDate
from engine.domain.invented import InventedEpisode
from engine.domain.referrals.intake import Referral
from engine.domain.responses.answers import RefusalGround, Refused
from engine.services.cases import worklists
from engine.services.system.invented_city import referral_of

_EARLIER_DAYS = 40
SPOILT = (
    {
        "source": "helpline",
        "source_reference": "INV-SPOILT-1",
        "reason": "Invented: came to the door again.",
        "perpetrator_surname": "Invented",
        "perpetrator_date_of_birth": "31/02/1980",
        "victim_surname": "Example",
        "alarm_weapon": "yes",
    },
    {
        "source": "helpline",
        "source_reference": "INV-SPOILT-2",
        "perpetrator_surname": "Invented",
        "victim_surname": "Example",
    },
)
"""Rows that are rejected: one with an alarm, one without a reason."""


@dataclass(frozen=True)
class Scene:
    """One of the newest referrals: when it came, whether with an alarm, whether agencies are asked."""

    name: str
    hours_ago: float
    story: Callable[[Stage, StagedReferral], Story]
    alarm: bool = False
    asks: bool = True


def _left_alone(stage: Stage, referral: StagedReferral) -> Story:
    """Yield only the end: no one has begun on the case yet."""
    yield stage.end


def _past_due(stage: Stage, referral: StagedReferral) -> Story:
    """Yield moments: the alarm is not acknowledged, and the chair is notified."""
    yield referral.received + timedelta(minutes=stage.runtime.settings.alarm_within_minutes + 1)
    worklists.record_escalations(stage.runtime.context(watchman()))


def _asked(stage: Stage, referral: StagedReferral) -> Story:
    if referral.raises_alarm:
        yield from taking_up_the_alarm(stage, referral)
    yield stage.clock.now() + timedelta(hours=2)
    screen(stage, referral, outcome=TriageOutcome.CONFERENCE)
    yield stage.clock.now() + timedelta(minutes=5)
    stage.ask(referral)


def _answered(stage: Stage, referral: StagedReferral, *, but_not: int = 0) -> Story:
    """Yield moments: all that wait are released, but for the last ones."""
    yield from _asked(stage, referral)
    waiting = waiting_for_release(stage, referral)
    for code in waiting[: len(waiting) - but_not]:
        yield stage.clock.now() + timedelta(hours=3)
        stage.release(referral, code, refusing=False)


def _waiting_for_release(stage: Stage, referral: StagedReferral) -> Story:
    yield from _asked(stage, referral)
    for code in waiting_for_release(stage, referral):
        stage.releases.append(referral.practitioner(stage, code).user)


def _an_agency_failed(stage: Stage, referral: StagedReferral) -> Story:
    """Yield moments: the records of one agency could not be read when it was asked; they can be again."""
    spoilt = stage.runtime.settings.home / "agencies" / stage.codes[-1] / "agency-settings.toml"
    spoilt.write_text("this is not TOML", encoding="utf-8")
    yield from _asked(stage, referral)
    spoilt.unlink()
    for code in waiting_for_release(stage, referral):
        yield stage.clock.now() + timedelta(hours=3)
        stage.release(referral, code, refusing=False)


def _an_agency_is_overdue(stage: Stage, referral: StagedReferral) -> Story:
    yield from _answered(stage, referral, but_not=1)


def _ready_for_conference(stage: Stage, referral: StagedReferral) -> Story:
    yield from _answered(stage, referral)


def _in_conference(stage: Stage, referral: StagedReferral) -> Story:
    """Yield moments: one agency refused; the panel sits now."""
    yield from _answered(stage, referral, but_not=1)
    for code in waiting_for_release(stage, referral):
        stage.refuse(
            referral,
            code,
            Refused(ground=RefusalGround.CONFIDENTIAL, says="We may not say whether we hold anything."),
        )
    yield stage.end - timedelta(minutes=15)
    open_conference(stage, referral)


def _decided(stage: Stage, referral: StagedReferral) -> Story:
    yield from _answered(stage, referral)
    yield stage.end - timedelta(hours=3)
    open_conference(stage, referral)
    yield stage.end - timedelta(hours=2)
    decide(stage, referral)


def _overdue_actions(stage: Stage, referral: StagedReferral) -> Story:
    """Yield moments: a plan without any report."""
    yield from _answered(stage, referral)
    yield from to_conference(stage, referral)
    plan(stage, referral)


def scenes() -> tuple[Scene, ...]:
    """Return all scenes, the oldest first."""
    return (
        Scene("overdue actions", 24 * 75, _overdue_actions),
        Scene("an agency is overdue", 24 * 32, _an_agency_is_overdue),
        Scene("in conference, one refused", 24 * 20, _in_conference),
        Scene("ready for conference", 24 * 15, _ready_for_conference),
        Scene("decided, no plan yet", 24 * 14, _decided),
        Scene("an agency failed", 24 * 6, _an_agency_failed),
        Scene("waiting for release", 24 * 2, _waiting_for_release, alarm=True),
        Scene("not screened since yesterday", 26, _left_alone, asks=False),
        Scene("not screened", 5, _left_alone, asks=False),
        Scene("alarm past due", 3, _past_due, alarm=True, asks=False),
        Scene("alarm", 0.2, _left_alone, alarm=True, asks=False),
    )


def last_days(stage: Stage, city: City) -> Iterator[tuple[Referred, Story]]:
    """Yield each scene's referral and the story of the file in which it comes."""
    free = list(city.extras)
    for number, scene in enumerate(scenes()):
        moment = stage.end - timedelta(hours=scene.hours_ago)
        day = moment.astimezone(LONDON).date()
        referred = _chosen(stage, free, scene, day_source=("helpline", "borough-north")[number % 2])
        episode = moved_to(referred.episode, day)
        moved = Referred(episode, referral_of(episode, seed=stage.seed, source=referred.referral.source))
        spoilt = SPOILT if scene.name == "not screened" else ()
        yield moved, arriving(stage, moment, [moved], partial(_entering, scene), spoilt)

    moment = stage.end - timedelta(hours=4)
    again = _the_same_two_again(stage, city, moment.astimezone(LONDON).date())
    if again is not None:
        yield again, arriving(stage, moment, [again], _left_alone)


def _entering(scene: Scene, stage: Stage, referral: StagedReferral) -> Story:
    stage.scenes[scene.name] = referral
    yield from scene.story(stage, referral)


def _the_same_two_again(stage: Stage, city: City, today: date) -> Referred | None:
    """Return a second referral of two people whose earlier episode the record can propose."""
    outcomes = triage_outcomes(stage.seed, city.referred)
    for one, outcome in zip(reversed(city.referred), reversed(outcomes), strict=True):
        if outcome != TriageOutcome.CONFERENCE.value or (today - one.day).days < _EARLIER_DAYS:
            continue
        for sequence in range(3, 30):
            referral = referral_of(one.episode, seed=stage.seed, source=SOURCES[0], sequence=sequence)
            if _are_found(one.referral, referral):
                return Referred(
                    one.episode, referral.model_copy(update={"referred_on": PartialDate.of(today)})
                )
    return None


def _are_found(earlier: Referral, later: Referral) -> bool:
    """Return whether both people are written alike, down to the whole date of birth."""
    return all(
        one == other and one.date_of_birth is not None and one.date_of_birth.is_whole_day
        for one, other in ((earlier.perpetrator, later.perpetrator), (earlier.victim, later.victim))
    )


def _chosen(stage: Stage, free: list[InventedEpisode], scene: Scene, *, day_source: str) -> Referred:
    """Return the first free episode whose referral raises an alarm, or none, as the scene needs it."""
    for episode in free:
        referral = referral_of(episode, seed=stage.seed, source=day_source)
        if (
            bool(referral.alarms.raised) == scene.alarm
            and episode.counter_allegation_of is None
            and referral.perpetrator.surname != "unknown"
            and referral.perpetrator.identifiers
        ):
            free.remove(episode)
            return Referred(episode, referral)
    raise LookupError(scene.name)
