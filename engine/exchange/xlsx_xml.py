"""The XML inside a workbook, in a stream and without entities. Knows no part of a workbook by name."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.expatreader import DefusedExpatParser

from engine.domain.errors import InvalidInputError
from engine.exchange.limits import FileLimits

DAMAGED = "the workbook is damaged; open it, save it again as .xlsx, and give that file"
_PIECE = 65_536
_DEEPEST = 100  # a workbook's own tags are inside a dozen others


class Handler(ContentHandler):
    """Counts what it is given, so that one part cannot fill the memory with tags."""

    def __init__(self, most_tags: int) -> None:
        super().__init__()
        self.tags, self.most_tags = 0, most_tags
        self.events = self._depth = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 (the name is SAX's)
        self.tags += 1
        self.events += 1
        self._depth += 1
        if self.tags > self.most_tags or self._depth > _DEEPEST:
            raise InvalidInputError("file", "the workbook has far more parts than a list needs")
        self.begin(name.rpartition(":")[2], dict(attrs.items()))

    def endElement(self, name: str) -> None:  # noqa: N802
        self.events += 1
        self._depth -= 1
        self.end(name.rpartition(":")[2])

    def characters(self, content: str) -> None:
        self.events += 1
        self.text(content)

    def begin(self, name: str, given: dict[str, str]) -> None:
        """Handle an opening tag."""

    def end(self, name: str) -> None:
        """Handle a closing tag."""

    def text(self, piece: str) -> None:
        """Handle text inside a tag; it may come in pieces."""


def parse(archive: zipfile.ZipFile, part: str, handler: Handler, limits: FileLimits) -> Iterator[None]:
    """Feed one part of the workbook to its handler, piece by piece; the caller may check in between."""
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(handler)
    silent, events = 0, 0
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            parser.feed(piece)
            silent = silent + len(piece) if handler.events == events else 0
            events = handler.events
            if silent > limits.row_bytes:
                raise InvalidInputError("file", DAMAGED)
            yield
    parser.close()
    yield
