"""Exports of a network of one's own: the map on the screen as picture, table or graph."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.access.policy import May, require
from engine.clock import LONDON
from engine.domain.errors import InvalidInputError
from engine.domain.links.exported_maps import ExportedMap
from engine.domain.links.maps import MapAsked
from engine.domain.plans.lists import TableForm
from engine.links.exporting.pictures import PictureFormat, PictureText
from engine.services.context import Context
from engine.services.links.export import map_picture, map_table
from engine.services.links.network_maps import map_to_export

_TABLES: tuple[TableForm, ...] = ("xlsx", "csv")


def picture_formats() -> tuple[str, ...]:
    """Return the forms in which a map of a network leaves."""
    return (*(form.value for form in PictureFormat), *_TABLES)


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
    if form not in picture_formats():
        raise InvalidInputError("format", f"choose one of: {', '.join(picture_formats())}")
    with context.reading("export a network's map") as work:
        own, drawn = map_to_export(work, context, network=network, asked=asked, placed=placed)
        work.notes(form=form, nodes=len(drawn.nodes), links=len(drawn.edges))
    name = f"network-{own.reference}"
    if (table := next((each for each in _TABLES if each == form), None)) is not None:
        return map_table([each.node for each in drawn.nodes], drawn.edges, table, name=name)
    text = PictureText(
        title=own.terms.name,
        caption=" ".join(caption.split()),
        source=f"Imported network, controller {own.terms.controller}, {_in_words(drawn.read_at)}.",
    )
    return map_picture(drawn, text, form, name=name)


def _in_words(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%-d %B %Y}"
