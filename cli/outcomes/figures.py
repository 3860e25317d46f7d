"""Figures over all cases on a terminal, small ones hidden. Asks and prints; decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cli.input_files import checked, document_of, one_of
from cli.options import CASE_WORK, AsJson, AsUser, Purpose
from cli.output import print_json, say, when
from cli.session import answering, at_desk
from cli.templates import PRICE_LIST, print_template

if TYPE_CHECKING:
    from engine.domain.outcomes.agreement import AgreementFigure
    from engine.domain.outcomes.prices import CostView, StoredPriceList
    from engine.domain.outcomes.tables import FigureTable, Spread

# The engine is imported inside the command: `stac --help` must not wait for the database's library.

_HIDDEN = "hidden"


def victims(user: AsUser = None, purpose: Purpose = CASE_WORK, as_json: AsJson = False) -> None:
    """Show victims' outcomes over all cases: who was asked, the answers, and the change from intake to exit.

    Example: stac outcome victims
    """
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.outcomes.victims import victims_figures

        tables = victims_figures(desk.context)
    _print_tables(tables, as_json=as_json)
    if not as_json:
        say("A victim who does not engage is in no change. Victims are not averaged.")


def process(user: AsUser = None, purpose: Purpose = CASE_WORK, as_json: AsJson = False) -> None:
    """Show figures of the work: times, responses, items, actions, dissent, advocacy and wishes.

    Example: stac outcome process
    """
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.outcomes.process import process_figures

        view = process_figures(desk.context)
    if as_json:
        print_json(view.model_dump(mode="json"))
        return
    for spread in view.days:
        say(f"{spread.title}: {_days(spread)}")
    _print_tables(view.tables, as_json=False)


def equity(
    by: Annotated[str, typer.Option(metavar="CHARACTERISTIC", help="For instance sex or 'age band'.")],
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Show figures by one characteristic of victims, as they describe themselves.

    Example: stac outcome equity --by sex
    """
    from engine.domain.outcomes.described import Characteristic

    chosen = one_of(Characteristic, by, "--by")
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.outcomes.equity import equity_figures

        tables = equity_figures(desk.context, by=chosen)
    _print_tables(tables, as_json=as_json)


def agreement(user: AsUser = None, purpose: Purpose = CASE_WORK, as_json: AsJson = False) -> None:
    """Show how far the views of two agencies agree, for each domain of risk. Agreement is not accuracy.

    Example: stac outcome agreement
    """
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.outcomes.agreement import agreement_between_agencies

        figures = agreement_between_agencies(desk.context)
    if as_json:
        print_json(
            {"conventions": _CONVENTIONS, "agreement": [each.model_dump(mode="json") for each in figures]}
        )
        return
    for line in _agreement_lines(figures):
        say(line)


_CONVENTIONS = {
    "kappa": "Cohen's weighted kappa, linear weights; 95 % interval from the asymptotic variance of Fleiss, "
    "Cohen and Everitt (1969)",
    "least": "20 cases that both viewed, 3 professionals on each side",
    "meaning": "Agreement is not accuracy, and not a target.",
}


def costs(user: AsUser = None, purpose: Purpose = CASE_WORK, as_json: AsJson = False) -> None:
    """Show the cost of the time that agencies reported, over all cases, by the price list.

    Example: stac outcome costs
    """
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.outcomes.costs import cost_figures

        view = cost_figures(desk.context)
    if as_json:
        print_json(view.model_dump(mode="json"))
        return
    for line in _cost_lines(view):
        say(line)


