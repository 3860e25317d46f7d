"""A place or a contact in any text of an answer stays inside until a practitioner has answered for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
from pydantic import JsonValue, ValidationError

from engine.domain.accounts.acting import Acting
from engine.domain.agencies.predictors import PredictorShown
from engine.domain.conference.risk import Domain, Level
from engine.domain.errors import InvalidInputError
from engine.domain.responses.answers import (
    ANSWER,
    Contribution,
    DomainView,
    Failed,
    FailureReason,
    InstrumentResult,
    MatchBasis,
    NilReturn,
    Professional,
    ProposedAction,
    RefusalGround,
    Refused,
    VoiceItem,
)
from engine.domain.responses.held_reports import HeldReport
from engine.domain.responses.reported import (
    EvidenceThing,
    LinkEvidence,
    RecordPointer,
    RecordsChecked,
    ReportedCondition,
    ReportedOrder,
)
from engine.domain.responses.voices import EVERYONE, AdvocateOffer, Agreement, VoiceTopic, Whose
from engine.domain.vault.marks import MarkOf, MarksOpenError
from engine.services.responses.agency_answers import (
    answer_by_hand,
    marks_to_release,
    prepared_answer,
    release,
)
from engine.services.responses.marks import marks_of_answer, waits_for_a_hand, with_marks_masked
from tests.builders import Desk, a_contribution, ask_all, let_answer, with_toys
from tests.engine.services.cases.test_pathway import column, screened, seen

PLACE = "YX8 2QJ"
"""A postcode, short enough for the shortest field."""
_RECORDS = (RecordPointer(record="R1", kind="record"),)


def everything_said() -> Contribution:
    """A contribution with every kind of item, in plain words."""
    return Contribution(
        matched_on=MatchBasis(says="by PNC ID", confirmed=True),
        findings=a_contribution("Two reports were held.").findings,
        voices=(
            VoiceItem(
                key="wish",
                whose=Whose.HER_WORDS,
                about=VoiceTopic.WISHES,
                says="No contact.",
                records=_RECORDS,
                agreed_to_sharing=Agreement.YES,
                with_whom=(EVERYONE,),
            ),
        ),
        instruments=(
            InstrumentResult(
                instrument="s-dash", version="2009", items=(), conclusion="Noted.", concluded_by="An assessor"
            ),
        ),
        views=(
            DomainView(
                domain=Domain.VIOLENCE,
                level=Level.HIGH,
                reasons="A weapon was seen.",
                recorded_by=Professional(name="A. Assessor", post="Assessor"),
                recorded_on=date(2026, 1, 5),
            ),
        ),
        in_own_words=("Level 3.",),
        predictors=(
            PredictorShown(
                instrument="ogrs",
                version="3",
                predicts="Proven reoffending",
                percent=20,
                band="low",
                within_years=2,
                asked_by="An officer, probation",
                computed_on=date(2026, 1, 5),
                reasons=("Age.",),
            ),
        ),
        orders=(
            ReportedOrder(
                key="order-1",
                type="spo",
                court_name="A court",
                source="Orders file",
                conditions=(ReportedCondition(wording="Not to contact the victim."),),
                records=_RECORDS,
            ),
        ),
        link_evidence=(
            LinkEvidence(
                key="phone-1",
                thing=EvidenceThing.PHONE,
                value="07700 900888",
                source="Intelligence",
                records=_RECORDS,
            ),
        ),
        reports=(HeldReport(key="report-1", crime_reference="C1", force="A force", records=_RECORDS),),
        gaps=("One file was not found.",),
        proposed_actions=(ProposedAction(says="Visit.", evidence="A note."),),
        records_checked=(RecordsChecked(source="A register"),),
        note="Sent in full.",
        advocate_offered=AdvocateOffer(by="An officer"),
    )


ANSWERS: dict[str, Contribution | NilReturn | Refused] = {
    "contribution": everything_said(),
    "nil return": NilReturn(looked_in=("A register",), says="None.", gaps=("One file.",), note="Sent."),
    "refused": Refused(ground=RefusalGround.OTHER, says="Not now.", note="Sent."),
}
TEXTS = {
    "contribution": {
        "advocate_offered.by",
        "findings.records.kind",
        "findings.records.record",
        "findings.says",
        "gaps",
        "in_own_words",
        "instruments.conclusion",
        "instruments.concluded_by",
        "instruments.version",
        "matched_on.says",
        "note",
        "orders.court_name",
        "orders.records.kind",
        "orders.records.record",
        "orders.source",
        "predictors.asked_by",
        "predictors.band",
        "predictors.predicts",
        "predictors.reasons",
        "predictors.version",
        "proposed_actions.evidence",
        "proposed_actions.says",
        "records_checked.source",
        "reports.crime_reference",
        "reports.force",
        "reports.records.kind",
        "reports.records.record",
        "views.reasons",
        "views.recorded_by.name",
        "views.recorded_by.post",
        "voices.records.kind",
        "voices.records.record",
        "voices.says",
    },
    "nil return": {"gaps", "looked_in", "note", "says"},
    "refused": {"note", "says"},
}
"""Every field of an answer that takes a text: a new one is written down here once it is asked about."""


def planted(document: JsonValue, path: str = "") -> Iterator[tuple[str, JsonValue]]:
    """Each copy of a document with the place in one of its texts, and that field's name."""
    if isinstance(document, str):
        yield path, PLACE
    elif isinstance(document, dict):
        for name, part in document.items():
            for field, changed in planted(part, f"{path}.{name}".lstrip(".")):
                yield field, {**document, name: changed}
    elif isinstance(document, list):
        for place, part in enumerate(document):
            for field, changed in planted(part, path):
                yield field, [*document[:place], changed, *document[place + 1 :]]


