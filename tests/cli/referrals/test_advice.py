"""Advice on the command line: sent, slip from options and from a file, closed, listed, on the worklist."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Stac, a_row, referred, screened

TODAY = ("--on", "2026-03-03", "--by", "PC A. Example")
"""The commands have the machine's clock, which is later."""


@pytest.fixture
def case(stac: Stac, tmp_path: Path) -> str:
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference, "advice")
    return reference


def send(stac: Stac, case: str) -> str:
    sent = stac("advice", "send", case, "--how", "secure email", "--to", "officer in the case")
    assert sent.code == 0, sent.err
    return sent.out


def test_advice_is_sent_answered_in_parts_and_closed(stac: Stac, case: str) -> None:
    assert f"{case}  made  advice 1" in stac("advice", "list").out
    assert "Send the advice" in stac("worklist").out
    out = send(stac, case)
    assert f"{case}  sent" in out
    assert "secure email, to officer in the case" in out
    assert "victim contacted safely: no answer yet" in out
    assert "Send the advice" not in stac("worklist").out
    first = stac("advice", "return", case, "--contacted", "yes", *TODAY)
    assert "victim contacted safely: yes, 3 March 2026, PC A. Example" in first.out
    early = stac("advice", "close", case)
    assert early.code == 1
    assert early.err.count("\n") == 1
    assert "its slip is not whole: no answer to 'Stalking Protection Order considered'" in early.err
    rest = stac.json("advice", "return", case, "--spo", "no", "--risk", "no", "--why", "On Thursday.")
    assert (rest["state"], rest["missing"]) == ("slip returned", [])
    assert stac.json("advice", "close", case)["state"] == "closed"
    assert stac.json("advice", "list") == []
    assert [each["reference"] for each in stac.json("advice", "list", "--state", "closed")] == [case]
    assert [each["version"] for each in stac.json("advice", "list", case)] == [1]


def test_a_slip_from_its_template_is_whole(stac: Stac, case: str, tmp_path: Path) -> None:
    send(stac, case)
    file = tmp_path / "slip.toml"
    file.write_text(stac("advice", "return", "--template").out)
    answer = stac.json("advice", "return", case, str(file))
    assert answer["state"] == "slip returned"
    assert [each["answer"] for each in answer["slip"]] == ["yes", "no", "yes"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ((), "give either FILE or at least one of --contacted, --spo and --risk"),
        (("--contacted", "yes"), "give --on and --by with a yes"),
        (("--contacted", "no"), "give --why with a no"),
        (("--contacted", "no", "--why", "So.", *TODAY), "--on and --by are only for a yes"),
        (("--contacted", "yes", "--why", "So.", *TODAY), "--why is only for a no"),
        (("slip.toml", "--why", "So."), "--on, --by and --why are not for FILE"),
        (("--contacted", "perhaps", "--why", "So."), "--contacted"),
    ],
)
def test_options_that_do_not_fit_are_refused_in_words(
    stac: Stac, case: str, given: tuple[str, ...], sentence: str
) -> None:
    refused = stac("advice", "return", case, *given)
    assert refused.code == 2
    assert sentence in " ".join(refused.err.replace("│", " ").split())


def test_a_file_that_does_not_fit_is_refused_and_nothing_is_stored(
    stac: Stac, case: str, tmp_path: Path
) -> None:
    send(stac, case)
    file = tmp_path / "slip.toml"
    file.write_text('[contacted]\nanswer = "yes"\n[spo]\nanswer = "no"\nwhy = "So."\n')
    refused = stac("advice", "return", case, str(file))
    assert refused.code == 1
    assert "contacted" in refused.err
    assert stac.json("advice", "list")[0]["slip"] == []


def test_a_refusal_is_json_where_it_is_asked_for(stac: Stac, case: str) -> None:
    refused = stac("advice", "return", case, "--contacted", "yes", *TODAY, "--json")
    assert refused.code == 1
    assert '"error": "advice on' in refused.out
