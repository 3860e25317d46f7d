"""The record's links whole, for one viewer: as a register, in figures, searched for patterns.

All of it comes from the snapshot, cut by the viewer's permission before any of it is computed, and with what
changed since the snapshot was made read from the record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple, TypedDict

from engine.access.policy import WHO_MAY, May, require
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.links.views import MayBeOne
from engine.links.components import RegisterFigures
from engine.links.components import summary as summary_of
from engine.links.hubs import HUB_CAP
from engine.links.pair_trends import PairTrends, pair_trends
from engine.links.patterns.chance import Progress
from engine.links.patterns.finding import Finding
from engine.links.patterns.readings import read_both_ways
from engine.links.patterns.scan import PatternsFound
from engine.links.patterns.searching import EVERY_PATTERN, PatternsAsked, searched
from engine.links.patterns.thresholds import Thresholds, thresholds_on
from engine.links.reach import round_drawn
from engine.links.record_kinds import kind_of, node_of
from engine.links.viewer_register import ViewerRegister, register_for
from engine.services.access.checks import permitted_links
from engine.services.context import Context
from engine.services.links.finding_marks import marks_among
from engine.services.links.likely_same import likely_same
from engine.services.links.names import RecordNames
from engine.services.links.neighbourhood import looking
from engine.services.links.snapshots import LinkSnapshots, SnapshotSeen
from engine.store.repositories.links.permissions import Cut
from engine.store.unit_of_work import Work

MOST_TRENDS = 50


class SnapshotAge(TypedDict):
    """The age of the arrays, and the number of cases that changed since."""

    snapshot_at: str
    cases_changed_since: int


class RecordFigures(RegisterFigures, SnapshotAge):
    """The record's links in figures."""


class Opened(NamedTuple):
    """All that a viewer may see, and the arrays behind it."""

    register: ViewerRegister
    seen: SnapshotSeen
    further: int | None = None
    """Number of items one link further than what is drawn; None: everything was opened."""


class Trends(NamedTuple):
    """Some of the pairs, how many there are, and how old the arrays are."""

    found: PairTrends
    snapshot_at: datetime
    changed_since: int

    def as_values(self) -> dict[str, object]:
        """Return the same as plain values."""
        return {
            "pairs": self.found.number,
            "told": [
                {"perpetrator": each.perpetrator, "victim": each.victim, **each.trend.as_values()}
                for each in self.found.trends
            ],
            "snapshot_at": self.snapshot_at.isoformat(),
            "cases_changed_since": self.changed_since,
        }


def summary(context: Context, *, snapshots: LinkSnapshots) -> RecordFigures:
    """Return the record's links in figures, within this person's access."""
    with whole(context, snapshots, "look at links in figures") as opened:
        return {**summary_of(opened.register), **age_of(opened.seen)}


def patterns(
    context: Context,
    *,
    snapshots: LinkSnapshots,
    asked: PatternsAsked = EVERY_PATTERN,
    progress: Progress | None = None,
) -> PatternsFound:
    """Return what the detectors find on the links that this person may see.

    ``progress`` is given how many reshuffles are done, and of how many, where chance was asked for.

    Raises
    ------
    InvalidInputError
        A threshold is unknown or out of bounds.
    """
    limits = asked.limits(context.clock.today())
    with looking(context, "look for patterns") as work:
        opened = viewer_register(work, context.acting, context.clock, snapshots)
        work.notes(nodes=len(opened.register), links=opened.register.link_count)
        found = searched(opened.register, asked, on=context.clock.today(), progress=progress)
        every = [finding for findings in found.findings.values() for finding in findings]
        pairs = may_be_one(work, context.acting, context.clock, every)
        marks = (
            None
            if asked.thresholds
            else marks_among(work, context.acting.user, opened.register, found.findings)
        )
    read = {key: read_both_ways(key, those, pairs, limits) for key, those in found.findings.items()}
    return found.model_copy(
        update={
            "findings": {key: findings for key, (findings, _) in read.items()},
            "marks": marks,
            "as_one": {key: hold for key, (_, hold) in read.items()},
            "snapshot_at": opened.seen.made_at,
            "changed_since": opened.seen.changed,
        }
    )


