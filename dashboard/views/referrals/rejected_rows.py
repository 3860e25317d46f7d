"""A row of a referral file that was not imported: where, why, and its resolution.

The row's content may locate a victim, so no page shows it: the coordinator has the file.
"""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, session
from dashboard.errors import show_errors
from engine.services.referrals.imports import deal_with_rejected_row, rejected_rows


def ask(name: str) -> None:
    """Fetch the row of this name, once, and show it."""
    with show_errors():
        runtime = record.runtime()
        rows = rejected_rows(runtime.context(session.acting()))
        row = next((row for row in rows if f"import {row.import_id}, row {row.row_number}" == name), None)
        if row is None:
            markup.draw(markup.notice("info", "This row is no longer listed."))
            return
        _dialog(row.import_id, row.row_number, row.column, row.reason)


@st.dialog("Rejected row", width="large")
def _dialog(import_id: int, number: int, column: str | None, reason: str) -> None:
    where = f"Import {import_id}, row {number}" + (f", column '{column}'" if column else "")
    markup.draw(markup.definitions([("Row", where), ("Reason rejected", reason)]))
    markup.draw(
        markup.element(
            "p",
            (
                "Correct the row and import the file again, or act on the alarm by phone. The row "
                "is not shown because it could reveal where a victim is."
            ),
            class_="sub",
        )
    )
    if st.button("Mark as resolved", key=f"rejected-{import_id}-{number}", type="primary"):
        runtime = record.runtime()
        with show_errors():
            deal_with_rejected_row(runtime.context(session.acting()), import_id=import_id, row=number)
            session.say_after_rerun(f"Row {number} of import {import_id} is resolved.")
            st.rerun()
