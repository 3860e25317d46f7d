"""Every typed text of the product, typed by its writer: a right guess and a wrong one are answered alike.

Two records that differ in nothing but what is protected: in one it is what the writer types everywhere, in
the other it is not. It is protected before they type, or after. What they then read, and what their next
acts answer, is the same to the byte.
"""

from __future__ import annotations

import random
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.drafts import DraftForm
from engine.services.drafts import open_draft
from engine.services.vault.protected_details import store_protected
from engine.store.fates import Words
from tests.attacks.planted import Planted, values_of
from tests.attacks.test_planted_secrets import AS_TYPED, NOT_PLANTED, holding, planting
from tests.builders import Desk, a_desk
from tests.engine.services.access.test_hidden_makes_no_difference import _answer_of as told
from tests.engine.services.access.test_hidden_makes_no_difference import every_act_on, everything_listed
from tests.fates import columns_with

OWN = {
    "typist": 1,
    "presiding": 2,
    "harbour-typist": 3,
    "voice-typist": 4,
    "stranger": 5,
}
"""The writers, and the number of the values that each types in every text."""
MASKED_WHEN_STORED = {"answer.content", "opening_ask.why"}
"""Where what is protected at that time is never stored."""
NOBODYS = values_of(8), values_of(9)
TRIED = [
    pytest.param("presiding", False, id="presiding"),
    *(pytest.param(user, True, id=f"{user}, acts too", marks=pytest.mark.full) for user in OWN),
]
"""Who reads, and whether their next acts are tried too."""


_NUMBER = re.compile(r"(?:Review text |\"number\": )\d{7}\b")
"""The number of a text to review, which is drawn at random."""


@contextmanager
def same_references(seed: int) -> Iterator[None]:
    """The references and seals of copies that are drawn meanwhile are the same in every record."""
    drawn = random.Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "randbelow", drawn.randrange)
        patch.setattr(secrets, "token_hex", lambda length: drawn.randbytes(length).hex())
        yield


@contextmanager
def typed(home: Path, protected: int | None) -> Iterator[Planted]:
    """One case in which each writer typed their own values, and the values of this number are protected."""
    values = NOBODYS[0] if protected is None else values_of(protected)
    with same_references(1), planting(home, 1, own=OWN, protected=values) as planted:
        yield planted


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    with typed(tmp_path_factory.mktemp("wrong") / "home", None) as planted:
        yield planted


def writer_of(planted: Planted, user: str) -> Acting:
    there = (
        planted.typist,
        planted.presiding,
        planted.agency_typist,
        planted.advocate_typist,
        planted.stranger,
    )
    return next(each for each in there if each.user == user)


@contextmanager
def copied(planted: Planted, home: Path) -> Iterator[Desk]:
    with a_desk(home, like=planted.desk.runtime.settings.home) as desk:
        desk.clock.forward(planted.desk.clock.now() - desk.clock.now())
        yield desk


def answered(desk: Desk, planted: Planted, user: str, *, acts: bool) -> dict[str, str]:
    """What this writer reads: lists, pages, files and drafts; then what each of their acts answers."""
    acting, (case,), (action,) = writer_of(planted, user), planted.cases, planted.actions
    with same_references(2):
        read = everything_listed(desk, acting, case)
        for form in DraftForm:
            draft = told(lambda: open_draft(desk.context(acting), form=form, case=case).fields)  # noqa: B023
            read[f"draft, {form.value}"] = draft
        there = every_act_on(desk, acting, case, action) if acts else {}
        read |= {f"{name}, tried": told(ask) for name, ask in there.items()}
    return read


def assert_alike(user: str, wrong: dict[str, str], right: dict[str, str]) -> None:
    assert wrong.keys() == right.keys()
    wrong, right = (
        {name: _NUMBER.sub("number", text) for name, text in read.items()} for read in (wrong, right)
    )
    different = [name for name in wrong if wrong[name] != right[name]]
    assert [(name, _where_they_part(wrong[name], right[name])) for name in different] == []
    if user != "stranger":  # the case is closed to who had emergency access once
        assert sum(f"({user} typed) " in text for text in wrong.values()) > 1


def _where_they_part(one: str, other: str) -> tuple[str, str]:
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return one[max(0, at - 200) : at + 80], other[max(0, at - 40) : at + 80]


def test_each_writer_types_every_text(wrong: Planted) -> None:
    assert holding(wrong) == ((AS_TYPED | columns_with(Words.TYPED)) - NOT_PLANTED) | MASKED_WHEN_STORED


@pytest.mark.parametrize(("user", "acts"), TRIED)
def test_nothing_differs_when_the_value_is_stored_after_it_was_typed(
    wrong: Planted, user: str, acts: bool, tmp_path: Path
) -> None:
    read = []
    for number, values in enumerate((NOBODYS[1], values_of(OWN[user]))):
        with copied(wrong, tmp_path / str(number)) as desk:
            context = desk.runtime.context(desk.coordinator)
            with same_references(3), context.writing("store values") as work:
                store_protected(
                    work=work,
                    key=context.key,
                    clock=desk.clock,
                    values=[(wrong.cases[0], each) for each in values],
                    told_by="x",
                )
            read.append(answered(desk, wrong, user, acts=acts))
    assert_alike(user, *read)


@pytest.mark.parametrize(("user", "acts"), TRIED)
def test_nothing_differs_when_the_value_is_stored_before_it_is_typed(
    wrong: Planted, user: str, acts: bool, tmp_path: Path
) -> None:
    with (
        typed(tmp_path / "typed", OWN[user]) as right,
        copied(right, tmp_path / "right") as of_right,
        copied(wrong, tmp_path / "wrong") as of_wrong,
    ):
        read = [answered(desk, right, user, acts=acts) for desk in (of_wrong, of_right)]
    assert_alike(user, *read)
