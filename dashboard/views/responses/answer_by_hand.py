"""A practitioner answers by hand: what the agency holds, that it holds nothing, or that it declines."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import days, markup, record, review_step, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from dashboard.views.alarms.topics import ask_about_response
from dashboard.views.responses import pointers, release, voice_fields, voices
from engine.domain.conference.risk import Domain, HowSoon, Level
from engine.domain.dates import read_date
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.domain.responses.answers import (
    Contribution,
    DomainView,
    Finding,
    MatchBasis,
    Nature,
    NilReturn,
    Professional,
    RefusalGround,
    Refused,
    VoiceItem,
)
from engine.domain.responses.reported import RecordPointer
from engine.services.responses.agency_answers import answer_by_hand, told_before_release

_HOLDS, _NOTHING, _DECLINES = (
    "Contribution: we hold information",
    "Nil return: we searched and hold nothing",
    "Refusal: we refuse to respond",
)
_MOST_FINDINGS = 12


Typed = Contribution | NilReturn | Refused
_KINDS: tuple[type[Typed], ...] = (Contribution, NilReturn, Refused)


def begin(reference: str, agency: str, *, base: int) -> None:
    """Open the dialog with what this person typed before and did not release.

    ``base`` is the version of the answer on the page, 0 for none.
    """
    _draft(reference).begin()
    review_step.begin(_key(reference), partial(dialog, reference, agency, base))


@st.dialog("Your agency's response", width="large", dismissible=False)
def dialog(reference: str, agency: str, base: int | None = None) -> None:
    """Choose the kind of answer, fill in what it needs, read it through, release it."""
    key = _key(reference)
    warning = told_before_release(record.runtime().agencies_known, agency)
    if warning:
        markup.draw(markup.notice("warning", warning, heading="Before you release it"))
    review_step.fill_in_and_confirm(
        key,
        _KINDS,
        fields=lambda: _filled_in(_draft(reference), speaks=warning is not None),
        review=lambda answer: _review(reference, agency, answer, base),
    )
    review_step.leave(key)


def _key(reference: str) -> str:
    return f"answer-{reference}"


def _draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.ANSWER, reference, _key(reference))


def _filled_in(draft: FormDraft, *, speaks: bool) -> Typed | None:
    """Return the form for the kind of answer; None until it is complete.

    ``speaks`` is for the victim's voice.
    """
    draft.top()
    kind = st.radio(
        "What is your response?",
        [_HOLDS, _NOTHING, _DECLINES],
        index=None,
        key=f"{draft.key}-kind",
        horizontal=True,
    )
    with show_errors():
        if kind == _HOLDS:
            return _contribution(draft, speaks=speaks)
        if kind == _NOTHING:
            return _nil_return(draft, speaks=speaks)
        if kind == _DECLINES:
            return _refused(draft)
    return None


def _review(reference: str, agency: str, answer: Typed, base: int | None) -> None:
    """Draw everything that will be released, and the button that releases it."""
    key = _key(reference)
    shown = _shown(answer) if isinstance(answer, Contribution) else [_sentence(release.in_words(answer))]
    if isinstance(answer, NilReturn) and answer.advocate_offered is not None:
        shown.append(_sentence(answer.advocate_offered.in_words()))
    topics = {} if isinstance(answer, NilReturn) else ask_about_response(f"{key}-{base or 0}")
    if not review_step.confirmed(key, *shown, record="Release response"):
        return
    with show_errors():
        runtime = record.runtime()
        done = answer_by_hand(
            runtime.context(session.acting()),
            reference=reference,
            agency=agency,
            answer=answer,
            agencies=runtime.agencies,
            base_version=base,
            topics=topics,
        )
        review_step.end(key)
        _draft(reference).end()
        session.say_after_rerun(f"Your response to {reference} is released as version {done.version}.")
        st.rerun()


def _shown(answer: Contribution) -> list[markup.Content]:
    names = {known.code: known.name for known in record.runtime().agencies_known}
    confirmed = "" if answer.matched_on.confirmed else " (unconfirmed)"
    rows: list[tuple[markup.Content, markup.Content]] = [
        (
            markup.join([f"{voices.HEADINGS[item.whose]}:", _voice_in_words(item)], " "),
            (
                f"{words.labelled(item.about)}, based on "
                f"{'; '.join(pointers.in_words(pointer) for pointer in item.records)}; "
                f"{voices.sharing(item, names)}"
            ),
        )
        for item in answer.voices
    ]
    rows += [(sentence, under) for _, sentence, under in release.strikeable(answer)]
    also = release.also_released(answer)
    if answer.protected:
        kinds = words.listed([words.label(each.kind) for each in answer.protected])
        also.append(f"{kinds}: stored as protected details and shown on no page")
    parts: list[markup.Content] = [_sentence(f"Matched {answer.matched_on.says}{confirmed}")]
    parts.append(markup.table(("Item", "Basis"), rows, caption=words.counted(len(rows), "item")))
    if also:
        parts += [markup.heading("Also recorded", at="also", level=3), markup.bullets(also)]
    return parts


def _voice_in_words(item: VoiceItem) -> markup.Content:
    return voices.in_words(item if item.may_leave else item.without_words())


def _sentence(sentence: str) -> markup.Markup:
    return markup.element("p", sentence)


def _contribution(draft: FormDraft, *, speaks: bool) -> Contribution | None:
    """Return the contribution; ``speaks`` adds the fields of the victim's voice."""
    key = draft.key
    count_key = f"{key}-count"
    count = session.number(count_key, 1)
    names = {known.code: known.name for known in record.runtime().agencies_known}
    matched = st.text_input(
        "How was the person matched in your records?",
        key=f"{key}-matched",
        placeholder="by name and date of birth",
        max_chars=600,
    )
    confirmed = st.checkbox("Confirmed: it is certainly this person", key=f"{key}-confirmed")
    markup.draw(
        markup.element(
            "p",
            (
                "Write one plain sentence for each finding, and give the record it is based "
                "on. Facts show immediately. Opinions and views are hidden until the "
                "conference. Do not write where the victim is."
            ),
            class_="sub",
        )
    )
    # one part each, however many rows are in it: the fields below stay in their place
    with st.container():
        of_victim = voice_fields.rows(draft, count, names) if speaks else []
    safe = voice_fields.protected_rows(key) if speaks else []
    with st.container():
        typed = [_finding_fields(number, draft) for number in range(1, count + 1)]
    gaps = draft.text("gaps", "Missing information, if you know of any", rows=1, one_line=True)
    with st.expander("Views on the 4 domains, as recorded by a named professional", key=f"{key}-views"):
        views = [_view_fields(domain, draft) for domain in Domain]
    draft.remember(without=voice_fields.PROTECTED)
    with st.container(horizontal=True):
        saved = st.button("Review response", type="primary", key=f"{key}-holds-save")
        more = st.button(
            "Add one of each" if speaks else "Add a finding",
            key=f"{key}-more",
            disabled=count >= _MOST_FINDINGS,
        )
    if more:
        session.store_number(count_key, count + 1)
        review_step.run_part_again()
    if not saved:
        return None
    findings = tuple(
        _finding(number, *fields)
        for number, fields in enumerate(typed, start=1)
        if any(typed.strip() for typed in (fields[0], *fields[2:]))
    )
    given = tuple(view for view in (_view(*fields) for fields in views) if view is not None)
    voices = voice_fields.items(of_victim)
    if not findings and not given and not voices:
        raise InvalidInputError("answer", "give at least one finding or one view, or a nil return")
    return Contribution(
        matched_on=MatchBasis(says=matched, confirmed=bool(confirmed)),
        findings=findings,
        voices=voices,
        protected=voice_fields.protected(safe),
        views=given,
        gaps=(gaps,) if gaps.strip() else (),
    )


