"""Files of a network that a page sends: they wait, sealed, until their owner says how they are read."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from engine.access.policy import May, require
from engine.access.sealed_files import new_file_key, read_sealed, write_sealed
from engine.clock import Clock
from engine.domain.accounts.sign_ins import SignIn
from engine.domain.errors import InvalidInputError
from engine.domain.ids import new_reference, read_reference
from engine.domain.links.networks import (
    PREVIEWED,
    ColumnsGiven,
    FilesReceived,
    NetworkImported,
    NetworkPreview,
    NetworkTerms,
    TableSeen,
    TermSeen,
)
from engine.exchange.confined_networks import NetworkReader, network_reader
from engine.links.kinds import folded, words
from engine.links.mapping import LinkMapping
from engine.links.reading import Reading, read_register
from engine.links.rows import NetworkFile, RowsAgain
from engine.links.terms_read import TermRead
from engine.services.accounts.one_time_tokens import allow_sending, use_sending_link
from engine.services.accounts.sent_files import unpacking
from engine.services.context import Context
from engine.services.links.given_files import MOST_FILES, GivenFiles, which_of
from engine.services.links.network_files import (
    KIND,
    SealedNetwork,
    add_row,
    check_terms,
    file_of,
    made_today,
    ready_networks,
    rejected_cells,
    sealed_in,
    store_network,
    unlink_files,
)
from engine.store.unit_of_work import UnitOfWork, Work

NOT_READ = "not read"
_WAITS = timedelta(days=2)
"""The sweep of that date deletes them: files wait until the end of the next date."""
_LONGEST_CELL = 120
_LONGEST_HEAD = 2_000
_MOST_TERMS = 200
"""So many different terms of a column are listed: with more it has no kinds, but free text."""
_ENDINGS = {".anb"}
"""Endings that say what a file is; of all others its content says it."""
PURPOSE = "importing a network"


class SentFile(NamedTuple):
    """A file as it was sent: the name that its owner gave it, and where its content is for the moment."""

    name: str
    path: Path


def allow_files(*, uow: UnitOfWork, clock: Clock, sign_in: SignIn) -> str:
    """Return a link for this sign-in to send the files of one network once. Raises NotPermittedError."""
    require(May.STORE_NETWORKS, sign_in.user.acting(PURPOSE))
    return allow_sending(uow=uow, clock=clock, sign_in=sign_in, kind=KIND)


def use_files_link(*, uow: UnitOfWork, clock: Clock, sign_in: SignIn, token: str) -> None:
    """Use such a link: from now on it is worth nothing. Raises NotPermittedError and NotFoundError."""
    require(May.STORE_NETWORKS, sign_in.user.acting(PURPOSE))
    use_sending_link(uow=uow, clock=clock, sign_in=sign_in, token=token, kind=KIND)


def receive_together(context: Context, *, path: Path) -> FilesReceived:
    """Store the files that a page sent as one: each has a line of JSON before it, with its name and size.

    Raises InvalidInputError and NotPermittedError as ``receive_files`` does.
    """
    require(May.STORE_NETWORKS, context.acting)
    with path.open("rb") as sent, unpacking(context.settings) as place:
        files: list[SentFile] = []
        while head := sent.readline(_LONGEST_HEAD):
            name, size = _head(head, most=path.stat().st_size - sent.tell())
            if len(files) == MOST_FILES:
                raise InvalidInputError("files", f"send at most {MOST_FILES} at once")
            ending = Path(name).suffix.casefold()
            file = Path(place, f"{len(files)}{ending if ending in _ENDINGS else ''}")
            file.touch(mode=0o600)
            content = sent.read(size)
            if len(content) < size:
                raise InvalidInputError("files", "they did not arrive complete; send them again")
            file.write_bytes(content)
            files.append(SentFile(name, file))
        return receive_files(context, files=files)


def _head(line: bytes, *, most: int) -> tuple[str, int]:
    """Return the name and the size of the file after this line, of which at most so many bytes are there."""
    try:
        head = json.loads(line)
        name, size = head["name"], head["size"]
    except (ValueError, KeyError, TypeError, RecursionError):
        name = size = None
    if not isinstance(name, str) or type(size) is not int or not 0 <= size <= most:
        raise InvalidInputError("files", "they did not arrive complete; send them again")
    return name, size


def receive_files(context: Context, *, files: Sequence[SentFile]) -> FilesReceived:
    """Store files until their owner says how they are read; return their first rows.

    An earlier set of the same person that waits is deleted.

    Raises
    ------
    InvalidInputError
        A file cannot be read as such, or there is none or more than 28.
    """
    require(May.STORE_NETWORKS, context.acting)
    if not 1 <= len(files) <= MOST_FILES:
        raise InvalidInputError("files", f"send 1 to {MOST_FILES} at once")
    with network_reader([file.path for file in files]) as reader:
        seen = tuple(table for number, file in enumerate(files, 1) for table in _seen(reader, file, number))
    reference, key = new_reference(KIND), new_file_key()
    now = context.clock.now()
    received = FilesReceived(reference=reference, tables=seen, at=now)
    content = b"".join(_packed(file) for file in files)
    write_sealed(file_of(context, reference), content, key=key, bound_to=reference)
    with context.writing("receive the files of a network") as work:
        older = _waiting(work, context)
        work.imported_networks.forget(older)
        add_row(
            work,
            context,
            SealedNetwork(reference=reference, key=b64encode(key).decode(), received=received),
            _WAITS,
        )
        work.notes(network=reference, files=len(files))
    unlink_files(context, older)
    return _with_memory(context, received)


def files_waiting(context: Context) -> FilesReceived | None:
    """Return the files that wait for their owner, with how the last ones with these columns were read."""
    require(May.STORE_NETWORKS, context.acting)
    with context.reading("see the files of a network that wait") as work:
        own = work.imported_networks.of(context.acting.user, today=context.clock.today())
        rows = [row for row in own if not row.is_ready]
        found = sealed_in(rows[0]).received if rows else None
        work.notes(network=found.reference if found else None)
    return _with_memory(context, found) if found else None


def import_received(
    context: Context,
    *,
    reference: str,
    terms: NetworkTerms,
    columns: ColumnsGiven,
    which: Sequence[str],
) -> NetworkImported:
    """Make a network of the files that wait, read as their owner says; ``which`` is said of each table.

    Raises
    ------
    InvalidInputError
        The columns, the terms or a file is not right; then nothing is stored and the files still wait.
    """
    require(May.STORE_NETWORKS, context.acting)
    reference = read_reference(KIND, reference)
    check_terms(context, terms)
    read = _read(context, reference, columns, which)
    done = store_network(
        context, read.reading, read.given, terms, columns, read.received.tables, gone=(reference,)
    )
    unlink_files(context, (reference,))
    return done


def check_received(
    context: Context, *, reference: str, columns: ColumnsGiven, which: Sequence[str]
) -> NetworkPreview:
    """Return what an import would make of the files that wait: the same reading, and nothing is stored.

    Raises
    ------
    InvalidInputError
        The columns or a file is not right.
    """
    require(May.STORE_NETWORKS, context.acting)
    read = _read(context, read_reference(KIND, reference), columns, which)
    reading, register = read.reading, read.reading.register
    entities = [(number, register.entity(number)) for number in range(min(PREVIEWED, len(register)))]
    links = [register.link(number) for number in range(min(PREVIEWED, register.link_count))]
    return NetworkPreview(
        entities=len(register),
        links=register.link_count,
        types=_terms_seen(reading.types),
        roles=_terms_seen(reading.roles),
        first_entities=tuple(
            _cut(each.id, each.type, register.shape_of(number).value, each.label or "")
            for number, each in entities
        ),
        first_links=tuple(
            _cut(
                register.id_of(each.start),
                register.id_of(each.end),
                each.kind,
                each.role.in_words if each.role else "",
                each.date.in_words() if each.date else "",
                each.grade or "",
            )
            for each in links
        ),
        rejected=rejected_cells(reading),
        protected_entities=reading.protected_entities,
        protected_links=reading.protected_links,
        notes=(*read.given.notes, *reading.notes),
    )


class _Read(NamedTuple):
    """Files that wait, as their owner says that they are read."""

    received: FilesReceived
    given: GivenFiles
    reading: Reading


def _read(context: Context, reference: str, columns: ColumnsGiven, which: Sequence[str]) -> _Read:
    link_mapping = mapping_of(columns)
    with context.reading("read the files of a network that wait") as work:
        own = work.imported_networks
        sealed = sealed_in(own.get(context.acting.user, reference, today=context.clock.today()))
        work.notes(network=reference)
    if sealed.received is None:
        raise InvalidInputError(KIND, "its files were imported already")
    with (
        _unpacked(context, reference, sealed) as files,
        network_reader([file.path for file in files]) as reader,
    ):
        given = _sorted(reader, files, link_mapping, which, sealed.received)
        reading = read_register(given.entities, given.links, mapping=link_mapping, about=made_today(context))
    return _Read(sealed.received, given, reading)


def _terms_seen(terms_read: Sequence[TermRead]) -> tuple[TermSeen, ...]:
    return tuple(
        TermSeen(term=each.term, read_as=each.read_as, number=each.number)
        for each in terms_read[:_MOST_TERMS]
        if len(each.term) <= _LONGEST_CELL
    )


def _cut(*cells: str) -> tuple[str, ...]:
    return tuple(cell[:_LONGEST_CELL] for cell in cells)


def mapping_of(columns: ColumnsGiven) -> LinkMapping:
    """Return a mapping that a page put together. Raises InvalidInputError with the part that is wrong."""
    try:
        return LinkMapping.model_validate(columns.model_dump(exclude_none=True))
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = ".".join(str(step)[:40] for step in fault["loc"])
        raise InvalidInputError("columns", f"{place}: {fault['msg'].removeprefix('Value error, ')}") from None


def usual_columns(received: FilesReceived) -> dict[str, dict[str, str]]:
    """Return, for entities and for links, the column of the files that has a usual name of each of ours."""
    found: dict[str, dict[str, str]] = {}
    for which, ours in words().columns.items():
        tables = [each for each in received.tables if each.which in (which, None)]
        names = {folded(name): name for table in tables for name in table.header}
        found[which] = {
            name: next(names[folded(term)] for term in usual if folded(term) in names)
            for name, usual in ours.items()
            if any(folded(term) in names for term in usual)
        }
    return found


def _waiting(work: Work, context: Context) -> tuple[str, ...]:
    own = work.imported_networks.of(context.acting.user, today=context.clock.today())
    return tuple(row.reference for row in own if not row.is_ready)


def _with_memory(context: Context, received: FilesReceived) -> FilesReceived:
    """Return the files with the mapping of the owner's newest network that had the same columns."""
    headers = tuple(table.header for table in received.tables)
    with context.uow.unrecorded() as work:
        rows = work.imported_networks.of(context.acting.user, today=context.clock.today())
    same = next((each for each in ready_networks(rows) if each.headers == headers), None)
    return received if same is None else received.model_copy(update={"remembered": same.columns})


