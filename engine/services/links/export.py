"""Exports of the record's links for other programs: what one person may see, for a reason that is stored."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.access.policy import May, require
from engine.clock import LONDON
from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import new_reference, read_reference
from engine.domain.links.exported_maps import ExportedMap, MapTakenOut
from engine.domain.links.maps import LinkMap, MapAsked, PathAsked, PathOnMap
from engine.domain.links.views import LinkEdge, LinkNode
from engine.domain.plans.lists import TableForm
from engine.exchange.table_files import table_file
from engine.links.exporting.graph_files import GraphFormat, write_graph
from engine.links.exporting.pictures import PictureFormat, PictureText, picture_of
from engine.links.exporting.stix import FileAbout
from engine.links.map_cutting import cut, register_of
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.services.links.maps import draw_map, whole_map
from engine.services.links.path_maps import draw_path
from engine.services.links.register import viewer_register
from engine.services.links.sheets import sheet_of
from engine.services.links.snapshots import LinkSnapshots


def export(
    context: Context, *, snapshots: LinkSnapshots, form: GraphFormat, out: Path, why: str
) -> list[str]:
    """Write the links that this person may see as files for other programs, for a written reason.

    Raises
    ------
    InvalidInputError
        The reason is empty, too long or not one line, or a file cannot be written.
    """
    require(May.EXPORT_LINKS, context.acting)
    reason = written_reason(why)
    with context.writing("export links") as work:
        register = viewer_register(work, context.acting, context.clock, snapshots).register
        work.links.queries.store_export(
            form=form.value, why=reason, by=context.acting.user, at=context.clock.now()
        )
        work.notes(form=form.value, nodes=len(register), links=register.link_count)
        return [str(file) for file in write_graph(register, form, out, about_record(context))]


def about_record(context: Context) -> FileAbout:
    """Return what a file of the record's links says of itself."""
    at = context.clock.now().astimezone(LONDON)
    source = f"Record of the STAC within the access of {context.acting.user}, {at:%-d %B %Y}."
    return FileAbout(context.clock.today(), "record", source)


_FETCHED_WITHIN = timedelta(minutes=5)
_ENDINGS = {
    GraphFormat.GRAPHML: ("graphml", "application/xml"),
    GraphFormat.GEXF: ("gexf", "application/xml"),
    GraphFormat.CYTOSCAPE: ("cyjs", "application/json"),
    GraphFormat.NODELINK: ("json", "application/json"),
    GraphFormat.I2: ("zip", "application/zip"),
    GraphFormat.STIX: ("stix.json", "application/stix+json"),
}