def may_be_one(work: Work, acting: Acting, clock: Clock, findings: Iterable[Finding]) -> tuple[MayBeOne, ...]:
    """Return which of the people who are found together may be one person; a part of a use case."""
    findings = list(findings)
    cut = work.links.cut(permitted_links(work, acting, on=clock.today()))
    named = {person: None for finding in findings if len(finding.persons) > 1 for person in finding.persons}
    compared = {
        person: None
        for finding in findings
        if finding.compared is not None
        for person in (*finding.compared.one_side, *finding.compared.other_side)
    }
    pairs = _likely(work, cut, named)
    if compared and acting.role in WHO_MAY[May.JUDGE_SAME]:  # who decides of the two sees more than this
        there = {frozenset((pair.one, pair.other)) for pair in pairs}
        more = _likely(work, cut, compared, with_victims=True)
        pairs += tuple(pair for pair in more if frozenset((pair.one, pair.other)) not in there)
    return pairs


def _likely(
    work: Work, cut: Cut, those: Collection[str], *, with_victims: bool = False
) -> tuple[MayBeOne, ...]:
    records = work.links.likely.records(those)
    nodes = {person: node_of("person", records[person]) for person in those if person in records}
    members = RecordNames(work.links, cut).members_of(nodes.values())
    people = {person: members[node] for person, node in nodes.items()}
    return likely_same(work, cut, people, with_victims=with_victims)


def trends(context: Context, *, snapshots: LinkSnapshots, first: int = 0, most: int = MOST_TRENDS) -> Trends:
    """Return the trend of each two people's reports that this person may see, with its probabilities.

    For analysts: a panel reads only the sentences. The pairs are in the order of the record, not by what was
    found.
    """
    require(May.SEE_PROBABILITIES, context.acting)
    with whole(context, snapshots, "look at trends") as opened:
        found = pair_trends(
            opened.register,
            thresholds_on(context.clock.today()),
            until=context.clock.today(),
            first=first,
            most=most,
        )
        return Trends(found, opened.seen.made_at, opened.seen.changed)


@contextmanager
def whole(context: Context, snapshots: LinkSnapshots, what: str) -> Iterator[Opened]:
    """Open all links that this person may see, with an entry in the audit log."""
    with looking(context, what) as work:
        opened = viewer_register(work, context.acting, context.clock, snapshots)
        work.notes(nodes=len(opened.register), links=opened.register.link_count)
        yield opened


def viewer_register(
    work: Work,
    acting: Acting,
    clock: Clock,
    snapshots: LinkSnapshots,
    *,
    without: Collection[int] = (),
    limits: Thresholds | None = None,
    drawn: Collection[int] | None = None,
) -> Opened:
    """Return all that this person may see, ``without`` some cases, as a register; a part of a use case.

    With ``drawn``, the nodes of a map or of one finding, it has what decides the patterns about these only.
    """
    cut = work.links.cut(permitted_links(work, acting, on=clock.today()))
    seen = snapshots.for_viewer(work, cut.without(without), at=clock.now())
    near = None
    if drawn is not None:
        most_users = (limits or thresholds_on(clock.today())).object_users
        near = round_drawn(seen.view, drawn, most_users=most_users, hub_cap=HUB_CAP)
    register = register_for(
        seen.view,
        made_at=seen.made_at.isoformat(),
        references=lambda nodes: _references(work, nodes),
        labels=lambda nodes: _labels(work, cut, nodes),
        channels=lambda nodes: _channels(RecordNames(work.links, cut), nodes),
        find=lambda reference: work.links.find(reference, cut),
        words=work.links.arrays.words(),
        within=None if near is None else near.within,
    )
    return Opened(register, seen, None if near is None else near.further)


def _channels(names: RecordNames, nodes: Sequence[int]) -> list[str]:
    found = names.channels([node for node in nodes if kind_of(node) == "incident"])
    return [found.get(node, "") for node in nodes]


def _references(work: Work, nodes: Sequence[int]) -> list[str]:
    found = work.links.arrays.references(nodes)
    return [found[node] for node in nodes]


def _labels(work: Work, cut: Cut, nodes: Sequence[int]) -> list[str]:
    """Return names and things' values where they may be read, as a source gave them."""
    fields = {each.node: each for each in work.links.described(nodes, cut)}
    labels = []
    for node in nodes:
        kind, here = kind_of(node), fields[node]
        if kind in ("incident", "referral"):
            labels.append(f"{here.name}, {here.date.in_words() if here.date else 'date not recorded'}")
        elif kind != "person" and here.said is not None:
            labels.append(f"{kind} {here.name}")
        elif kind == "person" and (cut.named_on is None or here.case in cut.named_on):
            labels.append(here.name)
        else:
            labels.append(f"{kind} {here.ref}")
    return labels


def age_of(seen: SnapshotSeen) -> SnapshotAge:
    """Return how old the arrays are, as plain values."""
    return {"snapshot_at": seen.made_at.isoformat(), "cases_changed_since": seen.changed}