def _seen(reader: NetworkReader, file: SentFile, number: int) -> Iterator[TableSeen]:
    name = file.name[:_LONGEST_CELL] or f"file {number}"
    for table in reader.tables(file.path, part=f"file {number}"):
        rows = iter(table.rows())
        header = next(rows, None)
        if header is None or header.fault:
            sentence = "it has no header row that can be read; the first row names columns"
            raise InvalidInputError(f"file {number}", sentence)
        first = [row for row, _ in zip(rows, range(PREVIEWED), strict=False)]
        yield TableSeen(
            file=f"{name}, {table.name}" if table.name else name,
            which=which_of(table, LinkMapping(), alone=None),
            header=tuple(cell[:_LONGEST_CELL] for cell in header.cells),
            rows=tuple(tuple(cell[:_LONGEST_CELL] for cell in row.cells) for row in first),
        )


def _sorted(
    reader: NetworkReader,
    files: Sequence[SentFile],
    mapping: LinkMapping,
    which: Sequence[str],
    received: FilesReceived,
) -> GivenFiles:
    """Return the tables of the files by what their owner says of each; one that is not read is left out."""
    tables = [
        table
        for number, file in enumerate(files, start=1)
        for table in reader.tables(file.path, part=f"file {number}", encoding=mapping.encoding)
    ]
    if not len(tables) == len(which) == len(received.tables):
        raise InvalidInputError("tables", "say of each table if it is of entities or links")
    found: dict[str, list[NetworkFile]] = {"entities": [], "links": [], NOT_READ: []}
    for number, (table, kind, seen) in enumerate(zip(tables, which, received.tables, strict=True), start=1):
        if kind not in found:
            raise InvalidInputError(f"table {number}", "say if it is of entities or links")
        found[kind].append(NetworkFile(seen.file, f"table {number}", RowsAgain(table.rows)))
    guessed = any(table.is_guessed for table in tables)
    notes = ("a file is not UTF-8 and was read as Windows-1252",) if guessed else ()
    return GivenFiles(tuple(found["entities"]), tuple(found["links"]), notes)


def _packed(file: SentFile) -> bytes:
    content = file.path.read_bytes()
    return len(content).to_bytes(8, "big") + content


@contextmanager
def _unpacked(context: Context, reference: str, sealed: SealedNetwork) -> Iterator[list[SentFile]]:
    """Write the files that wait where uploads are read, for as long as they are read."""
    content = read_sealed(file_of(context, reference), key=sealed.file_key, bound_to=reference)
    with unpacking(context.settings) as place:
        files: list[SentFile] = []
        at = 0
        while at < len(content):
            size = int.from_bytes(content[at : at + 8], "big")
            path = Path(place, f"{len(files)}.sent")
            path.touch(mode=0o600)
            path.write_bytes(content[at + 8 : at + 8 + size])
            files.append(SentFile("", path))
            at += 8 + size
        yield files
