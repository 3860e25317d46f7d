"""All cases that exist for the person, in pages, by state and by what screening decided."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.pages import Place
from dashboard.views.access import need_to_know
from engine.domain.cases.lifecycle import State, TriageOutcome
from engine.domain.cases.lists import CasePage, CaseRow
from engine.domain.people.persons import ClaimedRole, ClaimStatus, role_in_words
from engine.domain.responses.answers import AnswerState
from engine.services.cases.lists import list_page

_AT_ONCE = 25
_PAGE, _STATES, _TRIAGES = "cases-page", "cases-state", "cases-triage"
_STATE_CODE, _TRIAGE_CODE, _PAGE_CODE = "state", "screened", "page"
_SEEN = "cases-address"
"""The codes of the address as the page left it: another address came by a link, or by the way back."""
_NOT_SCREENED = "not screened"
_DECIDED: dict[str, TriageOutcome | None] = {
    _NOT_SCREENED: None,
    **{outcome.value: outcome for outcome in TriageOutcome},
}


def page() -> None:
    """Draw the list, filtered by the two choices."""
    markup.draw(
        markup.page_title("Cases", note="Cases that you can open. A case that is not listed may still exist.")
    )
    _read_address()
    states, triage = _choices()
    with show_errors():
        draw(_page_of(states, triage))
    _write_address(states, triage)
    need_to_know.draw_urgent_look(session.acting())


def _read_address() -> None:
    """Take the choices from the address when a link or the way back changed it."""
    codes = {name: session.query(name) or "" for name in (_STATE_CODE, _TRIAGE_CODE, _PAGE_CODE)}
    if codes == (session.stored_value(_SEEN) or dict.fromkeys(codes, "")):
        return
    states = [state for state in State if _code(state.value) in codes[_STATE_CODE].split(",")]
    triage = [name for name in _DECIDED if _code(name) in codes[_TRIAGE_CODE].split(",")]
    number = codes[_PAGE_CODE]
    page_number = int(number) if number.isdecimal() and 0 < len(number) < 6 else 1
    session.type_again({_STATES: states, _TRIAGES: triage, _PAGE: max(1, page_number)})


def _write_address(states: Sequence[State], triage: Sequence[str]) -> None:
    """Put the choices into the address as closed codes, so that they survive the way back."""
    page_number = session.number(_PAGE, 1)
    codes = {
        _STATE_CODE: ",".join(_code(state.value) for state in states),
        _TRIAGE_CODE: ",".join(_code(name) for name in triage),
        _PAGE_CODE: str(page_number) if page_number > 1 else "",
    }
    session.put_in_address(codes)
    session.keep(_SEEN, {name: code[: session.LONGEST_CODE] for name, code in codes.items()})


def _code(value: str) -> str:
    return value.replace(" ", "-")


def _page_of(states: Sequence[State], triage: Sequence[str]) -> CasePage:
    """Return the part of the list that is on the screen, and how long the whole list is."""
    runtime = record.runtime()
    return list_page(
        runtime.context(session.acting()),
        first=(session.number(_PAGE, 1) - 1) * _AT_ONCE,
        count=_AT_ONCE,
        states=states or None,
        triage=[_DECIDED[each] for each in triage] or None,
    )


def _choices() -> tuple[list[State], list[str]]:
    one, other = st.columns(2)
    with one:
        states = st.multiselect(
            "Status",
            list(State),
            format_func=lambda state: words.sentence(state.value),
            key=_STATES,
            on_change=_from_the_start,
            placeholder="Any status",
        )
    with other:
        triage = st.multiselect(
            "Screening outcome",
            list(_DECIDED),
            format_func=words.sentence,
            key=_TRIAGES,
            on_change=_from_the_start,
            placeholder="Any outcome",
        )
    return states, triage


def _from_the_start() -> None:
    session.keep(_PAGE, None)


def draw(page: CasePage) -> None:
    """Draw one page of the list, and the way to the others."""
    if not page.total:
        markup.draw(markup.notice("info", "No cases match your choices."))
        return
    part = page.rows
    place = f"{page.first + 1:,} to {page.first + len(part):,} of {page.total:,}"
    headers = (
        "Case",
        "Victim",
        "Perpetrator",
        "Status",
        "Alarm",
        "Agencies",
        "Decision",
        "Plan",
        "Outcome",
    )
    markup.draw(
        markup.table(
            headers,
            [_cells(row) for row in part],
            caption=f"{place}. Open alarms first, then the newest",
            marked=["alarm" if row.alarms.is_open else "wait" if row.warning else None for row in part],
        )
    )
    pages = -(-page.total // _AT_ONCE)
    if pages > 1:
        st.pagination(pages, key=_PAGE)


def _cells(row: CaseRow) -> tuple[markup.Content, ...]:
    return (
        markup.go(row.reference, Place.CASE, row.reference),
        _person(row.victim, ClaimedRole.VICTIM, row.victim_status),
        _person(row.perpetrator, ClaimedRole.PERPETRATOR, row.perpetrator_status),
        _state(row),
        _alarm(row),
        _answers(row),
        f"decided {words.day_of(row.decided_at, year=True)}"
        if row.decided_at
        else markup.none_recorded("not yet"),
        _plan(row),
        _followed_up(row),
    )


def _followed_up(row: CaseRow) -> markup.Content:
    """Return each finding with what was measured: "not known" twice would be of two different things."""
    if not row.outcomes:
        return markup.none_recorded("not recorded")
    return "; ".join(f"{outcome.measure.value}: {outcome.found.value}" for outcome in row.outcomes)


def _person(name: str, role: ClaimedRole, status: ClaimStatus) -> markup.Content:
    said = role_in_words(role, status).removeprefix(role.value).removeprefix(", ")
    return markup.join([name, markup.element("small", said) if said else None], " · ")


def _triage(row: CaseRow) -> str:
    return row.triage_outcome.value if row.triage_outcome else _NOT_SCREENED


def _state(row: CaseRow) -> markup.Content:
    if row.warning:
        said = markup.tag(words.sentence(row.warning), "t-late")
        return markup.join([said, markup.element("small", f"for {words.age(row.age_hours)}")], " ")
    return markup.join(
        [words.sentence(row.state.value), markup.element("small", f"screened: {_triage(row)}")], " · "
    )


def _alarm(row: CaseRow) -> markup.Content:
    if row.alarms.is_open:
        words_ = "Open, overdue" if row.alarms.is_past_due else "Open"
        return markup.tag(words_, "t-alarm")
    if row.alarms.raised or row.alarms.was_raised:
        return f"acknowledged by {session.named(row.alarms.acknowledged_by or 'not recorded')}"
    return row.alarms.answers_in_words


def _answers(row: CaseRow) -> markup.Content:
    if not row.answers:
        return markup.none_recorded("not asked before screening")
    by_state: dict[AnswerState, list[str]] = {}
    for answer in row.answers:
        by_state.setdefault(answer.state, []).append(answer.agency_name)
    return markup.join(
        [
            markup.join([markup.state_tag(state), markup.element("small", words.listed(names))], " ")
            for state, names in by_state.items()
        ],
        " ",
    )


def _plan(row: CaseRow) -> markup.Content:
    if row.plan is None:
        return markup.none_recorded("not yet")
    late = markup.tag(f"{row.overdue_actions:,} overdue", "t-late") if row.overdue_actions else None
    return markup.join([f"{row.open_actions:,} open", late], " ")
