"""Rules of the layer that its own source shows: keys, escaping, one door to the session, alt texts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

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


@cache
def texts() -> dict[str, str]:
    """Each module's source, by its path in the package."""
    return {source.relative_to(HERE).as_posix(): source.read_text() for source in SOURCES}


@cache
def methods() -> tuple[tuple[str, str, ast.Call], ...]:
    """Every call of something's method, whatever its owner: its place, its name and itself."""
    return tuple(
        (f"{module}:{node.lineno}", node.func.attr, node)
        for module, text in texts().items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    )


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call of Streamlit itself."""
    for place, name, call in methods():
        whose = call.func.value if isinstance(call.func, ast.Attribute) else None
        if isinstance(whose, ast.Name) and whose.id == "st":
            yield place, name, call


def _has(call: ast.Call, argument: str) -> bool:
    return any(keyword.arg == argument for keyword in call.keywords)


def _is(call: ast.Call, argument: str, value: object) -> bool:
    return any(
        keyword.arg == argument and isinstance(keyword.value, ast.Constant) and keyword.value.value is value
        for keyword in call.keywords
    )


def test_every_widget_has_a_key() -> None:
    assert not [place for place, name, call in calls() if name in WIDGETS and not _has(call, "key")]


def test_html_is_written_in_one_module_alone() -> None:
    drawn = {"html", "markdown", "write", "error", "warning", "info"}
    by = {(place.partition(":")[0], name) for place, name, _ in calls() if name in drawn}
    assert by == {("markup.py", "html"), ("theme.py", "html")}


def test_the_session_has_one_door() -> None:
    assert not [module for module, text in texts().items() if "unsafe_allow" in text]
    asking = {
        module for module, text in texts().items() if "session_state" in text or "query_params." in text
    }
    assert asking == {"session.py", "callbacks.py"}  # the latter reads nothing of it


def test_a_picture_says_in_words_what_it_shows() -> None:
    pictures = {"vega_lite_chart", "data_editor", "dataframe", "table"}
    assert not [place for place, name, call in calls() if name in pictures and not _has(call, "alt")]


def test_no_form_is_submitted_by_enter() -> None:
    """Enter in the first of many fields would record what is half filled in. The search box has one field."""
    assert not [
        place
        for place, name, call in methods()
        if name == "form" and not _is(call, "enter_to_submit", False) and "search_box.py" not in place
    ]


def test_no_error_of_what_records_a_text_is_shown_within_a_form() -> None:
    """It may ask whose a place is, in a form of its own; Streamlit draws no form in another."""
    within = {
        module
        for module, text in texts().items()
        for form in ast.walk(ast.parse(text))
        if isinstance(form, ast.With) and any("st.form(" in ast.unparse(each) for each in form.items)
        for inner in form.body
        if "with show_errors(" in ast.unparse(inner)
    }
    assert within == {"views/links/network_whole.py"}  # a question, which records nothing that is typed


def test_no_column_of_a_grid_is_required() -> None:
    """Streamlit keeps a row that lacks a required cell in the browser and sends the others without it."""
    assert not [place for place, _, call in methods() if _has(call, "required")]


def test_a_day_is_typed_in_a_field_that_keeps_what_was_typed() -> None:
    """Streamlit's own date field sends nothing for a day outside its bounds."""
    assert not [place for place, name, _ in methods() if name == "date_input"]


def test_no_form_forgets_what_was_refused() -> None:
    assert not [place for place, name, call in methods() if name == "form" and _has(call, "clear_on_submit")]


def test_a_form_that_keeps_its_text_keeps_the_alarm_topics_beside_it() -> None:
    """Else a refresh leaves the text and takes a yes, and what is recorded then is no alarm."""
    forgets = []
    for module, text in texts().items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                called = {each.func.id for each in _calls_in(node) if isinstance(each.func, ast.Name)}
                names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
                remembers = "remember" in {
                    each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)
                }
                if "ask" in called and "draft" in names and not remembers:
                    forgets.append(f"{module}: {node.name}")
    assert not forgets


def _calls_in(node: ast.AST) -> Iterator[ast.Call]:
    return (each for each in ast.walk(node) if isinstance(each, ast.Call))


def test_a_choice_of_agencies_reads_their_names() -> None:
    """Their codes are for machines."""
    choices = {"selectbox", "multiselect", "radio"}
    assert not [
        place
        for place, name, call in calls()
        if name in choices
        and any(
            "Agency" in text or "agencies" in text or "service" in text for text in _texts_in(call.args[0])
        )
        and not _has(call, "format_func")
    ]


def _texts_in(node: ast.expr) -> Iterator[str]:
    return (
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    )


def test_no_file_goes_by_a_way_that_asks_nobody_who_they_are() -> None:
    by_media_link = {"download_button", "image", "audio", "video", "pdf", "file_uploader", "camera_input"}
    assert not [place for place, name, _ in calls() if name in by_media_link]


def test_no_module_asks_what_time_it_is() -> None:
    terms = (".now()", ".today()", ".utcnow()")
    assert not [
        f"{module}: {term}"
        for module, text in texts().items()
        for term in terms
        if term in text.replace("clock" + term, "")
    ]


def test_the_app_brings_its_own_settings_font_and_licence() -> None:
    for file in (
        ".streamlit/config.toml",
        "static/atkinson-hyperlegible-next-latin-wght-normal.woff2",
        "static/ATKINSON-HYPERLEGIBLE-NEXT-LICENSE.txt",
        "static/logo.svg",
    ):
        assert (HERE / file).stat().st_size > 100
