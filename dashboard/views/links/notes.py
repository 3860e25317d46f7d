"""The caption of a map and the notes on its items: on its pictures, and stored with a saved map."""

from __future__ import annotations

from typing import Annotated

from dashboard import markup
from dashboard.form_draft import part_code
from dashboard.form_model import Form
from dashboard.link_graph import pictures
from dashboard.views.links import steps as link_steps
from engine.domain.asked import Asked
from engine.domain.base import Frozen
from engine.domain.drafts import ABOUT_NO_CASE, DraftForm
from engine.domain.links.arrangements import LONGEST_CAPTION, LONGEST_NOTE
from engine.domain.links.maps import LinkMap, MapNode
from engine.services.context import Context
from engine.services.links.maps import noted

_NOTE = (
    "Both are on the pictures of this map that you export, and are stored if you save the map. "
    "Do not write names of people or places."
)


class _Notes(Frozen):
    caption: Annotated[str | None, Asked("Caption of the map", rows=1, longest=LONGEST_CAPTION)] = None
    note: str | None = None


def writing(drawn: LinkMap, node: MapNode | None) -> Form[_Notes, None]:
    """Return the form for the caption, and a note on the chosen item; a step that can be undone."""
    where, stored = node.node.id if node else None, drawn.asked.notes
    chosen = (
        markup.none_recorded("Choose one item to write a note on it.")
        if node is None
        else markup.element("p", f"Chosen item: {pictures.label(node)}")
    )

    def records(_: Context, given: _Notes) -> None:
        steps = link_steps.current()
        if steps is not None:
            caption, note = given.caption or "", given.note or ""
            link_steps.to(steps.by(lambda asked: noted(asked, caption=caption, node=where, note=note)))

    return Form(
        _Notes,
        draft=DraftForm.LINK_NOTES,
        case=ABOUT_NO_CASE,
        key="map-notes",
        part=part_code(f"{drawn.middle} {where}"),
        title="Caption and note",
        note=markup.join([markup.element("p", _NOTE, class_="sub"), chosen]),
        asks={"note": Asked("Note on the chosen item", rows=1, longest=LONGEST_NOTE)} if node else {},
        begins={"caption": stored.caption, "note": stored.on(where) if where else ""},
        button="Write",
        records=records,
        done="The caption and the note are on the map.",
        undone_by="undoing the step",
    )
