"""Rules of the layer that its own source shows: keys, escaping, one door to the session, alt texts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import dashboard

HERE = Path(dashboard.__file__).parent
SOURCES = sorted(HERE.rglob("*.py"))
WIDGETS = {
    "button",
    "checkbox",
    "data_editor",
    "date_input",
    "expander",
    "form_submit_button",
    "multiselect",
    "number_input",
    "pagination",
    "pills",
    "radio",
    "selectbox",
    "text_area",
    "text_input",
    "toggle",
    "vega_lite_chart",
}
IDS = [source.relative_to(HERE).as_posix() for source in SOURCES]


def calls(source: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call of Streamlit in a module: its name and itself."""
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            whose = node.func.value
            if isinstance(whose, ast.Name) and whose.id == "st":
                yield node.func.attr, node


def methods(source: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call of something's method in a module, whatever its owner: a form may be a container's too."""
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node


def _has(call: ast.Call, argument: str) -> bool:
    return any(keyword.arg == argument for keyword in call.keywords)


def _is(call: ast.Call, argument: str, value: object) -> bool:
    return any(
        keyword.arg == argument and isinstance(keyword.value, ast.Constant) and keyword.value.value is value
        for keyword in call.keywords
    )


@pytest.mark.parametrize("source", SOURCES, ids=IDS)
def test_every_widget_has_a_key(source: Path) -> None:
    without = [
        f"{name} in line {call.lineno}"
        for name, call in calls(source)
        if name in WIDGETS and not any(keyword.arg == "key" for keyword in call.keywords)
    ]
    assert not without


@pytest.mark.parametrize("source", SOURCES, ids=IDS)
def test_html_is_written_in_one_module_alone(source: Path) -> None:
    drawn = {name for name, _ in calls(source)} & {"html", "markdown", "write", "error", "warning", "info"}
    allowed = {"markup.py": {"html"}, "theme.py": {"html"}}
    assert drawn <= allowed.get(source.name, set())


@pytest.mark.parametrize("source", SOURCES, ids=IDS)
def test_the_session_has_one_door(source: Path) -> None:
    text = source.read_text()
    assert "unsafe_allow" not in text
    if source.name != "session.py":
        assert "session_state" not in text
        assert "query_params." not in text


@pytest.mark.parametrize("source", SOURCES, ids=IDS)
def test_a_picture_says_in_words_what_it_shows(source: Path) -> None:
    silent = [
        f"{name} in line {call.lineno}"
        for name, call in calls(source)
        if name in {"vega_lite_chart", "data_editor", "dataframe", "table"}
        and not any(keyword.arg == "alt" for keyword in call.keywords)
    ]
    assert not silent


@pytest.mark.parametrize("source", SOURCES, ids=IDS)
def test_no_form_is_submitted_by_enter(source: Path) -> None:
    """Enter in the first of many fields would record what is half filled in. The search box has one field."""
    by_enter = [
        f"line {call.lineno}"
        for name, call in methods(source)
        if name == "form" and not _is(call, "enter_to_submit", False) and source.name != "search_box.py"
    ]
    assert not by_enter


@pytest.mark.parametrize("source", SOURCES, ids=IDS)
def test_no_column_of_a_grid_is_required(source: Path) -> None:
    """Streamlit keeps a row that lacks a required cell in the browser and sends the others without it."""
    required = [f"{name} in line {call.lineno}" for name, call in methods(source) if _has(call, "required")]
    assert not required


@pytest.mark.parametrize("source", SOURCES, ids=IDS)
def test_a_day_is_typed_in_a_field_that_keeps_what_was_typed(source: Path) -> None:
    """Streamlit's own date field sends nothing for a day outside its bounds."""
    assert "date_input" not in {name for name, _ in methods(source)}


@pytest.mark.parametrize("source", SOURCES, ids=IDS)
def test_no_form_forgets_what_was_refused(source: Path) -> None:
    assert not [
        call.lineno for name, call in methods(source) if name == "form" and _has(call, "clear_on_submit")
    ]


@pytest.mark.parametrize("source", SOURCES, ids=IDS)
def test_no_file_goes_by_a_way_that_asks_nobody_who_they_are(source: Path) -> None:
    by_media_link = {"download_button", "image", "audio", "video", "pdf", "file_uploader", "camera_input"}
    assert not {name for name, _ in calls(source)} & by_media_link


@pytest.mark.parametrize("source", SOURCES, ids=IDS)
def test_no_module_asks_what_time_it_is(source: Path) -> None:
    text = source.read_text()
    assert not [
        term for term in (".now()", ".today()", ".utcnow()") if term in text.replace("clock" + term, "")
    ]


def test_the_app_brings_its_own_settings_font_and_licence() -> None:
    for file in (
        ".streamlit/config.toml",
        "static/atkinson-hyperlegible-next-latin-wght-normal.woff2",
        "static/ATKINSON-HYPERLEGIBLE-NEXT-LICENSE.txt",
        "static/logo.svg",
    ):
        assert (HERE / file).stat().st_size > 100
