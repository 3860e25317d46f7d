"""The reader of shapes: each in ordinary spellings, neighbours that are none, and what it never repeats."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.access.marks import (
    marks_in,
    marks_of,
    reachable_by,
    reachable_masked,
    require_said,
    without_marks,
)
from engine.access.spellings import reading
from engine.domain.referrals.intake import ProtectedKind
from engine.domain.vault.marks import MarkOf, MarksOpenError, Shape

FOUND = {
    Shape.POSTCODE: [
        "seen at ZZ9 3QX",
        "seen at zz93qx",
        "seen at ZZ9\u20133QX",
        "seen at \uff3a\uff3a9 3QX",
    ],
    Shape.STREET: [
        "at 14a Quillbrook Road",
        "at 14 Quillbrook Rd",
        "at fourteen Quillbrook Street",
        "at twenty-one Old Quillbrook Psg",
        "Flat 2, 14 Quillbrook Gdns",
        "at 4 The Close",
        "at 14 Quill\u200bbrook Road",
        "at 14 Quillbrook R\u043ead",
    ],
    Shape.PHONE: ["call 07700 900417", "call +44 (0)7700 900417", "call 0-7-7-0-0-9-0-0-4-1-7"],
    Shape.EMAIL: ["write to a.b@example.invalid"],
    Shape.HANDLE: ["as @quill.brook", "(@quillbrook)"],
    Shape.PLATE: ["drives QX23 AAA", "drives QX23AAA", "drives Q123 AAA", "drives AAA 123Q"],
    Shape.HOME: [
        "lives at the old mill",
        "lives near the Quillbrook estate",
        "is living with an aunt",
        "stays with a friend in Quillbrook",
        "The address is the one above the bakery",
        "Home is in Quillbrook",
        "lives at 3 Invented Villas",
    ],
    Shape.MOVED: [
        "moved to Quillbrook",
        "has moved back in with an aunt",
        "fled to a refuge",
        "was rehoused near Quill",
    ],
    Shape.SCHOOL: [
        "waits at St Quill's Primary",
        "waits at Quillbrook School",
        "the nursery is near Quillbrook",
        "a college called Quillbrook",
    ],
    Shape.WORKPLACE: [
        "works at the bakery",
        "works for Quillbrook Ltd",
        "is employed by Quillbrook",
        "working as a nurse at Quillbrook",
        "The workplace is Quillbrook",
        "has a job at the bakery",
    ],
}
NEIGHBOURS = [
    "On 03.04.2026 at 12:30 he came 14 times.",
    "Report 01/2026/000123 of 2026-03-01.",
    "He has 2 cars.",
    "14 days later he came to the place",
    "5 men in the park",
    "2 in total at the house",
    "12 March at court",
    "Convicted of 3 offences on 12 Jan in Court",
    "I go a different way each day",
    "Invented Magistrates' Court",
    "Home is safe",
    "moved in 2020",
    "The office is closed",
    "working with the police",
    "Section 4A of the 1997 Act",
    "PC 1234 of the force",
    "left school last year",
    "an email was sent",
    "The job is hard",
    "went to work",
    "Officers called at the address at 21:30.",
    "Came home at about 6pm and slept in the afternoon",
    "was at home on Monday, at school on 3 March and at the office at noon",
    "worked in 2024",
    "This part of the record stays with health.",
    "They stay in the care record.",
    "The officer checks the alarm and stays with it until it works.",
    "A party works for us.",
    "A party works for one of our agencies.",
    "A relative is employed by the agency",
    "see O-ABC123D and R-E84RT",
    "a stay of execution",
]


@pytest.mark.parametrize(
    ("shape", "text"), [(shape, text) for shape, texts in FOUND.items() for text in texts]
)
def test_each_shape_is_found_in_its_ordinary_spellings(shape: Shape, text: str) -> None:
    assert shape in [mark.shape for mark in marks_in(text)]


def test_every_shape_has_a_firing_case() -> None:
    assert FOUND.keys() == set(Shape)


@pytest.mark.parametrize("text", NEIGHBOURS)
def test_an_ordinary_sentence_is_not_asked_about(text: str) -> None:
    assert marks_in(text) == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Write to a.b@example.invalid.", [ProtectedKind.EMAIL]),
        ("Ring 07700 900417 now.", [ProtectedKind.PHONE]),
        ("Ring +44 (0)7700 900417.", [ProtectedKind.PHONE]),
        ("Near ZZ99 3QX.", [ProtectedKind.ADDRESS]),
        ("On 03.04.2026 at 12:30 he came 14 times.", []),
        ("He lives at the mill.", []),
    ],
)
def test_what_reaches_a_person_by_its_shape_can_be_stored_as_protected(
    text: str, kinds: list[ProtectedKind]
) -> None:
    assert [value.kind for value in reachable_by(text)] == kinds
    assert not reachable_by(reachable_masked(text))


def test_one_place_in_two_spellings_is_asked_about_once() -> None:
    assert len(marks_of(["at 14 Quillbrook Road", "near fourteen quillbrook rd"])) == 1


def test_nothing_passes_until_every_mark_is_answered_and_the_message_repeats_none() -> None:
    texts = ["He waits at 14 Quillbrook Road.", "His number is 07700 900417."]
    with pytest.raises(MarksOpenError) as refused:
        require_said(texts, {"14 Quillbrook Rd": MarkOf.PERPETRATOR}, instead="say whose it is")
    assert [mark.shape for mark in refused.value.marks] == [Shape.PHONE]
    assert "900417" not in str(refused.value)
    assert "Quillbrook" not in str(refused.value)
    said = {"14 Quillbrook Rd": MarkOf.PERPETRATOR, "07700-900417": MarkOf.OTHER}
    assert require_said(texts, said, instead="") == (MarkOf.PERPETRATOR, MarkOf.OTHER)
    assert require_said(["Nothing here."], {}, instead="") == ()


@given(
    before=st.text(max_size=20),
    found=st.sampled_from([text for texts in FOUND.values() for text in texts]),
    after=st.text(max_size=20),
)
def test_a_mark_is_a_part_of_the_text_and_goes_when_it_is_masked(before: str, found: str, after: str) -> None:
    text = f"{before} {found}. {after}"
    marks = marks_in(text)
    assert all(mark.text in text for mark in marks)
    assert all(reading(mark.reads) == mark.reads for mark in marks)
    masked = without_marks(text, {mark.reads for mark in marks})
    assert not [mark for mark in marks if mark.text in masked]
