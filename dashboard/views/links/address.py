"""The address of the Links page: references of its map or path, for a refresh and Back to draw it again.

It has references only, of what was drawn for this person: nothing typed, and nothing that was refused.
What was opened and hidden on a map is in the session, under the address that the map had.
"""

from __future__ import annotations

from typing import NamedTuple

from dashboard import session
from dashboard.views.links import network_address, source
from dashboard.views.links import steps as link_steps
from dashboard.views.links.steps import Position
from engine.domain.links.maps import MOST_HOPS, USUAL_HOPS, PathAsked

_VISITED, _LEFT = "links-visited", "links-left"
_MOST_LEFT = 30
_HOPS = {str(hops): hops for hops in range(1, MOST_HOPS + 1)}


class _Address(NamedTuple):
    """The start of a map or a path, the number of links round a map's start, and the end of a path."""

    ref: str = ""
    hops: str = ""
    end: str = ""


def follow() -> bool:
    """Show what the address names at a first visit, after a refresh and by Back; return whether that is new.

    A press changes the page before its address: the next press may come with an older one, so otherwise
    only the browser's own history is followed. A link from another page to the Links page as such leaves the
    map as it is.
    """
    named = _Address(*(session.query(part) or "" for part in _Address._fields))
    is_first = session.stored_value(_VISITED) is None
    session.keep(_VISITED, value=True)
    is_from_elsewhere = not named.ref and not session.is_on_the_page()
    is_asked = (session.comes_by_history() and not is_from_elsewhere) or (is_first and named.ref)
    if not is_asked or named == _address_of(link_steps.position()):
        return False
    if (left := _left().get(named)) is not None:
        link_steps.take_position(left)
    elif not named.ref:
        link_steps.take_position(Position())
    elif named.end:
        link_steps.ask_path(PathAsked(start=named.ref, end=named.end))
    else:
        link_steps.begin(named.ref, _HOPS.get(named.hops, USUAL_HOPS))
    return True


def write() -> None:
    """Put what was just drawn into the address."""
    if source.network() is not None:
        network_address.write()
        return
    position = link_steps.position()
    address = _address_of(position)
    others = {each: left for each, left in _left().items() if each != address}
    session.keep(_LEFT, dict([*others.items(), (address, position)][-_MOST_LEFT:]))
    session.put_in_address(address._asdict())


def _address_of(position: Position) -> _Address:
    if position.path is not None:
        return _Address(ref=position.path.start, end=position.path.end)
    if position.steps is None:
        return _Address()
    now = position.steps.now
    return _Address(ref=now.start, hops="" if now.hops == USUAL_HOPS else str(now.hops))


def _left() -> dict[_Address, Position]:
    return session.stored_value(_LEFT, dict) or {}
