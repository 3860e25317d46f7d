"""Nothing that was not built here can become markup, whatever it holds."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import markup
from dashboard.pages import Place
from engine.domain.conference.risk import Level
from engine.domain.plans.actions import ActionStatus
from engine.domain.responses.answers import AnswerState
from engine.domain.shown import END_OF_ISOLATE, ISOLATE
from engine.domain.shown import shown as as_shown

NASTY = st.text(alphabet=st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    ["<script>alert(1)</script>", '" onmouseover="x', "</td><td>", "&lt;b&gt;", "<img src=x onerror=y>", "'"]
)


def shown(source: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", source))


def test_a_name_that_turns_the_direction_moves_nothing_beside_it() -> None:
    hebrew = "\u05d3\u05d5\u05d3"
    source = markup.element("p", f"Victim: Ka\u202ete. Perpetrator: {hebrew} 3")
    assert source == f"<p>Victim: Ka\ufffdte. Perpetrator: <bdi>{hebrew}</bdi> 3</p>"


@given(NASTY)
def test_text_is_shown_as_it_was_given(text: str) -> None:
    assert shown(markup.element("p", text)) == as_shown(text).replace(ISOLATE, "").replace(END_OF_ISOLATE, "")


@given(NASTY)
def test_an_attribute_keeps_its_text_to_itself(text: str) -> None:
    source = markup.element("p", "words", aria_label=text)
    assert source.count("<") == 2
    assert source.count('"') == 2


@given(NASTY, NASTY)
def test_a_tables_cells_and_headings_stay_cells_and_headings(cell: str, heading: str) -> None:
    source = markup.table((heading,), [(cell,)], caption=heading)
    assert len(re.findall("<t[hd]", source)) == 3  # thead, its heading, and the row's own


@given(NASTY)
def test_a_notice_holds_one_strong_word_of_ours(text: str) -> None:
    assert markup.notice("error", text).count("<strong>") == 1


def test_what_was_built_here_is_not_escaped_again() -> None:
    assert markup.element("p", markup.element("b", "<")) == "<p><b>&lt;</b></p>"


def test_an_attribute_without_a_value_is_left_out() -> None:
    assert markup.element("p", "x", class_=None, hidden=False) == "<p>x</p>"


@pytest.mark.parametrize("choice", [*Level, *AnswerState, *ActionStatus], ids=lambda each: f"{each!r}")
def test_every_choice_has_a_tag_with_words(choice: Level | AnswerState | ActionStatus) -> None:
    if isinstance(choice, Level):
        said = markup.level_tag(choice)
    elif isinstance(choice, AnswerState):
        said = markup.state_tag(choice)
    else:
        said = markup.status_tag(choice)
    assert len(shown(said)) > 2


def test_no_two_states_of_an_answer_read_alike() -> None:
    said = [shown(markup.state_tag(state)) for state in AnswerState]
    assert len(set(said)) == len(said)


def test_a_link_that_says_a_reference_and_no_more_stays_on_one_line() -> None:
    assert 'class="go unbroken"' in markup.go("R-7K3M9QV", Place.CASE, "R-7K3M9QV")
    assert 'class="go"' in markup.go("Read it on the case R-7K3M9QV", Place.CASE, "R-7K3M9QV")
    assert 'class="go"' in markup.go("All conferences", Place.CONFERENCES)
