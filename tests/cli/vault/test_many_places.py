"""`stac access places-named`: an alarm about many places is listed, asked about and ended."""

from __future__ import annotations

from pathlib import Path

from cli.templates import PLACES_NAMED
from engine.clock import SystemClock
from tests.cli.command import Stac, a_row, referred, screened

STREETS = [f"3 {name} Road" for name in ("Ash", "Birch", "Cedar", "Dell", "Elm", "Fir")]


def test_the_chair_ends_an_alarm_and_its_writer_reads_nothing_of_it(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference)
    whose = [part for street in STREETS for part in ("--whose", f"{street}=other")]
    given = ("--kind", "following", "--on", "2026-02-20", "--what", f"Near {', '.join(STREETS)}.")
    assert stac(*whose, "incident", "create", reference, *given, user="demo").code == 0
    listed = ("access", "places-named", "list")
    assert stac(*listed, user="demo").out == "No alarm waits.\n"
    assert f"{reference}: demo named 6 places within 24 hours" in stac(*listed, user="chair").out
    asked = tmp_path / "asked.toml"
    filled = PLACES_NAMED.replace("name.of.user", "demo")
    asked.write_text(filled.replace("2026-03-02", f"{SystemClock().today()}"))
    record = ("access", "places-named", "record", reference, str(asked))
    assert stac(*record, user="demo").code == 1
    assert stac(*record, user="chair").code == 0
    shown = stac(*listed, user="chair").out
    assert shown.startswith("No alarm waits.\n")
    assert "demo: needed for a task on this case; chair asked the writer on" in shown
    assert stac(*listed, user="demo").out == "No alarm waits.\n"
    assert stac(*record, user="chair").code == 1
    assert stac("access", "places-named", "record", "--template").out == PLACES_NAMED
