"""The files of a network as they were given, sorted into tables of entities and of links. Reads no row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import cannot_be_read
from engine.exchange.confined_networks import NetworkReader, network_reader
from engine.exchange.network_files import NetworkTable, Which
from engine.links.mapping import LinkMapping, read_mapping, which_table
from engine.links.rows import NetworkFile, RowsAgain

_PARTS: dict[Which, str] = {"entities": "entity", "links": "link"}
MOST_FILES = 28


class GivenFiles(NamedTuple):
    """The tables of the files, and what was assumed about them."""

    entities: tuple[NetworkFile, ...]
    links: tuple[NetworkFile, ...]
    notes: tuple[str, ...]


@contextmanager
def files_given(files: Mapping[Which, Sequence[Path]], mapping: LinkMapping) -> Iterator[GivenFiles]:
    """Open the tables of entities and of links in these files, by what each file was given as.

    A graph says itself which of its tables is which, and a sheet of several by its columns. Of several files
    each has its path as its name, and its number in errors. A confined process reads them, while they are
    open. Raises InvalidInputError if a file cannot be read as such, is given twice, or there are more than
    28.
    """
    for which, paths in files.items():
        part = f"{_PARTS[which]} file"
        twice = next((number for number, path in enumerate(paths, 1) if path in paths[: number - 1]), None)
        if twice is not None:
            raise InvalidInputError(f"{part} {twice}", "is given twice; give each file once")
        if len(paths) > MOST_FILES:
            raise InvalidInputError(f"{part}s", f"give at most {MOST_FILES} at once")
    with network_reader([path for paths in files.values() for path in paths]) as reader:
        yield _sorted(files, mapping, reader)


def _sorted(files: Mapping[Which, Sequence[Path]], mapping: LinkMapping, reader: NetworkReader) -> GivenFiles:
    found: dict[Which, list[NetworkFile]] = {"entities": [], "links": []}
    notes = []
    for which, paths in files.items():
        part = f"{_PARTS[which]} file"
        for number, path in enumerate(paths, start=1):
            name, called = (which, part) if len(paths) == 1 else (str(path), f"{part} {number}")
            tables = reader.tables(path, part=called, encoding=mapping.encoding)
            for table in tables:
                kind = which_of(table, mapping, alone=which if len(tables) == 1 else None)
                if kind is None:
                    notes.append(f"a sheet of the {called} is left out: no column has ids or two ends")
                    continue
                named = f"{name}, {table.name}" if len(tables) > 1 else name
                found[kind].append(NetworkFile(named, called, RowsAgain(table.rows)))
            if any(table.is_guessed for table in tables):
                notes.append(
                    f"the {called} is not UTF-8 and was read as Windows-1252; "
                    "'encoding' in a mapping file says otherwise"
                )
    return GivenFiles(tuple(found["entities"]), tuple(found["links"]), tuple(notes))


def which_of(table: NetworkTable, mapping: LinkMapping, *, alone: Which | None) -> Which | None:
    """Return whether a table is of ``entities`` or ``links``: by its format, as given, or by its columns."""
    if table.which is not None or alone is not None:
        return table.which or alone
    header = next(iter(table.rows()), None)
    return None if header is None or header.fault else which_table(header.cells, mapping)


def mapping_in(mapping: Path | None) -> LinkMapping:
    """Return the mapping in a file; without one, the usual names. Raises InvalidInputError."""
    return read_mapping(text_of(mapping)) if mapping is not None else LinkMapping()


def text_of(mapping: Path) -> str:
    """Return the text of a mapping file. Raises InvalidInputError."""
    try:
        return mapping.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidInputError("mapping file", cannot_be_read(error)) from None
    except UnicodeDecodeError:
        raise InvalidInputError("mapping file", "not UTF-8 text; save it as UTF-8") from None
