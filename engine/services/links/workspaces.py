"""Networks that a person imports for themselves: stored, listed, opened, deleted.

A network is apart from the record and the vault, and nothing compares it with them. Only its owner opens it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from pathlib import Path

from engine.access.policy import May, require
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import read_reference
from engine.domain.links.networks import (
    ColumnsGiven,
    DeletedBecause,
    NetworkHeld,
    NetworkImported,
    NetworkTerms,
    StoredNetwork,
)
from engine.domain.vault.sealing import SealBrokenError
from engine.links.reading import read_register
from engine.links.register import Register
from engine.services.context import Context
from engine.services.links.given_files import files_given, mapping_in
from engine.services.links.network_files import (
    KIND,
    check_terms,
    made_today,
    ready_networks,
    register_in,
    sealed_in,
    store_network,
    unlink_files,
)
from engine.store.repositories.links.networks import NetworkRow
from engine.store.unit_of_work import Work


def terms_of(*, name: str, controller: str, purpose: str, basis: str, delete_on: date) -> NetworkTerms:
    """Return the terms as a person typed them. Raises InvalidInputError with what is missing."""
    given = {"name": name, "controller": controller, "purpose": purpose, "basis": basis}
    for field, text in given.items():
        least, most = (1, 60) if field == "name" else (3, 300)
        if not least <= len(text.strip()) <= most or not text.strip().isprintable():
            what = "lawful basis" if field == "basis" else field
            raise InvalidInputError(what, f"write {least} to {most} characters, on one line")
    return NetworkTerms.model_validate({**given, "delete_on": delete_on})


def import_network(
    context: Context,
    *,
    entities: Sequence[Path],
    links: Sequence[Path],
    terms: NetworkTerms,
    mapping: Path | None = None,
) -> NetworkImported:
    """Make a network of files at once, as ``stac links network import`` does.

    Raises
    ------
    InvalidInputError
        The terms or a file is not right; then nothing is stored.
    """
    require(May.STORE_NETWORKS, context.acting)
    check_terms(context, terms)
    link_mapping = mapping_in(mapping)
    with files_given({"entities": tuple(entities), "links": tuple(links)}, link_mapping) as given:
        reading = read_register(given.entities, given.links, mapping=link_mapping, about=made_today(context))
    return store_network(context, reading, given, terms, ColumnsGiven(), ())


def networks_of(context: Context) -> tuple[StoredNetwork, ...]:
    """Return the networks of the person who acts, the newest first."""
    require(May.STORE_NETWORKS, context.acting)
    with context.reading("list own networks") as work:
        own = work.imported_networks.of(context.acting.user, today=context.clock.today())
        found = tuple(ready_networks(own))
        work.notes(networks=len(found))
        return found


def networks_stored(context: Context) -> tuple[NetworkHeld, ...]:
    """Return whose networks are stored, for what and until when; nothing that is in them."""
    require(May.SEE_NETWORKS_STORED, context.acting)
    with context.reading("list the networks that are stored") as work:
        found = tuple(
            NetworkHeld(
                reference=each.reference,
                owner=each.owner,
                controller=each.terms.controller,
                purpose=each.terms.purpose,
                basis=each.terms.basis,
                delete_on=each.terms.delete_on,
                at=each.at,
                entities=each.entities,
                links=each.links,
            )
            for each in ready_networks(work.imported_networks.all(today=context.clock.today()))
        )
        work.notes(networks=len(found))
        return found


def delete_network(context: Context, *, reference: str) -> None:
    """Delete a network of one's own, or files that wait.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    require(May.STORE_NETWORKS, context.acting)
    reference = read_reference(KIND, reference)
    with context.writing("delete a network") as work:
        work.imported_networks.get(context.acting.user, reference, today=context.clock.today())
        work.imported_networks.forget([reference])
        work.notes(network=reference)
    context.held_networks.drop(reference)
    unlink_files(context, (reference,))


def delete_held_network(context: Context, *, reference: str, because: DeletedBecause) -> None:
    """Delete a network of any user, or files that wait, without opening it. The audit log has the ground.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        No such network is stored.
    """
    require(May.DELETE_NETWORKS_STORED, context.acting)
    reference = read_reference(KIND, reference)
    with context.writing("delete a network of another user") as work:
        if reference not in work.imported_networks.references():
            raise NotFoundError(KIND, reference)
        work.imported_networks.forget([reference])
        work.notes(network=reference, because=because.value)
    context.held_networks.drop(reference)
    unlink_files(context, (reference,))


def check_stored(context: Context, *, reference: str) -> None:
    """Check that a network is still stored, for a page that has read it before.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The person who acts has no such network, or its date has come.
    """
    require(May.STORE_NETWORKS, context.acting)
    with context.uow.unrecorded() as work:
        _row_of(work, context, read_reference(KIND, reference))


def opened(work: Work, context: Context, reference: str) -> tuple[StoredNetwork, Register]:
    """Return a network of the person who acts, for a use case that has checked permission and is audited.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or its files are not imported yet.
    NotFoundError
        The person who acts has no such network, or its date has come.
    """
    reference = read_reference(KIND, reference)
    drops = context.held_networks.drops
    sealed = sealed_in(_row_of(work, context, reference))
    if sealed.network is None:
        raise InvalidInputError(KIND, "its files are not imported yet")
    work.notes(network=reference)
    register = context.held_networks.get(context.acting.user, reference)
    if register is None:
        register, size = register_in(context, reference, sealed)
        context.held_networks.put(context.acting.user, reference, register, size=size, drops=drops)
    return sealed.network, register


def _row_of(work: Work, context: Context, reference: str) -> NetworkRow:
    """Return the row of a network; one that this person has no longer leaves the memory too."""
    try:
        return work.imported_networks.get(context.acting.user, reference, today=context.clock.today())
    except NotFoundError:
        context.held_networks.forget(context.acting.user, reference)
        raise


def labels_with(
    work: Work, context: Context, names: Collection[str]
) -> Iterator[tuple[StoredNetwork, int | None]]:
    """Yield every stored network, and how many entities have all of these names: for subject access.

    A forename and a surname may be in two columns. None: it could not be opened. Part of a larger use case,
    which decides who may ask.
    """
    wanted = [name.casefold() for name in names if name.strip()]
    for row in work.imported_networks.all(today=context.clock.today()):
        sealed = sealed_in(row)
        if sealed.network is None:
            continue
        try:
            register, _ = register_in(context, row.reference, sealed)
        except SealBrokenError:
            yield sealed.network, None
            continue
        texts = (_text_of(register, n) for n in range(len(register)))
        yield sealed.network, sum(all(name in text for name in wanted) for text in texts) if wanted else 0


def _text_of(register: Register, number: int) -> str:
    columns = (register.entities.labels, *register.entities.attributes.values())
    return " ".join([register.id_of(number), *(column[number] or "" for column in columns)]).casefold()


def waiting_sets(work: Work, context: Context) -> tuple[str, ...]:
    """Return the references of files that wait to be imported, which no one can search yet."""
    rows = work.imported_networks.all(today=context.clock.today())
    return tuple(row.reference for row in rows if not row.is_ready)
