"""Questions to a whole network: rankings, communities, patterns, conditions. Each is read when asked."""

from __future__ import annotations

import streamlit as st

from dashboard import downloads, markup, record, session, words
from dashboard.errors import show_errors
from dashboard.views.links import source
from dashboard.views.links.pattern_search import name_in_words
from engine.services.links.choices import Patterns
from engine.services.links.network_maps import (
    NetworkOpened,
    WholeNetwork,
    ask_network,
    measure_own_network,
    patterns_of_network,
)

_SHOWN = 20
_GROUPS = 30
_QUESTION = """[find]
type = "person"
[[find.linked]]
to = { type = "incident" }
at_most = 0
[count]
to = { type = "person", linked = [{ to = { type = "incident" } }] }
"""


def draw(opened: NetworkOpened) -> None:
    """Draw the questions, and the answers that were asked for in this session."""
    reference = opened.network.reference
    markup.draw(
        markup.heading(
            "The whole network",
            at="whole",
            note=(
                "Rankings are open here: nothing of this is the record. Important in a network is not "
                "dangerous. It may only mean more recording."
            ),
        )
    )
    context = record.runtime().context(session.acting())
    measured, found = source.named("network-measured"), source.named("network-patterns")
    with st.container(horizontal=True, vertical_alignment="center", key="network-whole"):
        if st.button("Measures and communities", key="network-measure"):
            with show_errors():
                session.keep(measured, measure_own_network(context, network=reference))
        if st.button("Patterns in all of it", key="network-patterns-all"):
            with show_errors():
                session.keep(found, patterns_of_network(context, network=reference))
        for form in ("csv", "xlsx"):
            markup.draw(
                markup.fetch(
                    f"Rankings as {form.upper()}",
                    downloads.ASK,
                    kind=downloads.NETWORK_RANKINGS[form],
                    reference=reference,
                    look="quiet",
                )
            )
    whole: WholeNetwork | None = session.stored_value(measured, WholeNetwork)
    if whole is not None:
        _draw_measures(whole)
        _draw_communities(whole)
    patterns: Patterns | None = session.stored_value(found, Patterns)
    if patterns is not None:
        _draw_patterns(patterns)
    _draw_question(reference)


def _draw_measures(whole: WholeNetwork) -> None:
    figures = whole.measured
    rows = [
        ("Entities", f"{figures['nodes']:,}"),
        ("Linked pairs", f"{figures['edges']:,}"),
        ("Components", f"{figures['components']:,}"),
        ("Entities in the largest", f"{figures['largest_component']:,}"),
        ("Triangles", f"{figures['triangles']:,}"),
        ("Density", _figure(figures["density"])),
        ("Transitivity", _figure(figures["transitivity"])),
    ]
    markup.draw(markup.table(("Figure", "Value"), rows, caption="The network in figures"))
    for name, each in figures["measures"].items():
        top = [
            (str(place), whole.labels.get(ranked["id"], ranked["id"]), ranked["id"], _figure(ranked["value"]))
            for place, ranked in enumerate(each["top"][:_SHOWN], start=1)
        ]
        about = f"{words.sentence(each['formula'])}."
        if each["error"] is not None:
            about += (
                f" Estimated from {each['sources']:,} entities; the values shown are within "
                f"{_figure(each['error'])} of the exact ones, 19 times in 20."
            )
        ranking = markup.table(("", "Entity", "Id", "Value"), top, caption=f"Largest values of {name}")
        markup.draw(markup.details(words.sentence(name), markup.element("p", about, class_="sub"), ranking))


def _draw_communities(whole: WholeNetwork) -> None:
    groups = [group for group in whole.communities if len(group) > 1]
    rows = [
        (str(number), f"{len(group):,}", ", ".join(whole.labels.get(each, each) for each in group[:8]))
        for number, group in enumerate(groups[:_GROUPS], start=1)
    ]
    modularity = "" if whole.modularity is None else f", modularity {whole.modularity:.4f}"
    caption = f"{words.counted(len(groups), 'community', 'communities')} of 2 or more{modularity}"
    note = (
        "Groups with more links inside than chance would give. A community is not a gang and proves nothing."
    )
    table = markup.table(("", "Entities", "The first of them"), rows, caption=caption)
    markup.draw(markup.details("Communities", markup.element("p", note, class_="sub"), table))


def _draw_patterns(found: Patterns) -> None:
    rows = [
        (name_in_words(key), finding.says, "; ".join(finding.counter_evidence))
        for key, findings in found.findings.items()
        for finding in findings[:_SHOWN]
    ]
    number = sum(len(findings) for findings in found.findings.values())
    caption = f"{words.counted(number, 'finding')} in the order of the files, {len(rows):,} shown"
    markup.draw(markup.table(("Pattern", "Finding", "Evidence against it"), rows, caption=caption))
    if found.not_judged:
        reasons = markup.bullets(f"{each.pattern.value}: {each.judged.says}" for each in found.not_judged)
        markup.draw(markup.details(f"Not judged: {len(found.not_judged):,}", reasons))


def _draw_question(reference: str) -> None:
    with (
        st.expander("Question with conditions", key="network-question"),
        st.form("network-question-form", border=False, enter_to_submit=False),
    ):
        note = "The example lists people with no incident of their own, by how many associates are in one."
        markup.draw(markup.element("p", note, class_="sub"))
        typed = st.text_area("Question", value=_QUESTION, key="network-question-text", height=180)
        asked = st.form_submit_button("Ask", key="network-question-ask")
        if asked:
            with show_errors():
                context = record.runtime().context(session.acting())
                rows = ask_network(context, network=reference, question=typed)
                shown = [(row.id, "" if row.value is None else f"{row.value:,}") for row in rows[:100]]
                caption = words.counted(len(rows), "entity", "entities")
                markup.draw(markup.table(("Id", "Count"), shown, caption=caption))


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.6g}"
