"""Pictures of maps: their texts and nothing else, in three forms, the same each time."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from defusedxml import ElementTree

from engine.domain.links.map_patterns import PatternsOnMap
from engine.domain.links.maps import LeftOut, LinkMap, MapAsked
from engine.domain.links.views import LinkHub, LinkNotes
from engine.links.exporting.pictures import PictureFormat, PictureText, picture_of
from engine.links.map_sheet import sheet_of
from engine.links.register import Register
from engine.links.register_view import register_view
from tests.engine.links.given import a_reading

ROOT = Path(__file__).parents[4]
TEXT = PictureText(title="Town", source="Imported network, 28 November 2026.", caption="For the panel")
BEGINS = {PictureFormat.PNG: b"\x89PNG", PictureFormat.SVG: b"<?xml", PictureFormat.PDF: b"%PDF"}
HOSTILE = "<script>bad()</script> $x^2 \u202eevil " + "long " * 2_000


def a_map(register: Register) -> LinkMap:
    from engine.services.links.drawing import map_of

    asked = MapAsked(start="P1")
    whole = register_view(register, asked, most=300, at=datetime(2026, 11, 28, tzinfo=UTC))
    return map_of(whole, asked, known={}, patterns=PatternsOnMap())


def a_town(label: str = "Ann") -> LinkMap:
    entities = f'id,type,label\nP1,person,"{label}"\nT1,phone,07700 900001\nZ1,boat,Gull'
    links = "from,to,kind,role,date,grade\nP1,T1,uses,,2024-03-09,3D C\nP1,Z1,owns,,,"
    return a_map(a_reading(entities, links).register)


@pytest.mark.parametrize("form", PictureFormat)
def test_a_picture_has_its_form_and_is_the_same_each_time(form: PictureFormat) -> None:
    drawn = a_town()
    first = picture_of(drawn, sheet_of(drawn), TEXT, form)
    assert first.startswith(BEGINS[form])
    assert picture_of(drawn, sheet_of(drawn), TEXT, form) == first


DRAWING = """
from tests.engine.links.exporting.test_pictures import TEXT, PictureFormat, a_town, picture_of, sheet_of
picture_of(a_town(), sheet_of(a_town()), TEXT, PictureFormat.PDF)
"""


def test_no_list_of_fonts_is_left_in_the_accounts_home_or_elsewhere(tmp_path: Path) -> None:
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    temporary.mkdir()
    environment = {name: text for name, text in os.environ.items() if not name.startswith(("MPL", "XDG_"))}
    environment |= {"HOME": str(home), "TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", DRAWING], cwd=ROOT, env=environment, check=True, timeout=60)
    assert [*home.rglob("*"), *temporary.rglob("*")] == []


def texts_of(picture: bytes) -> str:
    return " ".join(
        text for each in ElementTree.fromstring(picture).iter() if (text := (each.text or "").strip())
    )


def test_a_picture_explains_itself() -> None:
    texts = texts_of(picture_of(a_town(), sheet_of(a_town()), TEXT, PictureFormat.SVG))
    for words in (
        "OFFICIAL-SENSITIVE", "Town", "For the panel", "Imported network, 28 November 2026.", "Ann", "Gull",
        "07700 900001", "uses", "person", "phone", "other item", "not confirmed, by its grade",
        "3 items and 2 links are drawn.", "A link does not show that people know each other.",
    ):  # fmt: skip
        assert words in texts, words


def test_markup_formulas_and_direction_marks_are_text() -> None:
    picture = picture_of(a_town(HOSTILE), sheet_of(a_town(HOSTILE)), TEXT, PictureFormat.SVG)
    assert b"<script>" not in picture
    assert "\u202e" not in picture.decode()
    assert "$x^2" in texts_of(picture)
    assert len(picture) < 200_000


def test_a_long_source_both_dates_and_what_is_left_out_are_whole() -> None:
    asked = MapAsked(start="P1", since=date(2024, 1, 1), until=date(2025, 12, 31))
    left = {"left_out": LeftOut(hidden=2, by_kind=1), "asked": asked}
    said = ("T1 has 1,200 links: it is shown but not expanded.", "7 more are not shown.")
    notes = LinkNotes(hubs=(LinkHub(id="T1", users=1200),), says=said)
    drawn = a_town().model_copy(update={**left, "told": notes})
    controller = "Office of records " * 17
    text = PictureText(title="Town", source=f"Imported network, controller {controller}, 28 November 2026.")
    texts = texts_of(picture_of(drawn, sheet_of(drawn), text, PictureFormat.SVG))
    for words in (
        f"{controller}, 28 November 2026.",
        "3 items and 2 links are drawn. Links from 1 January 2024 to 31 December 2025",
        "Left out: 2 items hidden by you. 1 item left out by kind. 7 more are not shown.",
        "07700 900001 has 1,200 links: it is shown but not expanded.",
    ):
        assert words in texts, words
