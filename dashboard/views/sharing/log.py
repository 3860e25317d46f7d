"""Sharing log of a case, with what was refused, and a side's own rules on its items and incidents."""

from __future__ import annotations

import streamlit as st

from dashboard import days, markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.incidents import kinds_in_words
from engine.domain.cases.views import AgencyAnswerView, CaseView, IncidentView
from engine.domain.drafts import DraftForm
from engine.domain.sharing import (
    DESK,
    WHOLE_ANSWER,
    AboutWhom,
    AudienceKind,
    Grounds,
    Ledger,
    LedgerEntry,
    Regime,
    RuleGiven,
    VisibilityToOthers,
)
from engine.domain.shown import shown
from engine.services.sharing.incident_rules import is_incident, set_incident_rule
from engine.services.sharing.release_rules import ledger, set_rule


def draw_button(view: CaseView, acting: Acting, own: AgencyAnswerView | None) -> None:
    """Draw the button of the dialog, once an agency was asked."""
    is_there = view.answers or view.incidents or view.person.shared
    if is_there and view.is_worked_by(acting) and st.button("Sharing log", key="shared"):
        _draft(view.reference).begin()
        dialog(view.reference, own, ours(view, acting))


def _draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.SHARING_RULE, reference, f"rule-{reference}")


def ours(view: CaseView, acting: Acting) -> tuple[IncidentView, ...]:
    """Return the incidents that this person's side reported; whether a rule may be given,
    the service says.
    """
    codes = {agency.code for agency in record.runtime().agencies_known}

    def is_ours(owner: str) -> bool:
        return acting.speaks_for(owner) if owner in codes else acting.role is not Role.PRACTITIONER

    return tuple(each for each in view.incidents if any(is_ours(report.owner) for report in each.reports))


@st.dialog("Sharing log", width="large")
def dialog(reference: str, own: AgencyAnswerView | None, incidents: tuple[IncidentView, ...]) -> None:
    """Show the ledger, and the rules on what the viewer's own side holds."""
    draw(reference, own, incidents)


def draw(reference: str, own: AgencyAnswerView | None, incidents: tuple[IncidentView, ...]) -> None:
    """Draw lines newest first.

    Draw below them the rules on the own answer's items and on the incidents that it reported.
    """
    runtime = record.runtime()
    with show_errors():
        there = ledger(runtime.context(session.acting()), reference=reference)
        _draw_lines(there)
        has_answered = own is not None and own.version is not None
        if has_answered or incidents:
            _draw_rules(there)
            _draw_new_rule(there, own if has_answered else None, incidents)


def _draw_lines(there: Ledger) -> None:
    if not there.entries:
        markup.draw(markup.none_recorded("No sharing or refusal on this case that you can see."))
        return
    rows = [_row(entry, there) for entry in there.entries]
    headers = ("When", "Agency", "Action", "Shared with", "Lawful basis and purpose", "By")
    caption = f"{words.counted(len(rows), 'entry', 'entries')} that you can see, newest first"
    markup.draw(markup.table(headers, rows, caption=caption))


def _row(entry: LedgerEntry, there: Ledger) -> tuple[str, ...]:
    items = ", ".join(item.in_words for item in entry.items)
    grounds = entry.grounds
    basis = there.bases.get(grounds.basis, grounds.basis) if grounds.basis else "Basis not recorded"
    law = f"; {grounds.regime.value}" if grounds.regime else "; law not recorded"
    if crosses := entry.crosses_to(there.laws):
        law += f", to another law at {' and '.join(crosses)}"
    about = f"; about: {', '.join(words.label(each) for each in grounds.about)}" if grounds.about else ""
    what = f"{words.labelled(entry.act)}: {items}" if items else words.labelled(entry.act)
    return (
        words.moment(entry.at),
        "Coordinators and chair" if entry.agency == DESK else entry.agency,
        f"{what} ({entry.why})" if entry.why else what,
        entry.whom,
        f"{basis}; {grounds.purpose}{law}{about}",
        session.named(entry.by),
    )


