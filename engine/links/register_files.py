"""Storage of a register in one file, and its opening. Knows the file's layout; judges nothing in it.

The file is a zip of plain arrays (numpy's ``.npz``, not compressed) and a header in JSON. Nothing in it is
ever run: pickled objects are refused.
"""

from __future__ import annotations

import io
import json
import math
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import cannot_be_read, why_not
from engine.links.columns import CodedColumn, Index, TextColumn
from engine.links.register import EntityTable, LinkTable, Register

LAYOUT = 1
_HEAD = 4  # how a zip begins; the header is the first file in it
_BROKEN = (
    ArithmeticError,
    AttributeError,
    EOFError,
    KeyError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
    NotImplementedError,
    zipfile.BadZipFile,
)
"""Errors of reading a file of another kind, or one whose heads name wrong sizes."""
_NOT_ONE = "is not a register of links; make one with 'stac links import'"


def save_register(register: Register, path: Path) -> None:
    """Write it whole or not at all: an older file of this name stays until the new one is complete."""
    _write_whole(path, _arrays_of(register))


def register_bytes(register: Register) -> bytes:
    """Return the file of a register, for one that is to be sealed."""
    file = io.BytesIO()
    np.savez(file, **_arrays_of(register))  # type: ignore[arg-type]  # its stubs take the names for options
    return file.getvalue()


def _arrays_of(register: Register) -> Mapping[str, NDArray[np.generic]]:
    """Return the arrays of a register's file, the header first."""
    arrays: dict[str, NDArray[np.generic]] = {}
    entities, links = register.entities, register.links
    header = {
        "stac-links": LAYOUT,
        "about": dict(register.about),
        "words": {
            "types": entities.types.words,
            "kinds": links.kinds.words,
            "role_words": links.role_words.words,
            "grades": links.grades.words,
            "sources": links.sources.words,
        },
        "entity_attributes": list(entities.attributes),
        "link_attributes": list(links.attributes),
    }
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    texts = {"ids": entities.ids, "labels": entities.labels, "link_ids": links.ids}
    texts |= {f"entity_attribute_{n}": column for n, column in enumerate(entities.attributes.values())}
    texts |= {f"link_attribute_{n}": column for n, column in enumerate(links.attributes.values())}
    for name, column in texts.items():
        arrays[f"{name}.text"], arrays[f"{name}.begins"] = column.text, column.begins
    arrays |= {
        "digests": entities.index.digests,
        "digest_rows": entities.index.rows,
        "types": entities.types.codes,
        "shapes": entities.shapes,
        "start": links.start,
        "end": links.end,
        "kinds": links.kinds.codes,
        "roles": links.roles,
        "role_words": links.role_words.codes,
        "days": links.days,
        "precisions": links.precisions,
        "grades": links.grades.codes,
        "sources": links.sources.codes,
        "times": links.times,
    }
    return arrays


def open_register(path: Path) -> Register:
    """Return the register in a file; InvalidInputError says in one sentence what is wrong with it."""
    try:
        with path.open("rb") as file:
            return read_register_file(file)
    except FileNotFoundError:
        raise InvalidInputError("register", "the file was not found; 'stac links import' makes one") from None
    except OSError as error:
        raise InvalidInputError("register", cannot_be_read(error)) from None


def read_register_file(file: BinaryIO) -> Register:
    """Return the register of an opened file. Raises InvalidInputError if it is none."""
    try:
        with np.load(file, allow_pickle=False) as held:
            _check_sizes(held, file)
            header = json.loads(bytes(held["header"]).decode())
            if header["stac-links"] != LAYOUT:
                raise InvalidInputError("register", "was made by another version; import it again")
            return _register(_Header.model_validate(header), held)
    except _BROKEN:
        raise InvalidInputError("register", _NOT_ONE) from None


def _check_sizes(held: np.lib.npyio.NpzFile, file: BinaryIO) -> None:
    """Raise ValueError where the file's heads name more than the file has: it would fill the memory."""
    there = file.seek(0, os.SEEK_END)
    if held.zip is None:
        raise ValueError("no zip")
    members = held.zip.infolist()
    if any(each.compress_type != zipfile.ZIP_STORED for each in members):
        raise ValueError("compressed")
    if sum(each.file_size for each in members) > there:
        raise ValueError("larger than the file")
    for each in members:
        with held.zip.open(each) as array:
            version = np.lib.format.read_magic(array)
            read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
            shape, _, kind = read[version](array)
            if math.prod(shape) * kind.itemsize > each.file_size:
                raise ValueError("an array is larger than its part of the file")


def is_register_file(path: Path) -> bool:
    """Return whether the file at this path is a register, whole or not; nothing else is ever written over."""
    try:
        with path.open("rb") as file:
            return file.read(_HEAD) == b"PK\x03\x04" and b"header.npy" in file.read(64)
    except OSError:
        return False


class _Header(BaseModel):
    """The parts of a register beside its arrays."""

    about: dict[str, str]
    words: dict[str, tuple[str, ...]]
    entity_attributes: tuple[str, ...]
    link_attributes: tuple[str, ...]


def _register(header: _Header, arrays: np.lib.npyio.NpzFile) -> Register:
    """Return the register of a file; each of its arrays is read once."""

    def text(name: str) -> TextColumn:
        return TextColumn(arrays[f"{name}.text"], arrays[f"{name}.begins"])

    def coded(name: str) -> CodedColumn:
        return CodedColumn(header.words[name], arrays[name])

    return Register(
        EntityTable(
            ids=text("ids"),
            index=Index(arrays["digests"], arrays["digest_rows"]),
            types=coded("types"),
            shapes=arrays["shapes"],
            labels=text("labels"),
            attributes={
                name: text(f"entity_attribute_{n}") for n, name in enumerate(header.entity_attributes)
            },
        ),
        LinkTable(
            ids=text("link_ids"),
            start=arrays["start"],
            end=arrays["end"],
            kinds=coded("kinds"),
            roles=arrays["roles"],
            role_words=coded("role_words"),
            days=arrays["days"],
            precisions=arrays["precisions"],
            grades=coded("grades"),
            sources=coded("sources"),
            times=arrays["times"],
            attributes={name: text(f"link_attribute_{n}") for n, name in enumerate(header.link_attributes)},
        ),
        header.about,
    )


def _write_whole(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        # readable only by its owner: it holds names
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            packed = io.BufferedWriter(file.raw, 1 << 20)  # zip writes in small pieces
            np.savez(packed, **arrays)  # type: ignore[arg-type]  # its stubs take the names for options
            packed.flush()
            os.fsync(file.fileno())
            packed.detach()
        beside.replace(path)
    except OSError as error:
        raise InvalidInputError("register", f"cannot be written there ({why_not(error)})") from None
    finally:
        beside.unlink(missing_ok=True)
