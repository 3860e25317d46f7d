"""From when an alarm is the panel's: by releases of its agency's answers and by its owner's rules.

Worked out from what is recorded at every read, so that no stored mark can disagree. Knows no storage.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from engine.domain.absence import YesNo
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic


class ReleaseOfAnswer(NamedTuple):
    """A released contribution. ``prepared_version`` is the prepared answer that it released or replaced.

    ``is_whole`` is False where items were withheld, or a person typed another answer in its place.
    """

    version: int
    at: datetime
    prepared_version: int | None
    is_whole: bool


class TopicsOfAnswer(NamedTuple):
    """Alarm topics as a person answered them about one version of an agency's answers."""

    version: int
    answers: AlarmAnswers


class RuleSet(NamedTuple):
    """An owner's rule on the audience of a report, from a time on."""

    at: datetime
    is_owners_alone: bool
    is_for_all: bool
    """True if everyone on the case is its audience, and not only some agencies."""


def released_with(
    version: int,
    raised: Collection[AlarmTopic],
    releases: Iterable[ReleaseOfAnswer],
    asked: Sequence[TopicsOfAnswer],
) -> datetime | None:
    """Return when topics of this version were first released; None while they are not.

    ``releases`` are of its agency on the case, oldest first. A refusal, a nil return and a failure release
    no topic: they are not among them.
    """
    return next(
        (
            release.at
            for release in releases
            if release.version >= version and all(_tells(release, version, t, asked) for t in raised)
        ),
        None,
    )


def _tells(
    release: ReleaseOfAnswer, version: int, topic: AlarmTopic, asked: Sequence[TopicsOfAnswer]
) -> bool:
    """Return whether a release includes a topic of an earlier version.

    As a person answered about the release; else one that is whole includes it, unless it was "no" of what was
    prepared.
    """
    answer = _answer(release.version, topic, asked)
    if answer is not None:
        return answer is YesNo.YES
    prepared = release.prepared_version
    if prepared is None or prepared < version or not release.is_whole:
        return False
    return _answer(prepared, topic, asked) is not YesNo.NO


def _answer(version: int, topic: AlarmTopic, asked: Sequence[TopicsOfAnswer]) -> YesNo | None:
    """Return whether a topic is in a version, as it was last answered; None if no one knew."""
    answers = [each.answers.answers[topic] for each in asked if each.version == version]
    return next((answer for answer in reversed(answers) if answer in (YesNo.YES, YesNo.NO)), None)


def open_from(since: datetime | None, rules: Sequence[RuleSet]) -> datetime | None:
    """Return from when others than the owner may have a report; None while only the owner does.

    ``since`` is when it was recorded or released, ``rules`` its owner's, oldest first.
    """
    return _from_when(since, [(rule.at, not rule.is_owners_alone) for rule in rules])


def open_to_all_from(since: datetime | None, rules: Sequence[RuleSet]) -> datetime | None:
    """Return from when everyone on the case may have a report; None while only some agencies may."""
    return _from_when(since, [(rule.at, rule.is_for_all) for rule in rules])


def _from_when(since: datetime | None, rules: Sequence[tuple[datetime, bool]]) -> datetime | None:
    """Return the time of the rule that opened it last, of all rules and whether each opens it."""
    if since is None or (rules and not rules[-1][1]):
        return None
    closed = max((place for place, (_, opens) in enumerate(rules) if not opens), default=None)
    return since if closed is None else max(since, rules[closed + 1][0])


def due_from(due_at: datetime | None, *, at: datetime, told_at: datetime | None) -> datetime | None:
    """Return when an alarm is due: as long after the panel has it as it was given when it was recorded."""
    if due_at is None or told_at is None:
        return due_at
    return max(told_at, at) + (due_at - at)
