"""Corrections: the owner accepts with a new version and its reason, or refuses, and the asker is told."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.cases.worklists import WorkGroup
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.sharing import LedgerAct
from engine.services.cases import worklists
from engine.services.responses import corrections
from tests.builders import SAFE_PHONE, Desk, with_toys
from tests.engine.services.cases.test_pathway import screened
from tests.engine.services.sharing.test_release_rules import (
    a_rule,
    answered,
    as_seen_by,
    harbour_sentences,
    lines,
    ruled,
)

pytestmark = pytest.mark.whose_is_said

WRONG = "Bail was never set; it was refused."


def asked(desk: Desk, acting: Acting, reference: str, **changes: Any) -> Any:
    given = {"owner": "harbour", "item": "finding-2", "what": WRONG, **changes}
    return corrections.ask_change(desk.context(acting), reference=reference, **given)


def answer(desk: Desk, acting: Acting, request: str, *, accept: bool, **more: Any) -> Any:
    return corrections.answer_change(
        desk.context(acting), request=request, accept=accept, why="We looked again.", **more
    )


def waits(desk: Desk, acting: Acting, group: WorkGroup = WorkGroup.TASK) -> list[str]:
    day = worklists.worklist(desk.context(acting))
    return [f"{item.what}: {item.why}" for item in day.of(group) if item.kind == "correction"]


def test_an_accepted_correction_is_a_new_version_and_the_asker_is_told(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = answered(desk, workers)
    request = asked(desk, workers["lantern"], reference).reference
    assert waits(desk, workers["harbour"]) == [f"Answer correction {request}: Waiting for its owner."]
    assert waits(desk, workers["lantern"]) == []
    done = answer(desk, workers["harbour"], request, accept=True, sentence="Bail was refused.")

    assert harbour_sentences(as_seen_by(desk, desk.chair, reference)) == [
        "Two reports were held.",
        "Bail was refused.",
    ]
    assert done.answered.version == 3
    assert waits(desk, workers["lantern"]) == []
    (text,) = waits(desk, workers["lantern"], WorkGroup.READ)
    assert text == f"Read the reply to correction {request}: Accepted, version 3: We looked again."
    corrected = [e for e in lines(desk, desk.chair, reference).entries if e.act is LedgerAct.CORRECTED]
    assert [item.key for item in corrected[0].items] == ["finding-2"]


def test_without_new_words_the_item_goes_and_a_refusal_changes_nothing(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = answered(desk, workers)
    first = asked(desk, workers["lantern"], reference).reference
    answer(desk, workers["harbour"], first, accept=False)
    assert len(harbour_sentences(as_seen_by(desk, desk.chair, reference))) == 2
    with pytest.raises(InvalidInputError, match="already been answered"):
        answer(desk, workers["harbour"], first, accept=True)
    answer(desk, workers["harbour"], asked(desk, desk.chair, reference).reference, accept=True)
    assert harbour_sentences(as_seen_by(desk, desk.chair, reference)) == ["Two reports were held."]


def test_nobody_asks_about_what_they_may_not_read_and_learns_nothing_by_trying(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = answered(desk, workers)
    ruled(desk, workers["harbour"], reference, a_rule())
    with pytest.raises(InvalidInputError) as hidden:
        asked(desk, workers["lantern"], reference)
    with pytest.raises(InvalidInputError) as absent:
        asked(desk, workers["lantern"], reference, item="finding-9")
    assert str(hidden.value) == str(absent.value)
    assert "choose one of: finding-1" in str(hidden.value)
    with pytest.raises(InvalidInputError, match="it is your own"):
        asked(desk, workers["harbour"], reference)


def test_only_the_owner_answers_and_others_see_no_request(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = answered(desk, workers)
    request = asked(desk, workers["lantern"], reference).reference
    for other in (workers["voice"], desk.chair):
        with pytest.raises(NotPermittedError, match="a practitioner of harbour may"):
            answer(desk, other, request, accept=True)
        assert corrections.changes_on(desk.context(other), reference=reference) == ()
    outsider = desk.add("outsider", workers["harbour"].role, "harbour")
    with pytest.raises(NotFoundError, match="correction request"):
        answer(desk, outsider, request, accept=True)


def test_the_desk_answers_for_what_it_owns(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    request = asked(desk, workers["voice"], reference, owner="desk", item="referral").reference
    done = answer(desk, desk.coordinator, request, accept=True)
    assert (done.answered.is_accepted, done.answered.version) == (True, None)
    with pytest.raises(InvalidInputError, match="has no such item"):
        asked(desk, workers["voice"], reference, owner="desk", item="nothing")


def test_a_protected_value_in_a_request_is_masked_for_all_but_who_typed_it(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = answered(desk, workers)
    asked(desk, workers["lantern"], reference, what=f"Her number is {SAFE_PHONE}.")
    for who, said in (("harbour", "Her number is [protected]."), ("lantern", f"Her number is {SAFE_PHONE}.")):
        (seen,) = corrections.changes_on(desk.context(workers[who]), reference=reference)
        assert seen.what == said
