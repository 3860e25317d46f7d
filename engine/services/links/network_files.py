"""The sealed form of an imported network: a row with the key, and one file under it. Asks no permission.

Its terms are sealed in the record, together with the key of its file: without the row the file is noise.
"""

from __future__ import annotations

import io
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from engine.access.sealed_files import new_file_key, read_sealed, write_sealed
from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError
from engine.domain.ids import new_reference
from engine.domain.links.networks import (
    LONGEST_DAYS,
    MOST_NETWORKS,
    ColumnsGiven,
    FilesReceived,
    NetworkImported,
    NetworkTerms,
    RejectedCell,
    StoredNetwork,
    TableSeen,
)
from engine.links.reading import Reading
from engine.links.register import Register
from engine.links.register_files import read_register_file, register_bytes
from engine.services.context import Context
from engine.services.links.given_files import GivenFiles
from engine.services.links.network_dates import ENDING, FOLDER
from engine.store.repositories.links.networks import NetworkRow
from engine.store.unit_of_work import Work

KIND = "network"


class SealedNetwork(Frozen):
    """The content of a row: the key of its file, and what the row is about."""

    reference: str
    key: str
    network: StoredNetwork | None = None
    received: FilesReceived | None = None

    @property
    def file_key(self) -> bytes:
        """The key of its file."""
        return b64decode(self.key)


def store_network(
    context: Context,
    reading: Reading,
    given: GivenFiles,
    terms: NetworkTerms,
    columns: ColumnsGiven,
    tables: Sequence[TableSeen],
    *,
    gone: Collection[str] = (),
) -> NetworkImported:
    """Seal the register, then store its row; the files that it was made of go in the same transaction."""
    register = reading.register
    reference, key = new_reference(KIND), new_file_key()
    network = StoredNetwork(
        reference=reference,
        owner=context.acting.user,
        terms=terms,
        at=context.clock.now(),
        entities=len(register),
        links=register.link_count,
        files=tuple(dict.fromkeys(table.file for table in tables)),
        notes=(*given.notes, *reading.notes),
        columns=columns,
        headers=tuple(table.header for table in tables),
    )
    write_sealed(file_of(context, reference), register_bytes(register), key=key, bound_to=reference)
    try:
        with context.writing("import a network") as work:
            own = work.imported_networks.of(context.acting.user, today=context.clock.today())
            if sum(row.is_ready for row in own) >= MOST_NETWORKS:
                raise InvalidInputError("networks", f"you have {MOST_NETWORKS} already; delete one first")
            work.imported_networks.forget(gone)
            sealed = SealedNetwork(reference=reference, key=b64encode(key).decode(), network=network)
            add_row(work, context, sealed, terms.delete_on - context.clock.today())
            work.notes(network=reference, nodes=network.entities, links=network.links)
    except BaseException:
        unlink_files(context, (reference,))
        raise
    return NetworkImported(
        network=network,
        rejected=rejected_cells(reading),
        protected_entities=reading.protected_entities,
        protected_links=reading.protected_links,
    )


def rejected_cells(reading: Reading) -> tuple[RejectedCell, ...]:
    """Return what of the files was not read, by table, row and column."""
    return tuple(
        RejectedCell(file=each.file, row=each.row, column=each.column, reason=each.reason)
        for each in reading.rejected
    )


def add_row(work: Work, context: Context, sealed: SealedNetwork, lasts: timedelta) -> None:
    """Store a row; part of a larger use case."""
    work.imported_networks.add(
        NetworkRow(
            reference=sealed.reference,
            owner=context.acting.user,
            is_ready=sealed.network is not None,
            delete_on=context.clock.today() + lasts,
            content=sealed.model_dump_json().encode(),
            at=context.clock.now(),
        )
    )


def check_terms(context: Context, terms: NetworkTerms) -> None:
    """Check the date of deletion. Raises InvalidInputError."""
    today = context.clock.today()
    if not today < terms.delete_on <= today + timedelta(days=LONGEST_DAYS):
        last = today + timedelta(days=LONGEST_DAYS)
        sentence = f"give a date from tomorrow to {last:%-d %B %Y}"
        raise InvalidInputError("deletion date", sentence)


def sealed_in(row: NetworkRow) -> SealedNetwork:
    """Return the content of a row."""
    return SealedNetwork.model_validate_json(row.content)


def ready_networks(rows: Sequence[NetworkRow]) -> Iterator[StoredNetwork]:
    """Yield the networks among these rows, without files that wait."""
    for row in rows:
        network = sealed_in(row).network
        if network is not None:
            yield network


def register_in(context: Context, reference: str, sealed: SealedNetwork) -> tuple[Register, int]:
    """Return the register of a network, and the bytes of its file."""
    content = read_sealed(file_of(context, reference), key=sealed.file_key, bound_to=reference)
    return read_register_file(io.BytesIO(content)), len(content)


def made_today(context: Context) -> dict[str, str]:
    """Return the maker's account of a register that is made now."""
    return {"made_on": context.clock.today().isoformat()}


def file_of(context: Context, reference: str) -> Path:
    """Return where the file of a network is."""
    return context.settings.home / FOLDER / f"{reference}{ENDING}"


def unlink_files(context: Context, references: Collection[str]) -> None:
    """Remove the files of networks that are deleted."""
    for reference in references:
        file_of(context, reference).unlink(missing_ok=True)
