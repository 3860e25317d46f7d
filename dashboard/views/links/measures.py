"""Measures of what a map shows, each with a caution. No list here is a rank."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, session, words
from dashboard.link_graph import pictures
from dashboard.views.links import source
from engine.domain.links.map_measures import ItemMeasure, MapMeasures
from engine.domain.links.maps import LinkMap
from engine.services.links.maps import measures_of

_STORED = "links-measured"
_NOTE = (
    "People on the record are not ranked. Only things, and adults named as perpetrator and not as victim, "
    "have a measure; a person without a date of birth has none. Important on a map is not dangerous."
)
_AT_ONCE = 100
_AT_ONCE_TO = 300
"""Items of a map whose measures are worked out with it: that takes a tenth of a second."""


def of(drawn: LinkMap) -> MapMeasures:
    """Return the measures of this map, worked out once."""
    stored: tuple[LinkMap, MapMeasures] | None = session.stored_value(_STORED, tuple)
    if stored is not None and _is_worked_out(drawn):
        return stored[1]
    made = measures_of(drawn)
    session.keep(_STORED, (drawn, made))
    return made


def _is_worked_out(drawn: LinkMap) -> bool:
    stored: tuple[LinkMap, MapMeasures] | None = session.stored_value(_STORED, tuple)
    return stored is not None and all(
        getattr(stored[0], part) == getattr(drawn, part) for part in ("edges", "nodes", "measured")
    )


def draw(drawn: LinkMap) -> None:
    """Draw the figures of the whole map, and the values of the items that may have them."""
    markup.draw(
        markup.heading(
            "Measures of this map",
            at="measures",
            note=_NOTE if source.network() is None else "Important on a map is not dangerous.",
        )
    )
    is_large = len(drawn.nodes) > _AT_ONCE_TO
    if is_large and not _is_worked_out(drawn) and not st.button("Show measures", key="links-measures"):
        markup.draw(markup.none_recorded("Not worked out: the map is large. It takes about 2 seconds."))
        return
    found = of(drawn)
    rows = [(figure.name, figure.value, figure.says, figure.caution) for figure in found.figures]
    markup.draw(markup.table(("Measure", "Value", "Explanation", "Caution"), rows, caption="The whole map"))
    markup.draw(
        markup.details(f"Measures of {words.counted(len(found.items), 'item')}", _items(drawn, found))
    )


def _items(drawn: LinkMap, found: MapMeasures) -> markup.Markup:
    names = {each.node.id: pictures.label(each) for each in drawn.nodes}
    rows = [
        (
            names[item.id],
            item.id,
            "; ".join(f"{number:,} {kind}" for kind, number in item.links_by_kind.items()),
            *(_figure(item.values[measure]) for measure in ItemMeasure),
            *(str(numbers[item.id]) for numbers in found.groups.values()),
        )
        for item in found.items[:_AT_ONCE]
    ]
    columns = (
        "Item",
        "Reference",
        "Linked items by kind of link",
        *(words.sentence(measure.value) for measure in ItemMeasure),
        *(words.sentence(colouring.value) for colouring in found.groups),
    )
    caption = "In the order of references"
    if len(found.items) > _AT_ONCE:
        caption += f", the first {_AT_ONCE} of {len(found.items):,}"
    formulas = [(words.sentence(measure.value), measure.formula, measure.caution) for measure in ItemMeasure]
    return markup.join(
        [
            markup.table(columns, rows, caption=caption),
            markup.element(
                "p", f"{words.counted(found.without, 'person', 'people')} without a measure.", class_="sub"
            ),
            markup.table(("Measure", "Formula", "Caution"), formulas, caption="Formulas"),
        ]
    )


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.3g}"
