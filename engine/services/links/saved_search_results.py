"""The results of a saved search now, for one person: worked out only on the links that exist for them.

The same is asked when a search is saved, when new data came, and again before an alert is shown: it leaves
out what that person may no longer see. Shows only references, and no name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.errors import NotFoundError
from engine.domain.links.items_question import ItemsQuestion
from engine.domain.links.saved_searches import (
    AroundQuestion,
    Asked,
    PathQuestion,
    PatternQuestion,
    subjects_of,
)
from engine.links.hubs import HUB_CAP
from engine.links.paths import paths_between
from engine.links.patterns.finding import Finding, PatternKey, pattern_named
from engine.links.patterns.scan import scan
from engine.links.patterns.subjects import found_about, subject_of, subject_size
from engine.links.patterns.thresholds import Thresholds, thresholds_on
from engine.links.record_kinds import kind_of
from engine.links.surroundings import surroundings
from engine.links.viewer_register import ViewerRegister
from engine.services.links.items import items_in
from engine.services.links.neighbourhood import MOST_DRAWN
from engine.services.links.record import links_for
from engine.services.links.register import viewer_register
from engine.services.links.snapshots import LinkSnapshots
from engine.store.unit_of_work import Work

_NOT_TOLD = frozenset({"incident"})
"""A new incident is shown through its people, its referral and patterns."""


@dataclass(frozen=True)
class Match:
    """A result of a search: its references, and where a map begins."""

    key: str
    sentence: str
    begin_at: str
    grows: str | None = None
    """The key of the finding that this is one more person of; None: a result of its own."""
    finding: Finding | None = None
    """None: the search is for no pattern."""
    is_news: bool = True
    """False: it came with its finding, or nothing is known of who was in that before."""


class Answers:
    """The results of one person's searches, cut to what exists for them at this moment."""

    def __init__(self, work: Work, acting: Acting, *, clock: Clock, snapshots: LinkSnapshots) -> None:
        self._work, self._acting, self._clock, self._snapshots = work, acting, clock, snapshots
        self.links, self._seen = links_for(work, acting, clock, snapshots)

    def now(self, question: Asked) -> tuple[Match, ...]:
        """Return all results."""
        match question:
            case AroundQuestion():
                return self._around(question)
            case PathQuestion():
                return self._path(question)
            case PatternQuestion():
                return self._pattern(pattern_of(question))
            case ItemsQuestion():
                return self._items(question)

    def new(self, question: Asked, known: Iterable[str]) -> tuple[Match, ...]:
        """Return the results that are not among the known ones, by whatever reference those were known.

        One more person of a finding is returned with the finding.
        """
        matches, keys = self.now(question), frozenset(known)
        unknown = [match for match in matches if match.key not in keys]
        if not unknown:
            return ()
        there = {self._numbers(key) for key in keys}
        fresh = [match for match in unknown if self._numbers(match.key) not in there]
        found = [numbers for numbers in there if numbers is not None]
        return tuple(replace(match, is_news=self._is_news(match, found)) for match in fresh)

    def _is_news(self, match: Match, known: Iterable[tuple[int, ...]]) -> bool:
        """Return whether one more person is new in a finding whose other people are known.

        A search that was saved before these were stored knows none of them, and stores them now.
        """
        if match.grows is None:
            return True
        finding = self._numbers(match.grows) or ()
        return any(len(each) > len(finding) and each[: len(finding)] == finding for each in known)

    def still(self, question: Asked, keys: Iterable[str]) -> dict[str, Match]:
        """Return those of these keys that are results now."""
        numbers = {key: found for key in keys if (found := self._numbers(key)) is not None}
        if not numbers:
            return {}
        if isinstance(question, PatternQuestion):
            pattern = pattern_of(question)
            drawn = {number for found in numbers.values() for number in found}
            near = self._opened(drawn=drawn)
            still = {key: self._still(near, pattern, key, found) for key, found in numbers.items()}
            return {key: match for key, match in still.items() if match is not None}
        now = {self._numbers(match.key): match for match in self.now(question)}
        return {key: now[found] for key, found in numbers.items() if found in now}

    def how_many_round(self, middle: int, *, hops: int) -> int:
        """Return the number of items within so many links, as many as are drawn at most."""
        return len(surroundings(self._seen.view, middle, hops=hops, hub_cap=HUB_CAP, most=MOST_DRAWN).members)

    def require(self, question: Asked) -> tuple[str, ...]:
        """Refuse a search about what does not exist for this person; return the references that it names.

        Raises
        ------
        InvalidInputError
            The pattern does not exist.
        """
        if isinstance(question, PatternQuestion):
            pattern_of(question)
        named = subjects_of(question)
        for reference in named:
            if self.links.find(reference) is None:
                raise NotFoundError("node", reference)
        return named

    @cached_property
    def _limits(self) -> Thresholds:
        return thresholds_on(self._clock.today())

    @cached_property
    def _register(self) -> ViewerRegister:
        return self._opened()

    def _opened(self, drawn: Iterable[int] | None = None) -> ViewerRegister:
        return viewer_register(
            self._work,
            self._acting,
            self._clock,
            self._snapshots,
            limits=self._limits,
            drawn=None if drawn is None else frozenset(drawn),
        ).register

    def _around(self, question: AroundQuestion) -> tuple[Match, ...]:
        middle = self.links.find(question.reference)
        if middle is None:
            return ()
        name = self.links.id_of(middle)
        found = surroundings(self._seen.view, middle, hops=question.hops, hub_cap=HUB_CAP, most=MOST_DRAWN)
        self.links.take(found.members, found.links)
        within = _links(question.hops)
        return tuple(
            Match(node, f"The {kind} {node} is within {within} of {name}.", node)
            for node, kind in ((self.links.id_of(number), kind_of(number)) for number in found.members)
            if node != name and kind not in _NOT_TOLD
        )

    def _path(self, question: PathQuestion) -> tuple[Match, ...]:
        ends = [self.links.find(question.a), self.links.find(question.b)]
        one, other = ends
        if one is None or other is None:
            return ()
        found = paths_between(self._seen.view, one, other, most=1)
        if found.hops is None or found.hops > question.hops or found.through_hubs:
            return ()
        sentence = f"{question.a} and {question.b} are linked by {_links(found.hops)}."
        return (Match(f"{question.a} {question.b}", sentence, question.a),)

    def _items(self, question: ItemsQuestion) -> tuple[Match, ...]:
        register = self._register
        kind = question.find.node.value
        named = register.named(list(items_in(register, question)))
        return tuple(
            Match(reference, f"The {kind} {reference} meets the question.", reference)
            for reference, _ in named
        )

    def _pattern(self, key: PatternKey) -> tuple[Match, ...]:
        register = self._register
        found = scan(register, self._limits, [key]).findings[key]
        matches: dict[str, Match] = {}
        for finding in found:
            subject = " ".join(subject_of(key, finding, register.shape_of_id))
            matches.setdefault(subject, _of_finding(subject, finding))
            for person in finding.persons:
                if person not in subject.split():
                    grown = f"{subject} {person}"
                    matches.setdefault(grown, _of_one_more(grown, subject, finding, person))
        return tuple(matches.values())

    def _still(
        self, near: ViewerRegister, pattern: PatternKey, key: str, numbers: tuple[int, ...]
    ) -> Match | None:
        """Return a finding that is still one, or one more person of it who is still in it."""
        size = subject_size(pattern)
        names = key.split()
        rows = [near.row_at(number) for number in numbers]
        subject = [row for row in rows[:size] if row is not None]
        if len(subject) < size:
            return None
        for finding in found_about(near, pattern, subject, self._limits):
            if len(names) == size:
                return _of_finding(key, finding)
            persons = {near.find(person): person for person in finding.persons}
            if rows[-1] in persons:
                return _of_one_more(key, " ".join(names[:size]), finding, persons[rows[-1]])
        return None

    def _numbers(self, key: str) -> tuple[int, ...] | None:
        found = [self.links.find(reference) for reference in key.split()]
        numbers = tuple(number for number in found if number is not None)
        return numbers if len(numbers) == len(found) else None


def pattern_of(question: PatternQuestion) -> PatternKey:
    """Return the pattern of a question. Raises InvalidInputError."""
    return pattern_named(question.pattern)


def _of_finding(key: str, finding: Finding) -> Match:
    return Match(key, finding.says, finding.persons[0], finding=finding)


def _of_one_more(key: str, grows: str, finding: Finding, person: str) -> Match:
    return Match(key, f"{person} is one more in this: {finding.says}", finding.persons[0], grows, finding)


def _links(hops: int) -> str:
    return "1 link" if hops == 1 else f"{hops} links"
