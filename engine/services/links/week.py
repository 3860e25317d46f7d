"""Patterns of the last seven days: those that the referrals of the week made, or made larger, for one viewer.

The viewer's links are searched with these referrals and without them. Nothing is stored: a stored time of
the first finding would differ where a hidden case had made the same pattern before.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import numpy as np
from pydantic import Field

from engine.domain.base import Frozen, Instant
from engine.links.kinds import SHAPES, Shape
from engine.links.patterns.news import news_between
from engine.links.patterns.readings import read_both_ways
from engine.links.patterns.scan import Among, scan
from engine.links.patterns.thresholds import thresholds_on
from engine.links.reach import nodes_near
from engine.links.viewer_register import ViewerRegister
from engine.services.context import Context
from engine.services.links.neighbourhood import looking
from engine.services.links.record import links_for
from engine.services.links.register import may_be_one, viewer_register
from engine.services.links.snapshots import LinkSnapshots

WEEK = timedelta(days=7)
REACH = 4
"""Number of links from a subject within which a detector reads whether its pattern is there."""


class PatternOfWeek(Frozen):
    """A finding that the referrals of the week made or enlarged."""

    pattern: str
    says: str
    path: tuple[str, ...]
    persons: tuple[str, ...]
    counter_evidence: tuple[str, ...]
    added: tuple[str, ...] = Field(description="people who were added to a known finding; empty: it is new")


class PatternsOfWeek(Frozen):
    """The patterns of the week, in the order of the record."""

    found: tuple[PatternOfWeek, ...]
    referrals: int = Field(description="referrals of the week within this person's access")
    since: Instant
    at: Instant


def patterns_of_week(
    context: Context, *, snapshots: LinkSnapshots, most_links: int | None = None
) -> PatternsOfWeek | None:
    """Return the patterns that are found with the referrals of the last seven days and not without them.

    None: the person may see more than ``most_links`` links, so nothing was searched.
    """
    acting, clock, now = context.acting, context.clock, context.clock.now()
    with looking(context, "look for patterns of the week") as work:
        if most_links is not None:
            _, seen = links_for(work, acting, clock, snapshots)
            if seen.view.link_count > most_links:
                return None
        opened = viewer_register(work, acting, clock, snapshots)
        with_week, seen = opened.register, opened.seen
        week = work.links.arrays.received_since(now - WEEK)
        without = viewer_register(work, acting, clock, snapshots, without=week).register
        limits = thresholds_on(clock.today())
        near = nodes_near(seen.view, week, REACH).tolist()
        found, known = (
            scan(register, limits, among=_among(register, near)) for register in (with_week, without)
        )
        news = tuple(news_between(with_week, found.findings, without, known.findings))
        pairs = may_be_one(work, acting, clock, [each.finding for each in news])
        patterns = []
        for each in news:
            (finding,), _ = read_both_ways(each.key, [each.finding], pairs, limits)
            patterns.append(
                PatternOfWeek(
                    pattern=each.key.value,
                    says=finding.says,
                    path=finding.path,
                    persons=finding.persons,
                    counter_evidence=finding.counter_evidence,
                    added=each.added,
                )
            )
        work.notes(found=len(patterns))
        return PatternsOfWeek(
            found=tuple(patterns),
            referrals=_referrals(with_week) - _referrals(without),
            since=now - WEEK,
            at=now,
        )


def _among(register: ViewerRegister, nodes: Iterable[int]) -> Among:
    """Return which of a register's entities are among these nodes."""
    flags = np.zeros(len(register), dtype=np.bool_)
    flags[[row for node in nodes if (row := register.row_at(node)) is not None]] = True
    return Among(flags)


def _referrals(register: ViewerRegister) -> int:
    return int((register.entities.shapes == SHAPES.index(Shape.REFERRAL)).sum())
