"""What would find the victim is planted in every way an answer can come, and then looked for elsewhere."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from sqlalchemy import MetaData, select

from engine.domain.accounts.acting import Acting, Role, flow_acting
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.domain.responses.answers import Contribution, NilReturn, RefusalGround, Refused
from engine.services.cases.views import view_case
from engine.services.referrals import screening
from engine.services.responses import agency_answers
from engine.services.responses import requests as response_requests
from engine.services.responses.withdrawal import withdraw
from engine.store.database import open_database
from tests.builders import Desk, a_person, a_referral, a_screening, with_toys
from tests.seals import sealed

pytestmark = pytest.mark.whose_is_said

PLANTED = {
    ProtectedKind.ADDRESS: "14 Plantmarker Crescent, Plantborough, ZZ99 8QQ",
    ProtectedKind.PHONE: "07700 900555",
    ProtectedKind.EMAIL: "planted.hidden@example.invalid",
    ProtectedKind.WORKPLACE: "Plantington Bakery",
    ProtectedKind.SCHOOL: "St Plantula Primary",
    ProtectedKind.ADVOCATE: "Wren Plantagenet-Dale",
    ProtectedKind.CONTACT_HOW: "put a plantpot on the sill",
    ProtectedKind.CONTACT_WHEN: "planting days before noon",
    ProtectedKind.CONTACT_THROUGH: "through her aunt Plantina",
}
VALUES = tuple(ProtectedValue(kind=kind, value=value) for kind, value in PLANTED.items())
WHOLE = " | ".join(PLANTED.values())
ELSEWHERE = (
    "At 14  plantmarker crescent; ZZ998QQ; +44 7700 900-555; Ms Plantagenet-Dale; PLANTINGTON  BAKERY."
)
MARKS = re.compile(r"plant|zz99\s*8qq|900[\s-]*555", re.IGNORECASE)
PROTECTED_TABLES = {"protected_value", "protected_original", "search_sent"}


def planted_everywhere_else(desk: Desk) -> list[str]:
    """Each table that is not protected and holds a mark in any column of any row."""
    engine = open_database(desk.runtime.settings.database_url)
    there = MetaData()
    there.reflect(engine)
    with engine.connect() as connection:
        found = [
            f"{name}: {row!r}"
            for name, table in there.tables.items()
            if name not in PROTECTED_TABLES
            for row in connection.execute(select(table))
            if MARKS.search(repr(row))
        ]
        assert {"answer", "audit_entry", "outbox", *PROTECTED_TABLES} <= set(there.tables)
        rows = connection.execute(select(there.tables["protected_value"])).all()
    engine.dispose()
    assert rows
    return found


def planted_in_files(desk: Desk) -> list[str]:
    """Each file of the home, but the database and the agency's own folder, that holds a mark."""
    home = desk.runtime.settings.home
    return [
        str(file)
        for file in home.rglob("*")
        if file.is_file()
        and not file.name.startswith("stac.db")
        and "agencies" not in file.relative_to(home).parts
        and MARKS.search(file.read_bytes().decode("latin-1"))
    ]


def a_case(desk: Desk, **changes: object) -> str:
    referral = a_referral(victim=a_person("Victoria", "Hidden"), **changes)  # type: ignore[arg-type]
    reference = desk.refer(referral).referrals[0]
    screening.screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    return reference


def voice(number: int, whose: str, sentence: str, **changes: object) -> dict[str, object]:
    return {
        "key": f"voice-{number}",
        "whose": whose,
        "about": "fear",
        "says": sentence,
        "records": [{"record": f"C-{number}", "kind": "contact note"}],
        "agreed_to_sharing": "yes",
        "with_whom": ["everyone on the case"],
        **changes,
    }


def an_answer(**changes: object) -> Contribution:
    """A contribution with the marks in every field that takes a person's words."""
    given: dict[str, Any] = {
        "note": WHOLE,
        "advocate_offered": {"by": PLANTED[ProtectedKind.ADVOCATE]},
        "matched_on": {"says": f"by name; {ELSEWHERE}", "confirmed": False},
        "findings": [
            {
                "key": "plantington-bakery",
                "says": ELSEWHERE,
                "records": [{"record": "Wren Plantagenet-Dale", "kind": "Plantington Bakery"}],
            },
            {"key": "strike-me", "says": WHOLE, "records": [{"record": "C-2", "kind": "note"}]},
        ],
        "voices": [
            voice(1, "victim's words", WHOLE),
            voice(2, "victim's own view of risk", ELSEWHERE),
            voice(3, "advocate's judgement", f"{WHOLE} again."),
            voice(4, "victim's words", WHOLE, agreed_to_sharing="no", with_whom=[]),
        ],
        "instruments": [
            {
                "instrument": "topics",
                "version": "1",
                "items": [
                    {
                        "item": "fear",
                        "state": "present",
                        "evidence": [{"record": "St Plantula Primary", "kind": "visit"}],
                    }
                ],
                "conclusion": ELSEWHERE,
                "concluded_by": PLANTED[ProtectedKind.ADVOCATE],
            }
        ],
        "views": [
            {
                "domain": "persistence",
                "level": "high",
                "reasons": WHOLE,
                "recorded_by": {"name": PLANTED[ProtectedKind.ADVOCATE], "post": "Plantington Bakery"},
                "recorded_on": "2026-02-26",
            }
        ],
        "in_own_words": [WHOLE],
        "gaps": [ELSEWHERE],
        "proposed_actions": [{"says": WHOLE}],
        "protected": [value.model_dump(mode="json") for value in VALUES],
        **changes,
    }
    return Contribution.model_validate(given)


