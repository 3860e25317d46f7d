"""Tables and lists of the command, as they are read."""

from __future__ import annotations

import pytest

from cli.tables import draw_cases
from engine.domain.cases.views import CasePage


@pytest.mark.parametrize(("total", "said"), [(999, "999 referrals"), (1360, "1,360 referrals")])
def test_a_number_of_four_digits_has_a_separator(
    total: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    draw_cases(CasePage(rows=(), first=0, total=total), page=99, rows=50)
    assert f"the list has {said}" in capsys.readouterr().out
