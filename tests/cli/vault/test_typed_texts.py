"""`stac access text-flags`: text with protected details, resolved once, by the coordinator or chair."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import Stac, a_row, referred, screened

PLACE = "7 Quiet Mews"


def test_the_desk_lists_and_sees_to_a_text_and_its_writer_is_told_nothing(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference)
    given = ("--kind", "following", "--on", "2026-02-20", "--what", f"Near {PLACE}.")
    assert stac("incident", "create", reference, *given, user="demo").code == 1
    whose = ("--whose", f"{PLACE}=other")
    assert stac(*whose, "incident", "create", reference, *given, user="demo").code == 0
    assert stac("access", "text-flags", "list", user="demo").out == "No text needs review.\n"
    (text,) = stac.json("access", "text-flags", "list", user="chair")["texts"]
    assert (text["involvement"], text["by"], text["where"]) == (reference, "demo", "an incident")
    result = stac("access", "text-flags", "list", user="chair").out
    assert result == f"{text['number']}: {reference}, an incident, typed by demo\n"
    assert PLACE in stac("case", "show", reference, user="demo").out.replace("\n", " ")
    assert "Quiet Mews" not in stac("case", "show", reference, user="chair").out
    seen = ("access", "text-flags", "resolve", str(text["number"]), "--how", "Spoken with the writer.")
    assert stac(*seen, user="ana").code == 1
    assert stac(*seen, user="chair").code == 0
    assert stac(*seen, user="chair").code == 1