def by_hand(desk: Desk, worker: Acting, reference: str, answer: Contribution | NilReturn | Refused) -> None:
    agency_answers.answer_by_hand(
        desk.context(worker), reference=reference, agency=str(worker.agency), answer=answer
    )


def ask(desk: Desk, reference: str) -> None:
    flow = flow_acting("assess", "cora")
    given: dict[str, Any] = {"context": desk.context(flow)}
    to_ask = response_requests.open_requests(reference=reference, **given)
    for code in to_ask.agencies:
        response_requests.ask_agency(to_ask=to_ask, agency=code, **given)


def shown_to(desk: Desk, acting: Acting, reference: str) -> str:
    return view_case(desk.context(acting), reference=reference).model_dump_json()


def test_nothing_that_was_typed_by_hand_stands_anywhere_else(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = a_case(desk)
    ask(desk, reference)
    by_hand(desk, workers["voice"], reference, an_answer())
    withdraw(desk.context(workers["voice"]), reference=reference, agency="voice", item="voice-1")
    by_hand(desk, workers["harbour"], reference, NilReturn(looked_in=(ELSEWHERE,), says=WHOLE))
    by_hand(desk, workers["lantern"], reference, Refused(ground=RefusalGround.OTHER, says=WHOLE))

    assert planted_everywhere_else(desk) == []
    assert planted_in_files(desk) == []
    assert not MARKS.search(shown_to(desk, desk.chair, reference))
    for worker in workers.values():
        view = view_case(desk.context(worker), reference=reference)
        others = tuple(each for each in view.answers if each.agency != worker.agency)
        assert len(others) == len(workers) - 1
        assert not MARKS.search(str([each.model_dump_json() for each in others]))


def test_the_document_keeps_a_reference_to_each_value(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = a_case(desk)
    ask(desk, reference)
    by_hand(desk, workers["voice"], reference, an_answer())

    with desk.runtime.uow.reading(acting=desk.coordinator, what="test", at=desk.clock.now()) as work:
        returns = work.answers.of(reference, "voice")
        held = {ref for ref, _, _ in work.protected.held_on([reference])}
    assert returns is not None
    (stored,) = (each for each in returns.answers if each.author == "voice-worker")
    assert isinstance(stored.answer, Contribution)
    assert len(stored.answer.protected_refs) == len(PLANTED)
    assert set(stored.answer.protected_refs) <= held
    assert "[protected]" in stored.answer.findings[0].says


def test_nothing_that_an_agencys_own_plugin_read_stands_anywhere_else(desk: Desk) -> None:
    worker = desk.add("advocate", Role.PRACTITIONER, "advocacy")
    folder = desk.runtime.settings.home / "agencies" / "advocacy"
    folder.mkdir(parents=True)
    entry = {"about": "fear", "agreed_to_sharing": "yes", "with_whom": ["everyone on the case"]}
    line = {
        "file_id": "A1",
        "names": ["Victoria Hidden"],
        "date_of_birth": "1988-04-09",
        "opened": "2026-01-01",
        "entries": [
            {**entry, "entry_id": "A1-1", "voice": "victim's words", "says": f"They know: {WHOLE}"},
            {**entry, "entry_id": "A1-2", "voice": "advocate's judgement", "says": ELSEWHERE},
            {**entry, "entry_id": "A1-3", "voice": "victim's words", "says": "I do not sleep."},
        ],
        "protected": [value.model_dump(mode="json") for value in VALUES],
    }
    (folder / "clients.jsonl").write_text('{"lines": 1}\n' + json.dumps(line), encoding="utf-8")
    sealed(folder, on=desk.clock.today())
    reference = a_case(desk)
    ask(desk, reference)

    prepared = agency_answers.prepared_answer(
        desk.context(worker), reference=reference, agency="advocacy"
    ).answer
    assert isinstance(prepared, Contribution)
    assert len(prepared.protected_refs) == len(PLANTED)
    assert planted_everywhere_else(desk) == []
    agency_answers.release(
        desk.context(worker), reference=reference, agency="advocacy", strike=("advocate-a1-2",)
    )
    assert planted_everywhere_else(desk) == []
    assert planted_in_files(desk) == []
    text = shown_to(desk, desk.chair, reference)
    assert "I do not sleep." in text
    assert not MARKS.search(text)


@pytest.mark.parametrize("code", ["harbour", "lantern", "voice"])
def test_what_the_case_already_knows_is_taken_out_of_every_agencys_answer(desk: Desk, code: str) -> None:
    workers = with_toys(desk)
    reference = a_case(desk, protected=VALUES)
    ask(desk, reference)

    by_hand(desk, workers[code], reference, an_answer(protected=[]))

    assert planted_everywhere_else(desk) == []


def test_the_victims_own_voice_loses_what_has_the_shape_of_contact_though_nobody_said_so(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = a_case(desk, protected=())
    ask(desk, reference)
    sentence = (
        "Write to planted@example.invalid or ring 07700 900555 near ZZ99 8QQ; on 03.04.2026 he came 3 times."
    )
    answer = an_answer(
        **dict.fromkeys(("note", "advocate_offered"), None),
        matched_on={"says": "by name", "confirmed": False},
        findings=[],
        voices=[voice(1, "victim's words", sentence)],
        **{
            part: []
            for part in ("instruments", "views", "in_own_words", "gaps", "proposed_actions", "protected")
        },
    )
    by_hand(desk, workers["voice"], reference, answer)

    assert planted_everywhere_else(desk) == []
    assert (
        "Write to [protected] or ring [protected] near [protected]; on 03.04.2026 he came 3 times."
        in shown_to(desk, desk.chair, reference)
    )
