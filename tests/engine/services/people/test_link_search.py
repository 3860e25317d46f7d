"""The one box about links: what a typed text finds, for whom, and what it never shows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.links.questions import LinksAnswer
from engine.domain.people.same_person import SameVerdict
from engine.domain.people.search import SENT
from engine.services.access import restrictions
from engine.services.people import same_person
from engine.services.people.link_search import ask_links, reference_in
from engine.services.people.search import searches_sent
from tests.builders import SAFE_PHONE, Desk, a_person
from tests.engine.services.links.test_maps import PHONE, PROTECTED, screened, tied
from tests.prepared import prepared

HIM, OTHER, VICTIM = "Daniel Roe", "Rex Yarn", "Amira Kent"


@pytest.fixture
def cases(desk: Desk) -> tuple[str, str]:
    """Two cases whose alleged perpetrators share a phone."""
    return prepared(desk, _two_cases)


def _two_cases(desk: Desk) -> tuple[str, str]:
    one = tied(
        "1",
        PHONE,
        perpetrator=a_person("Daniel", "Roe"),
        victim=a_person("Amira", "Kent"),
        protected=PROTECTED,
    )
    other = tied("2", PHONE, perpetrator=a_person("Rex", "Yarn"), victim=a_person("Nadia", "Ode"))
    references = desk.refer(one, other).referrals
    screened(desk, *references)
    return references[0], references[1]


def ask(desk: Desk, text: str, acting: Acting | None = None, **more: Any) -> LinksAnswer:
    return ask_links(
        desk.context(acting or desk.coordinator), text=text, snapshots=desk.runtime.link_snapshots, **more
    )


def labels(answer: LinksAnswer) -> list[list[str]]:
    return [[result.label for result in end.results] for end in answer.ends]


def entries(desk: Desk) -> list[dict[str, Any]]:
    with desk.runtime.uow.unrecorded() as work:
        return [json.loads(each.body) for each in work.audit.entries()]


def test_a_name_finds_the_alleged_perpetrator_once_with_the_cases_that_can_be_opened(
    desk: Desk, cases: tuple[str, str]
) -> None:
    (end,) = ask(desk, HIM).ends
    (result,) = [each for each in end.results if each.label == HIM]
    assert result.cases == (cases[0],)
    assert result.on == ("the same name",)
    assert result.reference.startswith("P-")


def test_several_cases_of_one_man_are_one_result(desk: Desk) -> None:
    him = a_person("Daniel", "Roe", pnc="2001/0000123Y")
    references = desk.refer(
        tied("1", perpetrator=him), tied("2", perpetrator=him, victim=a_person("Una", "Other"))
    ).referrals
    screened(desk, *references)
    with desk.runtime.uow.unrecorded() as work:
        one, other = (work.people.on_cases([each])[0].reference for each in references)
    same_person.judge_same(
        desk.context(desk.coordinator), one=one, other=other, verdict=SameVerdict.SAME, why="The same number."
    )
    (end,) = ask(desk, HIM).ends
    assert [set(result.cases) for result in end.results] == [set(references)]


@pytest.mark.parametrize("typed", [HIM, PHONE])
def test_an_analyst_gets_where_the_links_begin_and_reads_no_name_and_no_number(
    desk: Desk, cases: tuple[str, str], typed: str
) -> None:
    answer = ask(desk, typed, desk.add("ana", Role.ANALYST))
    assert answer.ends[0].results
    text = answer.model_dump_json()
    assert not [term for term in ("Dan", "Roe", "Yarn", "900123") if term in text]
    assert all(result.cases == () for result in answer.ends[0].results)


@pytest.mark.parametrize("typed", [VICTIM, SAFE_PHONE, "Nobody Atall"])
def test_a_victim_a_protected_number_and_nobody_read_alike_and_go_to_the_coordinator(
    desk: Desk, cases: tuple[str, str], typed: str
) -> None:
    answer = ask(desk, typed, desk.add("ana", Role.ANALYST))
    assert answer.ends[0].results + answer.ends[0].elsewhere == ()
    assert answer.sent == SENT
    waiting = searches_sent(desk.context(desk.coordinator)).waiting
    assert [search.asked_by for search in waiting] == ([] if typed.startswith("Nobody") else ["ana"])


def test_a_path_between_two_names_is_one_question_and_one_entry_of_the_audit_log(
    desk: Desk, cases: tuple[str, str]
) -> None:
    before = len(entries(desk))
    answer = ask(desk, f"path from {HIM} to {OTHER}")
    assert answer.path is not None
    assert len(answer.path.paths[0]) == 3
    (entry,) = entries(desk)[before:]
    assert entry["what"] == "search links"
    assert not [term for term in ("Dan", "Roe", "Yarn", "900123") if term in json.dumps(entry)]


def test_two_whom_a_name_may_mean_are_left_for_a_person_to_choose(desk: Desk) -> None:
    twins = [tied(number, PHONE, perpetrator=a_person("Rex", "Yarn")) for number in ("1", "2")]
    screened(desk, *desk.refer(*twins, tied("3", PHONE, perpetrator=a_person("Una", "Zed"))).referrals)
    answer = ask(desk, "path from Rex Yarn to Una Zed")
    assert answer.path is None
    assert labels(answer) == [["Rex Yarn", "Rex Yarn"], ["Una Zed"]]
    assert answer.ends[0].sole is None
    assert answer.ends[1].sole is not None


def test_a_path_may_begin_where_the_map_begins_and_needs_both_ends(
    desk: Desk, cases: tuple[str, str]
) -> None:
    answer = ask(desk, f"path to {cases[1]}", start=cases[0])
    assert answer.path is not None
    assert answer.path.paths[0][0] == cases[0]
    assert answer.sent is None
    with pytest.raises(InvalidInputError, match="path from A to B"):
        ask(desk, f"path to {cases[1]}")


def test_who_is_not_on_the_case_is_told_whom_to_ask_and_gets_no_links(
    desk: Desk, cases: tuple[str, str]
) -> None:
    (end,) = ask(desk, HIM, desk.add("pat", Role.PRACTITIONER, "harbour")).ends
    assert end.results == ()
    assert {hit.ask for hit in end.elsewhere} == {"the coordinator"}
    assert end.sole is None


def test_a_restricted_case_and_one_that_does_not_exist_read_alike(desk: Desk, cases: tuple[str, str]) -> None:
    analyst = desk.add("ana", Role.ANALYST)
    restrictions.restrict(desk.context(desk.chair).with_agencies(()), reference=cases[0], why="So.")
    assert cases[0] not in ask(desk, HIM, analyst).model_dump_json()
    refusals = []
    for reference in (cases[0], "R-2222222"):
        with pytest.raises(NotFoundError) as refused:
            ask(desk, f"path from {cases[1]} to {reference}", analyst)
        refusals.append(str(refused.value).replace(reference, "R"))
    assert refusals[0] == refusals[1]


def test_a_path_of_two_names_counts_as_two_of_the_days_searches_and_none_is_kept_when_refused(
    desk: Desk, cases: tuple[str, str]
) -> None:
    desk.runtime.settings = desk.runtime.settings.model_copy(update={"seen_before_per_day": 3})
    assert ask(desk, f"path from {HIM} to Nobody Atall").left_today == 1
    with pytest.raises(InvalidInputError, match="1 of 3 daily searches left"):
        ask(desk, f"path from {HIM} to Nobody Atall")
    assert ask(desk, "Nobody Atall").left_today == 0


def test_a_surname_that_looks_like_a_reference_is_searched_as_a_name(
    desk: Desk, cases: tuple[str, str]
) -> None:
    screened(desk, *desk.refer(tied("3", PHONE, perpetrator=a_person("Omar", "Al-Hassan"))).referrals)
    left = ask(desk, "Al-Hassan").left_today
    answer = ask(desk, f"path from Al-Hassan to {OTHER}")
    assert labels(answer)[1] == [OTHER]
    assert left is not None
    assert answer.left_today == left - 2
    assert ask(desk, f"path from Omar Al-Hassan to {OTHER}").path is not None


def test_spaces_typed_twice_are_one(desk: Desk, cases: tuple[str, str]) -> None:
    answer = ask(desk, " Path  to   Rex\u00a0 Yarn ", start=cases[0])
    assert labels(answer)[1] == [OTHER]
    assert answer.path is not None
    assert ask(desk, f"path  from {cases[0]}  to  {cases[1]}").path is not None
    assert labels(ask(desk, "path from Rex Yarn to Anh To"))[0] == [OTHER]


@pytest.mark.parametrize(
    "typed",
    [
        *("path to", "path from", "path from Rex Yarn", "path from to Rex Yarn", "path from Rex Yarn to"),
        *("path from Anh To to Rex Yarn", "PATH  FROM Rex Yarn to Anh To Le"),
    ],
)
def test_a_path_that_cannot_be_read_is_refused_before_anything_is_counted_or_sealed(
    desk: Desk, cases: tuple[str, str], typed: str
) -> None:
    left = ask(desk, OTHER).left_today
    before = len(entries(desk))
    with pytest.raises(InvalidInputError, match="path from A to B") as refused:
        ask(desk, typed, start=cases[0])
    assert not [name for name in ("Rex", "Yarn", "Anh") if name in str(refused.value)]
    assert ("references" in str(refused.value)) == ("Anh" in typed)
    assert len(entries(desk)) == before
    assert left is not None
    assert ask(desk, OTHER).left_today == left - 1


def test_a_manager_may_ask_nothing(desk: Desk) -> None:
    with pytest.raises(NotPermittedError):
        ask(desk, HIM, desk.add("max", Role.MANAGER))


@pytest.mark.parametrize(
    ("typed", "reference"),
    [
        (" p-7k3m9qv ", "P-7K3M9QV"),
        ("po-7k3m9qv", "PO-7K3M9QV"),
        *((typed, None) for typed in ("P-7K3M9QX", "E-7K3M9QV", "Dan Roe", "path to P-7K3M9QV")),
        *((surname, None) for surname in ("Al-Hassan", "El-Sayed", "Ng-Smith")),
    ],
)
def test_a_reference_on_its_own_is_known_as_one(typed: str, reference: str | None) -> None:
    assert reference_in(typed) == reference
