"""An agency's own practitioner reads what was prepared, strikes what must not go out, and releases it."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, said_of, session, words
from dashboard.errors import show_errors
from dashboard.views.alarms.topics import ask_about_response
from dashboard.views.responses import pointers, predictors, voices, withdrawal
from engine.domain.cases.involvement import StoredAnswer
from engine.domain.cases.views import AgencyAnswerView
from engine.domain.responses.answers import (
    Contribution,
    Failed,
    Finding,
    Nature,
    NilReturn,
    ProposedAction,
    Refused,
    Reported,
)
from engine.domain.responses.held_reports import HeldReport
from engine.domain.responses.reported import source_in_words
from engine.domain.responses.voices import Whose
from engine.domain.vault.marks import MarkOf
from engine.services.responses.agency_answers import (
    marks_to_release,
    prepared_answer,
    release,
    told_before_release,
)
from engine.services.responses.reported import item_in_words
from engine.services.responses.topics import Topics, are_asked, record_response_topics

_MASK = "mask it"
_ABOUT_MARKS = (
    "They were found by their shape: nothing here shows whose they are. Mask what is the victim's, or that "
    "of anyone who lives, works or is at school with them. Say of the rest whose it is."
)


def ask(reference: str, agency: str, shown: AgencyAnswerView | None = None) -> None:
    """Read what was prepared, once, and show it; ``shown`` is what was released earlier."""
    with show_errors():
        runtime = record.runtime()
        prepared = prepared_answer(runtime.context(session.acting()), reference=reference, agency=agency)
        _dialog(prepared, reference, shown)


@st.dialog("Release this response?", width="large")
def _dialog(prepared: StoredAnswer, reference: str, shown: AgencyAnswerView | None) -> None:
    draw(prepared, reference)
    if shown is not None and withdrawal.may_be_withdrawn(shown):
        with st.expander("Withdraw an item that was released earlier", key=f"earlier-{reference}"):
            withdrawal.draw(reference, shown)


def draw(prepared: StoredAnswer, reference: str) -> None:
    """Draw each item with a box that withholds it."""
    markup.draw(
        markup.element(
            "p",
            (
                f"Case {reference}, version {prepared.version}, prepared "
                f"{words.moment(prepared.at)} by {session.named(prepared.author)}. No one outside "
                "your agency has seen it."
            ),
            class_="sub",
        )
    )
    warning = told_before_release(record.runtime().agencies_known, prepared.agency)
    if warning:
        markup.draw(markup.notice("warning", warning, heading="Before you release it"))
    answer = prepared.answer
    struck: list[str] = []
    if isinstance(answer, Contribution):
        struck = _draw_contribution(answer, f"{reference}-{prepared.version}")
    else:
        markup.draw(markup.element("p", in_words(answer), class_="reason"))
    if isinstance(answer, Contribution):
        markup.draw(markup.element("p", markup.element("b", _summary(answer, struck))))
    mask, said = _ask_whose(prepared, struck, f"{reference}-{prepared.version}")
    topics = ask_about_response(f"release-{reference}-{prepared.version}")
    if are_asked(topics) and st.button("Record only the topics", key=f"topics-{reference}"):
        _record_topics(prepared, reference, topics)
    label = f"Release and withhold {words.counted(len(struck), 'item')}" if struck else "Release"
    if st.button(label, key=f"release-{reference}", type="primary"):
        runtime = record.runtime()
        with show_errors(asks_whose=False):
            done = release(
                runtime.context(session.acting()).saying(said),
                reference=reference,
                agency=prepared.agency,
                strike=struck,
                mask=mask,
                expected_version=prepared.version,
                topics=topics,
            )
            held = f", {words.counted(done.held_back, 'item')} withheld" if done.held_back else ""
            session.say_after_rerun(f"Released: {reference}, version {done.version}{held}.")
            st.rerun()


def _ask_whose(prepared: StoredAnswer, struck: list[str], key: str) -> tuple[list[str], dict[str, MarkOf]]:
    """Ask of each place and contact in the rest whose it is; return those to mask, and what was said."""
    marks = marks_to_release(prepared, struck)
    if not marks:
        return [], {}
    markup.draw(
        markup.join(
            [
                markup.heading("Places and contacts in what you release", at="whose", level=3),
                markup.element("p", _ABOUT_MARKS, class_="sub"),
            ]
        )
    )
    chosen = {
        mark.reads: said_of.choice(mark, number, key=f"mark-{key}-{said_of.digest(mark)}", first=[_MASK])
        for number, mark in enumerate(marks, start=1)
    }
    said = {reads: MarkOf(whose) for reads, whose in chosen.items() if whose not in {None, _MASK}}
    return [reads for reads, whose in chosen.items() if whose == _MASK], said


def _record_topics(prepared: StoredAnswer, reference: str, topics: Topics) -> None:
    with show_errors():
        record_response_topics(
            record.runtime().context(session.acting()),
            reference=reference,
            agency=prepared.agency,
            topics=topics,
            expected_version=prepared.version,
        )
        session.say_after_rerun(f"The alarm topics of your response to {reference} are recorded.")
        st.rerun()


def _summary(answer: Contribution, struck: list[str]) -> str:
    """Return what the button beside it releases, counted."""
    may_leave = sum(item.may_leave for item in answer.voices) + len(strikeable(answer))
    count = sum(not item.may_leave for item in answer.voices)
    sentence = f"You release {words.counted(may_leave - len(struck), 'item')} in your name."
    if struck:
        sentence += f" Withheld: {words.counted(len(struck), 'item')}."
    return sentence + (f" Not shared: {words.counted(count, 'item')}." if count else "")


def _draw_contribution(answer: Contribution, key: str) -> list[str]:
    markup.draw(
        markup.element(
            "p", "Matched ", answer.matched_on.says, "" if answer.matched_on.confirmed else " (unconfirmed)"
        )
    )
    struck = _draw_voices(answer, key)
    items = strikeable(answer)
    struck += [
        name
        for number, (name, sentence, under) in enumerate(
            items, start=sum(item.may_leave for item in answer.voices) + 1
        )
        if _box(number, f"{key}-{name}", sentence, under)
    ]
    also = also_released(answer)
    if also:
        markup.draw(markup.join([markup.heading("Also released", at="also", level=3), markup.bullets(also)]))
    return struck


def strikeable(answer: Contribution) -> list[tuple[str, str, str]]:
    """Return what a practitioner may withhold, beside the voices: its key, what it says, and its source."""
    items = [(finding.key, finding.says, _under(finding)) for finding in answer.findings]
    items += [
        (
            f"view:{view.domain.value}",
            f"{words.domain_in_words(view.domain)}: {view.level.value}. {view.reasons}",
            (
                f"View of {view.recorded_by.name}, {view.recorded_by.post}, "
                f"{words.day(view.recorded_on)}. Others see it after the conference opens"
            ),
        )
        for view in answer.views
    ]
    items += [
        (
            f"instrument:{result.instrument}",
            f"Questionnaire {result.instrument} {result.version}, {words.counted(len(result.items), 'item')}",
            result.conclusion or "no conclusion recorded",
        )
        for result in answer.instruments
    ]
    items += [
        (
            f"predictor:{shown.instrument}",
            f"{predictors.in_words(shown)} {shown.caveat}",
            predictors.under(shown),
        )
        for shown in answer.predictors
    ]
    items += [(item.name, item_in_words(item), _reported_from(item)) for item in answer.reported]
    items += [
        (action.key, f"Proposes: {action.says}", _asked_on(action)) for action in answer.proposed_actions
    ]
    return items


def _reported_from(item: Reported) -> str:
    if isinstance(item, HeldReport):
        return "A report with its outcome, counted on top of the case"
    return f"Reported from {source_in_words(item.source, item.grade)}"


def _asked_on(action: ProposedAction) -> str:
    if action.proposed_on is None:
        return "Part of the response"
    return f"Proposed when your agency was asked for actions on {words.day(action.proposed_on)}"


def also_released(answer: Contribution) -> list[str]:
    """Return what is released with the items and cannot be withheld on its own."""
    also = [
        *(f"Seen at once: {level}" for level in answer.in_own_words),
        *(f"Missing: {gap}" for gap in answer.gaps),
    ]
    also += [f"Records: {each.sentence}" for each in answer.records_checked or ()]
    if answer.protected_refs:
        also.append(
            f"{words.counted(len(answer.protected_refs), 'protected detail')} stored apart and "
            "shown on no page"
        )
    if answer.advocate_offered is not None:
        also.append(answer.advocate_offered.in_words())
    return also


def _draw_voices(answer: Contribution, key: str) -> list[str]:
    """Draw the three voices apart. What the victim withholds has no text here and goes nowhere."""
    struck: list[str] = []
    names = {agency.code: agency.name for agency in record.runtime().agencies_known}
    number = 0
    for whose in Whose if answer.voices else ():
        markup.draw(markup.heading(voices.HEADINGS[whose], at=f"voice-{whose.name.lower()}", level=3))
        items = [item for item in answer.voices if item.whose is whose]
        if not items:
            markup.draw(markup.element("p", markup.none_recorded("Not recorded.")))
        for item in items:
            where = "; ".join(pointers.in_words(pointer) for pointer in item.records)
            under = f"{words.labelled(item.about)}, based on {where}; {voices.sharing(item, names)}"
            if not item.may_leave:
                line = markup.element(
                    "div", voices.in_words(item), markup.element("div", under, class_="sub")
                )
                markup.draw(line)
                continue
            number += 1
            if _box(number, f"{key}-{item.key}", voices.in_words(item), under):
                struck.append(item.key)
    return struck


def _box(number: int, key: str, sentence: markup.Content, under: str) -> bool:
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        strike = bool(st.checkbox(f"Withhold {number}", key=f"strike-{key}"))
        shown = markup.element("s", sentence) if strike else markup.safe(sentence)
        markup.draw(markup.element("div", shown, markup.element("div", under, class_="sub")))
    return strike


def _under(finding: Finding) -> str:
    where = "; ".join(pointers.in_words(pointer) for pointer in finding.records)
    if finding.formal is not None:
        return f"Formal ({finding.formal.kind.value}): others see it at once. Based on {where}"
    return f"{'Opinion' if finding.nature is Nature.OPINION else 'Fact'}, based on {where}"


def in_words(answer: NilReturn | Refused | Failed) -> str:
    """Return an answer without findings, in words."""
    return f"{_answer_sentence(answer)} {answer.note}" if answer.note else _answer_sentence(answer)


def _answer_sentence(answer: NilReturn | Refused | Failed) -> str:
    match answer:
        case NilReturn():
            searched = f"Nil return: {answer.says} Records searched: {', '.join(answer.looked_in)}."
            return " ".join((searched, *(f"Missing: {gap}" for gap in answer.gaps)))
        case Refused():
            return f"Refused ({answer.ground.value}): {answer.says}"
        case Failed():
            return f"Failed ({answer.reason.value}): {answer.says}"
