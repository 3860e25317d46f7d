"""The victim's own account on a case: entered by the advocate, and read within the victim's agreement."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import days, markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from dashboard.views.alarms.topics import ask
from engine.domain.accounts.acting import Acting
from engine.domain.cases.views import CaseView
from engine.domain.dates import PartialDate
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.domain.outcomes.described import Characteristic, DescriptionGiven
from engine.domain.outcomes.victims import Agreed, LifeChange, Moment, NoAnswer, Topic, VictimOutcomeGiven
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.responses.voices import EVERYONE, WithWhom
from engine.services.outcomes.victims import (
    VictimAccount,
    describe_victim,
    may_record,
    record_victim_outcome,
    victim_account,
)

_NO_ANSWERS = tuple(each.value for each in NoAnswer)
_WHEN = "Date when the victim was asked, or of this entry"
_NO_CHANGE = "The victim was asked and had to change nothing"


def draw_buttons(view: CaseView, acting: Acting) -> None:
    """Draw the buttons of the two forms, for the victim's advocate on the case."""
    is_advocate = may_record(acting, record.runtime().agencies_known) and view.is_worked_by(acting)
    if not is_advocate or view.screening is None:
        return
    if st.button("Victim's outcomes", key="victim-outcome"):
        _outcome_draft(view.reference).begin()
        outcome(view.reference)
    if st.button("Victim's own description", key="victim-description"):
        _description_draft(view.reference).begin()
        description(view.reference)


def _outcome_draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.VICTIM_OUTCOME, reference, f"victim-outcome-{reference}")


def _description_draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.VICTIM_DESCRIPTION, reference, f"victim-description-{reference}")


def draw(reference: str) -> None:
    """Draw what this person may read; nothing shows that there is more. Not for a shared screen."""
    if session.room_view():
        return
    with show_errors():
        account = victim_account(record.runtime().context(session.acting()), reference=reference)
        if account.outcomes or account.description is not None:
            markup.draw(shown(account))


def shown(account: VictimAccount) -> markup.Markup:
    """Return the entries side by side, moment by moment, and the description below."""
    parts: list[markup.Content] = []
    if account.outcomes:
        given = [each.given for each in account.outcomes]
        rows: list[tuple[markup.Content, ...]] = [
            ("Asked", *(f"{each.agreed.value}, {each.asked_on.in_words()}" for each in given))
        ]
        rows += [
            (topic.question, *(_answer(each, topic) for each in given))
            for topic in Topic
            if any(each.agreed is Agreed.GIVEN for each in given)
        ]
        rows.append(("Changes that the victim had to make", *(_changes(each) for each in given)))
        rows.append(("Shared with", *(_shared_with(each.with_whom) for each in given)))
        headers = ("Question", *(words.sentence(each.moment.value) for each in given))
        who = words.listed(sorted({session.named(each.by) for each in account.outcomes}))
        parts += [
            markup.heading("Victim's outcomes", at="victim-outcomes"),
            markup.table(headers, rows, caption=f"In the victim's own account, entered by {who}"),
        ]
    if account.description is not None:
        own = account.description.given
        parts.append(markup.heading("Victim's own description", at="victim-description"))
        pairs = [(words.sentence(each.value), own.answer(each)) for each in Characteristic]
        parts.append(
            markup.definitions(pairs)
            if own.agreed is Agreed.GIVEN
            else markup.none_recorded(words.sentence(own.agreed.value))
        )
    return markup.join(parts)


def _answer(given: VictimOutcomeGiven, topic: Topic) -> markup.Content:
    if given.agreed is not Agreed.GIVEN:
        return markup.none_recorded("no answer")
    answer = given.answer(topic)
    return markup.none_recorded(answer) if answer in _NO_ANSWERS else answer


def _changes(given: VictimOutcomeGiven) -> markup.Content:
    if given.had_to_change is None:
        return markup.none_recorded("not asked" if given.agreed is Agreed.GIVEN else "no answer")
    return words.listed([each.value for each in given.had_to_change]) or "no change"


def _shared_with(with_whom: WithWhom) -> markup.Content:
    names = {agency.code: agency.name for agency in record.runtime().agencies_known}
    listed = words.listed([names.get(code, code) for code in with_whom])
    return listed or markup.none_recorded("no one outside the advocate's agency")