def with_place_in_each(kind: str) -> Iterator[tuple[str, Contribution | NilReturn | Refused | Failed]]:
    """Each answer with the place in one of the fields that take a text."""
    for field, document in planted(ANSWERS[kind].model_dump(mode="json")):
        try:
            yield field, ANSWER.validate_python(document)
        except ValidationError:
            continue


BY_THEIR_FIELD = {
    "link_evidence.records.kind",
    "link_evidence.records.record",
    "link_evidence.source",
    "link_evidence.value",
}
"""Of the alleged perpetrator, as the field says."""


MASKED_WHEN_STORED = "orders.conditions.wording"
"""A postcode, phone number or email address in it goes to nobody; the rest of it is asked about."""


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_place_in_any_text_of_an_answer_is_found_and_can_be_masked(kind: str) -> None:
    fields = set()
    for field, answer in with_place_in_each(kind):
        if field in BY_THEIR_FIELD | {"protected_refs", "withdrawn", "erased_by"}:
            continue
        if field == MASKED_WHEN_STORED:
            assert not marks_of_answer(answer)
            continue
        fields.add(field)
        (mark,) = marks_of_answer(answer)
        assert mark.text == PLACE, field
        masked = with_marks_masked(answer, {mark.reads})
        assert PLACE not in masked.model_dump_json(), field
        assert not marks_of_answer(masked), field
    assert fields == TEXTS[kind]
    assert not marks_of_answer(ANSWERS[kind])


def prepared(desk: Desk, code: str, answer: Contribution | NilReturn | Refused) -> tuple[str, Acting]:
    """A case on which this agency has answered, and its practitioner."""
    workers = with_toys(desk)
    let_answer(desk, code, answer)
    reference = screened(desk)
    ask_all(desk, reference)
    return reference, workers[code]


def test_plain_facts_go_out_by_themselves_and_with_a_place_in_them_they_wait(desk: Desk) -> None:
    reference, worker = prepared(desk, "harbour", a_contribution("Two reports were held."))
    assert column(seen(desk, reference), "harbour").findings
    let_answer(desk, "harbour", a_contribution(f"Two reports were held at {PLACE}."))
    ask_all(desk, reference, again=True)
    assert PLACE not in seen(desk, reference).model_dump_json()
    waiting = prepared_answer(desk.context(worker), reference=reference, agency="harbour")
    assert [mark.text for mark in marks_to_release(waiting, ())] == [PLACE]


