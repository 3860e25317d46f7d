"""Wording of a page: dates, ages, levels, and one term for each state. Knows no page and no clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from engine.domain.access.need_to_know import RestrictedBecause
from engine.domain.access.primary_roles import VictimStanding
from engine.domain.accounts.acting import Role
from engine.domain.agencies.health import ChasedHow
from engine.domain.cases.lifecycle import Act
from engine.domain.conference.gaps import GapKind
from engine.domain.conference.risk import Domain, HowSoon, Level
from engine.domain.links.maps import GradeCut
from engine.domain.people.persons import ClaimStatus
from engine.domain.responses.answers import AnswerState
from engine.domain.responses.voices import VoiceTopic
from engine.domain.rights.retention import RetentionAct
from engine.domain.sharing import AboutWhom, LedgerAct, VisibilityToOthers
from engine.domain.shown import shown

LONDON = ZoneInfo("Europe/London")
_STATES: dict[AnswerState, str] = {
    AnswerState.NOT_ASKED: "Not asked",
    AnswerState.AWAITED: "Awaiting response",
    AnswerState.OVERDUE: "Overdue",
    AnswerState.WAITING_RELEASE: "Awaiting your release",
    AnswerState.CONTRIBUTION: "Contribution",
    AnswerState.NIL_RETURN: "Nil return",
    AnswerState.REFUSED: "Refused",
    AnswerState.FAILED: "Failed",
    AnswerState.ERASED: "Erased",
    AnswerState.ANSWERED_ASK_AGENCY: "Responded: ask this agency",
}
"""One term for each state of a response. "Withheld" is the state of an item, never of a response."""
LABELS: dict[str, str] = {
    **{role: role.label for role in Role},
    GapKind.AWAITED: "awaiting response",
    GapKind.FAILED_SINCE: "failed when asked again",
    GapKind.BEFORE_STEP_UP: "response from before the step up",
    GapKind.ERASED: "response erased",
    ChasedHow.EMAIL: "email",
    ChasedHow.TELEPHONE: "phone",
    VictimStanding.CLAIMED: "claimed, not contested",
    VictimStanding.CONTESTED: "contested by a counter-allegation",
    VictimStanding.ASSESSED: "assessed victim",
    VictimStanding.NOT_PRIMARY: "not the assessed victim",
    LedgerAct.STRUCK: "withheld before release",
    AboutWhom.OTHER: "another person",
    VisibilityToOthers.STUB: "only that an item exists",
    VisibilityToOthers.WITHHOLD: "only that an item is withheld",
    VisibilityToOthers.HIDE: "nothing",
    VoiceTopic.NOT_TO_BE_TOLD: "information to withhold from someone",
    GradeCut.CONFIRMED: "confirmed only",
    RetentionAct.ERASE: "erasure approved",
    RestrictedBecause.CHAIR: "the chair decided",
    RestrictedBecause.ADVOCATE: "the victim's advocate decided",
    Act.ANSWERS_IN: "all responses received",
    Act.EXIT: "end delivery and follow up",
}
"""Stored values that a page words differently. Any other value is shown as it is stored."""
_TODAY: list[Callable[[], date]] = []
_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    """Return text for a widget's label, which Streamlit reads as Markdown: every mark means itself."""
    return _MARKDOWN.sub(r"\\\1", " ".join(shown(text).split()))


def date_by(today: Callable[[], date] | None) -> None:
    """Have days and instants of other years than this clock's said with their year; without one, all are."""
    _TODAY[:] = [today] if today else []


def day(when: date, *, year: bool | None = None) -> str:
    """Return ``25 Nov``, or ``25 Nov 2025`` in another year or where ``year`` asks for it."""
    if year is None:
        year = not _TODAY or when.year != _TODAY[0]().year
    return f"{when.day} {when:%b %Y}" if year else f"{when.day} {when:%b}"


def day_of(at: datetime, *, year: bool | None = None) -> str:
    """Return the day in London of an instant."""
    return day(at.astimezone(LONDON).date(), year=year)


def moment(at: datetime) -> str:
    """Return ``25 Nov, 10:32``, or ``25 Nov 2025, 10:32`` in another year, in London."""
    local = at.astimezone(LONDON)
    return f"{day(local.date())}, {local:%H:%M}"


def time_of(at: datetime) -> str:
    """Return ``10:32``, in London."""
    return f"{at.astimezone(LONDON):%H:%M}"


def arrays_of(made: datetime, changed: int) -> str:
    """Return how old the arrays behind an answer are, and what came since."""
    since = "No case you can see has changed since."
    if changed:
        since = f"Changes since then in {counted(changed, 'case')} were read from the record."
    return f"Link index last updated {moment(made)}. {since}"


def counted(number: int, one: str, many: str | None = None, *, or_more: bool = False) -> str:
    """Return ``1 incident``, ``3 incidents``, ``1,360 incidents``; ``1,000 or more incidents``."""
    if or_more:
        return f"{number:,} or more {many or one + 's'}"
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def days_from(due: date, on: date) -> str:
    """Return ``today``, ``in 3 days``, ``6 days overdue``."""
    days = (due - on).days
    if days == 0:
        return "today"
    return f"in {counted(days, 'day')}" if days > 0 else f"{counted(-days, 'day')} overdue"


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


def perpetrator(status: ClaimStatus) -> str:
    """Return ``alleged perpetrator``: a page names none without their status."""
    return f"{'assessed' if status is ClaimStatus.ASSESSED else status.value} perpetrator"


def how_soon_in_words(how_soon: HowSoon | None) -> str:
    """Return what is said under the term on violence."""
    return f"How soon: {how_soon.value}" if how_soon else "How soon: not recorded"


def state_in_words(state: AnswerState) -> str:
    """Return the status of an agency's answer, as a tag says it."""
    return _STATES[state]


def label(value: str) -> str:
    """Return a stored value in the words of a page. Most are shown as they are stored."""
    return LABELS.get(value, str(value))


def gap(name: str) -> str:
    """Return a gap's stored name in the words of a page: its kind is a stored value."""
    kind, colon, about = name.partition(": ")
    return f"{label(kind)}{colon}{about}"


def labelled(value: str) -> str:
    """Return the label of a stored value with a capital first letter, for a choice or a cell."""
    return sentence(label(value))


def read_as_one(number: int) -> str:
    """Return how many patterns remain when possible duplicates count as one person."""
    return f"{number:,} remain if people who may be the same are counted as one. Nothing is merged."
