"""Patterns and trends in the whole record, within the viewer's access. In no order of concern."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.pages import Place
from dashboard.views.links import searches as link_searches
from dashboard.views.links import steps as link_steps
from dashboard.views.links.searches import Offered
from engine.domain.accounts.acting import Role
from engine.services.links import register as link_register
from engine.services.links.files import Key, Patterns, pattern_keys

_Found = TypeVar("_Found")
_FOUND, _TRENDS = "links-whole-found", "links-whole-trends"
_AT_ONCE = 20
_MOST = 1_000
"""Number that come into question for one pattern on this page; a command searches all."""
_FRESH = timedelta(minutes=5)
_SEE_PROBABILITIES = frozenset({Role.COORDINATOR, Role.ANALYST})


@st.fragment
def draw() -> None:
    """Draw one pattern at a time, asked for; and for analysts the trend of each two people."""
    markup.draw(
        markup.heading(
            "In the whole record",
            at="whole",
            note=(
                "Everything you can see, not only the map above. A person must judge each "
                "finding. Lists are never sorted by findings."
            ),
        )
    )
    with st.expander("Patterns", key="links-whole-patterns"), show_errors():
        _patterns()
    if session.acting().role in _SEE_PROBABILITIES:
        with st.expander("Trends, with their probabilities", key="links-whole-trend"), show_errors():
            _trends()


def _patterns() -> None:
    keys = list(pattern_keys())
    with (
        st.form("links-whole-form", border=False, enter_to_submit=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        key = st.selectbox(
            "Pattern",
            keys,
            format_func=lambda each: words.sentence(each.value.replace("-", " ")),
            key="links-whole-key",
            width=300,
        )
        asked = st.form_submit_button("Search", type="primary", key="links-whole-look")
    if asked:
        session.keep(_FOUND, (session.acting().user, record.runtime().clock.now(), look_for(key)))
    found = _recent(_FOUND, Patterns)
    if found is None:
        return
    for key, findings in found.findings.items():
        name = words.sentence(key.value.replace("-", " "))
        markup.draw(markup.heading(f"{name}: {len(findings):,} found", at="whole-found", level=3))
        if findings and found.in_cases:
            markup.draw(markup.element("p", found.in_cases[key].sentence, class_="sub"))
        as_one = (found.as_one or {}).get(key, len(findings))
        if as_one < len(findings):
            markup.draw(markup.element("p", words.read_as_one(as_one), class_="sub"))
        shown = _page(findings, "links-whole-page")
        names = link_steps.names_in(
            text for each in shown for text in (*each.path, each.says, *each.counter_evidence)
        )
        rows = [
            (
                _way(each.path, names),
                link_steps.with_names(names, each.says),
                markup.bullets(link_steps.with_names(names, text) for text in each.counter_evidence),
            )
            for each in shown
        ]
        link_searches.offer(Offered("pattern", (key.value,)), at="pattern")
        if rows:
            columns = ("Path", "Finding", "Evidence against it")
            markup.draw(markup.table(columns, rows, caption="In record order"))
        else:
            markup.draw(markup.none_recorded("No patterns found. There may still be some."))
    left = [each.judged.says for each in found.not_judged]
    if left:
        counted = f"Not judged: {words.counted(len(left), 'reason')}"
        markup.draw(markup.details(counted, markup.bullets(left)))
    _age(found.snapshot_at, found.changed_since)


def look_for(key: Key) -> Patterns:
    """Return what is found of one pattern in everything that this person may see,
    of the first that come up.
    """
    runtime = record.runtime()
    context = runtime.context(session.acting())
    return link_register.patterns(context, snapshots=runtime.link_snapshots, keys=[key], most=_MOST)


def _trends() -> None:
    if st.button("Show trends", key="links-whole-trends-look"):
        session.keep("links-whole-trends-page", None)
        _look_at_trends(1)
    found = _recent(_TRENDS, link_register.Trends)
    if found is None:
        return
    number, value = found.found.number, found.found.trends
    markup.draw(
        markup.element(
            "p",
            (
                f"{words.counted(number, 'pair')} with enough incidents to be judged. Each is "
                f"tested on its own. Of this many, about {number / 100:.0f} in each search raise an "
                "alarm by chance."
            ),
            class_="sub",
        )
    )
    if not value:
        return
    names = link_steps.names_in(text for each in value for text in (each.perpetrator, each.victim))
    rows = [
        (
            _way((each.perpetrator, each.victim), names),
            each.trend.events,
            _figure(each.trend.statistic),
            _figure(each.trend.p_trend),
            _figure(each.trend.p_permutation),
            {True: "yes", False: "no", None: each.trend.reason or "not judged"}[each.trend.alarm],
            "" if each.trend.power is None else f"about {each.trend.power * 100:.0f} in 100",
            _stressed(each.trend.says),
        )
        for each in value
    ]
    columns = (
        "Named as perpetrator, as victim",
        "Incidents",
        "Statistic",
        "p",
        "p by order",
        "Alarm",
        "Rising series it would find",
        "Summary",
    )
    markup.draw(markup.table(columns, rows, caption="In record order. None of these is a level of risk"))
    pages = -(-number // link_register.MOST_TRENDS)
    if pages > 1:
        st.pagination(pages, key="links-whole-trends-page", on_change=_turn)
    _age(found.snapshot_at, found.changed_since)


def _turn() -> None:
    with show_errors():
        _look_at_trends(session.number("links-whole-trends-page", 1))


def _look_at_trends(page: int) -> None:
    first = (page - 1) * link_register.MOST_TRENDS
    runtime = record.runtime()
    context = runtime.context(session.acting())
    found = link_register.trends(context, snapshots=runtime.link_snapshots, first=first)
    session.keep(_TRENDS, (session.acting().user, record.runtime().clock.now(), found))


def _recent(name: str, kind: type[_Found]) -> _Found | None:
    """Return what was found a moment ago, for the same person."""
    stored = session.stored_value(name, tuple)
    if stored is None:
        return None
    user, at, found = stored
    is_fresh = record.runtime().clock.now() - at < _FRESH
    is_theirs = user == session.acting().user and is_fresh
    return found if is_theirs and isinstance(found, kind) else None


def _page(findings: Sequence[_Found], key: str) -> Sequence[_Found]:
    pages = -(-len(findings) // _AT_ONCE)
    page = min(session.number(key, 1), max(1, pages))
    if pages > 1:
        st.pagination(pages, key=key)
    return findings[(page - 1) * _AT_ONCE : page * _AT_ONCE]


def _way(stops: tuple[str, ...], names: dict[str, str]) -> markup.Markup:
    """Return the stops by name, each a way to its map."""
    return markup.join([markup.go(names.get(stop, stop), Place.LINKS, stop) for stop in stops], " → ")


def _stressed(sentence: str) -> markup.Markup:
    parts = sentence.split("*")
    return markup.join(markup.element("em", part) if place % 2 else part for place, part in enumerate(parts))


def _figure(number: float | None) -> str:
    return "" if number is None else f"{number:.3f}"


def _age(made: datetime | None, changed: int | None) -> None:
    if made is not None:
        markup.draw(markup.element("p", words.arrays_of(made, changed or 0), class_="sub"))
