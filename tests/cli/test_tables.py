"""Tables and lists of the command, as they are read."""

from __future__ import annotations

from typing import Any

import pytest

from cli.tables import draw_cases, draw_worklist, draw_worklist_page
from engine.domain.accounts.acting import Role
from engine.domain.cases.lists import CasePage
from engine.domain.cases.worklists import WorkItem, Worklist, WorklistPage, WorklistSection


@pytest.mark.parametrize(("total", "said"), [(999, "999 referrals"), (1360, "1,360 referrals")])
def test_a_number_of_four_digits_has_a_separator(
    total: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    draw_cases(CasePage(rows=(), first=0, total=total), page=99, rows=50)
    assert f"the list has {said}" in capsys.readouterr().out


@pytest.mark.parametrize(("total", "least"), [(999, ""), (1_000, " or more")])
def test_a_count_that_stopped_is_drawn_as_the_least(
    total: int, least: str, capsys: pytest.CaptureFixture[str]
) -> None:
    or_more = bool(least)
    section = WorklistSection(total=total, or_more=or_more)
    given: dict[str, Any] = {"user": "chair", "role": Role.CHAIR, "first_line": None, "or_more": or_more}
    draw_worklist_page(
        WorklistPage(
            **given,
            total=total,
            overdue=3,
            sections={"chase": section},
            to_chase={"lantern": total},
            shared=(),
        ),
        at_once=50,
    )
    out = capsys.readouterr().out
    assert f"{total:,}{least} lines, 3{least} overdue" in out
    assert f"Responses to chase: page 1 of 20, {total:,}{least} in all" in out
    assert f"To chase: lantern {total:,}{least}" in out
    item = WorkItem(
        reference="R-1",
        what="So",
        why="So.",
        due_at=None,
        is_overdue=False,
        is_alarm=False,
        kind="chase",
    )
    draw_worklist(Worklist(**given, items=(item,)))
    assert ("There may be more lines" in capsys.readouterr().out) is or_more
