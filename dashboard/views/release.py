"""An agency's own practitioner reads what was prepared, strikes what must not go out, and releases it."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.faults import told_here
from engine.domain.answers import Contribution, Failed, Finding, Nature, NilReturn, Refused
from engine.domain.involvement import StoredAnswer
from engine.services.answering import prepared_answer, release


def ask(reference: str, agency: str) -> None:
    """Read what was prepared, once, and show it."""
    with told_here():
        runtime = record.runtime()
        prepared = prepared_answer(
            uow=runtime.uow, clock=runtime.clock, acting=session.acting(), reference=reference, agency=agency
        )
        _dialog(prepared, reference)


@st.dialog("Release this answer?", width="large")
def _dialog(prepared: StoredAnswer, reference: str) -> None:
    draw(prepared, reference)


def draw(prepared: StoredAnswer, reference: str) -> None:
    """Each item with a box that strikes it."""
    markup.draw(
        markup.element(
            "p",
            f"Case {reference}, version {prepared.version}, prepared {words.moment(prepared.at)} by "
            f"{session.named(prepared.author)}. Nobody outside your agency has seen it.",
            class_="sub",
        )
    )
    answer = prepared.answer
    struck: list[str] = []
    if isinstance(answer, Contribution):
        struck = _draw_contribution(answer, f"{reference}-{prepared.version}")
    else:
        markup.draw(markup.element("p", _in_words(answer), class_="reason"))
    label = f"Release without {words.counted(len(struck), 'struck item')}" if struck else "Release"
    if st.button(label, key=f"release-{reference}", type="primary"):
        runtime = record.runtime()
        with told_here():
            done = release(
                uow=runtime.uow,
                clock=runtime.clock,
                acting=session.acting(),
                key=runtime.key,
                reference=reference,
                agency=prepared.agency,
                strike=struck,
                expected_version=prepared.version,
            )
            held = f", {words.counted(done.held_back, 'item')} held back" if done.held_back else ""
            session.say_after_rerun(f"Released: {reference}, version {done.version}{held}.")
            st.rerun()


def _draw_contribution(answer: Contribution, key: str) -> list[str]:
    markup.draw(
        markup.element(
            "p", "Matched ", answer.matched_on.says, "" if answer.matched_on.confirmed else " (unconfirmed)"
        )
    )
    items: list[tuple[str, str, str]] = [
        (finding.key, finding.says, _under(finding)) for finding in answer.findings
    ]
    items += [
        (
            f"view:{view.domain.value}",
            f"{words.domain_in_words(view.domain)}: {view.level.value}. {view.reasons}",
            f"View of {view.recorded_by.name}, {view.recorded_by.post}, {words.day(view.recorded_on)}; "
            "others see it once the conference is open",
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
    struck = [
        name
        for number, (name, says, under) in enumerate(items, start=1)
        if _box(number, f"{key}-{name}", says, under)
    ]
    also = [*answer.in_own_words, *(f"Missing: {gap}" for gap in answer.gaps)]
    also += [f"Proposes: {action.says}" for action in answer.proposed_actions]
    if answer.protected_refs:
        also.append(
            f"{words.counted(len(answer.protected_refs), 'protected value')} went to the protected tables; "
            "no page shows them"
        )
    if also:
        markup.draw(
            markup.join([markup.heading("Goes out with it", at="also", level=3), markup.bullets(also)])
        )
    return struck


def _box(number: int, key: str, says: str, under: str) -> bool:
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        strike = bool(st.checkbox(f"Strike {number}", key=f"strike-{key}"))
        shown = markup.element("s", says) if strike else markup.safe(says)
        markup.draw(markup.element("div", shown, markup.element("div", under, class_="sub")))
    return strike


def _under(finding: Finding) -> str:
    where = "; ".join(
        f"{pointer.kind} {pointer.record}" + (f", {pointer.dated.in_words()}" if pointer.dated else "")
        for pointer in finding.records
    )
    return f"{'Opinion' if finding.nature is Nature.OPINION else 'Fact'}, rests on {where}"


def _in_words(answer: NilReturn | Refused | Failed) -> str:
    match answer:
        case NilReturn():
            return f"Nil return: {answer.says} Looked in: {', '.join(answer.looked_in)}."
        case Refused():
            return f"Declines ({answer.ground.value}): {answer.says}"
        case Failed():
            return f"Failed ({answer.reason.value}): {answer.says}"
