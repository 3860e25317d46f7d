"""Exports of a network of one's own: a map or a path as picture, table or graph, and all of it as a graph."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.access.policy import May, require
from engine.clock import LONDON
from engine.domain.links.exported_maps import ExportedMap
from engine.domain.links.maps import MapAsked, PathAsked
from engine.domain.links.networks import StoredNetwork
from engine.links.exporting.graph_files import GraphFormat, write_graph
from engine.links.exporting.pictures import PictureText
from engine.links.exporting.stix import FileAbout
from engine.services.context import Context
from engine.services.links.export import check_form, map_file, path_file
from engine.services.links.network_maps import draw_network_path, map_to_export
from engine.services.links.workspaces import opened


def export_network_map(
    context: Context,
    *,
    network: str,
    asked: MapAsked,
    placed: Mapping[str, tuple[float, float]],
    form: str,
    caption: str,
) -> ExportedMap:
    """Return what the map shows as a file, with the caption of its owner on a picture.

    Raises as ``draw_network`` does.
    """
    require(May.STORE_NETWORKS, context.acting)
    check_form(form)
    with context.reading("export a network's map") as work:
        own, drawn = map_to_export(work, context, network=network, asked=asked, placed=placed)
        work.notes(form=form, nodes=len(drawn.nodes), links=len(drawn.edges))
    about = _about(context, own)
    text = PictureText(title=own.terms.name, caption=" ".join(caption.split()), source=about.source)
    return map_file(drawn, form, about, text, name=f"network-{own.reference}")


def export_network_path(context: Context, *, network: str, asked: PathAsked, form: str) -> ExportedMap:
    """Return the paths between two entities as a file. Raises as ``draw_network_path`` does."""
    require(May.STORE_NETWORKS, context.acting)
    check_form(form)
    found = draw_network_path(context, network=network, asked=asked)
    with context.reading("export a network's path") as work:
        own, _ = opened(work, context, network)
        work.notes(form=form, nodes=len(found.drawn.nodes), links=len(found.drawn.edges))
    return path_file(found, form, _about(context, own), name=f"path-{own.reference}")


def export_network(context: Context, *, network: str, form: GraphFormat, out: Path) -> list[str]:
    """Write all of a network as files for other programs. Raises as ``open_network`` does."""
    require(May.STORE_NETWORKS, context.acting)
    with context.reading("export a network") as work:
        own, register = opened(work, context, network)
        work.notes(form=form.value, nodes=len(register), links=register.link_count)
    return [str(file) for file in write_graph(register, form, out, _about(context, own))]


def _about(context: Context, own: StoredNetwork) -> FileAbout:
    at = context.clock.now().astimezone(LONDON)
    source = f"Imported network, controller {own.terms.controller}, {at:%-d %B %Y}."
    return FileAbout(context.clock.today(), own.reference, source)
