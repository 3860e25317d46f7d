"""Advice is sent on Monday. On Tuesday contact with the victim is not confirmed, on Thursday the slip is
overdue, and on Friday the chair has a line too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine.clock import LONDON
from engine.domain.accounts.acting import Acting
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.cases.worklists import WorkGroup
from engine.domain.referrals.advice import AdviceState, SentHow, SlipAnswer, SlipEntry, SlipGiven
from engine.services.cases.worklists import worklist, worklist_page
from engine.services.referrals.advice import close_advice, list_advice, record_sent, record_slip
from engine.services.referrals.screening import screen
from tests.builders import Desk, a_desk, a_referral, a_screening

OFFICER = "officer in the case"
NOT_SENT, CONTACT, SLIP = "advice not sent", "advice contact", "advice slip"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as opened:
        yield opened


def go_to(desk: Desk, day: int, hour: int, minute: int = 0) -> None:
    """Go to a time in London in March 2026, of which the 2nd is a Monday."""
    desk.clock.move_to(datetime(2026, 3, day, hour, minute, tzinfo=LONDON).astimezone(UTC))


def lines(desk: Desk, acting: Acting) -> dict[str, str]:
    """Return the lines about advice by kind, with what is overdue marked; page and whole list agree."""
    items = [each for each in worklist(desk.context(acting)).items if each.kind.startswith("advice")]
    page = worklist_page(desk.context(acting)).section(WorkGroup.TASK).items
    assert [each for each in page if each.kind.startswith("advice")] == items
    return {each.kind: f"{'OVERDUE ' if each.is_overdue else ''}{each.why}" for each in items}


def test_advice_sent_on_monday_is_overdue_on_thursday_and_the_chairs_on_friday(desk: Desk) -> None:
    coordinator, chair = desk.context(desk.coordinator), desk.context(desk.chair)
    (case,) = desk.refer(a_referral()).referrals
    screen(coordinator, reference=case, screening=a_screening(TriageOutcome.ADVICE))
    assert list(lines(desk, desk.coordinator)) == [NOT_SENT]
    assert lines(desk, desk.chair) == {}

    go_to(desk, 2, 11)
    sent = record_sent(coordinator, reference=case, how=SentHow.EMAIL, to=OFFICER)
    assert (sent.state, sent.text is not None) == (AdviceState.SENT, True)
    go_to(desk, 2, 23, 59)
    assert lines(desk, desk.coordinator) == {}

    go_to(desk, 3, 0)
    (why,) = lines(desk, desk.coordinator).values()
    assert why == "The advice was sent on 2 March 2026. No answer on this is recorded."
    go_to(desk, 3, 17, 1)
    assert lines(desk, desk.coordinator)[CONTACT].startswith("OVERDUE ")
    yes = SlipEntry(answer=SlipAnswer.YES, on=date(2026, 3, 3), by="PC A. Example")
    record_slip(coordinator, reference=case, slip=SlipGiven(contacted=yes))
    assert lines(desk, desk.coordinator) == {}

    go_to(desk, 4, 16, 59)
    assert lines(desk, desk.coordinator) == {}
    go_to(desk, 5, 9)
    assert lines(desk, desk.coordinator) == {
        SLIP: "OVERDUE The advice was sent on 2 March 2026. "
        "No answer to: Stalking Protection Order considered, risk assessment done."
    }
    assert [each.state for each in list_advice(coordinator)] == [AdviceState.OVERDUE]
    go_to(desk, 5, 23, 59)
    assert lines(desk, desk.chair) == {}

    go_to(desk, 6, 0)
    assert list(lines(desk, desk.chair)) == [SLIP]
    assert list(lines(desk, desk.coordinator)) == [SLIP]
    closed = close_advice(chair, reference=case, reason="The officer is on leave; the sergeant has it.")
    assert closed.state is AdviceState.CLOSED
    assert lines(desk, desk.chair) == lines(desk, desk.coordinator) == {}
    assert not any(desk.runtime.due.differences(desk.runtime.uow).values())
