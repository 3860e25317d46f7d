"""Text from outside, as a person is shown it: nothing in it moves, hides or overwrites what is beside it."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.domain.shown import END_OF_ISOLATE, ISOLATE, escaped_for_json, shown

HEBREW = "\u05d3\u05d5\u05d3"  # David
ARABIC = "\u0645\u0631\u064a\u0645"  # Maryam
MARKS = (
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
    "\x00\x07\x1b\x7f\x85\u200b\u2028\u2029\ufeff\U000e0041\ud800"
)


def _isolated(text: str) -> str:
    return f"{ISOLATE}{text}{END_OF_ISOLATE}"


@pytest.mark.parametrize("mark", MARKS)
def test_a_control_character_or_direction_mark_is_shown_as_a_sign(mark: str) -> None:
    assert shown(f"Ka{mark}te") == "Ka\N{REPLACEMENT CHARACTER}te"


@pytest.mark.parametrize(
    ("text", "as_shown"),
    [
        ("Kate Roe", "Kate Roe"),
        ("José Ñandú-Łukasz\nÅ", "José Ñandú-Łukasz\nÅ"),
        ("tab\there\r\nthere", "tab here\nthere"),
        (f"{HEBREW} 3 reports", f"{_isolated(HEBREW)} 3 reports"),
        (f"{HEBREW} {ARABIC}, 1988", f"{_isolated(f'{HEBREW} {ARABIC}')}, 1988"),
        (f"{HEBREW}, {ARABIC}", f"{_isolated(HEBREW)}, {_isolated(ARABIC)}"),
        (f"{HEBREW}-{ARABIC}", _isolated(f"{HEBREW}-{ARABIC}")),
        ("\u0645\u06cc\u200c\u062f\u0647", _isolated("\u0645\u06cc\u200c\u062f\u0647")),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),
        ("Ka\u200dte", "Ka\N{REPLACEMENT CHARACTER}te"),
    ],
)
def test_names_of_all_scripts_are_whole_and_move_nothing_beside_them(text: str, as_shown: str) -> None:
    assert shown(text) == as_shown


@given(st.text(alphabet=st.sampled_from(f"aé1 -,'\n{HEBREW}{ARABIC}{MARKS}\u200c\u200d"), max_size=30))
def test_whatever_was_written_every_isolate_is_closed_and_done_twice_is_as_once(text: str) -> None:
    done = shown(text)
    assert shown(done) == done
    depth = 0
    for sign in done:
        depth += (sign == ISOLATE) - (sign == END_OF_ISOLATE)
        assert depth in (0, 1)
        if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            assert sign in f"\n{ISOLATE}{END_OF_ISOLATE}\u200c\u200d"
        if unicodedata.bidirectional(sign) in ("R", "AL"):
            assert depth == 1
    assert depth == 0


@given(st.text(max_size=40))
@example("\x7f")
def test_json_keeps_every_value_and_writes_no_mark_raw(text: str) -> None:
    document = escaped_for_json(json.dumps({"name": text}, ensure_ascii=False, indent=1))
    assert json.loads(document) == {"name": text}
    assert not [sign for sign in document if unicodedata.category(sign) in ("Cc", "Cf") and sign != "\n"]
