"""The victim's agreement: which part of an answer may leave its agency. Pure; knows no storage.

Without a person, agreement only ever narrows: what the victim withdrew comes back only when a person of the
agency types it in again.
"""

from __future__ import annotations

from collections.abc import Collection

from engine.domain.responses.answers import REPORTED, Contribution, Reported, VoiceItem, item_keys
from engine.domain.responses.reported import ReportedOrder, names_of
from engine.domain.responses.voices import EVERYONE, Agreement, WithWhom


def as_she_agreed(answer: Contribution, *, before: Contribution | None) -> Contribution:
    """Return the answer without the text that may not leave; ``before`` is what is released now.

    What was withdrawn from ``before`` stays withdrawn.
    """
    shown = {item.key: item for item in before.voices} if before else {}
    gone = frozenset(before.withdrawn) if before else frozenset()
    voices = tuple(_as_agreed(item, shown.get(item.key)) for item in answer.voices)
    gone_again = {key for key in item_keys(answer) if not gone.isdisjoint(names_of(key))}
    return leaving_out(answer.model_copy(update={"voices": voices}), gone_again | gone).model_copy(
        update={"withdrawn": tuple(dict.fromkeys((*answer.withdrawn, *sorted(gone_again))))}
    )


def narrowed(before: Contribution, by: Contribution) -> Contribution:
    """Return what is released now, without what the agency's newest answer says is no longer shared."""
    newer = {item.key: item for item in by.voices}
    voices = tuple(_narrowed(item, newer[item.key]) if item.key in newer else item for item in before.voices)
    return before.model_copy(update={"voices": voices})


def withdrawn_from(answer: Contribution, key: str) -> Contribution:
    """Return the answer without the text of one item; that it was withdrawn stays."""
    voices = tuple(
        item.without_words(Agreement.WITHDRAWN) if item.key == key else item for item in answer.voices
    )
    if any(item.key == key for item in answer.voices):
        return answer.model_copy(update={"voices": voices})
    return leaving_out(answer, {key}).model_copy(update={"withdrawn": (*answer.withdrawn, key)})


def leaving_out(answer: Contribution, keys: Collection[str]) -> Contribution:
    """Return the answer without the items of these keys, and without what orders repeat of them.

    Findings and voices are named by key, views as ``view:DOMAIN``, instruments as ``instrument:CODE``,
    predictors as ``predictor:CODE``, orders as ``order:KEY``, link evidence as ``evidence:KEY``, reports as
    ``report:KEY``, proposed actions as ``action:DIGEST``.
    """
    return answer.model_copy(
        update={
            "findings": tuple(f for f in answer.findings if f.key not in keys),
            "voices": tuple(v for v in answer.voices if v.key not in keys),
            "views": tuple(v for v in answer.views if f"view:{v.domain.value}" not in keys),
            "instruments": tuple(i for i in answer.instruments if f"instrument:{i.instrument}" not in keys),
            "predictors": tuple(p for p in answer.predictors if f"predictor:{p.instrument}" not in keys),
            **{name: _without(getattr(answer, name), keys) for name in REPORTED},
            "proposed_actions": tuple(a for a in answer.proposed_actions if a.key not in keys),
        }
    )


def _without(items: tuple[Reported, ...] | None, keys: Collection[str]) -> tuple[Reported, ...] | None:
    """Return the items without those of these names; what was not reported stays so."""
    if items is None:
        return None
    return tuple(
        item.left_by(keys) if isinstance(item, ReportedOrder) else item
        for item in items
        if item.name not in keys
    )


def _as_agreed(item: VoiceItem, shown: VoiceItem | None) -> VoiceItem:
    if shown is not None and shown.agreed_to_sharing is Agreement.WITHDRAWN:
        return shown.model_copy(update={"says": None})
    if item.may_leave:
        return item
    bare = item.without_words()
    if shown is not None and shown.may_leave and bare.agreed_to_sharing is Agreement.WITHDRAWN:
        return bare.model_copy(update={"with_whom": shown.with_whom})  # those who saw it see that it went
    return bare


def _narrowed(shown: VoiceItem, newer: VoiceItem) -> VoiceItem:
    if not shown.may_leave:
        return shown
    if not newer.may_leave:
        return shown.without_words(Agreement.WITHDRAWN)
    both = _both(shown.with_whom, newer.with_whom)
    if not both:
        return shown.without_words(Agreement.WITHDRAWN)
    return shown.model_copy(update={"with_whom": both})


def _both(one: WithWhom, other: WithWhom) -> WithWhom:
    if EVERYONE in other:
        return one
    return other if EVERYONE in one else tuple(agency for agency in one if agency in other)
