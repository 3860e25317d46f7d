"""`stac outcome analyse`: without a record or a user: the shape of the answer, and bad input."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.cli.command import CommandResult, Stac

FILES = Path(__file__).parents[2] / "files" / "outcomes"
SHAPE = {
    "n", "events", "person_time", "rate", "conventions", "survival", "cumulative_incidence", "median",
    "logrank", "gray", "cox", "reasons", "warnings",
}  # fmt: skip
TRANSPLANT = ("--duration", "time", "--event", "relapse", "--competing", "death")


@pytest.fixture
def nowhere(tmp_path: Path) -> Stac:
    """A home where nothing was ever made."""
    return Stac(tmp_path / "nowhere")


@pytest.fixture
def analyse(nowhere: Stac, tmp_path: Path):
    """Write this text to a file and analyse its columns t, e and others."""

    def run(text: str | bytes, *options: str) -> CommandResult:
        file = tmp_path / "given.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return nowhere(
            "outcome", "analyse", str(file), "--duration", "t", "--event", "e", *options, user=None
        )

    return run


def test_the_answer_has_the_shape_that_others_build_on(nowhere: Stac) -> None:
    file = str(FILES / "transplant.csv")
    findings = nowhere(
        "outcome", "analyse", file, *TRANSPLANT, "--group", "group", "--covariates", "group", "--at", "365",
        "--json", user=None,
    )  # fmt: skip
    assert findings.code == 0
    answer = findings.json
    assert set(answer) == SHAPE
    assert set(answer["rate"]) == {"estimate", "low", "high"}
    assert set(answer["survival"][0]) == {"group", "at", "estimate", "low", "high", "at_risk"}
    assert set(answer["cumulative_incidence"][0]) == {"group", "cause", "at", "estimate", "low", "high"}
    assert {each["cause"] for each in answer["cumulative_incidence"]} == {"event", "competing"}
    assert set(answer["median"][0]) == {"group", "estimate", "low", "high"}
    assert set(answer["logrank"]) == {"statistic", "df", "p"}
    assert [set(each) for each in answer["gray"]] == [{"cause", "statistic", "df", "p"}] * 2
    model = answer["cox"]
    assert set(model) == {"ties", "coefficients", "log_likelihood", "lr", "concordance", "ph_test"}
    assert set(model["coefficients"][0]) == {"name", "estimate", "se", "p", "low", "high"}
    assert set(model["lr"]) == {"statistic", "df", "p"}
    assert set(model["ph_test"][0]) == {"name", "statistic", "df", "p"}
    assert not nowhere.home.exists()


def test_the_same_file_gives_the_same_bytes(nowhere: Stac) -> None:
    file = str(FILES / "gammopathy.csv")
    asked = ("outcome", "analyse", file, "--duration", "years", "--event", "malignancy",
             "--competing", "death", "--group", "sex", "--covariates", "sex", "--json")  # fmt: skip
    assert nowhere(*asked, user=None).out == nowhere(*asked, user=None).out


def test_a_part_that_was_not_asked_for_is_null_with_a_reason(nowhere: Stac) -> None:
    file = str(FILES / "leukaemia.csv")
    answer = nowhere(
        "outcome", "analyse", file, "--duration", "time", "--event", "relapse", "--json", user=None
    ).json
    for part in ("cumulative_incidence", "gray", "logrank", "cox"):
        assert answer[part] is None
        assert answer["reasons"][part].endswith("named.")
    assert {each["group"] for each in answer["survival"]} == {None}
    assert [each["at"] for each in answer["survival"]][:3] == [1, 2, 3]


def test_a_person_reads_tables_reasons_and_conventions(nowhere: Stac) -> None:
    file = str(FILES / "transplant.csv")
    findings = nowhere("outcome", "analyse", file, *TRANSPLANT, "--group", "group", "--at", "365", user=None)
    assert findings.code == 0
    for sentence in (
        "137 rows, 42 with the event",
        "cumulative incidence",
        "Gray           event: 11.9229 on 2 degrees of freedom, p 0.00258",
        "not estimated: cox. No covariates were named.",
        "does not show what caused it",
        "convention, survival: Kaplan-Meier.",
    ):
        assert sentence in findings.out


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        (
            "t,e\n1,1\n-2,0\n",
            (),
            "--duration: row 3: negative: the ending is before the beginning; correct the dates",
        ),
        ("t,e\n1,1\ninf,0\n", (), "--duration: row 3: not a number"),
        ("t,e\n1,1\n1_000,0\n", (), "--duration: row 3: not a number"),
        ('t,e\n1,1\n"2,5",0\n', (), "--duration: row 3: not a number"),
        ("t,e\n1,1\n1e999,0\n", (), "--duration: row 3: not a number"),
        ("t,e\n1,2\n3,x\n", (), "--event: rows 2, 3: not 0 or 1"),
        (
            "t,e,c\n1,1,1\n2,0,0\n",
            ("--competing", "c"),
            "--competing: row 2: both the event and the competing",
        ),
        ("t,e\n1,1\n", ("--group", "where"), "--group: the file has no column 'where'; it has t, e"),
        ("t,e,g,g\n1,1,a,b\n", ("--group", "g"), "--group: the file has 2 columns 'g'"),
        ("t,e\n1,1\n", ("--group", "e"), "columns: 'e' is named for 2 things"),
        ("t,e,x\n1,1,2\n", ("--covariates", "x,x"), "--covariates: 'x' is listed more than once"),
        ("t,e,x\n1,1,2\n", ("--covariates", "x,"), "--covariates: a name is blank"),
        ("t,e\n1,1\n", ("--covariates", "t"), "--covariates: 't' is the duration or an ending"),
        ("t,e\n1,1\n", ("--at", "-1"), "--at: a time must be 0 or more"),
        ("t,e\n", (), "the file: it has a header and no rows"),
        ("", (), "the file: it is empty"),
        ("t,e\n,1\n2,\n", (), "the file: no row has both a duration and its endings"),
        ("t,e\n1,1,7\n", (), "the file, row 2: has 3 cells where the header has 2"),
        ("t,e,g\n1,1,\n", ("--group", "g"), "--group: no row has a group"),
        (b"PK\x03\x04rest of a workbook", (), "the file: a workbook, not text; save the sheet as CSV UTF-8"),
        (b"\x00\x01\x02\x03\x00\x00\x00\x00", (), "the file: not a text file"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    analyse, text: str | bytes, options: tuple[str, ...], sentence: str
) -> None:
    findings = analyse(text, *options, "--json")
    assert findings.code == 1
    assert findings.json["error"].startswith(sentence)
    assert analyse(text, *options).err.startswith(sentence)


def test_wrong_use_is_exit_code_2(analyse) -> None:
    assert analyse("t,e\n1,1\n", "--ties", "exact").code == 2
    assert analyse("t,e\n1,1\n", "--at", "soon").code == 2


@pytest.mark.parametrize(
    "text",
    [
        "t;e\n1;1\n2;0\n3;1\n",
        "t\te\n1\t1\n2\t0\n3\t1\n",
        "t|e\n1|1\n2|0\n3|1\n",
        b"\xef\xbb\xbft,e\r\n1,1\r\n2,0\r\n3,1\r\n",
        "t,e\n1,1\n2,0\n3,1\n".encode("utf-16"),
        " T , E \n 1 , 1 \n\n 2.0 , 0.0\n3,TRUE\n",
        "sep=;\nt;e\n1;1\n2;0\n3;1\n",
    ],
)
def test_the_same_table_in_another_form_gives_the_same_answer(analyse, text: str | bytes) -> None:
    assert analyse(text, "--json").json == analyse("t,e\n1,1\n2,0\n3,1\n", "--json").json


def _of(analyse, text: str, *options: str):
    findings = analyse(text, *options, "--json")
    assert findings.code == 0, findings
    assert not any(math.isnan(each["at"]) for each in findings.json["survival"])
    return findings.json


def test_one_event_is_estimated_and_what_cannot_be_is_explained(analyse) -> None:
    answer = _of(analyse, "t,e,g\n5,1,a\n7,0,b\n9,0,a\n", "--group", "g", "--covariates", "g")
    assert answer["events"] == 1
    assert answer["logrank"]["df"] == 1
    assert "predicts the event without error" in answer["reasons"]["cox"]


def test_all_censored_has_no_curve_no_median_and_no_comparison(analyse) -> None:
    answer = _of(analyse, "t,e,g\n5,0,a\n7,0,b\n", "--group", "g", "--covariates", "g", "--at", "6")
    assert [(p["group"], p["estimate"], p["at_risk"]) for p in answer["survival"]] == [
        ("a", None, 0),
        ("b", 1, 1),
    ]
    assert answer["rate"] == {"estimate": 0, "low": 0, "high": pytest.approx(3.688879 / 12)}
    assert [each["estimate"] for each in answer["median"]] == [None, None]
    assert answer["logrank"] is None
    assert answer["reasons"]["logrank"] == "No row has the event, so there is nothing to compare."
    assert answer["cox"] is None
    assert answer["reasons"]["median"]


def test_a_group_without_an_event_is_named_and_not_left_out_in_silence(analyse) -> None:
    text = "t,e,c,g\n5,1,0,a\n7,0,0,b\n9,0,0,a\n"
    reasons = _of(analyse, text, "--group", "g", "--competing", "c")["reasons"]
    sentence = "No row of 'b' has an event, so there are no event times to report. Name times."
    assert reasons["survival"].startswith(sentence)
    assert reasons["cumulative_incidence"].startswith(sentence)
    assert sentence not in _of(analyse, text, "--group", "g", "--at", "5,7")["reasons"]["survival"]
    assert _of(analyse, "t,e\n5,0\n")["reasons"]["survival"].startswith("No row has an event")


def test_no_time_at_all_gives_no_rate(analyse) -> None:
    answer = _of(analyse, "t,e\n0,1\n0,0\n")
    assert answer["rate"] == {"estimate": None, "low": None, "high": None}
    assert "nothing" in answer["reasons"]["rate"]
    assert answer["survival"][0]["estimate"] == 0.5


def test_blank_cells_are_left_out_with_a_warning_and_never_read_as_nought(analyse) -> None:
    text = "t,e,g,x\n1,1,a,3\n2,,a,4\n,1,b,5\n4,1,,6\n5,0,b,NA\n6,1,b,8\n7,1,a,2\n"
    answer = _of(analyse, text, "--group", "g", "--covariates", "x")
    assert (answer["n"], answer["events"]) == (5, 4)
    assert answer["warnings"][:4] == [
        "--duration is blank in row 4: left out of everything.",
        "--event is blank in row 3: left out of everything.",
        "--group is blank in row 5: left out of every comparison and curve.",
        "A covariate is blank in row 6: left out of the model.",
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("t,e,x,y\n1,1,1,2\n2,1,3,6\n3,1,2,4\n", "'y' repeats the covariates before it"),
        ("t,e,x,y\n1,1,1,5\n2,1,3,5\n3,1,2,5\n", "'y' has the same value in every row"),
        ("t,e,x,y\n1,1,1,a\n2,1,3,a\n3,1,2,a\n", "'y' has the same value in every row"),
        ("t,e,x,y\n1,1,1,\n2,1,3,\n3,1,2,\n", "No row has all covariates."),
        ("t,e,x,y\n1,1,1,5\n2,1,3,6\n3,1,2,seven\n", "Covariate 'y' is a number in 2 rows and a text in 1"),
        ("t,e,x,y\n1,0,1,5\n2,0,3,6\n3,0,2,7\n", "No row with all covariates has the event"),
    ],
)
def test_a_model_that_cannot_be_fitted_says_why(analyse, text: str, reason: str) -> None:
    answer = _of(analyse, text, "--covariates", "x,y")
    assert answer["cox"] is None
    assert answer["reasons"]["cox"].startswith(reason)


def test_a_duration_far_beyond_the_others_is_pointed_out(analyse) -> None:
    assert "is a code for a missing value" in " ".join(_of(analyse, "t,e\n1,1\n2,1\n999,0\n")["warnings"])
    assert "is a code for a missing value" not in " ".join(_of(analyse, "t,e\n1,1\n2,1\n19,0\n")["warnings"])


def test_one_group_and_groups_that_differ_by_capitals_are_said(analyse) -> None:
    answer = _of(analyse, "t,e,g\n1,1,a\n2,1,a\n", "--group", "g")
    assert answer["reasons"]["logrank"].startswith("Only one group")
    answer = _of(analyse, "t,e,g\n1,1,a\n2,1,A\n", "--group", "g")
    assert any("capital letters" in warning for warning in answer["warnings"])
