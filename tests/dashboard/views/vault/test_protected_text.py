"""Texts that repeat something protected, in the dialog that resolves each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from engine.domain.accounts.acting import Acting
from engine.domain.drafts import DraftForm
from engine.services.accounts.users import find_user
from engine.services.drafts import OpenedDraft, end_draft, open_draft, save_draft
from engine.services.referrals.incidents import record_incident
from engine.store.tables.vault.typed_texts import TextThatTellsRow
from tests.builders import SAFE_HOUSE, Desk, an_incident
from tests.dashboard.visits import Visits, screened

pytestmark = pytest.mark.whose_is_said


def _open(case: str) -> None:
    from dashboard import record, session
    from dashboard.views.vault import protected_text
    from engine.services.vault.typed_texts import texts_to_see_to

    waiting = texts_to_see_to(record.runtime().context(session.acting()))
    protected_text._dialog(case, list(waiting))


def _with_texts(desk: Desk, workers: dict[str, Acting], *days: str) -> str:
    """Make a case with a text that has protected details on each of these days."""
    case = screened(desk)
    for day in days:
        incident = an_incident(day, what=f"Waited outside {SAFE_HOUSE}.")
        record_incident(desk.context(workers["harbour"]), reference=case, incident=incident)
    return case


def _number(desk: Desk, place: str) -> str:
    """Return the number of the first, second or third text; they are drawn at random."""
    with Session(desk.runtime.uow._engine) as session:
        numbers = session.execute(select(col(TextThatTellsRow.number)).order_by(col(TextThatTellsRow.id)))
        return str(list(numbers.scalars())[int(place) - 1])


def _stored(desk: Desk, case: str) -> OpenedDraft:
    return open_draft(desk.context(desk.coordinator), form=DraftForm.PROTECTED_TEXT, case=case)


def _save(desk: Desk, case: str, field: str, text: str) -> None:
    """Save the text of a field from another tab, which opened the form just now."""
    save_draft(
        **desk.common,
        key=desk.runtime.key,
        user=find_user(uow=desk.runtime.uow, name=desk.coordinator.user),
        signed_pass=_stored(desk, case).signed_pass,
        fields={_number(desk, field): text},
    )


def _record(desk: Desk, case: str, field: str) -> None:
    """End one field, as another tab does that recorded it."""
    context = desk.context(desk.coordinator)
    end_draft(context, form=DraftForm.PROTECTED_TEXT, case=case, only=[_number(desk, field)])


def _record_and_change(desk: Desk, case: str) -> None:
    _record(desk, case, "3")
    _save(desk, case, "2", "Newer.")


def test_what_is_typed_on_one_text_and_not_saved_yet_stays_when_another_is_resolved(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    case = _with_texts(desk, workers, "2026-02-27", "2026-02-28")
    visit = visits.show(desk.coordinator, _open, case)
    first, second = (f"text-how-{case}-{_number(desk, place)}" for place in "12")
    visit.type(first, "Spoken with them.").type(second, "Rewritten.")
    visit.app.session_state[second] = "Rewritten by them."  # given as the button was pressed, and not saved
    visit.press(f"text-{_number(desk, '1')}")
    assert not visit.offers(f"text-{_number(desk, '1')}")
    assert visit.typed(second) == "Rewritten by them."
    visit.press(f"text-{_number(desk, '2')}")
    assert not visit.offers(f"text-{_number(desk, '2')}")


@pytest.mark.parametrize(
    ("elsewhere", "left"),
    [
        (lambda desk, case: None, {"2": "Rewritten."}),
        (lambda desk, case: _record(desk, case, "2"), {}),
        (lambda desk, case: _record(desk, case, "3"), {"2": "Rewritten."}),
        (_record_and_change, {"2": "Newer."}),
        (lambda desk, case: _save(desk, case, "2", ""), {"2": "Rewritten."}),
        (
            lambda desk, case: end_draft(
                desk.context(desk.coordinator), form=DraftForm.PROTECTED_TEXT, case=case
            ),
            {},
        ),
    ],
    ids=["nothing", "recorded it", "recorded a third", "changed it", "not saved yet", "recorded all"],
)
def test_what_another_tab_recorded_or_changed_meanwhile_is_not_stored_again(
    desk: Desk,
    workers: dict[str, Acting],
    visits: Visits,
    elsewhere: Callable[[Desk, str], None],
    left: dict[str, str],
) -> None:
    case = _with_texts(desk, workers, "2026-02-26", "2026-02-27", "2026-02-28")
    visit = visits.show(desk.coordinator, _open, case)
    first, second = (f"text-how-{case}-{_number(desk, place)}" for place in "12")
    visit.type(first, "Spoken with them.").type(second, "Rewritten.")
    elsewhere(desk, case)
    visit.press(f"text-{_number(desk, '1')}")
    assert not visit.offers(f"text-{_number(desk, '1')}")
    assert {field: each.text for field, each in _stored(desk, case).fields.items()} == {
        _number(desk, place): text for place, text in left.items()
    }


@pytest.mark.parametrize("before", ["", "Rewritten"])
def test_what_was_typed_after_another_tab_recorded_one_is_stored_when_a_third_is_recorded(
    desk: Desk, workers: dict[str, Acting], visits: Visits, before: str
) -> None:
    case = _with_texts(desk, workers, "2026-02-26", "2026-02-27", "2026-02-28")
    visit = visits.show(desk.coordinator, _open, case)
    first, second = (f"text-how-{case}-{_number(desk, place)}" for place in "12")
    visit.type(first, "Spoken with them.").type(second, before)
    _record(desk, case, "3")
    visit.app.session_state[second] = "Rewritten."  # its page could not save it any longer
    visit.press(f"text-{_number(desk, '1')}")
    assert visit.typed(second) == "Rewritten."
