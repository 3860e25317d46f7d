"""The notebooks of docs/analysts run as they stand, from the first cell to the last, and keep no output."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.domain.outcomes.releases import EVERYONE

FOLDER = Path(__file__).parents[2] / "docs" / "analysts"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def cells(notebook: Path) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in answer if cell["cell_type"] == "code"]


def ran(notebook: Path, monkeypatch: pytest.MonkeyPatch, folder: Path) -> dict[str, Any]:
    """Its names after the last cell: one namespace for all, as in a kernel, without starting one."""
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in cells(notebook):
        exec(compile("".join(cell["source"]), f"{notebook.name} {cell['id']}", "exec"), names)
    return names


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_keeps_no_output(notebook: Path) -> None:
    assert not [cell["id"] for cell in cells(notebook) if cell["outputs"] or cell["execution_count"]]


def test_the_notebook_on_links_runs_and_finds_what_it_tells(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = ran(FOLDER / "exploring-links.ipynb", monkeypatch, tmp_path)
    assert set(names["graph"]) >= set(names["cases"][:2])
    assert "Dan Roe" not in {label for _, label in names["graph"].nodes(data="label")}
    assert set(names["degrees"]["type"]) == {"account", "incident", "person", "phone", "referral"}
    assert names["found"].hops == 6
    assert len(names["hanging"].graphs) == 2
    assert list(names["escalation"]["alarm"]) == [True]
    assert len(names["taken"].rejected) == 1
    assert names["way"].hops == 4
    assert {key.value for key, found in names["patterns"].findings.items() if found} >= {
        "serial-perpetrator",
        "several-perpetrators",
        "proxy",
        "shared-object",
    }


def test_the_notebook_on_a_return_reads_the_figures_that_the_release_published(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = ran(FOLDER / "reading-a-return.ipynb", monkeypatch, tmp_path)
    everyone = names["release"].of(EVERYONE)
    assert everyone is not None
    shares = names["shares"].set_index("measure")
    for figures in everyone.measures:
        assert shares["value"][figures.measure.value] == pytest.approx(figures.share)
        counted = {part.label: part.count for part in figures.parts}
        assert names["parts"].loc[figures.measure.value].dropna().to_dict() == counted
    assert everyone.reported is not None
    assert list(names["steps"]["month"]) == [step.until_month for step in everyone.reported.steps]
    assert list(names["by_year"]["period"]) == sorted(names["by_year"]["period"])
    assert len(names["by_year"]) >= 2


def test_the_page_for_analysts_leads_to_every_notebook() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert NOTEBOOKS
    assert all(f"]({notebook.name})" in page for notebook in NOTEBOOKS)
