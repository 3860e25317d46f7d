"""A coordinator imports a file of referrals: its mapping, its notes, and the same file once more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.domain.errors import InvalidInputError, WorkbookUnconfirmedError
from engine.services.referrals.files import read_and_import, referral_template
from engine.services.referrals.imports import ImportReport
from tests.builders import Desk
from tests.engine.exchange.test_old_workbooks import XLSB
from tests.engine.exchange.written import a_row, csv_text, write


def imported(desk: Desk, path: Path, **changes: object) -> ImportReport:
    return read_and_import(desk.context(desk.coordinator), path=path, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
def test_a_template_can_be_imported_as_it_is_and_a_second_time_changes_nothing(
    desk: Desk, tmp_path: Path, kind: str
) -> None:
    file = write(tmp_path / "filled", referral_template(kind))
    first = imported(desk, file)
    assert (first.accepted, first.rejected, first.notes) == (1, (), ())
    again = imported(desk, file)
    assert (again.accepted, again.unchanged, again.referrals) == (0, 1, first.referrals)


def test_a_template_of_another_kind_names_the_kinds_there_are() -> None:
    with pytest.raises(InvalidInputError, match=r"^template: choose one of csv, xlsx, json$"):
        referral_template("ods")


def test_a_file_in_another_agencys_terms_is_read_by_its_mapping_and_its_source_is_given(
    desk: Desk, tmp_path: Path
) -> None:
    row = a_row()
    row["ref"], row["source"] = row.pop("source_reference"), ""
    file = write(tmp_path / "theirs.csv", csv_text([row]))
    mapping = write(tmp_path / "mapping.toml", '[columns]\nsource_reference = "ref"\n')
    report = imported(desk, file, mapping_path=mapping, default_source="borough-desk")
    assert (report.accepted, report.rejected) == (1, ())


def test_what_was_taken_for_granted_and_numbers_that_fail_their_check_are_noted(
    desk: Desk, tmp_path: Path
) -> None:
    row = a_row(perpetrator_pnc="2001/0000123A", reason="Invented: waits outside the café.")
    file = write(tmp_path / "windows.csv", csv_text([row]).encode("cp1252"))
    first, second = imported(desk, file).notes
    assert "Windows" in first
    assert second.startswith("row 2: the PNC")
    assert "2001" not in second


def test_a_file_with_more_rows_than_the_settings_allow_leaves_nothing_behind(
    desk: Desk, tmp_path: Path
) -> None:
    file = write(tmp_path / "long.csv", csv_text([a_row(number) for number in range(3)]))
    context = desk.context(desk.coordinator)
    few = replace(context, settings=context.settings.model_copy(update={"most_referral_rows": 2}))
    with pytest.raises(InvalidInputError, match="more than 2 rows"):
        read_and_import(few, path=file)
    assert imported(desk, file).accepted == 3


def test_the_same_rows_in_another_file_are_stored_under_a_digest_of_their_own(
    desk: Desk, tmp_path: Path
) -> None:
    """The digest of the file, and never its name, says which file a row came from."""
    bad = a_row(2, victim_date_of_birth="not a date")
    for name in ("one.csv", "other name.csv"):
        imported(desk, write(tmp_path / name, csv_text([bad])))
    with desk.runtime.uow.unrecorded() as work:
        assert len(work.protected.rejected()) == 1
    imported(desk, write(tmp_path / "two.csv", csv_text([a_row(1), bad])))
    with desk.runtime.uow.unrecorded() as work:
        assert len(work.protected.rejected()) == 2


def test_a_workbook_that_hides_its_cells_is_imported_only_after_a_person_confirmed_it(desk: Desk) -> None:
    with pytest.raises(WorkbookUnconfirmedError):
        imported(desk, XLSB)
    report = imported(desk, XLSB, is_confirmed=True)
    assert (report.accepted, len(report.rejected)) == (1, 1), "nothing was stored before"
