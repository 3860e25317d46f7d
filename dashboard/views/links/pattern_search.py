"""One pattern at a time in the whole record: findings, how common it is, other thresholds, chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard import markup, own_process, record, session, words
from dashboard.views.links import finding_marks, found_lists
from dashboard.views.links import searches as link_searches
from dashboard.views.links import steps as link_steps
from dashboard.views.links.searches import Offered
from engine.domain.links.marks import PatternMarks
from engine.services.links import register as link_register
from engine.services.links.choices import (
    Change,
    Found,
    Key,
    Patterns,
    Search,
    Threshold,
    pattern_keys,
    thresholds_offered,
)

_FOUND = "links-whole-found"
_MOST = 1_000
"""Number that come into question for one pattern on this page; a command searches all."""
_SHOWN = 20
_CLAIMS = {
    "serial-perpetrator": "Named as perpetrator in records of several victims",
    "repeat-victim": "Named as victim in several incidents",
    "several-perpetrators": "Several people named as perpetrators in records of the same victim",
}


def draw() -> None:
    """Ask for a pattern, and draw what was found a moment ago."""
    keys = list(pattern_keys())
    with (
        st.form("links-whole-form", border=False, enter_to_submit=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        key = st.selectbox("Pattern", keys, format_func=name_in_words, key="links-whole-key", width=300)
        asked = st.form_submit_button("Search", type="primary", key="links-whole-look")
    if asked:
        found_lists.store(_FOUND, look_for(key))
    elif tried := next((each for each in keys if session.stored_value(_try(each), bool)), None):
        values = {each.name: session.number(_value(tried, each.name), each.value) for each in _offered(tried)}
        found_lists.store(_FOUND, look_for(tried, thresholds=values))
    elif compared := next((each for each in keys if session.stored_value(_compare(each), bool)), None):
        found_lists.store(_FOUND, _beside_chance(compared))
    found = found_lists.recent(_FOUND, Patterns)
    if found is None:
        return
    for key, findings in found.findings.items():
        _draw_found(found, key, findings)
    left = [each.judged.says for each in found.not_judged]
    if left:
        counted = f"Not judged: {words.counted(len(left), 'reason')}"
        markup.draw(markup.details(counted, markup.bullets(left)))
    found_lists.draw_age(found.snapshot_at, found.changed_since)


def look_for(key: Key, *, thresholds: Mapping[str, int] | None = None) -> Patterns:
    """Return what is found of one pattern in everything that this person may see,
    of the first that come up.
    """
    return _searched(Search([key], thresholds, _MOST))


def _beside_chance(key: Key) -> Patterns:
    shown = st.progress(0.0, text="Reshuffling the links")
    found = _searched(
        Search([key], None, _MOST, beside_chance=True),
        progress=lambda done, of: shown.progress(done / of, text=f"Reshuffle {done} of {of}"),
    )
    shown.empty()
    return found


def _searched(asked: Search, progress: Callable[[int, int], object] | None = None) -> Patterns:
    return own_process.ask(link_register.patterns, asked=asked, progress=progress)


def _draw_found(found: Patterns, key: Key, findings: tuple[Found, ...]) -> None:
    markup.draw(markup.heading(f"{name_in_words(key)}: {len(findings):,} found", at="whole-found", level=3))
    common = found.in_cases[key] if findings and found.in_cases else None
    as_one = (found.as_one or {}).get(key, len(findings))
    sentences = [common.sentence] if common else []
    sentences += [words.read_as_one(as_one)] if as_one < len(findings) else []
    if found.by_chance and key in found.by_chance:
        sentences.append(found.by_chance[key].sentence)
    marks = found.marks[key] if found.marks and findings else None
    sentences += [marks.sentence] if marks else []
    for sentence in sentences:
        markup.draw(markup.element("p", sentence, class_="sub"))
    if found.changed:
        _draw_change(found.changed[key])
    _thresholds(key)
    _chance(found, key)
    if not findings:
        markup.draw(markup.none_recorded("No patterns found. There may still be some."))
    elif common and common.is_background:
        with st.expander("Show the findings: nearly every case has this pattern", key="links-whole-folded"):
            _table(key, findings, marks)
    else:
        _table(key, findings, marks)
    link_searches.offer(Offered("pattern", (key.value,)), at="pattern")


def _table(key: Key, findings: tuple[Found, ...], marks: PatternMarks | None) -> None:
    numbered = list(enumerate(findings))
    on_page = found_lists.page_of(numbered, "links-whole-page")
    shown = [each for _, each in on_page]
    names = link_steps.names_in(
        text for each in shown for text in (*each.path, each.says, *each.counter_evidence)
    )
    rows = [
        (
            place + 1,
            found_lists.way(each.path, names),
            link_steps.with_names(names, each.says),
            markup.bullets(link_steps.with_names(names, text) for text in each.counter_evidence),
            *([finding_marks.cell(marks.of(place))] if marks else []),
        )
        for place, each in on_page
    ]
    columns = ("Number", "Path", "Finding", "Evidence against it", *(["Marks"] if marks else []))
    markup.draw(markup.table(columns, rows, caption="In record order"))
    if marks:
        places = [place for place, _ in on_page]
        finding_marks.draw_form(
            key, marks, places, read_again=lambda: found_lists.store(_FOUND, look_for(key))
        )


def _thresholds(key: Key) -> None:
    """Offer other thresholds for this pattern, and the search with them."""
    offered = _offered(key)
    if not offered:
        return
    with (
        st.expander("Try other thresholds", key="links-whole-thresholds"),
        st.form(f"links-whole-thresholds-{key.value}", border=False, enter_to_submit=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        for each in offered:
            st.number_input(
                words.sentence(each.says),
                min_value=each.least,
                max_value=10_000,
                value=each.value,
                step=1,
                key=_value(key, each.name),
                width=260,
            )
        st.form_submit_button("Search with these", key=_try(key))


def _draw_change(change: Change) -> None:
    today = f"With other thresholds than today's, which give {change.by_default:,}."
    if not change.new and not change.gone:
        markup.draw(markup.element("p", f"{today} The same are found.", class_="sub"))
        return
    subjects = (*change.new[:_SHOWN], *change.gone[:_SHOWN])
    names = link_steps.names_in(text for each in subjects for text in each)
    rows = [
        (label, markup.join([found_lists.way(each, names) for each in listed[:_SHOWN]], "; "), len(listed))
        for label, listed in (("New", change.new), ("Gone", change.gone))
        if listed
    ]
    markup.draw(markup.element("p", today, class_="sub"))
    markup.draw(markup.table(("Change", "Subjects", "Number"), rows, caption="In record order"))


def _chance(found: Patterns, key: Key) -> None:
    """Offer the comparison with random reshuffles, where it is not there yet."""
    if found.by_chance is None and found.changed is None and found.findings[key]:
        st.button("Compare with chance", key=_compare(key))


def _offered(key: Key) -> tuple[Threshold, ...]:
    return thresholds_offered(key, clock=record.runtime().clock)


def _try(key: Key) -> str:
    return f"links-whole-try-{key.value}"


def _compare(key: Key) -> str:
    return f"links-whole-chance-{key.value}"


def _value(key: Key, name: str) -> str:
    return f"links-threshold-{key.value}-{name}"


def name_in_words(key: str) -> str:
    """Return the name of a pattern: a role is what a record says of a person, not established."""
    return _CLAIMS.get(key) or words.sentence(key.replace("-", " "))
