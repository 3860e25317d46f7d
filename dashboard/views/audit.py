"""The log, for the auditor and who looks after the installation: its last lines, whether it holds, a copy."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import downloads, markup, record, session, words
from dashboard.faults import told_here
from engine.services import audit

_LINES = 100
_NOTE = (
    "Every look and every act is an entry: who, when, for what, on which cases, and nothing of what stood "
    "there. Each follows from the one before it."
)
_COPY = (
    "The copy holds every entry, and its last line says where it ends. Anybody verifies it with a bare "
    "Python (python verify_audit.py FILE). Keep one, or an anchor (stac audit anchor), outside this machine."
)


def page() -> None:
    """The last lines, whether the chain holds, and a copy of it."""
    markup.draw(markup.page_title("Audit", note=_NOTE))
    runtime = record.runtime()
    common: dict[str, Any] = {"uow": runtime.uow, "clock": runtime.clock, "acting": session.acting()}
    with told_here():
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
    verdict = audit.verify(uow=record.runtime().uow)
    counted = words.counted(verdict.entries, "entry", "entries")
    if verdict.first_bad is None:
        markup.draw(
            markup.notice("info", f"{counted} from the first to the head.", heading="The chain holds")
        )
        return
    bad = verdict.first_bad
    says = f"Entry {bad.entry}: {bad.reason}. Take a copy now, and compare it with what is kept outside."
    markup.draw(markup.notice("warning", says, heading="The chain does not hold"))