_PICTURES = {
    PictureFormat.PNG: "image/png",
    PictureFormat.SVG: "image/svg+xml",
    PictureFormat.PDF: "application/pdf",
}
TABLES: dict[TableForm, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_COLUMNS = ("from", "from id", "link", "role claimed", "to", "to id", "when", "grade", "source")


def formats() -> tuple[str, ...]:
    """Return the formats of exports, for a page that offers a choice."""
    return (*(form.value for form in PictureFormat), *TABLES, *(form.value for form in GraphFormat))


class LeavesWith(Frozen):
    """The size of a map's file."""

    nodes: int
    links: int


def what_leaves(context: Context, *, asked: MapAsked, snapshots: LinkSnapshots) -> LeavesWith:
    """Return how much the file of this map contains, before it is asked for: nothing in it is folded."""
    require(May.EXPORT_LINKS, context.acting)
    nodes, edges, _ = cut(whole_map(context, asked=asked, snapshots=snapshots), asked)
    return LeavesWith(nodes=len(nodes), links=len(edges))


def ask_export(
    context: Context, *, asked: MapAsked, form: str, why: str, snapshots: LinkSnapshots
) -> MapTakenOut:
    """Record which map is exported, as what and why; the file is made when its owner fetches it, soon.

    Raises
    ------
    InvalidInputError
        The reason or the format is malformed.
    """
    require(May.EXPORT_LINKS, context.acting)
    reason = written_reason(why)
    check_form(form)
    whole = whole_map(context, asked=asked, snapshots=snapshots)
    nodes, edges, _ = cut(whole, asked)
    taken = MapTakenOut(
        ref=new_reference("map export"),
        user=context.acting.user,
        middle=whole.middle,
        asked=asked,
        form=form,
        nodes=len(nodes),
        links=len(edges),
        why=reason,
        at=context.clock.now(),
    )
    with context.writing("export a map of links") as work:
        work.links.maps.took_out(taken)
        work.touches(*{case for node in nodes for case in node.cases})
        work.notes(export=taken.ref, middle=whole.middle, nodes=len(nodes), links=len(edges), form=form)
    return taken


def made_export(context: Context, *, reference: str, snapshots: LinkSnapshots) -> ExportedMap:
    """Return the file of a map whose export this person just asked for, as they may see it now.

    It contains as much as was shown when it was asked for; where the links changed since, it is refused.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the links changed since.
    NotFoundError
        The person who acts did not ask for this export within the last minutes, or its start is gone.
    """
    require(May.EXPORT_LINKS, context.acting)
    reference = read_reference("map export", reference)
    with context.uow.unrecorded() as work:
        taken = next((each for each in work.links.maps.taken_out() if each.ref == reference), None)
    if taken is None or taken.user != context.acting.user or context.clock.now() - taken.at > _FETCHED_WITHIN:
        raise NotFoundError("export", reference)
    if not isinstance(taken.asked, MapAsked):  # a path was written when it was asked for
        raise NotFoundError("export", reference)
    whole = whole_map(context, asked=taken.asked, snapshots=snapshots)
    nodes, edges, _ = cut(whole, taken.asked)
    if (len(nodes), len(edges)) != (taken.nodes, taken.links):
        raise InvalidInputError(
            "export", "the links have changed since the export was prepared; export the map again"
        )
    name = f"links-{whole.middle}"
    if taken.form in list(PictureFormat):
        seen = draw_map(context, asked=taken.asked, snapshots=snapshots, with_patterns=False)
        at = seen.read_at.astimezone(LONDON)
        source = f"Record of the STAC within the access of {context.acting.user}, {at:%-d %B %Y, %H:%M}."
        title = PictureText(
            title=f"Links of {whole.middle}", source=source, caption=taken.asked.notes.caption
        )
        return map_picture(seen, title, taken.form, name=name)
    if (table := next((form for form in TABLES if form == taken.form), None)) is not None:
        return map_table(nodes, edges, table, name=name)
    return map_graph(nodes, edges, taken.form, about_record(context), name=name)


def export_path(
    context: Context, *, asked: PathAsked, form: str, why: str, snapshots: LinkSnapshots
) -> ExportedMap:
    """Return the paths between two nodes of the record as a file, for a written reason.

    Raises
    ------
    InvalidInputError
        The reason or the format is malformed, a kind is unknown, or there is no path.
    """
    require(May.EXPORT_LINKS, context.acting)
    reason = written_reason(why)
    check_form(form)
    found = draw_path(context, asked=asked, snapshots=snapshots)
    about = about_record(context)
    made = path_file(found, form, about, name=f"path-{found.drawn.middle}")
    start, end = found.paths[0][0], found.paths[0][-1]
    taken = MapTakenOut(
        ref=new_reference("map export"),
        user=context.acting.user,
        middle=start,
        asked=asked.model_copy(update={"start": start, "end": end}),
        form=form,
        nodes=len(found.drawn.nodes),
        links=len(found.drawn.edges),
        why=reason,
        at=context.clock.now(),
    )
    with context.writing("export a path of links") as work:
        work.links.maps.took_out(taken)
        work.touches(*{case for each in found.drawn.nodes for case in each.node.cases})
        work.notes(export=taken.ref, start=start, end=end, nodes=taken.nodes, links=taken.links, form=form)
    return made


def check_form(form: str) -> None:
    """Check that a format is one of those of a map. Raises InvalidInputError."""
    if form not in formats():
        raise InvalidInputError("format", f"choose one of: {', '.join(formats())}")


def path_file(found: PathOnMap, form: str, about: FileAbout, *, name: str) -> ExportedMap:
    """Return what a path shows as a file. Raises InvalidInputError if there is no path."""
    if not found.paths:
        raise InvalidInputError("path", "no path was found, so there is nothing to export")
    title = f"{found.paths[0][0]} to {found.paths[0][-1]}"
    return map_file(found.drawn, form, about, PictureText(title=title, source=about.source), name=name)


def map_file(drawn: LinkMap, form: str, about: FileAbout, text: PictureText, *, name: str) -> ExportedMap:
    """Return what a map shows as a picture, a table or a graph; its viewer may see all that is on it."""
    if form in list(PictureFormat):
        return map_picture(drawn, text, form, name=name)
    nodes = [each.node for each in drawn.nodes]
    if (table := next((each for each in TABLES if each == form), None)) is not None:
        return map_table(nodes, drawn.edges, table, name=name)
    return map_graph(nodes, drawn.edges, form, about, name=name)


def map_graph(
    nodes: Iterable[LinkNode], edges: Iterable[LinkEdge], form: str, about: FileAbout, *, name: str
) -> ExportedMap:
    """Return a map as a file of another program; its viewer may see all that is in it."""
    layout = GraphFormat(form)
    ending, media_type = _ENDINGS[layout]
    with TemporaryDirectory() as place:
        files = write_graph(register_of(nodes, edges), layout, Path(place, "map"), about)
        content = _packed(files) if layout is GraphFormat.I2 else files[0].read_bytes()
    return ExportedMap(file_name=f"{name}.{ending}", media_type=media_type, content=content)


def map_picture(drawn: LinkMap, text: PictureText, form: str, *, name: str) -> ExportedMap:
    """Return the picture of a map; its viewer may see all that is on it.

    That two people may be one is a reading that no file has, nor are they one node in it.
    """
    kind = PictureFormat(form)
    without = drawn.model_copy(update={"may_be_one": ()})
    content = picture_of(without, sheet_of(without), text, kind)
    return ExportedMap(file_name=f"{name}.{kind.value}", media_type=_PICTURES[kind], content=content)


def map_table(
    nodes: Iterable[LinkNode], edges: Iterable[LinkEdge], form: TableForm, *, name: str
) -> ExportedMap:
    """Return the links of a map as a table; its viewer may see all that is in it."""
    labels = {node.id: node.label for node in nodes}
    rows = [
        (
            labels[edge.source],
            edge.source,
            edge.kind,
            edge.role or "",
            labels[edge.target],
            edge.target,
            str(edge.date or ""),
            edge.grade or "",
            edge.told_by or "",
        )
        for edge in edges
    ]
    content = table_file(_COLUMNS, rows, sheet="Links", form=form)
    return ExportedMap(file_name=f"{name}.{form}", media_type=TABLES[form], content=content)


def _packed(files: list[Path]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as opened:
        for file in files:
            opened.write(file, file.name)
    return held.getvalue()
