"""Reading: the list, one case, and what needs me today."""

from __future__ import annotations

import typer

from cli.door import at_desk
from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.saying import print_json

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


def list_(user: AsUser = None, purpose: Purpose = CASE_WORK, as_json: AsJson = False) -> None:
    """List the referrals that are open to me, open alarms first."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.cases import list_cases

        rows = list_cases(
            uow=desk.runtime.uow,
            clock=desk.runtime.clock,
            acting=desk.acting,
            agencies=desk.runtime.agencies_known,
        )
    if as_json:
        print_json({"referrals": [row.model_dump(mode="json") for row in rows]})
        return
    from cli.drawing import draw_cases

    draw_cases(rows)


def show(
    reference: Reference, user: AsUser = None, purpose: Purpose = CASE_WORK, as_json: AsJson = False
) -> None:
    """Show one case, as far as it is open to me."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.cases import view_case

        view = view_case(
            uow=desk.runtime.uow,
            clock=desk.runtime.clock,
            acting=desk.acting,
            agencies=desk.runtime.agencies_known,
            reference=reference,
        )
    if as_json:
        print_json(view.model_dump(mode="json"))
        return
    from cli.case_page import draw_case

    draw_case(view)


def worklist(user: AsUser = None, purpose: Purpose = CASE_WORK, as_json: AsJson = False) -> None:
    """Say what needs me today, and why."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services import worklists

        work = worklists.worklist(
            uow=desk.runtime.uow,
            clock=desk.runtime.clock,
            settings=desk.runtime.settings,
            acting=desk.acting,
            agencies=desk.runtime.agencies_known,
            snapshots=lambda: desk.runtime.link_snapshots,
        )
    if as_json:
        print_json(work.model_dump(mode="json"))
        return
    from cli.drawing import draw_worklist

    draw_worklist(work)


def add_to(app: typer.Typer) -> None:
    """Give the application these commands."""
    app.command("list")(list_)
    app.command()(show)
    app.command()(worklist)
