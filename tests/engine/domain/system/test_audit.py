"""The canonical text of a document, also of one that was written out before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.system.audit import WrittenOut, canonical

texts = st.text(max_size=8)
documents = st.dictionaries(
    texts,
    st.recursive(
        texts | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(texts, inner)
    ),
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
