"""Wording of a page: dates, ages, levels, states. Pure; knows no page and asks no clock."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from engine.domain.conference.risk import Domain, HowSoon, Level
from engine.domain.responses.answers import AnswerState
from engine.domain.shown import shown

LONDON = ZoneInfo("Europe/London")
_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    """Return text for a widget's label, which Streamlit reads as Markdown: every mark means itself."""
    return _MARKDOWN.sub(r"\\\1", " ".join(shown(text).split()))


def day(when: date, *, year: bool = False) -> str:
    """Return ``25 Nov``, or ``25 Nov 2026``."""
    return f"{when.day} {when:%b %Y}" if year else f"{when.day} {when:%b}"


def day_of(at: datetime, *, year: bool = False) -> str:
    """Return the day in London of an instant."""
    return day(at.astimezone(LONDON).date(), year=year)


def moment(at: datetime) -> str:
    """Return ``25 Nov, 10:32``, in London."""
    local = at.astimezone(LONDON)
    return f"{day(local.date())}, {local:%H:%M}"


def arrays_of(made: datetime, changed: int) -> str:
    """Return how old the arrays behind an answer are, and what came since."""
    since = "nothing that you may see changed since"
    if changed:
        since = f"what changed since in {counted(changed, 'case')} was read from the record"
    return f"Found in arrays of {moment(made)}; {since}."


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return ``1 incident``, ``3 incidents``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def days_from(due: date, on: date) -> str:
    """Return ``today``, ``in 3 days``, ``6 days late``."""
    days = (due - on).days
    if days == 0:
        return "today"
    return f"in {counted(days, 'day')}" if days > 0 else f"{counted(-days, 'day')} late"


def age(hours: float) -> str:
    """Return ``20 minutes``, ``5 hours``, ``3 days``."""
    if hours < 1:
        return counted(max(0, round(hours * 60)), "minute")
    return counted(int(hours), "hour") if hours < 48 else counted(int(hours // 24), "day")


def sentence(text: str) -> str:
    """Return it with a capital first letter; the rest is left as it is shown."""
    return shown(text[:1].upper() + text[1:])


def listed(words: list[str]) -> str:
    """Return ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def level_in_words(level: Level) -> str:
    """Return a judgement's term, as a tag says it."""
    return sentence(level.value)


def domain_in_words(domain: Domain) -> str:
    """Return a domain's name, as a row's heading."""
    return sentence(domain.value)


def how_soon_in_words(how_soon: HowSoon | None) -> str:
    """Return what is said under the term on violence."""
    return f"How soon: {how_soon.value}" if how_soon else "How soon: not recorded"


def state_in_words(state: AnswerState) -> str:
    """Return the status of an agency's answer, as a tag says it."""
    match state:
        case AnswerState.NOT_ASKED:
            return "Not asked"
        case AnswerState.AWAITED:
            return "Awaited"
        case AnswerState.OVERDUE:
            return "Overdue"
        case AnswerState.WAITING_RELEASE:
            return "Waits for your release"
        case AnswerState.CONTRIBUTION:
            return "Answered"
        case AnswerState.NIL_RETURN:
            return "Holds nothing"
        case AnswerState.REFUSED:
            return "Declined"
        case AnswerState.FAILED:
            return "Failed"
        case AnswerState.ERASED:
            return "Erased"
        case AnswerState.ANSWERED_ASK_AGENCY:
            return "Answered: ask this agency"
        case _:
            assert_never(state)


def read_as_one(number: int) -> str:
    """Return how many patterns are left in the other reading."""
    return f"{number:,} left where those who may be one person are read as one. Nothing is merged."
