"""What the victim said, on its way to whoever she agreed should hear it, and to nobody else."""

from __future__ import annotations

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.cases.views import AgencyAnswerView
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.responses.answers import Contribution, VoiceItem
from engine.domain.responses.reported import RecordPointer
from engine.domain.responses.voices import DISCLOSURE_WARNING, EVERYONE, Agreement
from engine.services.conference import decisions
from engine.services.responses import agency_answers
from engine.services.responses.withdrawal import withdraw
from tests.builders import Desk, a_contribution, ask_all, let_answer, with_toys
from tests.engine.services.cases.test_pathway import column, screened, seen

FEAR, WISH, VIEW, JUDGED = "I do not sleep.", "I want it to stop.", "It will get worse.", "Well founded."


def an_item(
    key: str,
    sentence: str | None = FEAR,
    *,
    whose: str = "victim's words",
    agreed: str = "yes",
    whom: tuple[str, ...] | None = None,
) -> VoiceItem:
    return VoiceItem.model_validate(
        {
            "key": key,
            "whose": whose,
            "about": "fear",
            "says": sentence,
            "records": (RecordPointer(record=f"C-{key}", kind="contact note"),),
            "agreed_to_sharing": agreed,
            "with_whom": whom if whom is not None else (EVERYONE,) if agreed == "yes" else (),
        }
    )


def a_voice(*items: VoiceItem, **changes: object) -> Contribution:
    return a_contribution(findings=(), voices=items or (an_item("fear"),), **changes)


def prepared(desk: Desk, reference: str, answer: Contribution) -> None:
    """The agency's plugin is asked again and answers this."""
    let_answer(desk, "voice", answer)
    ask_all(desk, reference, again=True)


def released(desk: Desk, worker: Acting, reference: str, *strike: str) -> agency_answers.Released:
    return agency_answers.release(desk.context(worker), reference=reference, agency="voice", strike=strike)


def taken_back(desk: Desk, worker: Acting, reference: str, item: str) -> int:
    done = withdraw(desk.context(worker), reference=reference, agency="voice", item=item)
    return done.version


def hers(desk: Desk, reference: str, acting: Acting) -> AgencyAnswerView:
    return column(seen(desk, reference, acting), "voice")


def words(view: AgencyAnswerView) -> list[str | None]:
    return [item.says for item in view.voices]


@pytest.fixture
def workers(desk: Desk) -> dict[str, Acting]:
    return with_toys(desk)


