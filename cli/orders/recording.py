"""Recording of orders on the command line. Asks; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.input_files import a_day, checked, document_of, one_of
from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import print_json, say
from cli.session import Desk, answering, at_desk
from cli.templates import ORDER, print_template

if TYPE_CHECKING:
    from engine.domain.orders.orders import OrderGiven
    from engine.services.orders.recording import OrderRecorded

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

Order = Annotated[str, typer.Argument(metavar="ORDER", help="The order's reference, such as PO-7K3M9QV.")]
RefOrTemplate = Annotated[str | None, typer.Argument(metavar="REF")]
FileOrTemplate = Annotated[
    str | None, typer.Argument(metavar="FILE", help="JSON or TOML; - is standard input.")
]
OrderFile = Annotated[str, typer.Argument(metavar="FILE", help="JSON or TOML; - is standard input.")]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="The date; left out, it is today.")]
At = Annotated[str | None, typer.Option("--at", metavar="TIME", help="The time in London, such as 14:05.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line.")]


def create(
    reference: RefOrTemplate = None,
    file: FileOrTemplate = None,
    template: Annotated[bool, typer.Option("--template", help="Print a FILE to fill in.")] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Record an order on a case, from when it was considered, sought or made.

    Example: stac order create R-7K3M9QV order.toml
    """
    if template:
        print_template(ORDER)
        return
    if reference is None or file is None:
        raise typer.BadParameter("give REF and FILE, or --template")
    given = _given(file, as_json)
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.orders.recording import create_order

        recorded = create_order(desk.context, reference=reference, given=given)
    _print(recorded, as_json)


def make(desk: Desk, order: Order, file: OrderFile) -> None:
    """Record that the court made the order that was considered or sought, with its terms.

    Example: stac order make PO-7K3M9QV order.toml
    """
    from engine.services.orders.recording import make_order

    given = _given(file, desk.as_json)

    recorded = make_order(desk.context, order=order, given=given)
    _print(recorded, desk.as_json)


def serve(
    desk: Desk,
    order: Order,
    on: On = None,
    at: At = None,
    how: Annotated[
        str, typer.Option(help="'in person', 'at court', 'in custody', 'by post' or another way.")
    ] = "in person",
    attempt: Annotated[bool, typer.Option("--attempt", help="An attempt that did not serve it.")] = False,
) -> None:
    """Record the service of an order, or an attempt at it. The clocks that begin with service start.

    Example: stac order serve PO-7K3M9QV --how "in person"
    """
    from engine.domain.orders.orders import OrderAct, ServedHow

    chosen = one_of(ServedHow, how, "--how")
    act = OrderAct.SERVICE_TRIED if attempt else OrderAct.SERVED
    _step(desk, order, act.value, on, {"at_time": at, "how": chosen.value})


def vary(desk: Desk, order: Order, file: OrderFile, why: Why) -> None:
    """Record a variation: a copy with its own terms. The order applies until the copy is in effect.

    Example: stac order vary PO-7K3M9QV order.toml --why "The respondent moved."
    """
    _copy(desk, order, file, why, is_renewal=False)


def renew(desk: Desk, order: Order, file: OrderFile, why: Why) -> None:
    """Record a renewal: a copy with its own terms. The order applies until the copy is in effect.

    Example: stac order renew PO-7K3M9QV order.toml --why "The risk continues."
    """
    _copy(desk, order, file, why, is_renewal=True)


def discharge(desk: Desk, order: Order, why: Why, on: On = None) -> None:
    """Record that the court discharged an order, and why.

    Example: stac order discharge PO-7K3M9QV --why "The court discharged it."
    """
    from engine.domain.orders.orders import OrderAct

    _step(desk, order, OrderAct.DISCHARGED.value, on, {"why": why})


def step(
    desk: Desk,
    order: Order,
    act: Annotated[
        str,
        typer.Argument(
            metavar="STEP", help="Such as 'sought', 'hearing listed', 'refused', 'requirement missed'."
        ),
    ],
    on: On = None,
    at: At = None,
    why: Annotated[str | None, typer.Option("--why", metavar="TEXT", help="The reason.")] = None,
    condition: Annotated[
        int | None, typer.Option(min=1, help="The number of the requirement that it is about.")
    ] = None,
) -> None:
    """Record any other step of an order: an application, a hearing, its outcome, a requirement.

    Example: stac order step PO-7K3M9QV "hearing listed" --on 2030-01-31
    """
    from engine.domain.orders.orders import OrderAct

    chosen = one_of(OrderAct, act, "STEP")
    given: dict[str, object] = {"why": why, "condition": condition, "at_time": at}
    _step(desk, order, chosen.value, on, given)


def join(desk: Desk, order: Order, reference: Reference) -> None:
    """Record that an order serves another case too.

    Example: stac order join PO-7K3M9QV R-7K3M9QV
    """
    from engine.services.orders.recording import join_case

    recorded = join_case(desk.context, order=order, reference=reference)
    _print(recorded, desk.as_json)


def _given(file: str, as_json: bool) -> OrderGiven:
    from engine.domain.orders.orders import OrderGiven
    from engine.services.orders.clocks import check_days_of_order

    with answering(as_json):
        written = document_of(file)
        check_days_of_order(written)
        return checked(OrderGiven, written)


def _step(desk: Desk, order: str, act: str, on: str | None, given: dict[str, object]) -> None:
    from engine.domain.orders.orders import StepGiven
    from engine.services.orders.recording import record_step

    day = a_day(on, "--on")
    facts = {"act": act, "on": day or desk.runtime.clock.today(), **given}
    recorded = record_step(desk.context, order=order, step=checked(StepGiven, facts))
    _print(recorded, desk.as_json)


def _copy(desk: Desk, order: str, file: str, why: str, *, is_renewal: bool) -> None:
    from engine.services.orders.recording import vary_order

    given = _given(file, desk.as_json)
    recorded = vary_order(desk.context, order=order, given=given, why=why, is_renewal=is_renewal)
    _print(recorded, desk.as_json)


def _print(recorded: OrderRecorded, as_json: bool) -> None:
    if as_json:
        print_json(recorded.model_dump(mode="json"))
    else:
        say(f"order {recorded.reference} of {recorded.case}: step {recorded.step}, {recorded.act.value}")
