"""Exports of a network: the map of its owner, with a caption."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.links.maps import MapAsked, PathAsked
from engine.exchange.table_files import table_file
from engine.links.exporting.graph_files import GraphFormat
from engine.services.links.export import formats
from engine.services.links.network_exports import export_network, export_network_map, export_network_path
from engine.services.links.network_tables import rankings
from tests.builders import Desk
from tests.engine.services.links.test_workspaces import imported

BEGINS = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF", "xlsx": b"PK", "csv": b"\xef\xbb\xbf"}
BEGINS |= {"i2": b"PK", "graphml": b"<", "gexf": b"<", "cytoscape": b"{", "nodelink": b"{", "stix": b"{"}
ENDS = {"i2": "zip", "cytoscape": "cyjs", "nodelink": "json", "stix": "stix.json"}


@pytest.mark.parametrize("form", formats())
def test_a_map_leaves_in_each_form_with_its_caption(desk: Desk, tmp_path: Path, form: str) -> None:
    reference = imported(desk, tmp_path).network.reference
    given: dict[str, Any] = {
        "network": reference,
        "asked": MapAsked(start="a"),
        "placed": {"a": (0.0, 0.0), "b": (90.0, 9.0)},
    }
    made = export_network_map(desk.context(desk.coordinator), **given, form=form, caption="For  the panel")
    assert made.file_name == f"network-{reference}.{ENDS.get(form, form)}"
    assert made.content.startswith(BEGINS[form])
    if form == "svg":
        text = made.content.decode()
        for words in ("For the panel", "Una Fenwick", "Harbour Police", "OFFICIAL-SENSITIVE"):
            assert words in text, words
    if form == "csv":
        assert "Una Fenwick,a,knows,,Ben Holm,b,1899-05-01,," in made.content.decode()
    with pytest.raises(NotFoundError):
        export_network_map(desk.context(desk.chair), **given, form=form, caption="")


def test_another_form_is_refused(desk: Desk, tmp_path: Path) -> None:
    reference = imported(desk, tmp_path).network.reference
    with pytest.raises(InvalidInputError, match="choose one of: png, svg, pdf, xlsx, csv, graphml"):
        export_network_map(
            desk.context(desk.coordinator),
            network=reference,
            asked=MapAsked(start="a"),
            placed={},
            form="anb",
            caption="",
        )


def test_an_export_is_one_entry_of_its_own_with_its_size_and_form(desk: Desk, tmp_path: Path) -> None:
    reference = imported(desk, tmp_path).network.reference
    context = desk.context(desk.coordinator)
    with desk.runtime.uow.unrecorded() as work:
        before = len(list(work.audit.entries()))
    given: dict[str, Any] = {"network": reference.lower(), "asked": MapAsked(start="a"), "placed": {}}
    made = export_network_map(context, **given, form="svg", caption="")
    table = rankings(context, network=reference.lower(), form="csv")
    assert (made.file_name, table.file_name) == (f"network-{reference}.svg", f"rankings-{reference}.csv")
    with desk.runtime.uow.unrecorded() as work:
        entries = [str(each).replace("\\", "") for each in work.audit.entries()][before:]
    assert len(entries) == 2
    for entry, act, form in zip(entries, ("map", "rankings"), ("svg", "csv"), strict=True):
        assert f"export a network's {act}" in entry
        for part in (reference, form, "nodes", "links"):
            assert part in entry, part


def test_controls_in_a_label_are_signs_in_a_workbook() -> None:
    content = table_file(("a",), [("Una\x0bFen\x07wick",), ("=1",)], sheet="S", form="xlsx")
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    assert [sheet["A2"].value, sheet["A3"].value] == ["Una\ufffdFen\ufffdwick", "'=1"]


def test_all_of_a_network_and_a_path_leave_by_their_owner_only(desk: Desk, tmp_path: Path) -> None:
    reference = imported(desk, tmp_path).network.reference
    owner = desk.context(desk.coordinator)
    (file,) = export_network(owner, network=reference, form=GraphFormat.STIX, out=tmp_path / "n.json")
    assert "Una Fenwick" in Path(file).read_text(encoding="utf-8")
    asked = PathAsked(start="a", end="b")
    made = export_network_path(owner, network=reference, asked=asked, form="svg")
    for text in ("a to b", "Ben Holm", "OFFICIAL-SENSITIVE", "Harbour Police"):
        assert text in made.content.decode(), text
    late = asked.model_copy(update={"since": date(2024, 1, 1)})
    with pytest.raises(InvalidInputError, match="no path was found"):
        export_network_path(owner, network=reference, asked=late, form="svg")
    chair = desk.context(desk.chair)
    with pytest.raises(NotFoundError):
        export_network_path(chair, network=reference, asked=asked, form="svg")
    with pytest.raises(NotFoundError):
        export_network(chair, network=reference, form=GraphFormat.STIX, out=tmp_path / "other")
    assert not (tmp_path / "other").exists()
