"""Networks that a person imports for themselves: their terms, their files before and after the import."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from engine.domain.base import Frozen, Instant

LONGEST_DAYS = 366
"""A network is deleted this many days after its import at the latest."""
MOST_NETWORKS = 50
PREVIEWED = 5

Term = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300)]


class NetworkTerms(Frozen):
    """The answers without which no network is stored."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    controller: Term = Field(description="the organisation that answers for the data")
    purpose: Term
    basis: Term = Field(description="the lawful basis")
    delete_on: date


class ColumnsGiven(Frozen):
    """The columns of the files as their owner named them; what is left out is found by its usual name."""

    entities: Mapping[str, str] = Field(default={}, description="our column = theirs")
    links: Mapping[str, str] = Field(default={}, description="our column = theirs")
    types: Mapping[str, str] = Field(default={}, description="their term for a type = ours")
    roles: Mapping[str, str] = Field(default={}, description="their term for a role = ours")
    shapes: Mapping[str, str] = Field(
        default={}, description="a type that stays = what it is to the patterns"
    )
    entity_type: str | None = None
    link_kind: str | None = None


class TableSeen(Frozen):
    """One table of the files, before it is imported: its first rows and how its columns would be read."""

    file: str
    """Name of the file as its owner sent it, with the sheet or the part of a graph."""
    which: Literal["entities", "links"] | None
    """``entities`` or ``links``; None where the user has to say it."""
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class FilesReceived(Frozen):
    """Files that wait for their owner to say how they are read. They wait until the end of the next day."""

    reference: str
    tables: tuple[TableSeen, ...]
    at: Instant
    remembered: ColumnsGiven | None = None
    """The columns of the owner's last network with the same columns; None where there is none."""


class StoredNetwork(Frozen):
    """A network in its owner's workspace."""

    reference: str
    owner: str
    terms: NetworkTerms
    at: Instant
    entities: int
    links: int
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    columns: ColumnsGiven = ColumnsGiven()
    headers: tuple[tuple[str, ...], ...] = ()


class RejectedCell(Frozen):
    """A rejected row of a file, or a rejected part of one."""

    file: str
    row: int
    column: str | None
    reason: str


class TermSeen(Frozen):
    """A term of the files for a type or a role, what it is read as, and in how many rows it is."""

    term: str
    read_as: str
    number: int


class NetworkPreview(Frozen):
    """The result that an import of files that wait would have. Nothing of it is stored."""

    entities: int
    links: int
    types: tuple[TermSeen, ...]
    roles: tuple[TermSeen, ...]
    first_entities: tuple[tuple[str, ...], ...]
    """Of the first ones: id, type, what it is read as, label."""
    first_links: tuple[tuple[str, ...], ...]
    """Of the first ones: from, to, kind, role, date, grade."""
    rejected: tuple[RejectedCell, ...]
    protected_entities: int
    protected_links: int
    notes: tuple[str, ...]


class NetworkImported(Frozen):
    """The result of an import into a workspace."""

    network: StoredNetwork
    rejected: tuple[RejectedCell, ...]
    protected_entities: int
    protected_links: int


class DeletedBecause(StrEnum):
    """The grounds of the data protection officer for the deletion of a network of another user."""

    NO_BASIS = "no lawful basis"
    NOT_NEEDED = "not needed for its purpose"
    REQUEST = "request of a person"
    CONTROLLER = "request of the controller"
    TOO_LONG = "stored too long"


class NetworkHeld(Frozen):
    """Facts of a network for the data protection officer: its owner, terms and size, and no content."""

    reference: str
    owner: str
    controller: str
    purpose: str
    basis: str
    delete_on: date
    at: Instant
    entities: int
    links: int
