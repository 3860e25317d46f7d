"""GraphML and GEXF as two tables: nodes and edges. Reads a stream without entities; knows no rule of a row.

A file is gone through once for its columns and once for each table, so a large one needs little memory.
The row of a node or an edge is its place among those of its kind; the header is row 1.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import cannot_be_read
from engine.exchange.limits import MIB, FileLimits
from engine.links.rows import FileRow

_PIECE = 65_536
_DEEPEST = 200
_LONGEST_TEXT = MIB
_MOST_COLUMNS = 400
_LONGEST_TAG = 4 * MIB
"""Bytes of one tag, with its attributes: all of it is in memory until it ends."""
_SECONDS, _BYTES_A_SECOND = 60.0, MIB // 4
"""Processor time for a file of any size, and as many bytes more a second: a tenth of the usual rate."""
_FORMS = ("graphml", "gexf")
_LABELS, _KINDS = ("label", "name", "title"), ("kind", "type", "link_type", "edge_type", "relation")
_MOMENTS = ("timestamp", "start", "startopen")
_ENDS = ("end", "endopen")
_NUMBERED = {"integer", "double", "float"}
"""Formats of a graph's times that are steps or seconds, and no dates."""
_FIELDS = {"label", "weight", *_MOMENTS, *_ENDS}
_DAY = len("2024-03-09")
_WIDE = (b"\xff\xfe<", b"\xfe\xff\x00<")
NODES, EDGES = "node", "edge"


class _Column(NamedTuple):
    """An attribute of the file: its name, and the value of those that have none."""

    name: str
    default: str


