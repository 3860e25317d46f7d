"""Patterns, figures and formats of links: the names for pages and commands, and the choices they offer.

Pages and commands do not import ``engine.links``.
"""

from __future__ import annotations

from typing import TypeAlias

from engine.clock import Clock
from engine.links.components import ComponentFigures, RegisterFigures
from engine.links.exporting.graph_files import GraphFormat
from engine.links.paths import PathFigures
from engine.links.patterns.finding import Finding, PatternKey, ThresholdChange
from engine.links.patterns.scan import PatternsFound
from engine.links.patterns.searching import PatternsAsked
from engine.links.patterns.thresholds import ThresholdOffered, thresholds_of

Patterns: TypeAlias = PatternsFound
Search: TypeAlias = PatternsAsked
Change: TypeAlias = ThresholdChange
Found: TypeAlias = Finding
Threshold: TypeAlias = ThresholdOffered
Key: TypeAlias = PatternKey
Format: TypeAlias = GraphFormat
Figures: TypeAlias = RegisterFigures
Components: TypeAlias = ComponentFigures
Paths: TypeAlias = PathFigures


def pattern_keys() -> type[PatternKey]:
    """Return the keys of the patterns, for a page or command that offers them."""
    return PatternKey


def thresholds_offered(key: PatternKey, *, clock: Clock) -> tuple[ThresholdOffered, ...]:
    """Return the thresholds of a pattern that can be tried, with today's values."""
    return thresholds_of(key, clock.today())


def graph_formats() -> type[GraphFormat]:
    """Return the formats of exports, for a page or command that offers them."""
    return GraphFormat
