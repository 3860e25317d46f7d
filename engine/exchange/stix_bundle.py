"""A STIX 2.1 bundle as two tables: objects and what relates them. Reads a stream; knows no rule of a row.

A relationship is a link, and so is a reference of one object to another, such as the objects of a report. Of
several versions of one object the newest counts. All that our own export put into its extension comes back
under its own name. Objects of the language itself (markings, definitions, translations) are in neither table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import ijson

from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import cannot_be_read
from engine.exchange.limits import MIB, FileLimits
from engine.links.exporting.stix_names import DETAILS, MAKER
from engine.links.rows import FileRow

NODES, EDGES = "node", "edge"
_MOST_BYTES = 256 * MIB
_BOM = b"\xef\xbb\xbf"
_OF_THE_LANGUAGE = {"marking-definition", "extension-definition", "language-content"}
_NOT_LINKS = {"created_by_ref", "object_marking_refs", "source_ref", "target_ref"}
_NOT_FIELDS = {"type", "id", "spec_version", "created", "modified", "extensions", "identity_class"}
_NOT_FIELDS |= {"relationship_type", "start_time"}
_CALLED = {"user-account": "account", "email-addr": "email address", "ipv4-addr": "ip address"}
_LABELS = ("name", "display_name", "value", "account_login", "user_id", "number")
_OWN = {
    NODES: ("id", "type", "label"),
    EDGES: ("id", "from", "to", "kind", "role", "date", "grade", "source"),
}
_DAY = len("2024-03-09")
_DEEPEST = 50

Object = Mapping[str, object]


def is_bundle(head: bytes) -> bool:
    """Return whether a file that begins so may be a bundle: no table begins with a brace."""
    return head.removeprefix(_BOM).lstrip(b" \t\r\n").startswith(b"{")


class StixBundle:
    """One bundle; its tables are read as often as asked.

    ``part`` is how the file is called in sentences. Raises InvalidInputError, here and while rows are read.
    """

    def __init__(self, path: Path, *, part: str, limits: FileLimits) -> None:
        self._path, self._part, self._limits = path, part, limits
        self.numbers = {NODES: 0, EDGES: 0}
        self._ids: dict[str, str] = {}
        self._newest: dict[str, str] = {}
        more: dict[str, dict[str, None]] = {NODES: {}, EDGES: {}}
        self._check_depth()
        self._check_kind()
        self._newest = self._newest_versions()
        for each in self._objects():
            for kind, _, fields in self._rows_of(each, {}):
                self.numbers[kind] += 1
                more[kind] |= dict.fromkeys(name for name in fields if name not in _OWN[kind])
                if len(more[kind]) > limits.columns:
                    raise InvalidInputError(part, f"its objects have more than {limits.columns} properties")
                if kind == NODES and fields["id"] != each.get("id"):
                    self._ids[str(each.get("id"))] = fields["id"]
            if sum(self.numbers.values()) > limits.rows:
                raise InvalidInputError(part, f"more than {limits.rows:,} objects and links; divide it")
        if not self.numbers[NODES]:
            raise InvalidInputError(part, "the bundle has no objects but those of the language itself")
        self._columns = {kind: (*own, *more[kind]) for kind, own in _OWN.items()}

    def rows(self, kind: str) -> Iterator[FileRow]:
        """Yield the rows of the objects or of the links, the header first. A row is a place in the bundle."""
        columns = self._columns[kind]
        yield FileRow(1, list(columns))
        for number, each in enumerate(self._objects(), start=2):
            for of, _, fields in self._rows_of(each, self._ids):
                if of == kind:
                    cells = [fields.get(name, "") for name in columns]
                    longest, most = self._limits.cell_characters, self._limits.row_bytes
                    is_long = any(len(cell) > longest for cell in cells) or sum(map(len, cells)) > most
                    fault = f"has a text longer than {longest:,} characters; shorten it" if is_long else None
                    yield FileRow(number, cells, fault)

    def _rows_of(self, each: Object, ids: Mapping[str, str]) -> Iterator[tuple[str, str, dict[str, str]]]:
        kind, name = _text(each.get("type")), _text(each.get("id"))
        if kind in _OF_THE_LANGUAGE or name == MAKER:
            return
        if _modified(each) < self._newest.get(name, ""):
            return
        details = _details(each)
        if kind == "relationship":
            yield EDGES, name, _link(each, name, details, ids)
            return
        yield NODES, name, _entity(each, name, kind, details)
        for field, value in each.items():
            if field in _NOT_LINKS or not field.endswith(("_ref", "_refs")):
                continue
            relation = field.rpartition("_")[0].replace("_", " ")
            for place, to in enumerate(value if isinstance(value, list) else [value], start=1):
                own = ids.get(name, name)
                fields = {"id": f"{name} {field} {place}", "from": own, "kind": relation}
                yield EDGES, name, {**fields, "to": ids.get(_text(to), _text(to))}

    def _newest_versions(self) -> dict[str, str]:
        """Return when the newest version was made, of objects that are there more than once."""
        seen: set[int] = set()
        repeated: dict[str, str] = {}
        for each in self._objects():
            name = _text(each.get("id"))
            if hash(name) in seen:  # their ids would take many times the memory
                repeated[name] = ""
            seen.add(hash(name))
        for each in self._objects() if repeated else ():
            name = _text(each.get("id"))
            if name in repeated:
                repeated[name] = max(repeated[name], _modified(each))
        return repeated

    def _check_depth(self) -> None:
        """Check how deep parts are in one another: what is built of them needs the square of that memory."""
        depth = 0
        with self._opened() as file:
            for event in self._events(file):
                depth += event.startswith("start_") - event.startswith("end_")
                if depth > _DEEPEST:
                    sentence = "its parts are nested too deeply; export it without objects in objects"
                    raise InvalidInputError(self._part, sentence)

    def _events(self, file: BinaryIO) -> Iterator[str]:
        with self._read_whole():
            for event, _ in ijson.basic_parse(file, use_float=True):
                yield event

    def _check_kind(self) -> None:
        with self._opened() as file:
            found = next(iter(self._read(file, "type")), None)
        if found != "bundle":
            raise InvalidInputError(self._part, "it is JSON of another kind; export it as a STIX 2.1 bundle")

    def _objects(self) -> Iterator[Object]:
        with self._opened() as file:
            for each in self._read(file, "objects.item"):
                if not isinstance(each, dict):
                    raise InvalidInputError(self._part, "an object of the bundle is none; export it again")
                if each.get("type") == "bundle":
                    raise InvalidInputError(self._part, "it has a bundle in a bundle; export one of them")
                yield each

    def _read(self, file: BinaryIO, prefix: str) -> Iterator[object]:
        with self._read_whole():
            yield from ijson.items(file, prefix, use_float=True)

    @contextmanager
    def _read_whole(self) -> Iterator[None]:
        try:
            yield
        except (ijson.JSONError, ValueError, RecursionError):
            sentence = "it is not a whole STIX 2.1 bundle; export it again from the program that made it"
            raise InvalidInputError(self._part, sentence) from None
        except OSError as error:
            raise InvalidInputError(self._part, cannot_be_read(error)) from None

    def _opened(self) -> BinaryIO:
        try:
            file = self._path.open("rb")
        except OSError as error:
            raise InvalidInputError(self._part, cannot_be_read(error)) from None
        if file.seek(0, 2) > _MOST_BYTES:
            file.close()
            raise InvalidInputError(self._part, f"larger than {_MOST_BYTES // MIB} MiB; divide it")
        file.seek(0)
        if file.read(len(_BOM)) != _BOM:
            file.seek(0)
        return file


def _modified(each: Object) -> str:
    """Return when this version was made, so that texts compare as times: fractions have several lengths."""
    at, _, fraction = _text(each.get("modified")).removesuffix("Z").partition(".")
    return f"{at}.{fraction:0<9}"


def _entity(each: Object, name: str, kind: str, details: Mapping[str, str]) -> dict[str, str]:
    identity = _text(each.get("identity_class")) if kind == "identity" else ""
    called = identity or _CALLED.get(kind, kind.replace("-", " "))
    label = next((text for field in _LABELS if (text := _text(each.get(field)))), "")
    if details:
        return {"id": name, "type": called, **details}
    return {"id": name, "type": called, "label": label, **_fields(each, {"name"})}


def _link(each: Object, name: str, details: Mapping[str, str], ids: Mapping[str, str]) -> dict[str, str]:
    ends = {"from": _text(each.get("source_ref")), "to": _text(each.get("target_ref"))}
    ends = {side: ids.get(end, end) for side, end in ends.items()}
    if details:
        return {"id": name, **details, **ends}
    kind = _text(each.get("relationship_type")).replace("-", " ")
    began = _text(each.get("start_time"))[:_DAY]
    return {"id": name, "kind": kind, "date": began, **_fields(each, set()), **ends}


def _details(each: Object) -> dict[str, str]:
    """Return what our own export stored beside the object; nothing of another program's."""
    extensions = each.get("extensions")
    own = extensions.get(DETAILS) if isinstance(extensions, dict) else None
    if not isinstance(own, dict):
        return {}
    attributes = own.get("attributes")
    more = attributes if isinstance(attributes, dict) else {}
    fields = {key: _text(value) for key, value in own.items() if key not in ("extension_type", "attributes")}
    return {**{str(key): _text(value) for key, value in more.items()}, **fields}


def _fields(each: Object, without: set[str]) -> dict[str, str]:
    return {
        field: text
        for field, value in each.items()
        if field not in _NOT_FIELDS
        and field not in without
        and not field.endswith(("_ref", "_refs"))
        and (text := _text(value))
    }


def _text(value: object) -> str:
    """Return a value as a cell; an object within an object is none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(text for each in value if not isinstance(each, list) and (text := _text(each)))
    return str(value) if isinstance(value, str | int | float) else ""
