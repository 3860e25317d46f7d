"""Reading: the list, one case, and what needs me today."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import Reference
from cli.output import print_json
from cli.session import Desk

LINES_ON_A_PAGE = 50
"""Lines of each section of the worklist on one of its pages, as on the dashboard."""

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


def list_(
    desk: Desk,
    page: Annotated[int, typer.Option("--page", min=1, help="The page of the list.")] = 1,
    rows: Annotated[int, typer.Option("--rows", min=1, max=1_000, help="Cases on a page.")] = 50,
    everything: Annotated[bool, typer.Option("--all", help="The whole list instead of one page.")] = False,
) -> None:
    """List the cases that you can view, a page at a time: open alarms first, then the newest.

    Example: stac case list --page 1 --rows 20
    """
    from cli.tables import draw_cases
    from engine.services.cases.lists import list_page

    listed = list_page(
        desk.context, first=0 if everything else (page - 1) * rows, count=None if everything else rows
    )
    if desk.as_json:
        shown = [row.model_dump(mode="json") for row in listed.rows]
        print_json({"referrals": shown, "first": listed.first, "total": listed.total})
        return

    draw_cases(listed, page=page, rows=rows)


def show(desk: Desk, reference: Reference) -> None:
    """Show a case, within your access.

    Example: stac case show R-7K3M9QV
    """
    from cli.cases.page import draw_case
    from engine.services.cases.views import view_case

    view = view_case(desk.context, reference=reference)
    if desk.as_json:
        print_json(view.model_dump(mode="json"))
        return

    draw_case(view)


def worklist(
    desk: Desk,
    page: Annotated[
        int | None,
        typer.Option("--page", help="This page of each section, 50 lines a page; default: every line."),
    ] = None,
) -> None:
    """List what you need to do today, and why.

    Example: stac worklist --page 1
    """
    from cli.tables import draw_worklist
    from engine.services.cases import names, worklists

    if page is not None and page < 1:
        raise typer.BadParameter("pages are counted from 1", param_hint="--page")

    if page is not None:
        _page_of_worklist(desk, page, desk.as_json)
        return
    work = worklists.worklist(desk.context, snapshots=lambda: desk.runtime.link_snapshots)
    work = work.model_copy(update={"items": names.name_items(desk.context, items=work.items)})
    if desk.as_json:
        print_json(work.model_dump(mode="json"))
        return

    draw_worklist(work)


def _page_of_worklist(desk: Desk, page: int, as_json: bool) -> None:
    from cli.tables import WORKLIST_SECTIONS, draw_worklist_page
    from engine.services.cases.worklists import worklist_page

    view = worklist_page(
        desk.context,
        pages=lambda _: page,
        at_once=LINES_ON_A_PAGE,
        named=WORKLIST_SECTIONS,
        snapshots=lambda: desk.runtime.link_snapshots,
    )
    if as_json:
        print_json(view.model_dump(mode="json"))
    else:
        draw_worklist_page(view, at_once=LINES_ON_A_PAGE)
