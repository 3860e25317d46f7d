"""Patterns of the last seven days on the page where a map is begun, each leading to its map."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import markup, own_process, session, words
from dashboard.errors import keep_errors, show_errors
from dashboard.views.links import found_lists
from dashboard.views.links import patterns as link_patterns
from dashboard.views.links import steps as link_steps
from dashboard.views.links.pattern_search import name_in_words
from engine.services.links.week import PatternOfWeek, PatternsOfWeek, patterns_of_week

_FOUND = "links-week"
_LAST = "links-week-last"
_NOT_SEARCHED = "not searched"
_MOST_AT_ONCE = 200_000
"""The most links that the page searches unasked."""
_SHOWN = 5
_ADDED_AS = {
    "serial-perpetrator": "victim",
    "repeat-victim": "alleged perpetrator",
    "several-perpetrators": "alleged perpetrator",
}
_FEWEST_HOPS, _MOST_HOPS = 2, 4


def draw() -> None:
    """Draw what the referrals of the week made; a large record is searched when a person asks for it."""
    note = (
        "Made, or made larger, by referrals of the last 7 days, within your access. "
        "In record order, not in order of concern."
    )
    markup.draw(markup.heading("Patterns found this week", at="week", note=note, level=3))
    with show_errors():
        found = _found()
        if found is None:
            markup.draw(markup.none_recorded(_not_searched()))
            st.button("Search for patterns of this week", key="links-week-search", on_click=_search_all)
        else:
            _draw_found(found)


def _found() -> PatternsOfWeek | None:
    """Return what was found a moment ago; else search, unless the record is large."""
    if found_lists.recent(_FOUND, PatternsOfWeek) is None and found_lists.recent(_FOUND, str) is None:
        _search(_MOST_AT_ONCE)
    return found_lists.recent(_FOUND, PatternsOfWeek)


def _search_all() -> None:
    with keep_errors(link_steps.KEY):
        _search(None)


def _search(most_links: int | None) -> None:
    found = own_process.ask(patterns_of_week, most_links=most_links, is_small=most_links is not None)
    found_lists.store(_FOUND, found or _NOT_SEARCHED)
    if found is not None:
        session.keep(_LAST, (session.acting().user, found.at))


def _not_searched() -> str:
    """Return when this person last searched here, and what to press: others may have searched at any time."""
    user, at = session.stored_value(_LAST, tuple) or (None, None)
    last = f"You last searched here on {words.moment(at)}." if user == session.acting().user else ""
    ask = "Press the button to search" + (" again." if last else ".")
    none = "You have not searched here since you loaded this page. This does not mean that there are none."
    return f"{last or none} {ask}"


def _draw_found(found: PatternsOfWeek) -> None:
    referrals = f"{words.counted(found.referrals, 'referral')} since {words.day_of(found.since)}"
    searched = f"Searched on {words.moment(found.at)}: {referrals}."
    markup.draw(markup.element("p", searched, class_="sub"))
    if not found.found:
        markup.draw(markup.none_recorded("No patterns found this week. There may still be some."))
        return
    names = link_steps.names_in(
        text for each in found.found for text in (each.says, *each.added, *each.counter_evidence)
    )
    numbered = list(enumerate(found.found))
    for number, each in found_lists.page_of(numbered, "links-week-page", at_once=_SHOWN):
        _draw_pattern(number, each, names)


def _draw_pattern(number: int, pattern: PatternOfWeek, names: dict[str, str]) -> None:
    news = news_in_words(pattern, names)
    against = [link_steps.with_names(names, each) for each in pattern.counter_evidence]
    evidence = f"Evidence against it: {words.counted(len(against), 'point')}"
    with st.container(key=f"mine-row-week-{number}"):
        left, right = st.columns([7, 1], vertical_alignment="center")
    with left:
        markup.draw(
            markup.join(
                [
                    markup.element("b", news),
                    markup.element("p", link_steps.with_names(names, pattern.says), class_="why"),
                    *([markup.details(evidence, markup.bullets(against))] if against else []),
                ]
            )
        )
    with right:
        st.button("Show on map", key=f"links-week-map-{number}", on_click=_show, args=(pattern,))


def news_in_words(pattern: PatternOfWeek, names: Mapping[str, str]) -> str:
    """Return what is new; a role is what a record says of a person, not established."""
    name = name_in_words(pattern.pattern)
    if not pattern.added:
        return f"{name}: new"
    about, *added = (link_steps.with_names(names, each) for each in (pattern.persons[0], *pattern.added))
    role = _ADDED_AS.get(pattern.pattern)
    return f"{name}: {about}. {f'Newly named as {role}' if role else 'More people'}: {', '.join(added)}"


def _show(pattern: PatternOfWeek) -> None:
    """Begin a map at the first person of a pattern, wide enough for its path, with the pattern chosen."""
    link_patterns.choose(pattern.pattern, pattern.persons)
    link_steps.begin(pattern.persons[0], hops=_hops(pattern))


def _hops(pattern: PatternOfWeek) -> int:
    """Return how many links a map needs for the path of a pattern, within what a map begins with."""
    first = pattern.path.index(pattern.persons[0]) if pattern.persons[0] in pattern.path else 0
    return min(_MOST_HOPS, max(_FEWEST_HOPS, first, len(pattern.path) - 1 - first))
