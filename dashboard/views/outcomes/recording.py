"""The dialog that records an outcome on any of the three measures, and the outcomes of a case as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from dashboard.views.alarms.topics import ask
from engine.domain.cases.views import CaseView, OutcomeView
from engine.domain.dates import PartialDate, read_date
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.domain.outcomes.follow_up import AgainstWhom, Censoring, Measure, OutcomeFound, OutcomeGiven
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.shown import shown
from engine.services.outcomes.follow_up import record_outcome

_BREACH = {"Yes": True, "No": False, "Not known": None}
_ENDINGS = [each for each in Censoring if each is not Censoring.IN_CUSTODY]
"""Custody ends nothing: it is recorded as a change of custody."""


def draw_outcomes(view: CaseView) -> None:
    """Draw each finding of a follow-up, measure by measure; "none found" says where was searched."""
    markup.draw(markup.heading("Outcomes", at="outcomes"))
    if not view.outcomes:
        markup.draw(markup.none_recorded("Not yet known: no follow-up is recorded."))
        return
    markup.draw(
        markup.table(
            ("Measure", "Found", "When", "Followed up to", "Records searched", "Summary", "Recorded"),
            [_cells(outcome) for outcome in view.outcomes],
            caption="Reported, recorded and proven are 3 different measures",
        )
    )


def _cells(outcome: OutcomeView) -> tuple[markup.Content, ...]:
    ended = f", on {outcome.ended_on.in_words()}" if outcome.ended_on else ""
    censored = f" (then {outcome.censored.value}{ended})" if outcome.censored else ""
    proved = f" (proved {outcome.proved.in_words()})" if outcome.proved else ""
    corrected = f"Corrected by {outcome.replaced_by}. " if outcome.replaced_by else ""
    return (
        words.sentence(outcome.measure.value),
        corrected + ", ".join(_found(outcome)),
        _day(outcome.happened, proved),
        outcome.looked_until.in_words() + censored,
        words.listed(list(outcome.looked_in)) or markup.none_recorded("not recorded"),
        outcome.says,
        f"{outcome.reference}, {words.day_of(outcome.at, year=True)}, {session.named(outcome.by)}",
    )


def _day(happened: PartialDate | None, proved: str) -> markup.Content:
    return happened.in_words() + proved if happened else markup.none_recorded("no date recorded")


def _found(outcome: OutcomeView) -> list[str]:
    parts = [outcome.found.value]
    if outcome.against is not None:
        parts.append(outcome.against.value)
    if outcome.agency is not None:
        parts.append(f"found by {outcome.agency}")
    if outcome.offence is not None:
        harm = "no score" if outcome.harm is None else f"{outcome.harm:g} days of harm"
        parts.append(f"offence {outcome.offence} ({harm})")
    if outcome.found is OutcomeFound.FURTHER_STALKING and outcome.is_order_breach is not None:
        parts.append("breach of an order" if outcome.is_order_breach else "no breach of an order")
    return parts


def begin(view: CaseView) -> None:
    """Open the dialog with what this person typed before and did not record."""
    _draft(view.reference).begin()
    dialog(view.reference, [each for each in view.outcomes if each.replaced_by is None])


def _draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.OUTCOME, reference, f"outcome-{reference}")


@st.dialog("Record an outcome", width="large")
def dialog(reference: str, earlier: Sequence[OutcomeView]) -> None:
    """Ask for a finding of a follow-up: its measure, what was found, and the end of the search."""
    draft = _draft(reference)
    key = draft.key
    draft.top()
    measure = st.radio(
        "Measure", list(Measure), index=None, format_func=_sentence, key=f"{key}-measure", horizontal=True
    )
    found = st.radio(
        "Finding", list(OutcomeFound), index=None, format_func=_sentence, key=f"{key}-found", horizontal=True
    )
    # One part, whatever is in it: the fields below stay the same while they are typed in.
    with st.container():
        is_act = found is OutcomeFound.FURTHER_STALKING
        act = _draw_act(key, measure) if is_act else {}
        topics = ask(AlarmTopic, key) if is_act else {}
    search = _draw_search(key, earlier)
    sentence = draft.text("says", "Summary in one sentence", one_line=True)
    draft.remember()
    if st.button("Record outcome", type="primary", key=f"{key}-save"):
        with show_errors():
            missing = _missing(measure, found, str(search["looked_until"]), sentence, act)
            if missing or measure is None or found is None:
                raise InvalidInputError("still missing", f"give {words.listed(missing)}")
            given = _given({"measure": measure, "found": found, "says": sentence, **act, **search})
            context = record.runtime().context(session.acting())
            stored = record_outcome(context, reference=reference, outcome=given, topics=topics)
            draft.end()
            session.say_after_rerun(f"Outcome {stored} is recorded.")
            st.rerun()


def _missing(
    measure: Measure | None,
    found: OutcomeFound | None,
    until: str,
    sentence: str,
    act: Mapping[str, object],
) -> list[str]:
    """Return the names of the fields that this outcome has in any case and that are blank."""
    fields: dict[str, object] = {"the measure": measure, "the finding": found}
    if act:
        fields |= {"against whom": act["against"], "when it happened": str(act["happened"]).strip()}
    fields |= {"the date followed up to": until.strip(), "a summary": sentence.strip()}
    return [name for name, value in fields.items() if not value]


def _draw_act(key: str, measure: Measure | None) -> dict[str, object]:
    """Draw what is asked of further stalking only."""
    against = st.radio(
        "Against whom",
        list(AgainstWhom),
        index=None,
        format_func=_sentence,
        key=f"{key}-against",
        horizontal=True,
    )
    when, proof = st.columns(2)
    happened = when.text_input("When it happened", key=f"{key}-happened", placeholder="March 2026")
    proved = ""
    if measure is Measure.PROVEN:
        proved = proof.text_input("Date of the conviction or caution", key=f"{key}-proved")
    code, row = st.columns(2)
    offence = code.text_input(
        "Offence code (if known)", key=f"{key}-offence", placeholder="008/65", help="Home Office code."
    )
    offence_row = row.text_input(
        "Row of the harm index",
        key=f"{key}-offence-row",
        help="Only for a code with several scores. The error message lists them.",
    )
    breach = st.radio(
        "Is the offence the breach of an order?",
        list(_BREACH),
        index=None,
        key=f"{key}-breach",
        horizontal=True,
        help="Proven reoffending leaves out breaches of orders. If it is not known, the offence counts.",
    )
    return {
        "against": against,
        "happened": happened,
        "proved": proved,
        "offence": offence.strip() or None,
        "offence_row": offence_row.strip() or None,
        "is_order_breach": _BREACH[breach] if breach else None,
    }


def _draw_search(key: str, earlier: Sequence[OutcomeView]) -> dict[str, object]:
    """Draw what is asked of every follow-up."""
    agencies = {agency.code: agency.name for agency in record.runtime().agencies_known}
    left, right = st.columns(2)
    until = left.text_input("Followed up to", key=f"{key}-until", placeholder="09/03/2026")
    looked_in = right.text_input("Records searched (separate with commas)", key=f"{key}-in")
    left, right = st.columns(2)
    agency = left.selectbox(
        "Agency that found it",
        list(agencies),
        index=None,
        format_func=lambda code: shown(agencies[code]),
        key=f"{key}-agency",
        placeholder="Not recorded",
    )
    replaces = None
    if earlier:
        of = {each.reference: each for each in earlier}
        replaces = right.selectbox(
            "Corrects an earlier outcome",
            list(of),
            index=None,
            format_func=lambda each: f"{shown(each)}: {of[each].measure.value}, {of[each].found.value}",
            key=f"{key}-replaces",
            placeholder="Does not apply",
        )
    reason, on = st.columns(2)
    censored = reason.selectbox(
        "Why follow-up has ended (if it has)",
        _ENDINGS,
        index=None,
        format_func=_sentence,
        key=f"{key}-censored",
        placeholder="Does not apply",
        help="Custody does not end follow-up. Record it as a change of custody.",
    )
    ended = on.text_input("When it ended", key=f"{key}-ended") if censored else ""
    return {
        "looked_until": until,
        "looked_in": tuple(place.strip() for place in looked_in.split(",") if place.strip()),
        "agency": agency,
        "censored": censored,
        "ended_on": ended,
        "replaces": replaces,
    }


_LABELS = {
    "happened": "when it happened",
    "proved": "date of the conviction or caution",
    "looked_until": "followed up to",
    "ended_on": "when it ended",
}


def _given(fields: dict[str, object]) -> OutcomeGiven:
    """Return the outcome; a date that cannot be read is refused with the name of its field."""
    dates: dict[str, PartialDate | None] = {}
    for name, label in _LABELS.items():
        text = str(fields.get(name) or "").strip()
        try:
            dates[name] = read_date(text) if text else None
        except ValueError as error:
            raise InvalidInputError(label, str(error)) from None
    return OutcomeGiven.model_validate({**fields, **dates})


def _sentence(each: Measure | OutcomeFound | AgainstWhom | Censoring) -> str:
    return words.sentence(each.value)
