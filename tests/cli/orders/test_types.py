"""`stac order create`: how long an order lasts is counted, or refused before any record is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.orders.recording import _given
from cli.templates import ORDER
from engine.domain.errors import InvalidInputError
from engine.orders.bad_input import require_sound
from engine.orders.rules import order_types
from engine.orders.terms import FIELDS, fields_of

WRITTEN = {
    "years": "years = 6",
    "months": "months = 72",
    "days": "days = 20",
    "ends": 'ends = "2032-03-01"',
    "until_further_order": "until_further_order = true",
}


def of_file(folder: Path, *lines: str) -> None:
    path = folder / "order.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    require_sound(_given(str(path), as_json=False))


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_of_a_file_is_counted_for_a_type_or_refused_by_name(field: str, tmp_path: Path) -> None:
    for kind in order_types():
        start = 'given_at = "2026-03-02T20:00"' if kind.lasts_until_determined else 'made = "2026-03-02"'
        lines = [f'type = "{kind.code}"', start, WRITTEN[field]]
        if kind.term.starts == "arrested" and field == "months":
            lines = [*lines[:2], "months = 3", 'arrested = "2026-03-02"']
        if field == "ends" and kind.code == "dvpo":
            lines[2] = 'ends = "2026-03-20"'
        if field in fields_of(kind):
            of_file(tmp_path, *lines)
            continue
        with pytest.raises(InvalidInputError, match=f"'{field}'"):
            of_file(tmp_path, *lines)


def test_the_template_names_each_field_of_a_term() -> None:
    assert all(field in ORDER for field in FIELDS)