def test_a_failure_is_shown_at_once_and_holds_nothing_to_release(desk: Desk) -> None:
    workers = with_toys(desk)
    manifest = desk.runtime.agencies.manifest(str(workers["harbour"].agency))
    assert not waits_for_a_hand(
        manifest, Failed(reason=FailureReason.CRASHED, says=f"It stopped at {PLACE}.")
    )
    assert waits_for_a_hand(manifest, NilReturn(looked_in=("A register",), says=f"None at {PLACE}."))
    assert not waits_for_a_hand(manifest, NilReturn(looked_in=("A register",), says="None."))


@pytest.mark.parametrize(
    "answer",
    [
        a_contribution(
            f"He waited at {PLACE}.", "He called 07700 900888.", gaps=("One file was not found.",)
        ),
        NilReturn(looked_in=("A register",), says=f"Not at {PLACE}, nor under 07700 900888."),
        Refused(ground=RefusalGround.OTHER, says=f"Ask at {PLACE} or 07700 900888."),
    ],
    ids=["contribution", "nil return", "refused"],
)
def test_a_release_needs_an_answer_for_each_and_says_which_are_open(
    desk: Desk, answer: Contribution | NilReturn | Refused
) -> None:
    reference, worker = prepared(desk, "lantern", answer)
    context = desk.context(worker)
    stored = prepared_answer(context, reference=reference, agency="lantern")
    place, phone = marks_to_release(stored, ())
    before = seen(desk, reference).model_dump_json()

    def out(mask: tuple[str, ...], **said: MarkOf) -> None:
        whose = {mark.text: said[name] for name, mark in (("place", place), ("phone", phone)) if name in said}
        release(context.saying(whose), reference=reference, agency="lantern", mask=mask)

    with pytest.raises(MarksOpenError, match=r"1\. a postcode, 2\. a phone number"):
        out(())
    with pytest.raises(MarksOpenError, match=r"1\. a phone number"):
        out((place.text,))
    with pytest.raises(MarksOpenError, match=r"1\. a postcode"):
        out((), phone=MarkOf.PERPETRATOR)
    with pytest.raises(InvalidInputError, match="no such mark"):
        out(("YX8 2QK",), place=MarkOf.PUBLIC, phone=MarkOf.PERPETRATOR)
    assert seen(desk, reference).model_dump_json() == before

    out((place.text,), phone=MarkOf.PERPETRATOR)
    shown = seen(desk, reference).model_dump_json()
    assert PLACE not in shown
    assert "07700 900888" in shown
    with desk.runtime.uow.unrecorded() as work:
        bodies = [json.loads(each.body) for each in work.audit.entries()]
    (entry,) = [body for body in bodies if body["what"] == "release answer"]
    assert (entry["facts"]["masked"], entry["facts"]["said_perpetrator"]) == (1, 1)


def test_what_is_withheld_is_not_asked_about(desk: Desk) -> None:
    reference, worker = prepared(desk, "lantern", a_contribution(f"He waited at {PLACE}.", "He has a car."))
    context = desk.context(worker)
    stored = prepared_answer(context, reference=reference, agency="lantern")
    assert not marks_to_release(stored, ("finding-1",))
    release(context, reference=reference, agency="lantern", strike=("finding-1",))
    assert column(seen(desk, reference), "lantern").held_back == 1


def test_a_hand_typed_answer_is_asked_about_alike_whether_or_not_the_place_is_protected(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    ask_all(desk, reference)
    context = desk.context(workers["lantern"])
    typed = a_contribution(f"He waited at {PLACE}.")
    with pytest.raises(MarksOpenError, match="a postcode"):
        answer_by_hand(context, reference=reference, agency="lantern", answer=typed)
    assert PLACE not in seen(desk, reference).model_dump_json()
    answer_by_hand(
        context.saying({PLACE: MarkOf.PUBLIC}), reference=reference, agency="lantern", answer=typed
    )
    assert PLACE in seen(desk, reference).model_dump_json()
