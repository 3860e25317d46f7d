"""Files of persons in, proposals out: whatever the delimiter; the truth is never matched on."""

from __future__ import annotations

import csv
import json
import random
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from engine.domain.errors import InvalidInputError
from engine.services.tools.person_matching import IdentityMatched, match_files
from tests.engine.exchange.written import write_ods, write_xls
from tests.engine.tools.matching.invented_files import Maker, Row, written

MAPPING = """
id = "id"
forename = "forename"
surname = "surname"
sex = "sex"
date_of_birth = "date_of_birth"
address = "address"
town = "town"
postcode = "postcode"
phone = "phone"
email = "email"
"""


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Two hundred people, some of them twice."""
    maker = Maker(31)
    people = maker.modern(200)
    return maker.mixed([*people, *maker.again(people, 0.4, 0.1)])


def a_mapping(folder: Path, more: str = "") -> Path:
    path = folder / "mapping.toml"
    path.write_text(MAPPING + more, encoding="utf-8")
    return path


def pairs_in(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def true_pairs(path: Path, rows: list[Row], *more: tuple[str, str]) -> Path:
    by_person: dict[str, list[str]] = {}
    for row in rows:
        by_person.setdefault(row["person"], []).append(row["id"])
    pairs = [*(tuple(ids) for ids in by_person.values() if len(ids) == 2), *more]
    path.write_text("id_a,id_b\n" + "".join(f"{a},{b}\n" for a, b in pairs), encoding="utf-8")
    return path


def test_pairs_and_weights_are_written_with_their_explanations(rows: list[Row], tmp_path: Path) -> None:
    identity_matched = match_files(
        files=[written(tmp_path / "a.csv", rows)],
        mapping=a_mapping(tmp_path),
        truth=true_pairs(tmp_path / "truth.csv", rows),
        out=tmp_path / "pairs.csv",
    )
    assert identity_matched.scores is not None
    assert identity_matched.scores.f1 >= 0.97
    pairs = pairs_in(tmp_path / "pairs.csv")
    assert len(pairs) == identity_matched.pairs
    assert list(pairs[0]) == ["id_a", "id_b", "weight", "explanation", "waterfall"]
    assert pairs[0]["explanation"].startswith("Proposed")
    assert "match weight +" in pairs[0]["waterfall"]
    weights = json.loads((tmp_path / "pairs.weights.json").read_text(encoding="utf-8"))
    assert {field["field"] for field in weights["fields"]} == set(MAPPING.split()[3::3])
    assert weights["answer"]["threshold"] == identity_matched.threshold


def test_the_column_of_true_persons_is_never_matched_on(rows: list[Row], tmp_path: Path) -> None:
    def proposed(people: list[str]) -> tuple[list[dict[str, str]], IdentityMatched]:
        told_rows = [{**row, "person": person} for row, person in zip(rows, people, strict=True)]
        identity_matched = match_files(
            files=[written(tmp_path / "a.csv", told_rows)],
            mapping=a_mapping(tmp_path, 'true_person = "person"'),
            out=tmp_path / "pairs.csv",
        )
        return pairs_in(tmp_path / "pairs.csv"), identity_matched

    people = [row["person"] for row in rows]
    shuffled = random.Random(2).sample(people, len(people))
    as_it_is, identity_matched = proposed(people)
    in_disorder, told_in_disorder = proposed(shuffled)
    erased, told_erased = proposed([""] * len(people))
    assert as_it_is == in_disorder == erased
    assert identity_matched.threshold == told_in_disorder.threshold == told_erased.threshold
    assert identity_matched.scores is not None
    assert told_in_disorder.scores is not None
    assert identity_matched.scores.f1 > 0.9 > 0.2 > told_in_disorder.scores.f1
    assert any("true_person is blank" in note for note in told_erased.notes)


@pytest.mark.parametrize(
    ("delimiter", "encoding"),
    [(";", "utf-8-sig"), ("\t", "utf-8"), ("\t", "utf-16"), ("|", "utf-8"), (",", "cp1252")],
)
def test_delimiter_and_encoding_are_found_out(
    rows: list[Row], tmp_path: Path, delimiter: str, encoding: str
) -> None:
    accented = [
        {**row, "forename": "", "surname": "Smith", "email": "", "town": row["town"] + "é"} for row in rows
    ]
    usual = match_files(files=[written(tmp_path / "a.csv", accented)], mapping=a_mapping(tmp_path))
    other = match_files(
        files=[written(tmp_path / "b.csv", accented, delimiter=delimiter, encoding=encoding)],
        mapping=a_mapping(tmp_path),
    )
    assert (usual.pairs, usual.threshold) == (other.pairs, other.threshold)
    assert any("Windows-1252" in note for note in other.notes) == (encoding == "cp1252")


def test_line_ends_of_old_machines_are_read(rows: list[Row], tmp_path: Path) -> None:
    usual = written(tmp_path / "a.csv", rows)
    old = tmp_path / "old.csv"
    old.write_bytes(usual.read_bytes().replace(b"\r\n", b"\r"))
    identity_matcheds = [match_files(files=[path], mapping=a_mapping(tmp_path)) for path in (usual, old)]
    assert identity_matcheds[0].pairs == identity_matcheds[1].pairs > 0
    assert identity_matcheds[1].records == (len(rows),)


def test_a_truth_that_names_no_pair_is_a_truth(rows: list[Row], tmp_path: Path) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text("id_a,id_b\n", encoding="utf-8")
    identity_matched = match_files(
        files=[written(tmp_path / "a.csv", rows)], mapping=a_mapping(tmp_path), truth=truth
    )
    assert identity_matched.scores is not None
    assert (
        identity_matched.scores.true_pairs,
        identity_matched.scores.precision,
        identity_matched.scores.recall,
    ) == (0, 0.0, 1.0)
    assert any("names none" in note for note in identity_matched.notes)


def test_two_files_with_other_column_names_are_linked(rows: list[Row], tmp_path: Path) -> None:
    second = [
        {
            "Nr": row["id"],
            "Name": f"{row['surname'].upper()}, {row['forename']}",
            "Born": row["date_of_birth"],
            "Code": row["postcode"],
        }
        for row in rows
    ]
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[a]\nid = "id"\nforename = "forename"\nsurname = "surname"\ndate_of_birth = "date_of_birth"\n'
        'postcode = "postcode"\nphone = "phone"\n'
        '[b]\nid = "Nr"\nfull_name = "Name"\ndate_of_birth = "Born"\npostcode = "Code"\n',
        encoding="utf-8",
    )
    identity_matched = match_files(
        files=[written(tmp_path / "a.csv", rows), written(tmp_path / "b.csv", second)],
        mapping=mapping,
        out=tmp_path / "pairs.csv",
    )
    same = sum(pair["id_a"] == pair["id_b"] for pair in pairs_in(tmp_path / "pairs.csv"))
    assert same / len(rows) >= 0.9
    assert identity_matched.records == (len(rows), len(rows))
    assert "phone was not used: only one file has it" in identity_matched.notes


def test_without_ids_the_rows_of_the_file_are_named(rows: list[Row], tmp_path: Path) -> None:
    mapping = a_mapping(tmp_path)
    mapping.write_text(MAPPING.replace('id = "id"\n', "", 1), encoding="utf-8")
    match_files(files=[written(tmp_path / "a.csv", rows)], mapping=mapping, out=tmp_path / "pairs.csv")
    assert all(2 <= int(pair["id_a"]) <= len(rows) + 1 for pair in pairs_in(tmp_path / "pairs.csv"))


def test_unknown_ids_in_the_truth_are_counted_and_closing_it_is_told(rows: list[Row], tmp_path: Path) -> None:
    one, other, third = (row["id"] for row in rows[:3])
    truth = tmp_path / "truth.csv"
    truth.write_text(f"id_a,id_b\n{one},{other}\n{other},{third}\nnobody,{one}\n", encoding="utf-8")
    identity_matched = match_files(
        files=[written(tmp_path / "a.csv", rows)], mapping=a_mapping(tmp_path), truth=truth
    )
    assert identity_matched.scores is not None
    assert identity_matched.scores.true_pairs == 3
    assert "1 of 3 true pairs name an id that no file has; they were not scored" in identity_matched.notes
    assert any(note.endswith("1 added") for note in identity_matched.notes)


def test_an_id_that_a_spreadsheet_would_run_is_written_as_text(rows: list[Row], tmp_path: Path) -> None:
    armed = [{**row, "id": f"=1+{place}"} for place, row in enumerate(rows)]
    match_files(
        files=[written(tmp_path / "a.csv", armed)], mapping=a_mapping(tmp_path), out=tmp_path / "pairs.csv"
    )
    assert all(pair["id_a"].startswith("'=1+") for pair in pairs_in(tmp_path / "pairs.csv"))


def test_a_row_that_cannot_be_read_is_told_and_the_others_are_matched(
    rows: list[Row], tmp_path: Path
) -> None:
    path = written(tmp_path / "a.csv", rows)
    with path.open("a", encoding="utf-8") as file:
        file.write('p9998,"Ann,Other\np9999' + ",x" * 20 + "\n")
    identity_matched = match_files(files=[path], mapping=a_mapping(tmp_path))
    assert identity_matched.records == (len(rows),)
    assert identity_matched.rows_left_out == 2
    assert sum("was left out" in note for note in identity_matched.notes) == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file: it is empty"),
        (b"id,forename\n", "the file: it has a header and no rows; add the people to match"),
        (b"PK\x03\x04 broken", "the file: the workbook is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "the file: an old .xls workbook"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "the file: not a text file; save the table as CSV UTF-8"),
        (b"id,forename,surname\n1,Ann,Bell\n1,Bob,Cole\n", "rows 2 and 3 have the same id"),
        (b"id,forename,surname\n,Ann,Bell\n", "row 2 has no id"),
        (b"id,forename,forename\n1,Ann,Bell\n", "two columns are called 'forename'"),
        (b"id,forename\n1,Ann\n", "mapping, surname: the file has no column 'surname'; it has id, forename"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence_and_nothing_is_written(
    content: bytes, sentence: str, tmp_path: Path
) -> None:
    path, mapping, out = tmp_path / "a.csv", tmp_path / "m.toml", tmp_path / "out"
    path.write_bytes(content)
    mapping.write_text('id = "id"\nforename = "forename"\nsurname = "surname"', encoding="utf-8")
    out.mkdir()
    with pytest.raises(InvalidInputError) as wrong:
        match_files(files=[path], mapping=mapping, out=out / "pairs.csv")
    assert sentence in str(wrong.value)
    assert list(out.iterdir()) == []


def test_an_answer_never_takes_the_place_of_a_given_file(rows: list[Row], tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", rows)
    before = path.read_bytes()
    for out, sentence in (
        (path, "one of the input files"),
        (tmp_path / "no" / "o.csv", "does not exist; create it first"),
    ):
        with pytest.raises(InvalidInputError) as wrong:
            match_files(files=[path], mapping=a_mapping(tmp_path), out=out)
        assert sentence in str(wrong.value)
    assert path.read_bytes() == before


def a_workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    book = Workbook()
    for name, cells in sheets.items():
        sheet = book.create_sheet(name)
        for each in cells:
            sheet.append(each)
    del book["Sheet"]
    book.save(path)
    book.close()
    return path


def as_cells(rows: list[Row]) -> list[list[Any]]:
    """The rows as a spreadsheet keeps them, dates as dates."""
    answer = [list[Any](rows[0])]
    for row in rows:
        cells: dict[str, Any] = dict(row)
        with suppress(ValueError):
            cells["date_of_birth"] = date.fromisoformat(row["date_of_birth"])
        answer.append(list(cells.values()))
    return answer


def test_a_workbook_gives_what_the_same_table_gives_as_text(rows: list[Row], tmp_path: Path) -> None:
    usual = match_files(files=[written(tmp_path / "a.csv", rows)], mapping=a_mapping(tmp_path))
    cells = as_cells(rows)
    cells[0].append("note")
    cells[1].append("=1+1")  # nobody asked for this column: its formula costs no row
    path = a_workbook(tmp_path / "a.csv.xlsx", people=cells, notes=[["anything", "else"], ["x", "y"]])
    other = match_files(files=[path], mapping=a_mapping(tmp_path))
    assert (other.records, other.pairs, other.threshold) == (usual.records, usual.pairs, usual.threshold)
    assert other.rows_left_out == 0


@pytest.mark.parametrize("write_book", [write_xls, write_ods], ids=[".xls", ".ods"])
def test_an_older_workbook_gives_the_same_and_says_what_it_hides(
    rows: list[Row], tmp_path: Path, write_book: Any
) -> None:
    usual = match_files(files=[written(tmp_path / "a.csv", rows)], mapping=a_mapping(tmp_path))
    header, *cells = as_cells(rows)
    path = write_book(tmp_path, [dict(zip(header, each, strict=True)) for each in cells])
    other = match_files(files=[path], mapping=a_mapping(tmp_path))
    assert (other.records, other.pairs, other.threshold) == (usual.records, usual.pairs, usual.threshold)
    assert any("the file hides what its cells show" in note for note in other.notes)


def test_a_workbook_links_to_text_and_a_formula_in_a_column_that_is_read_is_told(
    rows: list[Row], tmp_path: Path
) -> None:
    cells = as_cells(rows)
    cells[3][cells[0].index("surname")] = '="Sm"&"ith"'
    identity_matched = match_files(
        files=[written(tmp_path / "a.csv", rows), a_workbook(tmp_path / "b", people=cells)],
        mapping=a_mapping(tmp_path),
    )
    assert identity_matched.records == (len(rows), len(rows) - 1)
    assert identity_matched.pairs >= len(rows) - 1
    assert any(
        "the second file, row 4: column" in note and "formula" in note for note in identity_matched.notes
    )


@pytest.mark.parametrize(
    ("sheets", "sentence"),
    [
        ({"people": []}, "the workbook is empty"),
        ({"people": [["id", "forename"]]}, "it has a header and no rows"),
        (
            {"one": [["a"], ["1"]], "two": [["b"], ["2"]]},
            "it is not clear which of the sheets 'one', 'two' to read",
        ),
        ({"people": [["id"], [1]]}, "has no column 'forename'"),
    ],
)
def test_a_workbook_that_cannot_be_used_is_refused_in_a_sentence(
    sheets: dict[str, list[list[Any]]], sentence: str, tmp_path: Path
) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text('id = "id"\nforename = "forename"', encoding="utf-8")
    with pytest.raises(InvalidInputError) as wrong:
        match_files(files=[a_workbook(tmp_path / "a.xlsx", **sheets)], mapping=mapping)
    assert sentence in str(wrong.value)
    assert "the file" in str(wrong.value)


def test_no_true_pairs_and_files_of_one_person_have_right_answers(rows: list[Row], tmp_path: Path) -> None:
    (tmp_path / "truth.csv").write_text("id_a,id_b\n", encoding="utf-8")
    truth = a_workbook(tmp_path / "truth.xlsx", pairs=[["id_a", "id_b"]])
    file = written(tmp_path / "a.csv", rows)
    identity_matcheds = [
        match_files(files=[file], mapping=a_mapping(tmp_path), truth=each)
        for each in (tmp_path / "truth.csv", truth)
    ]
    for each in identity_matcheds:
        assert each.scores is not None
        assert (each.scores.true_pairs, each.scores.precision) == (0, 0.0)
        assert any("names none" in note for note in each.notes)
    alone = written(tmp_path / "one.csv", rows[:1])
    assert match_files(files=[alone], mapping=a_mapping(tmp_path)).pairs == 0
    assert match_files(files=[alone, alone], mapping=a_mapping(tmp_path)).records == (1, 1)
