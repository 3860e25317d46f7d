"""An extract that is corrupt, half written or at odds with itself is told, and is never a nil return."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.domain.people.persons import Identifier, IdentifierScheme
from engine.domain.responses.answers import Contribution, Failed
from engine.domain.responses.requests import CaseAsked
from engine.hooks.records import RecordsUnreadableError
from engine.hooks.registry import agencies_folder, load_agencies
from plugins.probation.assessor import assess
from plugins.probation.records import ASKED_FOR, BREACHES, SUPERVISION
from tests.plugins.builders import a_case
from tests.plugins.probation.extract import a_period, an_asking, read, write
from tests.seals import sealed

CRN = Identifier(scheme=IdentifierScheme.CRN, value="X000001")
Spoil = Callable[[Path], object]


def cut(file: str, by: int) -> Spoil:
    """The last bytes were never written."""
    return lambda folder: (folder / file).write_bytes((folder / file).read_bytes()[:-by])


def filled_with(file: str, content: bytes) -> Spoil:
    return lambda folder: (folder / file).write_bytes(content)


def put_after(file: str, content: bytes) -> Spoil:
    return lambda folder: (folder / file).write_bytes((folder / file).read_bytes() + content)


def gone(file: str) -> Spoil:
    return lambda folder: (folder / file).unlink()


def case(*numbers: Identifier) -> CaseAsked:
    return a_case(numbers=numbers or (CRN,))


SPOILT: list[tuple[Spoil, str]] = [
    (gone(SUPERVISION), "supervision.csv is not there"),
    (gone(BREACHES), "breaches.csv is not there"),
    (filled_with(SUPERVISION, b""), "supervision.csv is empty"),
    (filled_with(SUPERVISION, b"\x00\xff\xfe\x80 not text"), "supervision.csv is not UTF-8 text"),
    (put_after(SUPERVISION, "SUP-9,P9,Zoë\n".encode("latin-1")), "supervision.csv is not UTF-8 text"),
    (cut(SUPERVISION, 8), "supervision.csv has a line that breaks its format (line 2)"),
    (put_after(SUPERVISION, b'SUP-9,"P9'), "supervision.csv has a line that breaks its format (line 3)"),
    (
        filled_with(SUPERVISION, b"name,score\nA,1\n"),
        "supervision.csv lacks a column (column supervision_id)",
    ),
    (cut(SUPERVISION, 1), "supervision.csv ends without a line end, so its last line may not be whole"),
    (cut(SUPERVISION, 2), "supervision.csv has a line that breaks its format (line 2)"),
    (put_after(BREACHES, b"BR-1,P9,2026,,\n"), "breaches.csv names a key that is not in the extract (column"),
    (cut(ASKED_FOR, 5), "predictors.jsonl has a line that breaks its format (line 2)"),
    (
        filled_with(ASKED_FOR, b'{"lines": 1}\n'),
        "predictors.jsonl has a different number of lines from its first",
    ),
]


@pytest.mark.parametrize(("spoil", "sentence"), SPOILT)
def test_a_spoilt_extract_is_told_by_file_line_and_column(
    tmp_path: Path, spoil: Spoil, sentence: str
) -> None:
    folder = write(tmp_path / "extract", asked=(an_asking(),))
    spoil(folder)

    with pytest.raises(RecordsUnreadableError) as raised:
        read(folder)
    assert str(raised.value).startswith(sentence)


def test_a_period_a_breach_or_an_asking_that_stands_twice_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordsUnreadableError, match=r"supervision\.csv holds the same key twice"):
        read(write(tmp_path / "periods", a_period(), a_period(surname="Other", person_id="P2")))
    with pytest.raises(RecordsUnreadableError, match=r"predictors\.jsonl holds the same key twice"):
        read(write(tmp_path / "askings", asked=(an_asking(), an_asking())))


def test_two_people_with_one_crn_are_told_and_neither_is_used(tmp_path: Path) -> None:
    held = read(
        write(tmp_path / "extract", a_period(), a_period(2, person_id="P2", surname="Other", pnc=None))
    )
    given = assess(case(), held)

    assert isinstance(given, Contribution)
    assert given.findings == ()
    assert not given.matched_on.confirmed
    assert given.gaps == (
        "Two records hold the numbers asked about; none was used, and a person at this agency must check.",
    )


def test_a_person_found_by_another_number_whose_crn_is_shared_is_told_so(tmp_path: Path) -> None:
    other = a_period(2, person_id="P2", surname="Other", pnc=None)
    given = assess(a_case(), read(write(tmp_path / "shared", a_period(), other)))
    alone = assess(a_case(), read(write(tmp_path / "alone", a_period())))

    sentence = (
        "The CRN recorded here is recorded for another person too; "
        "which of them it belongs to is not certain."
    )
    assert isinstance(given, Contribution)
    assert isinstance(alone, Contribution)
    assert sentence in given.gaps
    assert sentence not in alone.gaps


@pytest.mark.parametrize(("crn", "holds"), [("X000001", True), ("x000001", True), ("12345", False)])
def test_a_crn_of_the_wrong_shape_is_told_and_the_person_is_still_found_otherwise(
    tmp_path: Path, crn: str, holds: bool
) -> None:
    given = assess(a_case(), read(write(tmp_path / "extract", a_period(crn=crn))))

    assert isinstance(given, Contribution)
    assert given.findings
    assert any(gap.startswith("The CRN") and "failed its check" in gap for gap in given.gaps) is not holds


def test_through_its_own_process_a_spoilt_extract_is_a_failure_and_never_a_nil_return(tmp_path: Path) -> None:
    with load_agencies(tmp_path) as agencies:
        folder = agencies_folder(tmp_path, "probation")
        folder.mkdir(parents=True)
        write(folder, asked=(an_asking(),))
        sealed(folder)
        assert isinstance(agencies.assess("probation", a_case()), Contribution)
        cut(SUPERVISION, 8)(folder)
        sealed(folder)
        answer = agencies.assess("probation", a_case())

    assert isinstance(answer, Failed)
    assert answer.says == (
        "probation: its records could not be read: supervision.csv has a line that breaks its format (line 2)"
    )