def _draw_rules(there: Ledger) -> None:
    markup.draw(markup.heading("Our sharing rules", at="own-rules", level=3))
    if not there.rules:
        markup.draw(
            markup.none_recorded("No rules. Everyone on the case can see what we released or reported.")
        )
        return
    rows = [
        (
            rule.item,
            rule.release_class.in_words,
            words.label(rule.release_class.otherwise),
            rule.grounds.basis or "not recorded",
            rule.why,
            session.named(rule.by),
        )
        for rule in there.rules
    ]
    headers = ("Item", "Who can see this", "Others see", "Lawful basis", "Reason", "By")
    markup.draw(markup.table(headers, rows, caption=f"{words.counted(len(rows), 'current rule')}"))


def _items(own: AgencyAnswerView | None, incidents: tuple[IncidentView, ...]) -> dict[str, str]:
    """Return what a rule may be about, with the text that offers it."""
    fields = {
        each.reference: f"Incident {each.reference}: {kinds_in_words(each.kinds)}, "
        + (each.happened.in_words() if each.happened else "no date recorded")
        for each in incidents
    }
    if own is None:
        return fields
    keys = (
        *(finding.key for finding in own.findings),
        *(item.key for item in own.voices),
        *(f"view:{each.domain.value}" for each in own.views),
        *(f"instrument:{each.instrument}" for each in own.instruments),
        *(f"predictor:{each.instrument}" for each in own.predictors),
        *(name for name, _ in own.reported_items),
    )
    return {WHOLE_ANSWER: "The whole response", **{key: key for key in keys}, **fields}


def _draw_new_rule(there: Ledger, own: AgencyAnswerView | None, incidents: tuple[IncidentView, ...]) -> None:
    items, draft = _items(own, incidents), _draft(there.reference)
    draft.top()
    with st.container(key="release-rule", border=True):
        item = st.selectbox(
            "Item", list(items), key=f"{draft.key}-item", format_func=lambda key: shown(items[key])
        )
        audience = st.selectbox(
            "Who can see this", [each.value for each in AudienceKind], key=f"{draft.key}-audience"
        )
        others = [a.code for a in record.runtime().agencies_known if own is None or a.code != own.agency]
        named = st.multiselect(
            "Named agencies",
            [*others, DESK],
            key=f"{draft.key}-named",
            format_func=lambda code: (
                "Coordinators and chair" if code == DESK else shown(record.agency_named(code))
            ),
        )
        otherwise = st.selectbox(
            "Others see",
            [each.value for each in VisibilityToOthers],
            key=f"{draft.key}-otherwise",
            format_func=words.labelled,
        )
        until = days.field("End date (hidden from the next day)", key=f"{draft.key}-until")
        basis = st.selectbox(
            "Lawful basis",
            [None, *there.bases],
            key=f"{draft.key}-basis",
            format_func=lambda c: shown(there.bases.get(c or "", "not recorded")),
        )
        regime = st.selectbox(
            "Law we work under",
            [None, *(r.value for r in Regime)],
            key=f"{draft.key}-regime",
            format_func=lambda law: law or "not recorded",
        )
        about = st.multiselect(
            "Data subject",
            [each.value for each in AboutWhom],
            key=f"{draft.key}-about",
            format_func=words.labelled,
        )
        necessity = st.text_input("Why others need to see it", key=f"{draft.key}-necessity")
        why = st.text_input("Reason for this rule", key=f"{draft.key}-why")
        draft.remember(without=("-item", "-named"))
        if not st.button("Set rule", key="rule-set"):
            return
    with show_errors():
        rule = RuleGiven(
            item=item,
            audience=AudienceKind(audience),
            agencies=tuple(named),
            otherwise=VisibilityToOthers(otherwise),
            until=days.read("end date", until),
            grounds=Grounds(
                basis=basis,
                purpose=session.acting().purpose,
                necessity=necessity or None,
                regime=Regime(regime) if regime else None,
                about=tuple(AboutWhom(each) for each in about),
            ),
            why=why,
        )
        _set(there.reference, own.agency if own else None, rule)


def _set(reference: str, agency: str | None, rule: RuleGiven) -> None:
    runtime = record.runtime()
    context = runtime.context(session.acting())
    if agency is None or is_incident(rule.item):
        stored = set_incident_rule(context, reference=reference, rule=rule)
    else:
        stored = set_rule(context, reference=reference, agency=agency, rule=rule, agencies=runtime.agencies)
    _draft(reference).end()
    session.say_after_rerun(
        f"The rule is set. {words.sentence(stored.item)} can be seen by: {stored.release_class.in_words}."
    )
    st.rerun()
