"""The audit log, for the auditor and the administrator: its last lines, whether it is intact, a copy."""

from __future__ import annotations

import streamlit as st

from dashboard import downloads, markup, record, session, words
from dashboard.act_labels import act
from dashboard.errors import show_errors
from engine.services.system import audit, audit_anchors, audit_content

_LINES = 100
_NAMED = 10
_NOTE = (
    "The audit log records who viewed or changed what, when, why and on which cases. It does "
    "not contain case content. Each entry is chained to the one before, so tampering shows."
)
_COPY = (
    "The copy contains every entry, and its last line shows where it ends. Anyone can verify "
    "it with Python (python verify_audit.py FILE). Store a copy, or an anchor (stac audit "
    "anchor), outside this machine."
)


def page() -> None:
    """Draw the last lines, whether the log is intact, and a copy of it."""
    markup.draw(markup.page_title("Audit log", note=_NOTE))
    runtime = record.runtime()
    with show_errors():
        warning = audit_anchors.anchoring_state(
            uow=runtime.uow, clock=runtime.clock, settings=runtime.settings
        )
        if warning:
            markup.draw(markup.notice("warning", warning, heading="No anchor"))
        if st.button("Verify audit log", key="audit-verify"):
            _draw_verdict()
        markup.draw(markup.element("p", _COPY))
        markup.draw(markup.fetch("Download a copy", downloads.ASK, kind=downloads.AUDIT))
        lines = audit.newest(runtime.context(session.acting()), count=_LINES)
    rows = [
        (
            str(line.number),
            words.moment(line.at),
            f"{session.named(line.user)}, {words.label(line.role)}",
            words.sentence(act(line.what)),
            line.purpose,
            str(line.cases),
        )
        for line in lines
    ]
    headers = ("Entry", "When", "User", "Action", "Purpose", "Cases")
    caption = f"Last {words.counted(len(rows), 'entry', 'entries')}, newest first"
    markup.draw(markup.table(headers, rows, caption=caption))


def _draw_verdict() -> None:
    runtime = record.runtime()
    anchors = audit_anchors.anchors_kept(uow=runtime.uow, settings=runtime.settings)
    verdict = audit.verify(uow=runtime.uow, anchors=anchors)
    counted = words.counted(verdict.entries, "entry", "entries")
    if verdict.first_bad is None:
        markup.draw(
            markup.notice(
                "info", f"{counted} verified, from the first to the newest.", heading="Audit log verified"
            )
        )
        _draw_content()
        return
    bad = verdict.first_bad
    sentence = (
        f"Entry {bad.entry}: {bad.reason}. Download a copy now and compare it with the copy stored outside."
    )
    markup.draw(markup.notice("warning", sentence, heading="Audit log failed verification"))


def _draw_content() -> None:
    """Draw whether every row is as the log says. A large record is compared at the command."""
    uow = record.runtime().uow
    if not audit_content.is_quickly_walked(uow=uow):
        sentence = "Run 'stac audit verify --content'. The record is too large to compare here."
        markup.draw(markup.notice("info", sentence, heading="Record not compared"))
        return
    held = audit_content.verify_content(uow=uow)
    sentence = f"{words.counted(held.rows, 'row matches', 'rows match')} the audit log."
    if held.erased:
        sentence += f" The content of {sum(held.erased.values())} was erased by certificate."
    if held.ok:
        markup.draw(markup.notice("info", sentence, heading="Record matches the audit log"))
        return
    named = [difference.sentence for difference in held.differences[:_NAMED]]
    named += [f"trigger {name} is missing" for name in held.missing_triggers]
    more = held.different - len(held.differences[:_NAMED])
    sentence = f"{'; '.join(named)}{f'; and {more:,} more' if more > 0 else ''}. {sentence}"
    markup.draw(markup.notice("warning", sentence, heading="Record does not match the audit log"))
