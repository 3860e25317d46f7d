"""The box of the Links page and its answer: where a map or a path begins, and whom to ask."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.pages import Place
from dashboard.views.links import patterns as link_patterns
from dashboard.views.links import steps as link_steps
from dashboard.views.people import search_box
from engine.domain.errors import StacError
from engine.domain.links.maps import PathAsked
from engine.domain.links.questions import LinkEnd, LinkResult, LinksAnswer
from engine.services.people.link_search import ask_links, reference_in

LABEL = "Name, reference, phone number, plate or handle, or: path from A to B"
_ANSWER, _CHOSEN = "links-answer", "links-ends"


def ask() -> str | None:
    """Draw the box; return what was submitted."""
    return search_box.ask("links", label=LABEL, width=760)


def draw(typed: str | None) -> None:
    """Draw the answer to what was submitted, now or before."""
    if typed is not None:
        forget()
        with show_errors():
            _submitted(typed)
    answer: LinksAnswer | None = session.stored_value(_ANSWER, LinksAnswer)
    if answer is not None:
        _draw(answer)


def forget() -> None:
    """Draw no answer any more."""
    session.keep(_ANSWER, None)
    session.keep(_CHOSEN, None)


def _submitted(typed: str) -> None:
    """Begin a map at a reference; ask all else as one question."""
    reference = reference_in(typed)
    if reference is not None:
        _begin(reference)
        return
    runtime, steps = record.runtime(), link_steps.current()
    answer = ask_links(
        runtime.context(session.acting()),
        text=typed,
        snapshots=runtime.link_snapshots,
        start=steps.now.start if steps else None,
    )
    if answer.path is not None:
        link_steps.show_path(answer.path)
    session.keep(_ANSWER, answer)


def _begin(reference: str) -> None:
    """Begin a map here; where that is refused, the map that was drawn before stays."""
    before = link_steps.position()
    link_steps.begin(reference)
    try:
        link_steps.drawn()
    except StacError:
        link_steps.take_position(before)
        raise


def _draw(answer: LinksAnswer) -> None:
    if answer.path is None:
        titles = ("Path from", "Path to") if answer.is_path else ("Alleged perpetrators",)
        for side, (title, end) in enumerate(zip(titles, answer.ends, strict=True)):
            markup.draw(markup.heading(title, at=f"results-{side}"))
            _draw_end(answer, side, end)
    if answer.sent is not None and answer.left_today is not None:
        search_box.draw_sent(answer.sent, answer.left_today)


def _draw_end(answer: LinksAnswer, side: int, end: LinkEnd) -> None:
    chosen = _chosen(answer).get(side)
    for result in end.results:
        with st.container(
            key=f"links-result-{side}-{result.reference}", horizontal=True, vertical_alignment="center"
        ):
            markup.draw(_line(result))
            if answer.is_path:
                _offer_end(answer, side, result, is_chosen=chosen == result.reference)
            else:
                _offer_map(result)
    for hit in end.elsewhere:
        markup.draw(search_box.line(hit))
    search_box.draw_limits(
        is_listed=bool(end.results or end.elsewhere), more=end.more, too_common=end.too_common
    )


def _offer_map(result: LinkResult) -> None:
    ref = result.reference
    st.button("Show links", key=f"links-from-{ref}", on_click=_show_links, args=(ref,))
    st.button("Show patterns", key=f"links-patterns-of-{ref}", on_click=_show_patterns, args=(ref,))
    if link_steps.current() is not None:
        st.button("Path to it", key=f"links-to-{ref}", on_click=_show_path, args=(ref,))


def _offer_end(answer: LinksAnswer, side: int, result: LinkResult, *, is_chosen: bool) -> None:
    st.button(
        "Chosen" if is_chosen else "Choose",
        key=f"links-end-{side}-{result.reference}",
        disabled=is_chosen,
        on_click=_choose,
        args=(answer, side, result.reference),
    )


def _line(result: LinkResult) -> markup.Markup:
    """Return what it is, on what it matched, and the cases that can be opened."""
    on = f"Matched on {words.listed(list(result.on))}." if result.on else None
    cases = markup.join([markup.go(case, Place.CASE, case) for case in result.cases], ", ")
    opens = markup.join(["Open case ", cases]) if result.cases else None
    return markup.element(
        "p", markup.join([markup.element("b", result.label), on, opens], " "), class_="asks"
    )


def _chosen(answer: LinksAnswer) -> dict[int, str]:
    """Return by end the item that is meant: the only one, or the one that was chosen."""
    soles = {side: end.sole.reference for side, end in enumerate(answer.ends) if end.sole is not None}
    chosen: dict[int, str] = session.stored_value(_CHOSEN, dict) or {}
    return soles | chosen


def _choose(answer: LinksAnswer, side: int, reference: str) -> None:
    chosen = {**_chosen(answer), side: reference}
    if {0, 1} <= chosen.keys():
        forget()
        link_steps.ask_path(PathAsked(start=chosen[0], end=chosen[1]))
    else:
        session.keep(_CHOSEN, chosen)


def _show_links(reference: str) -> None:
    forget()
    link_steps.begin(reference)


def _show_patterns(reference: str) -> None:
    _show_links(reference)
    link_patterns.choose_first()


def _show_path(reference: str) -> None:
    forget()
    link_steps.path_to(reference)
