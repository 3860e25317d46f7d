"""Two tables that i2 Analyst's Notebook and spreadsheets import. Knows their columns; judges nothing.

UTF-8 with a mark at the beginning, dates as ISO. A cell that a spreadsheet would run as a formula gets an
apostrophe before it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.domain.shown import disarmed
from engine.links.register import Register

ENTITIES_FILE = "entities.csv"
LINKS_FILE = "links.csv"
ENTITY_COLUMNS = ("id", "type", "label")
LINK_COLUMNS = (
    "id",
    "from",
    "to",
    "type",
    "role",
    "direction",
    "date",
    "label",
    "strength",
    "grade",
    "source",
)
"""Signs that a spreadsheet may take for the beginning of a formula, in wide signs too."""


def entity_rows(register: Register) -> Iterator[tuple[str, ...]]:
    """Yield the entities, their header first; each further attribute has a column of its own."""
    more = sorted(register.entities.attributes)
    yield (*ENTITY_COLUMNS, *more)
    for number in range(len(register)):
        entity = register.entity(number)
        texts = (entity.attributes.get(name, "") for name in more)
        yield (entity.id, entity.type, entity.label or entity.id, *texts)


def link_rows(register: Register) -> Iterator[tuple[str, ...]]:
    """Yield the links, their header first. Strength says by the grade how i2 is to draw the line."""
    more = sorted(register.links.attributes)
    yield (*LINK_COLUMNS, *more)
    for number in range(register.link_count):
        link = register.link(number)
        role = link.role.in_words if link.role else ""
        yield (
            register.link_id(number),
            register.id_of(link.start),
            register.id_of(link.end),
            link.kind,
            role,
            "from to" if link.role else "",
            str(link.date or ""),
            role or link.kind,
            strength(link.grade),
            link.grade or "",
            link.source or "",
            *(link.attributes.get(name, "") for name in more),
        )


def strength(grade: str | None) -> str:
    """Return ``Confirmed`` for a reliable source that knew, ``Tentative`` for a weak one,
    else ``Unconfirmed``.
    """
    if not grade:
        return "Unconfirmed"
    if grade[0] == "1" and grade[1:2].upper() in ("A", "B"):
        return "Confirmed"
    return "Tentative" if grade[0] == "3" or grade[1:2].upper() in ("D", "E") else "Unconfirmed"


def write_rows(file: Path, rows: Iterable[tuple[str, ...]]) -> None:
    """Write a table as CSV."""
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        for row in rows:
            writer.writerow([disarmed(cell) for cell in row])