def test_the_victims_words_are_heard_at_once_and_every_view_of_risk_waits_for_the_conference(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    reference = screened(desk)
    answer = a_voice(
        an_item("fear"),
        an_item("view", VIEW, whose="victim's own view of risk"),
        an_item("judged", JUDGED, whose="advocate's judgement"),
    )
    prepared(desk, reference, answer)
    released(desk, workers["voice"], reference)

    before = hers(desk, reference, workers["harbour"])
    assert (words(before), before.levels_hidden, before.held_back) == ([FEAR], True, 0)
    assert words(hers(desk, reference, workers["voice"])) == [FEAR, VIEW, JUDGED]
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    after = hers(desk, reference, workers["harbour"])
    assert (words(after), after.levels_hidden) == ([FEAR, VIEW, JUDGED], False)


@pytest.mark.parametrize("agreed", ["no", "not asked", "withdrawn"])
def test_what_the_victim_has_not_agreed_to_is_in_no_document_and_counted_for_the_others(
    desk: Desk, workers: dict[str, Acting], agreed: str
) -> None:
    reference = screened(desk)
    prepared(desk, reference, a_voice(an_item("fear", agreed=agreed), an_item("wish", WISH)))

    waiting = agency_answers.prepared_answer(
        desk.context(workers["voice"]), reference=reference, agency="voice"
    )
    assert FEAR not in waiting.model_dump_json()
    assert released(desk, workers["voice"], reference).held_back == 1
    for acting in (workers["harbour"], desk.chair, desk.coordinator):
        view = hers(desk, reference, acting)
        assert (words(view), view.held_back) == ([WISH], 1)
    own = hers(desk, reference, workers["voice"])
    assert [(item.key, item.agreed_to_sharing.value) for item in own.voices] == [
        ("fear", agreed),
        ("wish", "yes"),
    ]


def test_what_is_for_one_agency_is_seen_by_that_agency_alone(desk: Desk, workers: dict[str, Acting]) -> None:
    reference = screened(desk)
    prepared(desk, reference, a_voice(an_item("fear", whom=("harbour",))))
    released(desk, workers["voice"], reference)

    named = hers(desk, reference, workers["harbour"])
    assert (words(named), named.held_back) == ([FEAR], 0)
    for acting in (workers["lantern"], desk.chair, desk.coordinator):
        view = hers(desk, reference, acting)
        assert (words(view), view.held_back) == ([], 1)
        held = seen(desk, reference, acting).withheld
        assert [(each.agency, each.count) for each in held] == [("voice", 1)]
        assert FEAR not in seen(desk, reference, acting).model_dump_json()


def test_a_struck_voice_is_gone_and_counted(desk: Desk, workers: dict[str, Acting]) -> None:
    reference = screened(desk)
    prepared(desk, reference, a_voice(an_item("fear"), an_item("wish", WISH)))
    assert released(desk, workers["voice"], reference, "fear").held_back == 1
    assert words(hers(desk, reference, desk.chair)) == [WISH]


def test_what_is_withdrawn_after_release_reads_withdrawn_and_has_no_words(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    reference = screened(desk)
    prepared(desk, reference, a_voice(an_item("fear"), an_item("wish", WISH)))
    before = released(desk, workers["voice"], reference).version

    after = taken_back(desk, workers["voice"], reference, "fear")

    assert after == before + 1
    for acting in (workers["harbour"], desk.chair, workers["voice"]):
        view = hers(desk, reference, acting)
        assert [(item.key, item.says, item.agreed_to_sharing) for item in view.voices] == [
            ("fear", None, Agreement.WITHDRAWN),
            ("wish", WISH, Agreement.YES),
        ]
        assert (view.withdrawn, view.version) == (1, after)
        assert FEAR not in seen(desk, reference, acting).model_dump_json()


def test_who_never_saw_an_item_is_not_told_that_it_was_withdrawn(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    reference = screened(desk)
    prepared(desk, reference, a_voice(an_item("fear", whom=("harbour",))))
    released(desk, workers["voice"], reference)
    taken_back(desk, workers["voice"], reference, "fear")

    assert hers(desk, reference, workers["harbour"]).withdrawn == 1
    other = hers(desk, reference, workers["lantern"])
    assert (other.voices, other.withdrawn, other.held_back) == ((), 0, 1)


def test_a_finding_of_any_agency_may_be_withdrawn_too(desk: Desk, workers: dict[str, Acting]) -> None:
    reference = screened(desk)
    prepared(desk, reference, a_contribution("She asked for a lock.", "She moved."))
    released(desk, workers["voice"], reference)
    taken_back(desk, workers["voice"], reference, "finding-1")

    view = hers(desk, reference, desk.chair)
    assert [finding.says for finding in view.findings] == ["She moved."]
    assert (view.withdrawn, view.held_back) == (1, 0)


def test_asking_again_never_brings_back_what_the_victim_withdrew(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    reference = screened(desk)
    prepared(desk, reference, a_voice(an_item("fear")))
    released(desk, workers["voice"], reference)
    taken_back(desk, workers["voice"], reference, "fear")

    prepared(desk, reference, a_voice(an_item("fear"), an_item("wish", WISH)))
    waiting = agency_answers.prepared_answer(
        desk.context(workers["voice"]), reference=reference, agency="voice"
    )
    assert FEAR not in waiting.model_dump_json()
    released(desk, workers["voice"], reference)
    assert words(hers(desk, reference, desk.chair)) == [None, WISH]


def test_only_a_person_who_types_it_anew_brings_it_back(desk: Desk, workers: dict[str, Acting]) -> None:
    reference = screened(desk)
    prepared(desk, reference, a_voice(an_item("fear")))
    released(desk, workers["voice"], reference)
    taken_back(desk, workers["voice"], reference, "fear")

    agency_answers.answer_by_hand(
        desk.context(workers["voice"]), reference=reference, agency="voice", answer=a_voice(an_item("fear"))
    )
    assert words(hers(desk, reference, desk.chair)) == [FEAR]


@pytest.mark.parametrize(
    ("newer", "reads"),
    [
        (an_item("fear", None, agreed="withdrawn"), [None]),
        (an_item("fear", None, agreed="no"), [None]),
        (an_item("fear", whom=("lantern",)), []),
        (an_item("fear"), [FEAR]),
    ],
    ids=["withdrawn", "no longer agreed", "for another agency alone", "near miss: still agreed"],
)
def test_what_the_agencys_records_no_longer_share_goes_before_anybody_releases(
    desk: Desk, workers: dict[str, Acting], newer: VoiceItem, reads: list[str | None]
) -> None:
    reference = screened(desk)
    prepared(desk, reference, a_voice(an_item("fear")))
    released(desk, workers["voice"], reference)
    assert words(hers(desk, reference, workers["harbour"])) == [FEAR]

    prepared(desk, reference, a_voice(newer))

    assert words(hers(desk, reference, workers["harbour"])) == reads


def test_agreement_that_grows_waits_for_a_hand(desk: Desk, workers: dict[str, Acting]) -> None:
    reference = screened(desk)
    prepared(desk, reference, a_voice(an_item("fear", whom=("harbour",))))
    released(desk, workers["voice"], reference)

    prepared(desk, reference, a_voice(an_item("fear")))

    assert words(hers(desk, reference, workers["lantern"])) == []
    released(desk, workers["voice"], reference)
    assert words(hers(desk, reference, workers["lantern"])) == [FEAR]


def test_only_the_victims_own_agency_withdraws(desk: Desk, workers: dict[str, Acting]) -> None:
    reference = screened(desk)
    prepared(desk, reference, a_voice(an_item("fear")))
    released(desk, workers["voice"], reference)
    for acting in (workers["harbour"], desk.chair, desk.coordinator):
        with pytest.raises(NotPermittedError, match="a practitioner of voice may"):
            taken_back(desk, acting, reference, "fear")
    assert words(hers(desk, reference, desk.chair)) == [FEAR]


def test_what_is_not_there_or_was_withdrawn_already_changes_nothing(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    reference = screened(desk)
    prepared(desk, reference, a_voice(an_item("fear")))
    with pytest.raises(NotFoundError, match="it is not released yet; withhold items when you release it"):
        taken_back(desk, workers["voice"], reference, "fear")
    released(desk, workers["voice"], reference)
    with pytest.raises(InvalidInputError, match="this item does not exist; choose one of: fear"):
        taken_back(desk, workers["voice"], reference, "she said so")
    version = taken_back(desk, workers["voice"], reference, "fear")
    with pytest.raises(InvalidInputError, match="it was already withdrawn"):
        taken_back(desk, workers["voice"], reference, "fear")
    assert hers(desk, reference, desk.chair).version == version


def test_what_the_engine_fills_in_nobody_types(desk: Desk, workers: dict[str, Acting]) -> None:
    reference = screened(desk)
    ask_all(desk, reference)
    with pytest.raises(InvalidInputError, match="'withdrawn' are filled in here"):
        agency_answers.answer_by_hand(
            desk.context(workers["voice"]),
            reference=reference,
            agency="voice",
            answer=a_voice(withdrawn=("fear",)),
        )


def test_the_warning_is_for_the_seat_of_the_victims_voice_alone(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    known = desk.runtime.agencies_known
    answer = {code: agency_answers.told_before_release(known, code) for code in workers}
    assert answer == {"voice": DISCLOSURE_WARNING, "harbour": None, "lantern": None}
