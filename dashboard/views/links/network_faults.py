"""Rows of an import that were rejected, for as long as the session lasts: their content is in no list."""

from __future__ import annotations

from dashboard import markup, session, words
from engine.domain.links.networks import NetworkImported, RejectedCell

_SHOWN = 200


def keep(done: NetworkImported) -> None:
    """Store the result of an import for the page of its network."""
    session.keep(f"network-imported-{done.network.reference}", done)


def draw(reference: str) -> None:
    """Draw what became of the import of this network, if it was in this session."""
    done: NetworkImported | None = session.stored_value(f"network-imported-{reference}", NetworkImported)
    if done is None:
        return
    counts = (
        f"{words.counted(done.network.entities, 'entity', 'entities')} and "
        f"{words.counted(done.network.links, 'link')} imported, {words.counted(len(done.rejected), 'fault')}."
    )
    if done.protected_entities or done.protected_links:
        entities = words.counted(done.protected_entities, "entity", "entities")
        counts += f" Protected and left out: {entities}, {words.counted(done.protected_links, 'link')}."
    markup.draw(markup.notice("warning" if done.rejected else "success", counts, heading="Your import"))
    draw_rejected(done.rejected)


def draw_rejected(rejected: tuple[RejectedCell, ...]) -> None:
    """Draw the rows with a fault by table, row and column, folded."""
    if not rejected:
        return
    rows = [
        (each.file, f"Row {each.row}", each.column or "Whole row", each.reason) for each in rejected[:_SHOWN]
    ]
    caption = words.counted(len(rejected), "fault")
    more = f", first {_SHOWN} shown" if len(rejected) > _SHOWN else ""
    found = markup.table(("Table", "Row", "Column", "Reason"), rows, caption=f"{caption}{more}")
    markup.draw(markup.details(f"Rows with a fault: {len(rejected):,}", found))
