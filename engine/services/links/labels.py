"""Labels of nodes for lists that would otherwise show references only, as one viewer may read them."""

from __future__ import annotations

from collections.abc import Iterable

from engine.services.access.checks import permitted_links
from engine.services.context import Context
from engine.services.links.names import RecordNames
from engine.services.links.neighbourhood import VIEW_LINKS, looking


def node_labels(context: Context, *, references: Iterable[str]) -> dict[str, str]:
    """Return by reference the name or value of each node that this person may read; others are left out."""
    wanted = list(dict.fromkeys(references))
    with looking(context, VIEW_LINKS) as work:
        cut = work.links.cut(permitted_links(work, context.acting, on=context.clock.today()))
        links = RecordNames(work.links, cut)
        numbers = {reference: number for reference in wanted if (number := links.find(reference)) is not None}
        labels = {
            reference: links.label(number)
            for reference, number in numbers.items()
            if not links.is_pseudonym(number)
        }
        work.notes(nodes=len(labels))
        return labels
