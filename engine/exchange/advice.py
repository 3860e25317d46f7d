"""The short text for the case officer, from an allow-list of sentences; no free text can enter it."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from engine.domain.base import Frozen
from engine.domain.referrals.intake import AlarmAnswers
from engine.domain.referrals.screening import FourAnswer, FourItem


class _Sentences(Frozen):
    """The sentences of ``data/advice.toml``."""

    version: str
    opening: str
    closing: str
    safety: tuple[str, ...]
    always: tuple[str, ...]
    four: dict[str, str]
    alarms: dict[str, str]


def advice_text(alarms: AlarmAnswers, four: Sequence[FourItem]) -> str:
    """Return advice for one referral: alarm topics and the victim's safety first, then FOUR and the rest."""
    sentences = _sentences()
    lines = [sentences.opening]
    lines += [sentences.alarms[topic.value] for topic in alarms.raised]
    lines += sentences.safety
    lines += [sentences.four[item.question.value] for item in four if item.answer is FourAnswer.YES]
    lines += sentences.always
    lines.append(sentences.closing)
    return "\n".join(lines)


@cache
def _sentences() -> _Sentences:
    text = (files("engine.exchange") / "data" / "advice.toml").read_text(encoding="utf-8")
    return _Sentences.model_validate(tomllib.loads(text))