def prices(
    file: Annotated[
        str | None,
        typer.Argument(metavar="FILE", help="The whole list, in JSON or TOML; without it the list is shown."),
    ] = None,
    template: Annotated[bool, typer.Option("--template", help="Write a FILE to fill in.")] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Show the price list of agencies' time, or replace it from FILE (coordinator, manager).

    Example: stac outcome prices prices.toml
    """
    if template:
        print_template(PRICE_LIST)
        return
    if file is not None:
        _set_prices(file, user, purpose, as_json=as_json)
        return
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.outcomes.costs import price_lists

        versions = price_lists(desk.context)
    if as_json:
        print_json({"versions": [each.model_dump(mode="json") for each in versions]})
    else:
        for line in _price_lines(versions):
            say(line)


def _set_prices(file: str, user: str | None, purpose: str, *, as_json: bool) -> None:
    from engine.domain.outcomes.prices import PriceList

    with answering(as_json):
        given = checked(PriceList, document_of(file))
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.outcomes.costs import set_prices

        version = set_prices(desk.context, given=given)
    if as_json:
        print_json({"version": version})
    else:
        say(f"price list {version} applies now")


def _print_tables(tables: Iterable[FigureTable], *, as_json: bool) -> None:
    if as_json:
        print_json({"tables": [table.model_dump(mode="json") for table in tables]})
        return
    for table in tables:
        for line in _table_lines(table):
            say(line)


def _table_lines(table: FigureTable) -> Iterator[str]:
    yield f"{table.title} (of {_shown(table.whole)} {table.counts})"
    if table.is_hidden:
        yield f"  {_HIDDEN}: fewer than 10 cases, or figures that would show them"
        return
    for row in table.rows:
        yield f"  {', '.join(row.levels)}: {_shown(row.count)}"


def _shown(count: object) -> str:
    return _HIDDEN if count is None else f"{count:,}" if isinstance(count, int) else str(count)


def _days(spread: Spread) -> str:
    if spread.median is None:
        return f"{_HIDDEN}: too few cases came so far"
    quartiles = (
        ""
        if spread.lower_quartile is None
        else f" (quartiles {spread.lower_quartile} and {spread.upper_quartile})"
    )
    return f"median {spread.median} days{quartiles}, {_shown(spread.cases)} cases"


def _agreement_lines(figures: Sequence[AgreementFigure]) -> Iterator[str]:
    if not figures:
        yield "No two agencies have viewed the same domain of a case."
    for each in figures:
        yield f"{each.domain.value}: {' and '.join(each.agencies)}"
        if each.why_not is not None:
            yield f"  {each.why_not}"
            continue
        yield f"  same level in {each.agreed} of {each.cases} cases"
        yield f"  weighted kappa {each.kappa:.2f} (95 %: {each.low:.2f} to {each.high:.2f})"
        for rate in each.base_rates:
            yield f"  {rate.agency}, {rate.level.value}: {_shown(rate.count)}"
    yield _CONVENTIONS["meaning"]


def _cost_lines(view: CostView) -> Iterator[str]:
    if view.why_not is not None:
        yield view.why_not
    yield f"cases with time reported: {_shown(view.cases)}"
    yield f"minutes: {_shown(view.minutes)}"
    yield f"cost: {_pounds(view.pounds)}"
    yield f"cost per case: {_pounds(view.pounds_per_case)}"
    for each in view.agencies:
        yield f"  {each.agency}: {_shown(each.minutes)} minutes, {_pounds(each.pounds)}"
    yield f"reports without minutes, in no cost: {_shown(view.not_timed)} of {_shown(view.reports)}"


def _pounds(amount: object) -> str:
    return "not shown" if amount is None else f"\u00a3{amount:,}"


def _price_lines(versions: Sequence[StoredPriceList]) -> Iterator[str]:
    if not versions:
        yield "No price list is recorded."
        return
    newest, *earlier = versions
    yield f"version {newest.version}, by {newest.by}, {when(newest.at)}"
    for price in newest.given.in_order():
        ends = f"to {price.ends}" if price.ends else "and still applies"
        yield f"  {price.agency}: \u00a3{price.pounds_per_hour} an hour from {price.begins} {ends}"
    for old in earlier:
        yield f"replaced: version {old.version}, by {old.by}, {when(old.at)}"
