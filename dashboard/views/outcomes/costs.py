"""Cost of the time that agencies reported, over all cases, with the price list that it is worked out by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from dashboard import forms, markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_model import Form
from dashboard.pages import Place
from dashboard.views.outcomes.count_tables import as_csv, count, earlier, start_part
from engine.domain.asked import Asked
from engine.domain.drafts import ABOUT_NO_CASE, DraftForm
from engine.domain.outcomes.prices import Price, StoredPriceList, in_words
from engine.domain.outcomes.releases import EVERYONE, Release
from engine.domain.outcomes.work_figures import COSTS, ReleasedCosts
from engine.services.outcomes.costs import add_price, may_set_prices, price_lists

_WHAT = (
    "Minutes that agencies reported for actions, at the price of an hour on the day of the work. Time that "
    "was not reported is in no cost, so the figure is the least that it cost. It is not a saving: what would "
    "have happened without help is not known. Shown where 10 cases or more have time reported and 2 of "
    "them are not nearly all of it."
)


def page() -> None:
    """Draw the page: what an evaluation asks, then the costs, then the prices."""
    with show_errors():
        runtime = record.runtime()
        names = {agency.code: agency.name for agency in runtime.agencies_known}
        release = start_part("Costs", "Over all cases, not of one case.")
        markup.draw(_headings())
        if release is not None and release.work is not None and release.work.costs is not None:
            draw(release.work.costs, release, names)
        draw_prices(price_lists(runtime.context(session.acting())), names)
        if may_set_prices(session.acting()):
            forms.button(adding_price(names), "Add a price", key="add-price")


def _headings() -> markup.Markup:
    """Return the five headings of an evaluation by EMMIE, each with where its figures are."""

    def part(code: str, name: str) -> markup.Markup:
        return markup.go(name, Place.OUTCOMES, codes={"part": code} if code else None)

    return markup.definitions(
        [
            (
                "Effect",
                markup.join([part("", "Overview"), ": whether stalking continued. It shows no cause."]),
            ),
            ("Mechanism", markup.join([part("victims", "Victims' outcomes"), ": what changed for victims."])),
            (
                "Moderators",
                markup.join([part("equity", "Equity"), ": who was reached, by one characteristic."]),
            ),
            ("Implementation", markup.join([part("process", "Process"), ": how the work went."])),
            ("Economics", "The figures below."),
        ]
    )


def draw(released: ReleasedCosts, release: Release, names: Mapping[str, str]) -> None:
    """Draw the sums, or in one sentence why they cannot be estimated."""
    view = released.view
    markup.draw(markup.heading("Economics", at="economics"))
    if view.why_not is not None:
        markup.draw(markup.notice("info", _in_names(view.why_not, names)))
    markup.draw(
        markup.join(
            [
                markup.definitions(
                    (
                        ("Cases with time reported", count(view.cases)),
                        ("Cost of each of them, on average", _pounds(view.pounds_per_case)),
                        ("Cost in all", _pounds(view.pounds)),
                        ("Minutes reported", count(view.minutes)),
                        ("Reports without minutes, in no cost", _of(view.not_timed, view.reports)),
                    ),
                    class_="bignums",
                ),
                markup.table(
                    ("Agency", "Minutes", "Cost"),
                    [
                        (names.get(each.agency, each.agency), count(each.minutes), _pounds(each.pounds))
                        for each in view.agencies
                    ],
                    caption="By agency. One agency with few cases hides all rows",
                )
                if view.agencies
                else markup.none_recorded("No agency has reported minutes."),
                earlier(released.as_of, release),
                markup.details("What is this figure?", _WHAT),
                as_csv(EVERYONE, COSTS),
            ]
        )
    )


def draw_prices(versions: Sequence[StoredPriceList], names: Mapping[str, str]) -> None:
    """Draw the price list that applies, and which lists it replaced."""
    markup.draw(
        markup.heading("Price list", at="prices", note="Pounds for an hour of an agency's work, by date.")
    )
    if not versions:
        markup.draw(markup.none_recorded("No price list is recorded."))
        return
    newest, *earlier = versions
    replaced = [f"version {each.version} of {words.day_of(each.at, year=True)}" for each in earlier]
    rows = [
        (
            names.get(price.agency, price.agency),
            in_words(price.begins),
            in_words(price.ends) if price.ends else "still applies",
            f"£{price.pounds_per_hour:,}",
        )
        for price in newest.given.in_order()
    ]
    by = f"Version {newest.version}, by {session.named(newest.by)}, {words.day_of(newest.at, year=True)}."
    markup.draw(
        markup.join(
            [
                markup.table(("Agency", "From", "To", "An hour"), rows, caption=by),
                markup.element("p", f"It replaced {words.listed(replaced)}.", class_="sub")
                if replaced
                else None,
            ]
        )
    )


def adding_price(names: Mapping[str, str]) -> Form[Price, int]:
    """Return the form for one agency's new price; the price before it then ends."""
    wrong = "give a number such as 43.25"
    return Form(
        Price,
        draft=DraftForm.PRICE,
        case=ABOUT_NO_CASE,
        key="price",
        title="Add a price",
        note="The price before it then ends. To correct a price, use stac outcome prices.",
        asks={
            "agency": Asked("Agency", offered=True),
            "begins": Asked("From", part="from"),
            "pounds_per_hour": Asked("Pounds an hour", wrong=wrong, code="pounds", example="43.25"),
        },
        offers={"agency": names},
        button="Add price",
        records=lambda context, given: add_price(context, price=given),
        done=lambda _, version: f"Price list {version} applies now.",
        undone_by="a newer list of prices",
    )


def _in_names(sentence: str, names: Mapping[str, str]) -> str:
    for code, name in names.items():
        sentence = sentence.replace(f"price of {code}", f"price of {name}")
    return sentence


def _pounds(amount: Decimal | None) -> markup.Content:
    return markup.none_recorded("not shown") if amount is None else f"£{amount:,}"


def _of(number: int | None, whole: int | None) -> markup.Content:
    return count(None) if number is None or whole is None else f"{number:,} of {whole:,}"
