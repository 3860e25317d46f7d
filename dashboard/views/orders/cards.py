"""Cards: the conditions of an order, contradictions, and the one for police who are called at night."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard import markup, session, words
from engine.domain.orders.conditions import NOT_CHECKED
from engine.domain.orders.views import CardView, ConditionView, ContradictionView, OrderView

_MUST = {"must not": ("Must not", "t-mine"), "must": ("Must", "t-info")}
DO_NOT_READ_OUT = "Do not read out an area, a place or another protected person's name."


def conditions(order: OrderView, held: Mapping[int, str]) -> markup.Markup:
    """Return a card for each condition: who, what, where, when and until, in this order always.

    ``held`` has by number what incidents were held against it, in words.
    """
    cards = (_condition(each, held.get(each.number)) for each in order.conditions)
    return markup.element("div", *cards, class_="conditions")


def _condition(each: ConditionView, held: str | None) -> markup.Markup:
    said, look = _MUST.get(each.must, ("Not coded", "t-dash"))
    where = (
        markup.join([markup.tag("Sealed", "t-dash"), each.where.removeprefix("Sealed. ")], " ")
        if each.is_sealed
        else each.where
    )
    pairs = (
        ("Person", each.who),
        ("Content", each.what),
        ("Place", where),
        ("Time", each.when),
        ("Until", each.until),
    )
    foot: list[markup.Content] = []
    if not each.is_checked:
        foot.append(markup.tag(NOT_CHECKED, "t-dash"))
        foot.append("A person must read it.")
    if not each.is_current:
        foot.append(markup.tag("Does not apply today", "t-dash"))
    if each.is_requirement:
        foot.append(f"{words.sentence(each.results)}.")
    if held is not None:
        foot.append(f"Incidents: {held}.")
    return markup.element(
        "section",
        markup.element("h3", f"{each.number}. {each.title}", markup.tag(said, look)),
        markup.element(
            "dl", *(part for name, value in pairs for part in (_name(name), markup.element("dd", value)))
        ),
        markup.element("div", *_spaced(foot), markup.details("Wording", each.wording), class_="foot"),
    )


def contradictions(found: Sequence[ContradictionView]) -> markup.Markup:
    """Return a card for each pair of conditions that do not agree."""
    return markup.element(
        "div",
        *(
            markup.element(
                "section",
                markup.element(
                    "h3", f"2 orders differ on {each.about}", markup.tag("Contradiction", "t-differ")
                ),
                markup.element(
                    "dl",
                    *(
                        part
                        for name, value in (
                            ("Order 1", each.one_says),
                            ("Order 2", each.other_says),
                            ("Next", each.next),
                        )
                        for part in (_name(name), markup.element("dd", value))
                    ),
                ),
                markup.element("div", each.found_by, class_="foot"),
                class_="amber",
            )
            for each in found
        ),
        class_="conditions",
    )


def _call(card: CardView) -> markup.Markup:
    """Return whom to call: a number that answers at any hour first, then the lead, who may be asleep."""
    lead = session.named(card.police_lead) if card.police_lead else "no one is named on this case"
    said = f"{card.call}. Police lead: {lead}. Safe contact: through the safe-contact officer only."
    return markup.element("p", markup.element("b", "Call "), said)


def police(card: CardView) -> markup.Markup:
    """Return the card that is read at 3 a.m.: no place, no name of another person, no safe contact."""
    head = markup.element(
        "header",
        markup.element("p", f"Current conditions, {words.moment(card.at)}"),
        markup.element("h2", "If police are called now"),
    )
    if card.is_empty:
        said = "No current order is recorded on this case. One can exist: ask the police lead."
        inside = markup.element("div", *_gap(card), said, *_erased(card), _call(card), class_="in")
        return markup.element("aside", head, inside, class_="called")
    parts: list[markup.Content] = _gap(card)
    if card.not_served:
        parts.append(
            markup.element(
                "p",
                markup.element("b", f"Not served: {words.listed(list(card.not_served))}. "),
                "Find out before you act.",
                class_="unserved",
            )
        )
    child = " The respondent is a child." if card.respondent == "a child" else ""
    verb = "applies" if len(card.orders) == 1 else "apply"
    applies = f"{words.counted(len(card.orders), 'order')} {verb} now.{child}"
    parts += [markup.element("p", markup.element("b", applies)), markup.bullets(card.orders), *_erased(card)]
    for heading, lines in (
        ("✗ Must not", card.must_not),
        ("✓ Must", card.must),
        ("If a condition is broken", card.breaches),
    ):
        if lines:
            parts += [markup.element("h3", heading), markup.bullets(lines)]
    if card.unchecked:
        more = words.counted(card.unchecked, "more condition")
        parts.append(markup.element("p", f"{more} in the court's own words: read the order."))
    parts += [markup.element("p", DO_NOT_READ_OUT, class_="mind"), _call(card)]
    return markup.element(
        "aside",
        head,
        markup.element("div", *parts, class_="in"),
        class_="called",
        aria_label="Current conditions for police",
    )


def _gap(card: CardView) -> list[markup.Content]:
    return [markup.element("p", markup.element("b", card.gap), class_="unserved")] if card.gap else []


def _erased(card: CardView) -> list[markup.Content]:
    return [markup.element("p", card.erased_in_words)] if card.erased_in_words else []


def _name(name: str) -> markup.Markup:
    return markup.element("dt", name)


def _spaced(parts: Sequence[markup.Content]) -> list[markup.Content]:
    return [part for each in parts for part in (each, " ")]
