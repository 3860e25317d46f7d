"""The address of a network's page: the number of the entity where its map begins, for a refresh and Back.

An id or a label may be a name, and stays out of it. Only the owner of the network opens the address.
"""

from __future__ import annotations

from dashboard import record, session
from dashboard.views.links import source
from dashboard.views.links import steps as link_steps
from engine.services.links.network_maps import NetworkOpened, entity_numbered, number_of_entity

_BEGIN, _NUMBERS = "network-begin", "network-numbers"


def follow(opened: NetworkOpened, *, was_here: bool) -> None:
    """Begin the map where the address says, at a first visit, after a refresh and by the browser's history.

    ``was_here`` says that the run before drew this network: a link to the network as such leaves its map as
    it is.
    """
    session.keep(source.named(_BEGIN), opened.begin)
    named, steps = session.query("at") or "", link_steps.current()
    if steps is not None:
        is_asked = session.comes_by_history() and (named or was_here)
        if not is_asked or named == _number(steps.now.start):
            return
    link_steps.begin(_entity(named) or opened.begin)


def write() -> None:
    """Put the number of the entity where the map begins into the address; the usual one needs none."""
    steps = link_steps.current()
    if steps is not None:
        session.put_in_address({"at": _number(steps.now.start)})


def _number(entity: str) -> str:
    if entity == session.stored_value(source.named(_BEGIN)):
        return ""
    known: dict[str, str] = session.stored_value(source.named(_NUMBERS), dict) or {}
    if entity not in known:
        context, network = record.runtime().context(session.acting()), source.network()
        number = number_of_entity(context, network=network or "", entity=entity)
        known = {**known, entity: "" if number is None else str(number)}
        session.keep(source.named(_NUMBERS), known)
    return known[entity]


def _entity(named: str) -> str | None:
    if not (named.isascii() and named.isdecimal()):
        return None
    context, network = record.runtime().context(session.acting()), source.network()
    return entity_numbered(context, network=network or "", number=int(named))