@st.dialog("Record the victim's outcomes", width="large")
def outcome(reference: str) -> None:
    """Ask for the moment and the victim's agreement; the questions follow once it is given."""
    draft = _outcome_draft(reference)
    draft.top()
    key = draft.key
    moment = st.radio(
        "When",
        list(Moment),
        index=None,
        horizontal=True,
        format_func=lambda each: words.sentence(each.value),
        key=f"{key}-moment",
    )
    agreed = _agreement("The victim agrees that it is recorded, and counted without a name", key)
    asked_on = days.field(_WHEN, key=f"{key}-on", width=320)
    answers: dict[Topic, str] = {}
    changes: tuple[LifeChange, ...] | None = None
    with_whom: WithWhom = ()
    if agreed is Agreed.GIVEN:
        for cell, topic in zip(st.columns(2) * len(Topic), Topic, strict=False):
            answer = cell.selectbox(
                topic.question,
                [*topic.answers, *_NO_ANSWERS],
                index=None,
                format_func=words.sentence,
                key=f"{key}-{topic.name}",
                placeholder="Not asked",
            )
            if answer is not None:
                answers[topic] = answer
        changes = _had_to_change(key)
        with_whom = _with_whom(key)
    topics = ask(AlarmTopic, key)
    draft.remember()
    if st.button("Record the victim's outcomes", type="primary", key=f"{key}-save"):
        with show_errors():
            if moment is None or agreed is None:
                raise InvalidInputError("still missing", "choose when, and what the victim agreed to")
            given = VictimOutcomeGiven(
                moment=moment,
                agreed=agreed,
                asked_on=_day(asked_on),
                answers=answers,
                had_to_change=changes,
                with_whom=with_whom,
            )
            context = record.runtime().context(session.acting())
            record_victim_outcome(context, reference=reference, given=given, topics=topics)
            draft.end()
            session.say_after_rerun(f"The victim's outcomes at {moment.value} are recorded.")
            st.rerun()


@st.dialog("Record the victim's own description", width="large")
def description(reference: str) -> None:
    """Ask how the victim describes themselves. Nothing of it is required."""
    draft = _description_draft(reference)
    draft.top()
    key = draft.key
    st.caption("Only what the victim wants to give. Nothing of it is required, and it changes no help.")
    agreed = _agreement("The victim agrees that it is recorded, and counted without a name", key)
    asked_on = days.field(_WHEN, key=f"{key}-on", width=320)
    given: dict[Characteristic, str] = {}
    with_whom: WithWhom = ()
    if agreed is Agreed.GIVEN:
        for cell, characteristic in zip(st.columns(2) * len(Characteristic), Characteristic, strict=False):
            code = cell.selectbox(
                words.sentence(characteristic.value),
                [*characteristic.answers, *_NO_ANSWERS],
                index=None,
                format_func=words.sentence,
                key=f"{key}-{characteristic.name}",
                placeholder="Not asked",
            )
            if code is not None:
                given[characteristic] = code
        with_whom = _with_whom(key)
    draft.remember()
    if st.button("Record the description", type="primary", key=f"{key}-save"):
        with show_errors():
            if agreed is None:
                raise InvalidInputError("still missing", "choose what the victim agreed to")
            described = DescriptionGiven(
                agreed=agreed, asked_on=_day(asked_on), characteristics=given, with_whom=with_whom
            )
            describe_victim(record.runtime().context(session.acting()), reference=reference, given=described)
            draft.end()
            session.say_after_rerun("The victim's own description is recorded.")
            st.rerun()


def _agreement(label: str, key: str) -> Agreed | None:
    return st.radio(
        label,
        list(Agreed),
        index=None,
        horizontal=True,
        format_func=lambda each: words.sentence(each.value),
        key=f"{key}-agreed",
    )


def _had_to_change(key: str) -> tuple[LifeChange, ...] | None:
    named = st.multiselect(
        "Changes that the victim had to make",
        list(LifeChange),
        format_func=lambda each: words.sentence(each.value),
        key=f"{key}-changes",
        placeholder="Not asked",
    )
    nothing = st.checkbox(_NO_CHANGE, key=f"{key}-no-change", disabled=bool(named))
    return tuple(named) if named or nothing else None


def _with_whom(key: str) -> WithWhom:
    names: Mapping[str, str] = {agency.code: agency.name for agency in record.runtime().agencies_known}
    chosen = st.multiselect(
        "The victim agrees to share it with",
        [EVERYONE, *names],
        format_func=lambda code: words.sentence(names.get(code, code)),
        key=f"{key}-whom",
        placeholder="No one outside the advocate's agency",
    )
    return tuple(chosen)


def _day(typed: str) -> PartialDate:
    day = days.read("asked on", typed)
    if day is None:
        raise InvalidInputError("asked on", "give the date when the victim was asked, or of this entry")
    return PartialDate(day.isoformat())
