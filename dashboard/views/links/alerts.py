"""Saved searches of the signed-in person and their alerts: what matched, where its map begins, the result."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Annotated

import streamlit as st

from dashboard import forms, markup, record, session, words
from dashboard.errors import draw_kept, keep_errors, show_errors
from dashboard.form_draft import part_code
from dashboard.form_model import Form
from dashboard.views.links import sharing as link_sharing
from dashboard.views.links import steps as link_steps
from engine.domain.asked import Asked
from engine.domain.base import Frozen
from engine.domain.drafts import ABOUT_NO_CASE, DraftForm
from engine.domain.links.saved_searches import AlertShown, AlertsShown, SearchShown
from engine.services.context import Context
from engine.services.links.alerts import has_searches, judge_alert, my_alerts
from engine.services.links.saved_searches import end_query

_MINE = "links-alerts-mine"
_FRESH = timedelta(minutes=5)


def mine() -> AlertsShown | None:
    """Return the searches and alerts of this person, read once in some minutes; None without a search."""
    runtime, acting = record.runtime(), session.acting()
    now = runtime.clock.now()
    stored: tuple[str, datetime, AlertsShown | None] | None = session.stored_value(_MINE, tuple)
    if stored is not None and stored[0] == acting.user and now - stored[1] < _FRESH:
        return stored[2]
    context = runtime.context(acting)
    found = my_alerts(context, snapshots=runtime.link_snapshots) if has_searches(context) else None
    session.keep(_MINE, (acting.user, now, found))
    return found


def read_again() -> None:
    """Read the searches and alerts again when they are next shown: one was saved, ended or judged."""
    session.keep(_MINE, None)


def read_if_missing(shared: Collection[str]) -> None:
    """Read them again when they are next shown, unless all that was shared by these references is there."""
    _, _, known = session.stored_value(_MINE, tuple) or (None, None, None)
    if shared and not set(shared) <= {each.reference for each in (known.shared if known else ())}:
        read_again()


def draw() -> None:
    """Draw the alerts that wait, the searches, and the figures of alerts before; nothing without a search."""
    draw_kept(link_sharing.LISTED)
    with show_errors():
        found = mine()
        if found is None:
            return
        texts = [text for each in found.waiting for text in (each.says, each.asks, *each.counter_evidence)]
        texts += [each.search.question.in_words() for each in found.searches]
        texts += [each.title for each in found.shared]
        names = link_steps.names_in(texts)
        title = f"Saved searches and alerts: {found.news:,} waiting"
        with st.expander(title, key="links-alerts", expanded=link_steps.current() is None):
            _draw_alerts(found, names)
            for search in found.searches:
                _draw_search(search, names)
            link_sharing.draw_shared(found.shared, names, read_again=read_again)


def _draw_alerts(found: AlertsShown, names: dict[str, str]) -> None:
    figures = found.figures
    note = (
        f"{figures.waiting:,} waiting, {figures.acted_on:,} acted on, {figures.not_relevant:,} not relevant, "
        f"{figures.expired:,} expired. Only you see your alerts, and your searches unless you share them."
    )
    markup.draw(markup.heading("Your alerts", at="alerts", note=note, level=3))
    for alert in found.waiting:
        _draw_alert(alert, names)
    if not found.waiting:
        markup.draw(markup.none_recorded("No alerts. No alert does not mean that nothing can be found."))
    markup.draw(markup.heading("Your saved searches", at="searches", level=3))
    if not found.searches:
        markup.draw(markup.none_recorded("You have no current saved search."))


def _draw_alert(alert: AlertShown, names: dict[str, str]) -> None:
    with _row(f"alert-{alert.reference}"):
        markup.draw(
            markup.element(
                "div",
                markup.element("b", link_steps.with_names(names, alert.says)),
                markup.element(
                    "span", f"Saved search: {link_steps.with_names(names, alert.asks)}", class_="why"
                ),
                *(
                    markup.element("span", f"Against it: {link_steps.with_names(names, each)}", class_="why")
                    for each in alert.counter_evidence
                ),
                markup.element("span", words.moment(alert.at), class_="when"),
                class_="todo",
            )
        )
        st.button(
            "Show links",
            key=f"alert-map-{alert.reference}",
            on_click=link_steps.begin,
            args=(alert.begin_at,),
        )
        if st.button("Resolve alert", key=f"alert-resolve-{alert.reference}"):
            forms.begin(resolving(alert.reference))


def _draw_search(shown: SearchShown, names: dict[str, str]) -> None:
    search = shown.search
    until = words.day_of(search.until - timedelta(seconds=1))
    with _row(f"search-{search.reference}"):
        markup.draw(
            markup.element(
                "div",
                markup.element("b", words.sentence(link_steps.with_names(names, search.question.in_words()))),
                markup.element("span", f"Reason: {search.why}", class_="why"),
                markup.element(
                    "span",
                    f"{words.counted(shown.raised, 'alert')}, {shown.waiting:,} waiting. Until {until}.",
                    class_="when",
                ),
                class_="todo",
            )
        )
        if st.button("Share", key=f"search-share-{search.reference}"):
            link_sharing.share(search.reference)
        st.button("End", key=f"search-end-{search.reference}", on_click=_end, args=(search.reference,))


def _row(name: str) -> st.delta_generator.DeltaGenerator:
    return st.container(
        key=f"mine-row-{name}",
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
    )


def _end(reference: str) -> None:
    with keep_errors(link_sharing.LISTED):
        end_query(record.runtime().context(session.acting()), reference=reference)
        read_again()
        session.say_after_rerun("The saved search has ended.")


class _Resolved(Frozen):
    acted: Annotated[bool, Asked("Result", answers=("Acted on", "Not relevant"), code="result")]
    why: Annotated[str, Asked("Reason, in one line", part="reason", rows=1)]


def resolving(reference: str) -> Form[_Resolved, object]:
    """Return the form for what came of an alert."""

    def records(context: Context, given: _Resolved) -> None:
        snapshots = record.runtime().link_snapshots
        judge_alert(context, snapshots=snapshots, reference=reference, acted=given.acted, why=given.why)
        read_again()

    return Form(
        _Resolved,
        draft=DraftForm.ALERT,
        case=ABOUT_NO_CASE,
        key=f"alert-{reference}",
        part=part_code(reference),
        title="Resolve alert",
        button="Save",
        records=records,
        done=f"Alert {reference} is resolved.",
        undone_by="a newer alert of the search",
    )