def is_graph_markup(head: bytes) -> bool:
    """Return whether a file that begins so may be GraphML or GEXF."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return text.startswith((b"<?xml", b"<graphml", b"<gexf", b"<!doctype", *_WIDE))


class GraphMarkup:
    """One GraphML or GEXF file; its tables are read as often as asked.

    ``part`` is how the file is called in sentences. Raises InvalidInputError, here and while rows are read.
    """

    def __init__(self, path: Path, *, part: str, limits: FileLimits) -> None:
        self._path, self._part, self._limits = path, part, limits
        handler = _Columns(part)
        for _ in self._events(handler):
            pass
        if not handler.numbers[NODES]:
            raise InvalidInputError(part, "it has no node; export the graph again with its nodes")
        self.numbers = handler.numbers
        self._columns = {kind: _named(handler, kind) for kind in (NODES, EDGES)}

    def rows(self, kind: str) -> Iterator[FileRow]:
        """Yield the rows of the nodes or of the edges, the header first."""
        columns = self._columns[kind]
        yield FileRow(1, [each.name for each in columns.values()])
        handler = _Rows(self._part, kind, columns, self._limits)
        for _ in self._events(handler):
            yield from handler.finished
            handler.finished.clear()

    def _events(self, handler: _Graph) -> Iterator[None]:
        parser = DefusedExpatParser(forbid_dtd=True)
        parser.setContentHandler(handler)
        try:
            with self._path.open("rb") as file:
                if file.seek(0, 2) > self._limits.file_bytes:
                    most = self._limits.file_bytes // MIB
                    raise InvalidInputError(self._part, f"larger than {most:,} MiB; divide it")
                seconds = _SECONDS + file.tell() / _BYTES_A_SECOND
                file.seek(0)
                while piece := file.read(_PIECE):
                    begun = time.thread_time()
                    parser.feed(piece)
                    seconds -= time.thread_time() - begun
                    if seconds < 0:
                        raise InvalidInputError(self._part, "it takes too long to read; divide it")
                    done = parser._parser.CurrentByteIndex  # type: ignore[attr-defined]  # of the stdlib's
                    if file.tell() - done > _LONGEST_TAG:
                        sentence = (
                            f"one of its parts is longer than {_LONGEST_TAG // MIB} MiB; export it again"
                        )
                        raise InvalidInputError(self._part, sentence)
                    if sum(handler.numbers.values()) > self._limits.rows:
                        raise InvalidInputError(
                            self._part, f"more than {self._limits.rows:,} nodes and edges; divide it"
                        )
                    yield
            parser.close()
        except DefusedXmlException:
            sentence = "it declares entities or a document type, which no graph needs; export it without them"
            raise InvalidInputError(self._part, sentence) from None
        except OSError as error:
            raise InvalidInputError(self._part, cannot_be_read(error)) from None
        except (SAXException, ValueError, LookupError):
            sentence = "it is not whole GraphML or GEXF; export it again from the program that made it"
            raise InvalidInputError(self._part, sentence) from None
        yield


class _Graph(ContentHandler):
    """Goes through either format, and hands each node, edge and value on."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self.numbers = {NODES: 0, EDGES: 0}
        self._part = part
        self._open: list[str] = []
        self._text: list[str] | None = None
        self._length = 0
        self.form = ""
        self.has_dates = True

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 (the name is SAX's)
        name = name.rpartition(":")[2].casefold()
        if not self._open:
            if name not in _FORMS:
                raise InvalidInputError(
                    self._part, "it is XML of another kind; export the graph as GraphML or GEXF"
                )
            self.form = name
        self._open.append(name)
        if len(self._open) > _DEEPEST:
            raise InvalidInputError(self._part, "its parts are nested too deeply; export it without groups")
        if len(attrs) > _MOST_COLUMNS:
            raise InvalidInputError(
                self._part, f"one of its parts has more than {_MOST_COLUMNS} attributes; export fewer"
            )
        if name in (NODES, EDGES):
            self.numbers[name] += 1
        self.begin(name, {key.rpartition(":")[2].casefold(): text for key, text in attrs.items()})

    def endElement(self, name: str) -> None:  # noqa: N802
        self._open.pop()
        text, self._text = self._text, None
        self.end(name.rpartition(":")[2].casefold(), None if text is None else "".join(text).strip())

    def characters(self, content: str) -> None:
        if self._text is None or self._length > _LONGEST_TEXT:
            return
        content = content if self._text else content.lstrip()
        self._length += len(content)
        # A cut text ends in a letter, so that it stays too long for a cell when it is stripped.
        self._text.append(content if self._length <= _LONGEST_TEXT else f"{content}…")

    def hold_text(self) -> None:
        """Gather the text of the part that was just opened, for its end."""
        self._text, self._length = [], 0

    def begin(self, name: str, given: dict[str, str]) -> None:
        """Handle the beginning of a part."""

    def end(self, name: str, text: str | None) -> None:
        """Handle the end of a part, with its text where it was gathered."""


class _Columns(_Graph):
    """Gathers the attributes that nodes and edges may have, by their keys in the file."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.columns: dict[str, dict[str, _Column]] = {NODES: {}, EDGES: {}}
        self.fields: dict[str, set[str]] = {NODES: set(), EDGES: set()}
        self._of: tuple[str, ...] = ()
        self._key = ""

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name in (NODES, EDGES):
            self._of = (name,)
            self.fields[name].update(_FIELDS.intersection(given))
        elif name == "spell" and self._of:
            self.fields[self._of[0]].update(_FIELDS.intersection(given))
        elif self.form == "gexf" and name == "graph":
            self.has_dates = given.get("timeformat", "date") not in _NUMBERED
        elif name == "nodelabel":
            self.fields[NODES].add(name)
        elif self.form == "graphml" and name == "key":
            target = given.get("for", "all").casefold()
            self._of = (target,) if target in (NODES, EDGES) else (NODES, EDGES) if target == "all" else ()
            self._add(given.get("id", ""), given.get("attr.name", given.get("id", "")))
        elif self.form == "gexf" and name == "attributes":
            self._of = (given.get("class", NODES).casefold(),)
        elif self.form == "gexf" and name == "attribute":
            self._add(given.get("id", ""), given.get("title", given.get("id", "")))
        elif name == "default":
            self.hold_text()

    def end(self, name: str, text: str | None) -> None:
        if name == "default" and text:
            for of in self._of:
                there = self.columns[of]
                if self._key in there:
                    there[self._key] = there[self._key]._replace(default=text)

    def _add(self, key: str, title: str) -> None:
        self._key = key
        for of in self._of:
            if of not in self.columns:
                continue
            self.columns[of].setdefault(key, _Column(title.strip() or key, ""))
            if len(self.columns[of]) > _MOST_COLUMNS:
                raise InvalidInputError(self._part, f"it has more than {_MOST_COLUMNS} attributes")


def _named(found: _Columns, kind: str) -> dict[str, _Column]:
    """Return the columns of a table by their keys; none has the name of another."""
    own = {"id": _Column("id", "")}
    if kind == EDGES:
        own |= {"source": _Column("from", ""), "target": _Column("to", "")}
    taken = {column.name for column in own.values()}
    more: dict[str, _Column] = {}
    for key, column in found.columns[kind].items():
        name = column.name
        while name.casefold() in taken:
            name = f"{name}_as_given"
        taken.add(name.casefold())
        more[f"key {key}"] = column._replace(name=name)
    fields = found.fields[kind]
    usual, name = (_LABELS, "label") if kind == NODES else (_KINDS, "kind")
    drawn = "label" if "label" in fields else "nodelabel" if "nodelabel" in fields else ""
    if drawn and taken.isdisjoint(usual):
        own[drawn] = _Column(name, "")
    if kind == EDGES and "weight" in fields and "weight" not in taken:
        own["weight"] = _Column("weight", "")
    for moments, usual_name in ((_MOMENTS, "date"), (_ENDS, "until")):
        moment = next((each for each in moments if each in fields), None)
        name = usual_name if found.has_dates else f"{usual_name}_as_number"
        if moment and name not in taken and "date" not in taken:
            own[moment] = _Column(name, "")
    return own | more


class _Rows(_Graph):
    """Makes a row of each node or each edge. A node inside a node is one of its own."""

    def __init__(self, part: str, kind: str, columns: dict[str, _Column], limits: FileLimits) -> None:
        super().__init__(part)
        self.finished: list[FileRow] = []
        self._kind, self._columns, self._limits = kind, columns, limits
        self._rows: list[tuple[int, dict[str, str]]] = []
        self._within: list[str] = []
        self._key = ""

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name in (NODES, EDGES):
            self._within.append(name)
            if name == self._kind:
                self._rows.append((self.numbers[name] + 1, given))
            return
        if not self._within or self._within[-1] != self._kind:
            return
        if name == "data":
            self._key = f"key {given.get('key', '')}"
            self.hold_text()
        elif name == "attvalue":
            self._rows[-1][1].setdefault(
                f"key {given.get('for', given.get('id', ''))}", given.get("value", "")
            )
        elif name == "nodelabel":
            self._key = name
            self.hold_text()
        elif name == "spell":  # of several, the beginning of the first and the end of the last
            there = self._rows[-1][1]
            self._rows[-1] = (self._rows[-1][0], {**given, **there, **_of_ends(given)})

    def end(self, name: str, text: str | None) -> None:
        if name in (NODES, EDGES):
            self._within.pop()
            if name == self._kind:
                self._finish(*self._rows.pop())
        elif text and name in ("data", "nodelabel"):
            self._rows[-1][1].setdefault(self._key, text)

    def _finish(self, row: int, given: dict[str, str]) -> None:
        cells = [given.get(key, "") or column.default for key, column in self._columns.items()]
        for place, key in enumerate(self._columns):
            if key in (*_MOMENTS, *_ENDS):
                cells[place] = cells[place][:_DAY]
        fault = None
        longest, most = self._limits.cell_characters, self._limits.row_bytes
        if any(len(cell) > longest for cell in cells):
            fault = f"has a text longer than {longest:,} characters; shorten it"
        elif sum(map(len, cells)) > most:
            fault = f"has texts longer than {most:,} characters together; shorten them"
        self.finished.append(FileRow(row, cells, fault))


def _of_ends(given: dict[str, str]) -> dict[str, str]:
    return {key: text for key, text in given.items() if key in _ENDS}
