"""Figures over all cases on a terminal, small ones hidden. Asks and prints; decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cli.input_files import checked, document_of, one_of
from cli.options import CASE_WORK, AsJson, AsUser, Purpose
from cli.output import print_json, say, when
from cli.session import Desk, answering, at_desk
from cli.templates import PRICE_LIST, print_template

if TYPE_CHECKING:
    from engine.domain.outcomes.agreement import AgreementFigure
    from engine.domain.outcomes.prices import CostView, StoredPriceList
    from engine.domain.outcomes.releases import Release
    from engine.domain.outcomes.tables import FigureTable, Spread

# The engine is imported inside the command: `stac --help` must not wait for the database's library.

_HIDDEN = "hidden"


Exact = Annotated[
    bool,
    typer.Option("--exact", help="Exact, of today; only for a person who can open each of the cases."),
]


def victims(desk: Desk) -> None:
    """Show victims' outcomes in the newest release: who was asked, the answers, and the change to exit.

    Example: stac outcome victims
    """
    release = _release(desk)
    _print_tables(release, "victims", as_json=desk.as_json)
    if not desk.as_json and release is not None:
        say("A victim who does not engage is in no change. Victims are not averaged.")


def process(desk: Desk, exact: Exact = False) -> None:
    """Show figures of the work in the newest release: times, responses, actions, dissent, orders.

    Example: stac outcome process
    """
    if exact:
        _print_exact_process(desk)
        return
    release = _release(desk)
    work = release.work if release is not None else None
    if desk.as_json:
        days = [each.model_dump(mode="json") for each in work.days] if work is not None else []
        tables = [*_as_json(release, "process"), *_as_json(release, "orders")]
        print_json({**_of(release), "days": days, "tables": tables})
        return
    for spread in work.days if work is not None else ():
        say(f"{spread.days.title}: {_days(spread.days)}")
    for subject in ("process", "orders"):
        _print_tables(release, subject, as_json=False)


def _print_exact_process(desk: Desk) -> None:
    from engine.services.outcomes.process import process_figures

    view = process_figures(desk.context)
    if desk.as_json:
        print_json(view.model_dump(mode="json"))
        return
    for spread in view.days:
        say(f"{spread.title}: {_days(spread)}")
    for table in view.tables:
        for line in _table_lines(table):
            say(line)


def equity(
    desk: Desk,
    by: Annotated[str, typer.Option(metavar="CHARACTERISTIC", help="For instance sex or 'age band'.")],
) -> None:
    """Show figures of the newest release by one characteristic of victims, as they describe themselves.

    Example: stac outcome equity --by sex
    """
    from engine.domain.outcomes.described import Characteristic

    chosen = one_of(Characteristic, by, "--by")
    name = f"equity_{chosen.value.replace(' ', '_')}"
    _print_tables(_release(desk), name, as_json=desk.as_json)


def agreement(desk: Desk) -> None:
    """Show how far the views of two agencies agree in the newest release. Agreement is not accuracy.

    Example: stac outcome agreement
    """
    release = _release(desk)
    released = release.work.agreement if release is not None and release.work is not None else ()
    if desk.as_json:
        print_json(
            {
                **_of(release),
                "conventions": _CONVENTIONS,
                "agreement": [each.model_dump(mode="json") for each in released],
            }
        )
        return
    for line in _agreement_lines([each.figure for each in released]):
        say(line)


_CONVENTIONS = {
    "kappa": "Cohen's weighted kappa, linear weights; 95 % interval from the asymptotic variance of Fleiss, "
    "Cohen and Everitt (1969)",
    "least": "20 cases that both viewed, 3 professionals on each side",
    "meaning": "Agreement is not accuracy, and not a target.",
}


def costs(desk: Desk, exact: Exact = False) -> None:
    """Show the cost of the time that agencies reported, in the newest release, by the price list.

    Example: stac outcome costs
    """
    if exact:
        from engine.services.outcomes.costs import cost_figures

        view = cost_figures(desk.context)
        as_of: dict[str, object] = {}
    else:
        release = _release(desk)
        as_of = _of(release)
        if release is None or release.work is None or release.work.costs is None:
            if desk.as_json:
                print_json(as_of)
            return
        view = release.work.costs.view
        as_of["figures_of"] = release.work.costs.as_of.isoformat()
    if desk.as_json:
        print_json({**as_of, **view.model_dump(mode="json")})
        return
    for line in _cost_lines(view):
        say(line)


def prices(
    file: Annotated[
        str | None,
        typer.Argument(metavar="FILE", help="The whole list, in JSON or TOML; without it the list is shown."),
    ] = None,
    template: Annotated[bool, typer.Option("--template", help="Print a FILE to fill in.")] = False,
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


def _release(desk: Desk) -> Release | None:
    """Return the newest release, and print which one it is, or why there are no figures."""
    from engine.services.outcomes.releases import newest_release

    release = newest_release(desk.context)
    if desk.as_json:
        return release
    if release is None:
        say("No release has been made.")
    elif release.work is None:
        say(f"The release of {release.as_of} does not have these figures yet.")
    else:
        say(f"Release of {release.as_of}")
    return release


def _of(release: Release | None) -> dict[str, object]:
    return {"as_of": release.as_of.isoformat() if release is not None else None}


def _as_json(release: Release | None, subject: str) -> list[object]:
    """Return the tables of a subject, each with the date of the release that it is of."""
    if release is None or release.work is None:
        return []
    return [each.model_dump(mode="json") for each in release.work.tables_of(subject)]


def _print_tables(release: Release | None, subject: str, *, as_json: bool) -> None:
    if as_json:
        print_json({**_of(release), "tables": _as_json(release, subject)})
        return
    if release is None or release.work is None:
        return
    for each in release.work.tables_of(subject):
        for line in _table_lines(each.table):
            say(line)
        if each.as_of != release.as_of:
            say(f"  figures of {each.as_of}: too few cases have changed since")


def _table_lines(table: FigureTable) -> Iterator[str]:
    yield f"{table.title} (of {_shown(table.whole)} {table.counts})"
    if table.is_hidden:
        yield f"  {_HIDDEN}: too few cases, or figures that would show them"
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
        yield f"  same level in {each.agreed:,} of {each.cases:,} cases"
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
