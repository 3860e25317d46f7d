"""The map of a network as a file: a picture with a caption, or a table."""

from __future__ import annotations

from typing import Annotated, NoReturn

from dashboard import downloads, forms, made_files, offered_files, session
from dashboard.form_draft import part_code
from dashboard.form_model import Form
from engine.domain.asked import Asked
from engine.domain.base import Frozen
from engine.domain.drafts import ABOUT_NO_CASE, DraftForm
from engine.domain.links.exported_maps import ExportedMap
from engine.domain.links.maps import LinkMap
from engine.services.links.export import formats
from engine.services.links.network_exports import export_network_map


def draw(drawn: LinkMap, network: str) -> None:
    """Draw the button that opens the export."""
    forms.button(exporting(drawn, network), "Export", key="network-export")


class _Export(Frozen):
    form: Annotated[str, Asked("Format", offered=True)]
    caption: Annotated[str | None, Asked("Caption (optional)", rows=1, longest=150)] = None


def exporting(drawn: LinkMap, network: str) -> Form[_Export, ExportedMap]:
    """Return the form for a format and a caption; the file is offered once, to this person."""
    return Form(
        _Export,
        draft=DraftForm.LINK_EXPORT,
        case=ABOUT_NO_CASE,
        key="export-network",
        part=part_code(network),
        title="Export this map",
        note=(
            "A picture has the marking, a legend, the source and the date. It is made of what the map shows."
        ),
        offers={"form": {each: each for each in formats()}},
        begins={"form": formats()[0], "caption": drawn.asked.notes.caption},
        button="Create file",
        records=lambda context, given: export_network_map(
            context,
            network=network,
            asked=drawn.asked,
            placed={each.node.id: (each.x, each.y) for each in drawn.nodes},
            form=given.form,
            caption=given.caption or "",
        ),
        done=_offer,
        undone_by="closing the offer of the file",
    )


def _offer(_: _Export, made: ExportedMap) -> NoReturn:
    token = made_files.offer(session.acting().user, made)
    heading = "The file is ready"
    offered_files.offer("Download file", kind=downloads.NETWORK_MAP, reference=token, heading=heading)
