"""The canonical text of a document, also of one that was written out before."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.system.audit import WrittenOut, canonical, canonical_of_parts

texts = st.text(max_size=8)
documents = st.dictionaries(
    texts,
    st.recursive(
        texts | st.integers() | st.none(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


@given(documents)
def test_a_document_that_was_written_out_is_written_as_any_other(document: dict[str, object]) -> None:
    written = WrittenOut(document)

    assert written == document
    assert canonical(written) == written.text == canonical(document)
    assert canonical([written, 1]) == canonical([document, 1])


def test_it_is_written_out_once() -> None:
    written = WrittenOut({"a": 1})
    written["a"] = 2

    assert canonical(written) == '{"a":1}'
    assert canonical(dict(written)) == '{"a":2}'


@given(documents)
def test_a_document_is_written_of_the_texts_of_its_parts(document: dict[str, object]) -> None:
    whole = canonical_of_parts({name: canonical(part) for name, part in document.items()})

    assert whole == canonical(document)
    assert canonical(WrittenOut({}, whole)) == whole


@pytest.mark.parametrize(
    "value", [1e16, 1e-07, 0.1, float("nan"), float("-inf"), True, "\u2028é\ud83d", [(), {}]]
)
def test_it_is_the_text_that_the_digests_of_before_were_made_of(value: object) -> None:
    document = {"z": value, "a": [value]}
    way = {"sort_keys": True, "separators": (",", ":"), "ensure_ascii": False}

    assert canonical(document) == json.dumps(document, **way)  # type: ignore[arg-type]


def test_what_is_no_document_is_refused_by_its_type() -> None:
    with pytest.raises(TypeError, match="Object of type object is not JSON serializable"):
        canonical({"a": object()})
