"""The audit log, for the auditor and the administrator: its last lines, whether it is intact, a copy."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import downloads, markup, record, session, words
from dashboard.errors import show_errors
from engine.services.system import audit, audit_anchors, audit_content

_LINES = 100
_NAMED = 10
_NOTE = (
    "Every look and every act is an entry: who, when, for what, on which cases, and nothing of what stood "
    "there. Each follows from the one before it."
)
_COPY = (
    "The copy holds every entry, and its last line says where it ends. Anybody verifies it with a bare "
    "Python (python verify_audit.py FILE). Keep one, or an anchor (stac audit anchor), outside this machine."
)


def page() -> None:
    """Draw the last lines, whether the log is intact, and a copy of it."""
    markup.draw(markup.page_title("Audit", note=_NOTE))
    runtime = record.runtime()
    common: dict[str, Any] = {"context": runtime.context(session.acting())}
    with show_errors():
        warning = audit_anchors.anchoring_state(
            uow=runtime.uow, clock=runtime.clock, settings=runtime.settings
        )
        if warning:
            markup.draw(markup.notice("warning", warning, heading="No anchor"))
        if st.button("Walk the whole chain", key="audit-verify"):
            _draw_verdict()
        markup.draw(markup.element("p", _COPY))
        markup.draw(markup.fetch("Take a copy", downloads.ASK, kind=downloads.AUDIT))
        lines = audit.newest(**common, count=_LINES)
    rows = [
        (
            str(line.number),
            words.moment(line.at),
            f"{session.named(line.user)}, {line.role}",
            words.sentence(line.what),
            line.purpose,
            str(line.cases),
        )
        for line in lines
    ]
    headers = ("Entry", "When", "Who", "What", "For", "Cases")
    caption = f"The last {words.counted(len(rows), 'entry', 'entries')}, the newest first"
    markup.draw(markup.table(headers, rows, caption=caption))


def _draw_verdict() -> None:
    runtime = record.runtime()
    anchors = audit_anchors.anchors_kept(uow=runtime.uow, settings=runtime.settings)
    verdict = audit.verify(uow=runtime.uow, anchors=anchors)
    counted = words.counted(verdict.entries, "entry", "entries")
    if verdict.first_bad is None:
        markup.draw(
            markup.notice("info", f"{counted} from the first to the head.", heading="The chain holds")
        )
        _draw_content()
        return
    bad = verdict.first_bad
    sentence = f"Entry {bad.entry}: {bad.reason}. Take a copy now, and compare it with what is kept outside."
    markup.draw(markup.notice("warning", sentence, heading="The chain does not hold"))


def _draw_content() -> None:
    """Draw whether every row is as the log says. A large record is compared at the command."""
    uow = record.runtime().uow
    if not audit_content.is_quickly_walked(uow=uow):
        sentence = "Run 'stac audit verify --content': the record is too large to compare here."
        markup.draw(markup.notice("info", sentence, heading="The rows were not compared"))
        return
    held = audit_content.verify_content(uow=uow)
    sentence = f"{words.counted(held.rows, 'row is', 'rows are')} as the audit log says."
    if held.erased:
        sentence += f" The content of {sum(held.erased.values())} was erased by certificate."
    if held.ok:
        markup.draw(markup.notice("info", sentence, heading="The record is as the audit log says"))
        return
    named = [difference.sentence for difference in held.differences[:_NAMED]]
    named += [f"trigger {name} is missing" for name in held.missing_triggers]
    more = held.different - len(held.differences[:_NAMED])
    sentence = f"{'; '.join(named)}{f'; and {more} more' if more > 0 else ''}. {sentence}"
    markup.draw(markup.notice("warning", sentence, heading="The record is not as the audit log says"))