def _finding_fields(number: int, draft: FormDraft) -> tuple[str, Nature, str, str, str]:
    key = draft.key
    sentence = draft.text(f"says-{number}", f"Finding {number}", rows=2, one_line=True)
    nature_column, record_column, kind_column, dated_column = st.columns(4, vertical_alignment="bottom")
    with nature_column:
        is_opinion = st.checkbox(f"Finding {number} is an opinion", key=f"{key}-opinion-{number}")
    with record_column:
        which = st.text_input(f"Record of finding {number}", key=f"{key}-record-{number}", max_chars=80)
    with kind_column:
        what = st.text_input(f"Kind of record {number}", key=f"{key}-kind-{number}", max_chars=60)
    with dated_column:
        dated = st.text_input(
            f"Date of record {number}", key=f"{key}-dated-{number}", placeholder="March 2026"
        )
    return sentence, Nature.OPINION if is_opinion else Nature.FACT, which, what, dated


def _finding(number: int, sentence: str, nature: Nature, which: str, what: str, dated: str) -> Finding:
    if not sentence.strip():
        raise InvalidInputError(f"finding {number}", "it has a record but no sentence; write what was found")
    if not which.strip() or not what.strip():
        raise InvalidInputError(f"finding {number}", "give the record it is based on, and its kind")
    try:
        day = read_date(dated) if dated.strip() else None
    except ValueError as error:
        raise InvalidInputError(f"date of record {number}", str(error)) from None
    pointer = RecordPointer(record=which, kind=what, dated=day)
    return Finding(key=f"by-hand-{number}", says=sentence, nature=nature, records=(pointer,))


