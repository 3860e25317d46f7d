"""The source of the map on the screen: the record, or a network of the viewer's own. One page draws both."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard import record, session
from engine.domain.links.maps import LinkMap, MapAsked, PathAsked, PathOnMap
from engine.services.links import maps as link_maps
from engine.services.links.network_maps import draw_network, draw_network_path
from engine.services.links.path_maps import draw_path, link_kinds

_NETWORK, _KINDS = "links-network", "links-network-kinds"


def enter(network: str | None, *, kinds: tuple[str, ...] = ()) -> None:
    """Let the map be of this network; None is the record."""
    session.keep(_NETWORK, network)
    session.keep(_KINDS, kinds)


def network() -> str | None:
    """Return the network that the map is of; None is the record."""
    reference: str | None = session.stored_value(_NETWORK, str)
    return reference


def named(key: str) -> str:
    """Return the name under which the session has this of the present source."""
    reference = network()
    return f"{key}-{reference}" if reference else key


def drawn(asked: MapAsked, *, placed: Mapping[str, tuple[float, float]]) -> LinkMap:
    """Read and draw the map; the record knows the places of items itself."""
    runtime, reference = record.runtime(), network()
    context = runtime.context(session.acting())
    if reference is None:
        return link_maps.draw_map(context, asked=asked, snapshots=runtime.link_snapshots)
    return draw_network(context, network=reference, asked=asked, placed=placed)


def path(asked: PathAsked) -> PathOnMap:
    """Read and draw a path."""
    runtime, reference = record.runtime(), network()
    context = runtime.context(session.acting())
    if reference is None:
        return draw_path(context, asked=asked, snapshots=runtime.link_snapshots)
    return draw_network_path(context, network=reference, asked=asked)


def move(middle: str, places: Mapping[str, tuple[float, float]]) -> None:
    """Store where items of the record were dragged to; those of a network stay in this session."""
    if network() is None:
        link_maps.move_nodes(record.runtime().context(session.acting()), middle=middle, places=places)


def lay_out_anew(middle: str) -> None:
    """Forget where items were."""
    if network() is None:
        link_maps.lay_out_anew(record.runtime().context(session.acting()), middle=middle)


def kinds() -> tuple[str, ...]:
    """Return the kinds of links that a path can be limited to."""
    if network() is None:
        return link_kinds()
    return session.stored_value(_KINDS, tuple) or ()
