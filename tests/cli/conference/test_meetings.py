"""A conference on the command line, and the shape of its minutes as JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.clock import SystemClock
from tests.cli.command import Stac, a_row, referred, screened
from tests.cli.conference.test_decisions import a_decision, a_document


@pytest.fixture
def today(stac: Stac, tmp_path: Path) -> tuple[Stac, list[str]]:
    """A conference of today with two cases on its agenda."""
    references = referred(
        stac,
        tmp_path,
        a_row("A-1"),
        a_row("A-2", perpetrator_surname="Else", victim_surname="Other", victim_address=""),
    )
    for reference in references:
        screened(stac, reference)
    day = SystemClock().today().isoformat()
    stac.json("conference", "create", "--date", day, "--place", "Room 4", user="chair")
    stac.json("conference", "agenda", *references, user="chair")
    return stac, references


def test_a_conference_goes_from_its_agenda_to_its_minutes(
    today: tuple[Stac, list[str]], tmp_path: Path
) -> None:
    stac, (first, second) = today
    started = stac("conference", "start", user="chair")
    assert started.out.startswith("This conference is confidential.")
    assert stac.json("conference", "next", user="chair")["opened"] == first
    file = a_document(tmp_path / "d.json", a_decision())
    decided = stac("conference", "decide", first, file, user="chair")
    assert "Provisional: not quorate. Missing: Police, Probation or Health, Victim advocacy." in (decided.out)
    stac.json("conference", "close", user="chair")
    minutes = stac.json("conference", "minutes", user="chair")
    assert set(minutes) >= {"conference", "date", "chair", "attendance", "apologies", "items", "phase"}
    assert [item["case"] for item in minutes["items"]] == [first, second]
    assert minutes["items"][0]["quorate"] is False
    assert minutes["items"][0]["from"] is not None
    printed = stac("conference", "minutes", user="chair").out
    assert "Invented summary." in printed
    assert "Provisional: not quorate." in printed


def test_the_agenda_is_shown_ordered_and_planned(today: tuple[Stac, list[str]]) -> None:
    stac, (first, second) = today
    stac.json("conference", "agenda", "--order", "2,1", user="chair")
    more = ("--item", "1", "--minutes", "25", "--guest", "School nurse", "--note", "Ask about the car.")
    items = stac.json("conference", "agenda", *more, user="chair")["items"]
    assert [(item["case"], item["minutes"]) for item in items] == [(second, 25), (first, 15)]
    later = f"{SystemClock().today().year + 1}-01-31"
    deferred = ("--defer", "No report yet.", "--until", later, "--meanwhile", "A police alarm.")
    stac.json("conference", "agenda", "--item", "1", *deferred, user="chair")
    shown = stac("conference", "agenda", user="chair").out
    assert f"{second}, for decision, deferred until 31 January" in shown
    assert "25 min" in shown
    stale = stac("conference", "agenda", "--order", "1,2", "--seen", "1", user="chair")
    assert stale.code == 1
    assert stale.err.startswith("The agenda changed at ")


def test_without_a_conference_today_one_sentence_says_so(stac: Stac) -> None:
    refused = stac("conference", "next", user="chair")
    assert refused.code == 1
    assert refused.err == "conference: none is in session or planned for today; give --conference\n"


def test_minutes_are_written_as_a_page_in_which_every_text_is_text(
    today: tuple[Stac, list[str]], tmp_path: Path
) -> None:
    stac, (first, _) = today
    stac.json("conference", "start", user="chair")
    stac.json("conference", "next", user="chair")
    given = a_decision(summary="<script>alert(1)</script> & more")
    stac.json("conference", "decide", first, a_document(tmp_path / "d.json", given), user="chair")
    stac.json("conference", "close", user="chair")
    page, brief = tmp_path / "minutes.html", tmp_path / "summary.html"
    assert stac("conference", "minutes", "--html", str(page), user="chair").code == 0
    written = page.read_text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in written
    assert "<script" not in written
    assert written.count('class="marking') == 2
    assert written.count('content: "OFFICIAL-SENSITIVE"') == 2  # in the margins of each printed sheet
    assert "Invented." in written
    stac("conference", "minutes", "--html", str(brief), "--summary", user="chair")
    assert "Invented." not in brief.read_text()
    again = stac("conference", "minutes", "--html", str(page), user="chair")
    assert again.err == f"{page} already exists; choose another name\n"
