"""`stac outcome tables suppress`: without a record or a user: the answer, and bad input."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import CommandResult, Stac

BY_AREA = (
    "area,sex,count\na,X,4\na,Y,21\nb,X,18\nb,Y,30\na,total,25\nb,total,48\ntotal,X,22\ntotal,Y,51\n"
    "total,total,73\n"
)


@pytest.fixture
def suppress(tmp_path: Path):
    """Write these texts to files by name, and hide small counts in them."""
    nowhere = Stac(tmp_path / "nowhere")

    def run(files: dict[str, str], *options: str) -> CommandResult:
        paths = []
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
            paths.append(str(tmp_path / name))
        result = nowhere("outcome", "tables", "suppress", *paths, *options, user=None)
        assert not nowhere.home.exists()
        return result

    return run


def test_the_answer_has_the_shape_that_others_build_on(suppress) -> None:
    answer = suppress({"by-area.csv": BY_AREA}, "--limit", "10", "--json").json
    assert set(answer) == {"cells", "optimal"}
    assert answer["optimal"] is True
    assert answer["cells"][0] == {
        "table": "by-area",
        "dimensions": {"area": "a", "sex": "X"},
        "count": None,
        "state": "primary",
        "low": 0,
        "high": 22,
    }
    assert answer["cells"][-1] == {
        "table": "by-area",
        "dimensions": {"area": "total", "sex": "total"},
        "count": 73,
        "state": "published",
        "low": 73,
        "high": 73,
    }


def test_a_person_reads_what_is_hidden_and_what_a_reader_can_work_out(suppress) -> None:
    out = suppress({"by-area.csv": BY_AREA}, "--limit", "10").out
    assert "9 cells: 5 published, 1 hidden as small, 3 hidden so that those cannot be worked out" in out
    assert "by-area: area a, sex X: hidden (primary); a reader can work out 0 to 22" in out
    assert "Publish the counts only" in out


def test_files_are_linked_by_the_names_of_their_dimensions(suppress) -> None:
    ages = "Age,area,count\ny,a,12\no,a,13\ny,b,11\no,b,37\n"
    answer = suppress({"one.csv": BY_AREA, "two.csv": ages}, "--limit", "10", "--json").json
    assert {cell["table"] for cell in answer["cells"]} == {"one", "two"}
    wrong = ages.replace("37", "36")
    refused = suppress({"one.csv": BY_AREA, "two.csv": wrong}, "--limit", "10", "--json")
    assert refused.code == 1
    assert "one and two: their totals by area differ" in refused.json["error"]


def test_a_wider_range_and_zeros_are_protected_when_asked(suppress) -> None:
    zero = (
        BY_AREA.replace("a,X,4", "a,X,0")
        .replace("a,total,25", "a,total,21")
        .replace("total,X,22", "total,X,18")
        .replace("total,73", "total,69")
    )
    assert all(
        c["count"] is not None for c in suppress({"t.csv": zero}, "--limit", "10", "--json").json["cells"]
    )
    answer = suppress({"t.csv": zero}, "--limit", "10", "--zeros", "hide", "--width", "5", "--json").json
    hidden = [cell for cell in answer["cells"] if cell["count"] is None]
    assert len(hidden) > 1
    assert all(cell["high"] is None or cell["high"] - cell["low"] >= 5 for cell in hidden)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            BY_AREA.replace("total,73", "total,74"),
            "t, row 10: the total is 74, but its parts by 'area' add up to 73",
        ),
        (BY_AREA.replace("a,X,4", "a,X,"), "t: row 2: the count is not a whole number from 0"),
        (BY_AREA.replace("a,X,4", "a,X,-4"), "t: row 2: the count is not a whole number from 0"),
        (BY_AREA.replace("a,X,4", "a,X,4.5"), "t: row 2: the count is not a whole number from 0"),
        (BY_AREA.replace("a,X,4", "a,,4"), "t, row 2: a dimension is blank"),
        (BY_AREA + "a,X,4\n", "t, row 11: it is the same cell as row 2"),
        ("area,number\na,4\n", "t: t has no column 'count'; it has area, number"),
        ("count\n4\n", "t: it has no column beside 'count'"),
        ("area,Area,count\na,b,4\n", "t: it has 2 columns 'area'"),
        ("area,,count\na,b,4\n", "t: a column has no name"),
        ("area,count\n", "t: it has a header and no rows"),
        ("", "t: it is empty"),
    ],
)
def test_what_is_wrong_is_one_sentence(suppress, text: str, sentence: str) -> None:
    findings = suppress({"t.csv": text}, "--limit", "10", "--json")
    assert findings.code == 1
    assert findings.json["error"].startswith(sentence)


def test_wrong_use_is_exit_code_2(suppress) -> None:
    assert suppress({"t.csv": BY_AREA}, "--limit", "0").code == 2
    assert suppress({"t.csv": BY_AREA}, "--limit", "10", "--width", "0").code == 2
    assert suppress({"t.csv": BY_AREA}, "--limit", "10", "--zeros", "show").code == 2
    assert suppress({"t.csv": BY_AREA}).code == 2


def test_two_tables_of_one_name_are_refused(suppress, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    findings = suppress({"t.csv": BY_AREA, "other/t.csv": BY_AREA}, "--limit", "10", "--json")
    assert findings.json["error"].startswith("files: 2 are named 't'")
