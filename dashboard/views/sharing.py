"""What was shared on a case and what was refused, and an agency's own rules on its items."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.faults import told_here
from engine.domain.acting import Acting, Role
from engine.domain.sharing import (
    DESK,
    WHOLE_ANSWER,
    AboutWhom,
    AudienceKind,
    Grounds,
    Ledger,
    LedgerEntry,
    Otherwise,
    Regime,
    RuleGiven,
)
from engine.domain.views import AgencyAnswerView, CaseView
from engine.services.sharing import ledger, set_rule

_SEES = frozenset({Role.COORDINATOR, Role.CHAIR, Role.PRACTITIONER})


def draw_button(view: CaseView, acting: Acting, own: AgencyAnswerView | None) -> None:
    """What opens the dialog, once anybody was asked."""
    is_named = acting.role is not Role.PRACTITIONER or acting.user in view.people_on_case
    if view.answers and acting.role in _SEES and is_named and st.button("What was shared", key="shared"):
        dialog(view.reference, own)


@st.dialog("What was shared, and what was refused", width="large")
def dialog(reference: str, own: AgencyAnswerView | None) -> None:
    """The ledger, and for an agency's practitioner the rules on its own items."""
    draw(reference, own)


def draw(reference: str, own: AgencyAnswerView | None) -> None:
    """Lines newest first; then the rules of the viewer's own agency."""
    runtime = record.runtime()
    with told_here():
        there = ledger(
            uow=runtime.uow,
            clock=runtime.clock,
            settings=runtime.settings,
            acting=session.acting(),
            reference=reference,
        )
        _draw_lines(there)
        if own is not None and own.version is not None:
            _draw_rules(there)
            _draw_new_rule(there, own)


def _draw_lines(there: Ledger) -> None:
    if not there.entries:
        markup.draw(markup.none_recorded("Nothing was shared or refused on this case that you may know of."))
        return
    rows = [_row(entry, there.bases) for entry in there.entries]
    headers = ("When", "Agency", "What", "With whom", "On which basis, for what", "By")
    caption = f"{words.counted(len(rows), 'line')} that you may know of; newest first"
    markup.draw(markup.table(headers, rows, caption=caption))


def _row(entry: LedgerEntry, bases: dict[str, str]) -> tuple[str, ...]:
    items = ", ".join(
        f"{item.key} ({item.nature.value})" if item.nature else item.key for item in entry.items
    )
    grounds = entry.grounds
    basis = bases.get(grounds.basis, grounds.basis) if grounds.basis else "Basis not recorded"
    law = f"; {grounds.regime.value}" if grounds.regime else ""
    what = f"{words.sentence(entry.act.value)}: {items}" if items else words.sentence(entry.act.value)
    return (
        words.moment(entry.at),
        entry.agency,
        f"{what} ({entry.why})" if entry.why else what,
        entry.whom,
        f"{basis}; {grounds.purpose}{law}",
        session.named(entry.by),
    )


def _draw_rules(there: Ledger) -> None:
    markup.draw(markup.heading("Rules on our own items", at="own-rules", level=3))
    if not there.rules:
        markup.draw(markup.none_recorded("No rule: what we released goes to everybody on the case."))
        return
    rows = [
        (
            rule.item,
            rule.release_class.in_words,
            rule.release_class.otherwise.value,
            rule.grounds.basis or "not recorded",
            rule.why,
            session.named(rule.by),
        )
        for rule in there.rules
    ]
    headers = ("Item", "Goes to", "Others are told", "Basis", "Why", "By")
    markup.draw(markup.table(headers, rows, caption=f"{words.counted(len(rows), 'rule')} in force"))


def _draw_new_rule(there: Ledger, own: AgencyAnswerView) -> None:
    keys = [
        WHOLE_ANSWER,
        *(finding.key for finding in own.findings),
        *(item.key for item in own.voices),
        *(f"view:{each.domain.value}" for each in own.views),
        *(f"instrument:{each.instrument}" for each in own.instruments),
        *(f"predictor:{each.instrument}" for each in own.predictors),
    ]
    with st.form(key="release-rule", clear_on_submit=True):
        item = st.selectbox(
            "Item",
            keys,
            key="rule-item",
            format_func=lambda k: "The whole answer" if k == WHOLE_ANSWER else k,
        )
        audience = st.selectbox("Goes to", [each.value for each in AudienceKind], key="rule-audience")
        others = [a.code for a in record.runtime().agencies_known if a.code != own.agency]
        named = st.multiselect("Named agencies", [*others, DESK], key="rule-named")
        otherwise = st.selectbox("Others are told", [each.value for each in Otherwise], key="rule-otherwise")
        until = st.date_input("Until (hidden from the next day on)", value=None, key="rule-until")
        basis = st.selectbox(
            "Basis",
            [None, *there.bases],
            key="rule-basis",
            format_func=lambda c: there.bases.get(c or "", "not recorded"),
        )
        regime = st.selectbox("Law that we work under", [None, *(r.value for r in Regime)], key="rule-regime")
        about = st.multiselect("About whom", [each.value for each in AboutWhom], key="rule-about")
        necessity = st.text_input("Why others need it", key="rule-necessity")
        why = st.text_input("Why this rule", key="rule-why")
        if not st.form_submit_button("Set the rule", key="rule-set"):
            return
    with told_here():
        rule = RuleGiven(
            item=item,
            audience=AudienceKind(audience),
            agencies=tuple(named),
            otherwise=Otherwise(otherwise),
            until=until if isinstance(until, date) else None,
            grounds=Grounds(
                basis=basis,
                purpose=session.acting().purpose,
                necessity=necessity or None,
                regime=Regime(regime) if regime else None,
                about=tuple(AboutWhom(each) for each in about),
            ),
            why=why,
        )
        _set(there.reference, own.agency, rule)


def _set(reference: str, agency: str, rule: RuleGiven) -> None:
    runtime = record.runtime()
    stored = set_rule(
        uow=runtime.uow,
        clock=runtime.clock,
        settings=runtime.settings,
        acting=session.acting(),
        reference=reference,
        agency=agency,
        rule=rule,
        agencies=runtime.agencies,
    )
    session.say_after_rerun(f"The rule is set: {stored.item} goes to {stored.release_class.in_words}.")
    st.rerun()
