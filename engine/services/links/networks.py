"""A network that is open, in figures and measures."""

from __future__ import annotations

from collections.abc import Collection

from engine.links.centrality import Measure, MeasureFigures, Progress, measure_figures
from engine.links.network import NetworkFigures, network_of
from engine.links.register import Register


class NetworkMeasured(NetworkFigures):
    """A network in figures, with the measures that were asked for."""

    measures: dict[str, MeasureFigures]


def measures_in(
    opened: Register, measures: Collection[Measure], *, top: int, progress: Progress | None = None
) -> NetworkMeasured:
    """Return a register in figures, and for each measure the entities with the largest values."""
    network = network_of(opened)
    figures = network.figures()
    return {**figures, "measures": measure_figures(opened, network, measures, top=top, progress=progress)}
