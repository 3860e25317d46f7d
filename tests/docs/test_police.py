"""What docs/agencies/police.md tells the police's analysts is so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from engine.hooks.carried_links import RecordedLink
from engine.hooks.carried_views import RecordedView
from engine.hooks.extract_files import Recorded
from engine.instruments.offences import AskWhich, NotScored, harm_of
from plugins.police.ranking import LABEL, windows_of
from plugins.police.records import (
    INCIDENTS,
    LINKS,
    OFFENCES,
    ORDERS,
    PERSONS,
    VIEWS,
    IncidentRow,
    OffenceRow,
    OrderKind,
    OrderRow,
    PersonRow,
)
from tests.plugins.builders import records_in

PAGE = (Path(__file__).parents[2] / "docs" / "agencies" / "police.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "shape"),
    [
        (PERSONS, PersonRow),
        (INCIDENTS, IncidentRow),
        (OFFENCES, OffenceRow),
        (ORDERS, OrderRow),
        (VIEWS, RecordedView),
        (LINKS, RecordedLink),
    ],
)
def test_the_page_names_every_column(file: str, shape: type[Recorded]) -> None:
    row = re.search(rf"^\| `{file}` \| [^|]+ \| `([^`]+)` \|$", PAGE, re.MULTILINE)
    assert row is not None
    assert row[1].split(", ") == list(shape.model_fields)


def test_the_page_names_every_kind_of_order() -> None:
    text = " ".join(PAGE.split())
    assert all(kind.value in text for kind in OrderKind)


def test_the_example_configuration_is_read(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    settings = {
        "ranking": [{k: str(v) for k, v in each.items()} for each in tomllib.loads(example[1])["ranking"]]
    }
    (windows,) = windows_of(records_in(tmp_path).model_copy(update={"settings": settings}))
    assert (windows.version, windows.harm_days) == ("2026-04", 365)


def test_the_page_gives_the_label_word_for_word() -> None:
    assert f'"{LABEL}"' in " ".join(PAGE.split())


def test_what_is_asked_about_and_what_has_no_score_is_so() -> None:
    listed = re.search(r"several scores in the index \(([^)]+)\)", " ".join(PAGE.split()))
    assert listed is not None
    assert all(isinstance(harm_of(code), AskWhich) for code in listed[1].split(", "))
    assert all(isinstance(harm_of(code), NotScored) for code in ("008/74", "008/77"))
