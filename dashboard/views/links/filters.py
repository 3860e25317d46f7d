"""Selection of what a map shows: kinds, grades. Each choice is a step that can be undone."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, session, words
from dashboard.views.links import steps as link_steps
from engine.domain.links.looks import LOOKS
from engine.domain.links.maps import MOST_HOPS, GradeCut, LinkMap, Steps
from engine.domain.links.views import NodeKind


def draw(steps: Steps, drawn: LinkMap) -> None:
    """Draw the choices, as the map is now; their keys change with each step, so that undo shows in them."""
    markup.draw(markup.heading("Show", at="show", level=3))
    turn = f"{len(steps.before)}-{len(steps.after)}"
    now = steps.now
    st.selectbox(
        "Distance",
        range(1, MOST_HOPS + 1),
        index=now.hops - 1,
        format_func=lambda hops: words.counted(hops, "link"),
        key=f"links-hops-{turn}",
        on_change=_choose,
        args=(drawn, turn),
    )
    st.multiselect(
        "Kinds of items",
        drawn.kinds_there,
        default=[kind for kind in drawn.kinds_there if kind not in now.kinds_left_out],
        format_func=lambda kind: words.sentence(LOOKS[kind.value].words),
        key=f"links-kinds-{turn}",
        on_change=_choose,
        args=(drawn, turn),
    )
    st.multiselect(
        "Kinds of links",
        drawn.links_there,
        default=[kind for kind in drawn.links_there if kind not in now.links_left_out],
        format_func=words.sentence,
        key=f"links-said-{turn}",
        on_change=_choose,
        args=(drawn, turn),
    )
    st.selectbox(
        "By grade",
        list(GradeCut),
        index=list(GradeCut).index(now.grades),
        format_func=words.labelled,
        key=f"links-grades-{turn}",
        help="The 3x5x2 grade given to the source. A link without a grade is not confirmed.",
        on_change=_choose,
        args=(drawn, turn),
    )
    st.checkbox(
        "Group incidents of the same people",
        value=now.folds,
        key=f"links-folds-{turn}",
        on_change=_choose,
        args=(drawn, turn),
    )


def _choose(drawn: LinkMap, turn: str) -> None:
    """Take the step that all choices together make, after one was changed."""
    now = drawn.asked
    kinds = session.stored_value(f"links-kinds-{turn}", list) or []
    said = session.stored_value(f"links-said-{turn}", list) or []
    link_steps.go_on(
        now.changed(
            hops=session.number(f"links-hops-{turn}", now.hops),
            kinds_left_out=tuple(_not_chosen(drawn.kinds_there, kinds, now.kinds_left_out)),
            links_left_out=tuple(_not_said(drawn.links_there, said, now.links_left_out)),
            grades=session.stored_value(f"links-grades-{turn}", GradeCut),
            folds=session.stored_value(f"links-folds-{turn}", bool),
        )
    )


def _not_chosen(
    there: tuple[NodeKind, ...], chosen: list[NodeKind], before: tuple[NodeKind, ...]
) -> list[NodeKind]:
    """Return kinds that are there and not chosen, and those of before that are not there to be chosen."""
    return [
        kind
        for kind in NodeKind
        if (kind in there and kind not in chosen) or (kind not in there and kind in before)
    ]


def _not_said(there: tuple[str, ...], chosen: list[str], before: tuple[str, ...]) -> list[str]:
    return [kind for kind in there if kind not in chosen] + [kind for kind in before if kind not in there]