ViewFields = tuple[Domain, Level | None, str, HowSoon | None, str, str, str]


def _view_fields(domain: Domain, draft: FormDraft) -> ViewFields:
    name = words.domain_in_words(domain)
    key = f"{draft.key}-{domain.name}"
    level_column, reasons_column = st.columns([2, 5])
    with level_column:
        level = st.selectbox(
            name,
            list(Level),
            index=None,
            placeholder="No view",
            format_func=words.level_in_words,
            key=f"{key}-level",
            help=domain.meaning,
        )
    with reasons_column:
        reasons = draft.text(f"{domain.name}-reasons", f"{name}: reasons", rows=2, one_line=True)
    soon: HowSoon | None = None
    who_column, post_column, on_column, soon_column = st.columns(4)
    with who_column:
        who = st.text_input(f"{name}: recorded by", key=f"{key}-who", max_chars=120)
    with post_column:
        post = st.text_input(f"{name}: their post", key=f"{key}-post", max_chars=120)
    with on_column:
        on = days.field(f"{name}: recorded on", key=f"{key}-on")
    if domain is Domain.VIOLENCE:
        with soon_column:
            soon = st.selectbox(
                "How soon",
                list(HowSoon),
                index=None,
                format_func=lambda each: words.sentence(each.value),
                key=f"{key}-soon",
                placeholder="Not recorded",
            )
    return domain, level, reasons, soon, who, post, on


def _view(
    domain: Domain,
    level: Level | None,
    reasons: str,
    soon: HowSoon | None,
    who: str,
    post: str,
    on: str,
) -> DomainView | None:
    if level is None:
        if reasons.strip() or who.strip() or post.strip() or on.strip() or soon is not None:
            raise InvalidInputError(f"view on {domain.value}", "choose a level, or clear the other fields")
        return None
    day = days.read(f"view on {domain.value}: recorded on", on)
    if not (reasons.strip() and who.strip() and post.strip()) or day is None:
        raise InvalidInputError(
            f"view on {domain.value}", "give the reasons, who recorded it, their post and the date"
        )
    return DomainView(
        domain=domain,
        level=level,
        reasons=reasons,
        how_soon=soon,
        recorded_by=Professional(name=who, post=post),
        recorded_on=day,
    )


def _nil_return(draft: FormDraft, *, speaks: bool) -> NilReturn | None:
    key = draft.key
    looked = st.text_input("Records searched (separate with commas)", key=f"{key}-looked")
    sentence = draft.text(
        "nil-says",
        "Summary in one sentence",
        rows=2,
        one_line=True,
        hint='For example "We searched and hold nothing."',
    )
    offered = voice_fields.offer_fields(key) if speaks else None
    draft.remember()
    saved = st.button("Review nil return", type="primary", key=f"{key}-nothing-save")
    if not saved:
        return None
    places = tuple(place.strip() for place in looked.split(",") if place.strip())
    if not places or not sentence.strip():
        raise InvalidInputError("nil return", "give the records searched and a summary")
    return NilReturn(
        looked_in=places, says=sentence, advocate_offered=voice_fields.offer(offered) if offered else None
    )


def _refused(draft: FormDraft) -> Refused | None:
    key = draft.key
    ground = st.selectbox(
        "Ground for refusal",
        list(RefusalGround),
        index=None,
        format_func=lambda each: words.sentence(each.value),
        key=f"{key}-ground",
    )
    sentence = draft.text("refused-says", "Summary in one sentence", rows=2, one_line=True)
    draft.remember()
    saved = st.button("Review refusal", type="primary", key=f"{key}-declines-save")
    if not saved:
        return None
    if ground is None or not sentence.strip():
        raise InvalidInputError("refusal", "give the ground and a summary")
    return Refused(ground=ground, says=sentence)
