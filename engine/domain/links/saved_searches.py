"""Saved searches about links, and the alerts that they raise. Ranks no person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from engine.domain.base import Frozen, Instant
from engine.domain.links.items_question import ItemsQuestion, NodeName
from engine.domain.links.sharing import SharedItem

Reason = Annotated[str, StringConstraints(min_length=1, max_length=600)]


class AroundQuestion(Frozen):
    """A search for who or what becomes linked to a person within so many links."""

    kind: Literal["around"] = "around"
    reference: NodeName
    hops: Annotated[int, Field(ge=1, le=4)] = 2

    def in_words(self) -> str:
        """Return the search as one would ask it."""
        return f"new neighbours within {_links(self.hops)} of {self.reference}"


class PathQuestion(Frozen):
    """A search for a new path between two within so many links."""

    kind: Literal["path"] = "path"
    a: NodeName
    b: NodeName
    hops: Annotated[int, Field(ge=1, le=12)] = 6

    def in_words(self) -> str:
        """Return the search as one would ask it."""
        return f"when {self.a} and {self.b} become linked within {_links(self.hops)}"


class PatternQuestion(Frozen):
    """A search for a pattern about a new person."""

    kind: Literal["pattern"] = "pattern"
    pattern: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z\-]{2,40}$")]

    def in_words(self) -> str:
        """Return the search as one would ask it."""
        return f"new people in the pattern {self.pattern}"


Asked = AroundQuestion | PathQuestion | PatternQuestion | ItemsQuestion


def subjects_of(question: Asked) -> tuple[str, ...]:
    """Return the references that a question names; a pattern names none."""
    match question:
        case AroundQuestion(reference=reference):
            return (reference,)
        case PathQuestion(a=one, b=other):
            return (one, other)
        case ItemsQuestion(to=to):
            return () if to is None else (to,)
        case PatternQuestion():
            return ()


def is_about_whole_record(question: Asked) -> bool:
    """Return whether all links are read for its results, and not only those near what it names."""
    return isinstance(question, PatternQuestion | ItemsQuestion)


Question = Annotated[Asked, Field(discriminator="kind")]


class SavedSearch(Frozen):
    """A search, whose it is, why it is asked, and until when."""

    reference: str
    owner: str
    question: Question
    why: Reason
    at: Instant
    until: Instant
    ended_at: Instant | None = None

    def is_asked(self, at: Instant) -> bool:
        """Return whether it is still asked at this instant."""
        return self.ended_at is None and at < self.until


class AlertState(StrEnum):
    """The state of an alert."""

    WAITING = "waiting"
    ACTED_ON = "acted on"
    NOT_RELEVANT = "not relevant"
    EXPIRED = "expired"
    """It was not judged before its search was over."""


class LinkAlert(Frozen):
    """A result of a saved search that was not one when it was saved."""

    reference: str
    query: str
    owner: str
    match_key: str
    at: Instant
    state: AlertState = AlertState.WAITING
    why: str | None = None
    expires_at: Instant


class AlertShown(Frozen):
    """An alert as its owner may read it at this moment: it is worked out again before it is shown."""

    reference: str
    query: str
    asks: str
    says: str
    counter_evidence: tuple[str, ...] = Field(default=(), description="of a pattern; none of other searches")
    begin_at: str = Field(description="where a map of it begins")
    at: Instant
    state: AlertState
    why: str | None = None
    expires_at: Instant


class AlertFigures(Frozen):
    """The results of alerts of one's own searches: counts, and the share of those judged."""

    raised: int
    waiting: int
    acted_on: int
    not_relevant: int
    expired: int
    share_acted_on: float | None = Field(description="of those judged; None when none was")

    @classmethod
    def of(cls, alerts: Iterable[AlertShown]) -> AlertFigures:
        """Count over these."""
        counts = Counter(alert.state for alert in alerts)
        acted, not_relevant = counts[AlertState.ACTED_ON], counts[AlertState.NOT_RELEVANT]
        judged = acted + not_relevant
        return cls(
            raised=counts.total(),
            waiting=counts[AlertState.WAITING],
            acted_on=acted,
            not_relevant=not_relevant,
            expired=counts[AlertState.EXPIRED],
            share_acted_on=round(acted / judged, 3) if judged else None,
        )


class SearchShown(Frozen):
    """One of one's own searches that is still asked, with its alerts that still apply."""

    search: SavedSearch
    raised: int
    waiting: int


class AlertsShown(Frozen):
    """One's own alerts, those that wait first, how often they led to something, and the searches."""

    alerts: tuple[AlertShown, ...]
    figures: AlertFigures
    searches: tuple[SearchShown, ...] = ()
    shared: tuple[SharedItem, ...] = ()
    """Searches and maps of others, worked out by this person's access."""

    @classmethod
    def of(
        cls,
        alerts: Iterable[AlertShown],
        searches: Iterable[SavedSearch] = (),
        shared: tuple[SharedItem, ...] = (),
    ) -> AlertsShown:
        """Return these in order, counted, with the searches that are still asked and what is shared."""
        result = tuple(sorted(alerts, key=lambda alert: alert.state is not AlertState.WAITING))
        raised = Counter(alert.query for alert in result)
        waiting = Counter(alert.query for alert in result if alert.state is AlertState.WAITING)
        return cls(
            alerts=result,
            figures=AlertFigures.of(result),
            searches=tuple(
                SearchShown(search=search, raised=raised[search.reference], waiting=waiting[search.reference])
                for search in searches
            ),
            shared=shared,
        )

    @property
    def news(self) -> int:
        """Number of alerts that wait, and of shared items that were not opened yet."""
        return self.figures.waiting + sum(each.is_new for each in self.shared)

    @property
    def waiting(self) -> tuple[AlertShown, ...]:
        """The alerts that have not been judged yet."""
        return tuple(alert for alert in self.alerts if alert.state is AlertState.WAITING)


def _links(hops: int) -> str:
    return "1 link" if hops == 1 else f"{hops} links"
