"""The policy through the command line: every row of the printed tables that differs from the others."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from engine.access.policy import FOR_ADVOCATES_ALONE, WHO_MAY, May, is_open
from engine.access.policy_table import RELATIONS
from engine.domain.accounts.acting import Acting, Role
from tests.builders import in_one_entry
from tests.cli.command import PEOPLE, CommandResult, Stac, a_row, asked, referred, screened
from tests.databases import copy_home
from tests.standing import stand

WHY = ("--why", "So.")
ROLES = [role for role in Role if role is not Role.SYSTEM]
OTHERS = {
    Role.AUDITOR: "audrey",
    Role.ADMINISTRATOR: "adam",
    Role.DATA_PROTECTION: "dora",
    Role.ROOM_SCREEN: "wall",
}
USERS = {
    **{role: (name, False) for role, name in OTHERS.items()},
    **{Role(options[1]): (name, False) for name, options in PEOPLE.items()},
    Role.COORDINATOR: ("demo", False),
    Role.PRACTITIONER: ("police-1", False),
}
WITHOUT_COMMAND = {
    May.ASK_AGENCIES,
    May.COMPARE_PERSONS,
    May.LOOK_UP_ON_ARRIVAL,
    May.SEE_AGGREGATES,
    May.SEE_PROBABILITIES,
    May.SHOW_ROOM,
    May.SWEEP,
}
"""Acts of flows and of figures on a page; ``stac response request`` is refused as the flow that it starts."""


def commands(reference: str, place: Path) -> dict[May, tuple[str, ...]]:
    """A command for each row that differs; what would change the case is refused for its state."""
    nobody = str(place / "no-such-file")
    words = place / "words.json"
    words.write_text(
        '{"text": "So.", "manner": "reported", "said_by": "Ana", "said_on": "2026-03", "said_to": "Bo"}'
    )
    return {
        May.SEE_REJECTED: ("referral", "rejected", "list"),
        May.VIEW_CASE: ("case", "show", reference),
        May.ACKNOWLEDGE: ("alarm", "acknowledge", reference),
        May.SEE_LEDGER: ("sharing", "log", reference),
        May.RECORD_ACCESS: ("sar", "create", "--surname", "Nobody"),
        May.DECIDE_ACCESS: ("sar", "list"),
        May.SEE_LOOKS: ("case", "access-log", reference),
        May.LIFT: ("case", "unrestrict", reference, *WHY),
        May.BREAK_GLASS: ("access", "emergency", reference, *WHY),
        May.ADD_USER: ("user", "create", "demo", "--role", "manager"),
        May.JUDGE_SAME: ("person", "duplicates"),
        May.RECORD_VICTIM_WORDS: ("conference", "victim-words", reference, str(words)),
        May.TAKE_PACK: ("victim", "pack", "export", reference, "--to", str(place)),
        May.SEE_AGENCY_HEALTH: ("agency", "list"),
        May.HAND_OVER_FILES: ("agency", "import", "police", nobody),
        May.EXPORT_AUDIT: ("audit", "export", str(place / "chain.jsonl")),
        May.REFRESH_LINKS: ("links", "reindex"),
        May.SEE_PLANS: ("plan", "list"),
        May.MAKE_RELEASE: ("outcome", "release", "list"),
        May.SUSPEND_AGENCY: ("agency", "suspend", "police", *WHY),
    }


def let_through(findings: CommandResult) -> bool:
    """Whether policy let it through; what the case's state or the words of it refuse came past the policy."""
    return "you may not" not in findings.err and not re.match(
        "you cannot view .*, or it does not exist", findings.err
    )


@pytest.fixture(scope="module")
def office(home_made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Stac, Path]:
    """Somebody of every role at one desk."""
    place = tmp_path_factory.mktemp("office")
    stac = Stac(copy_home(home_made_once, place / "home"))
    for role, name in OTHERS.items():
        assert stac("user", "create", name, "--role", role.value).code == 0
    for name, role in (("second", Role.COORDINATOR), ("deputy", Role.CHAIR)):
        assert stac("user", "create", name, "--role", role.value).code == 0
    return stac, place


@pytest.mark.slow
def test_the_command_lets_each_role_through_where_the_table_says_so(office: tuple[Stac, Path]) -> None:
    stac, place = office
    (reference,) = referred(stac, place, a_row())
    screened(stac, reference)
    asked(stac, reference)
    viewers = [*((role, *USERS[role]) for role in ROLES), (Role.PRACTITIONER, "advocacy-1", True)]
    with stac.runtime() as runtime, in_one_entry(runtime) as work:
        named = [user for _, user, _ in viewers]
        work.cases.name_people(reference, named, by="chair", at=runtime.clock.now())
    wrong = []
    for (role, user, is_advocate), (act, command) in itertools.product(
        viewers, commands(reference, place).items()
    ):
        expected = role in WHO_MAY[act]
        if role is Role.PRACTITIONER and act in FOR_ADVOCATES_ALONE:
            expected = is_advocate
        if act is May.HAND_OVER_FILES and is_advocate:
            expected = False  # to their own agency alone
        findings = stac(*command, user=user)
        if let_through(findings) is not expected or findings.code == 2:
            wrong.append((user, act.name, findings))
    assert wrong == []


def test_no_row_of_the_table_is_left_without_a_command(tmp_path: Path) -> None:
    def row(act: May) -> tuple[frozenset[Role], bool]:
        return WHO_MAY[act], act in FOR_ADVOCATES_ALONE

    tried = {row(act) for act in commands("R-7K3M9QV", tmp_path)}
    assert [act.name for act in set(May) - WITHOUT_COMMAND if row(act) not in tried] == []


@pytest.mark.slow
@pytest.mark.parametrize("sentence", RELATIONS)
def test_the_command_shows_a_case_to_whom_the_table_says_it_exists(
    office: tuple[Stac, Path], sentence: str, tmp_path: Path
) -> None:
    stac, relation = office[0], RELATIONS[sentence]
    number = list(RELATIONS).index(sentence)
    people = {"perpetrator_surname": f"Toyson-{number}", "victim_surname": f"Hidden-{number}"}
    (reference,) = referred(stac, tmp_path, a_row(f"stands-{number}", **people))
    if relation.is_screened:
        screened(stac, reference)
    late = f"late-{number}"  # whoever is there before is named by the screening
    assert stac("user", "create", late, "--role", "practitioner", "--agency", "police").code == 0
    users = {role: name for role, (name, _) in USERS.items()}
    users |= {Role.PRACTITIONER: late, Role.COORDINATOR: "second"}
    with stac.runtime() as runtime, in_one_entry(runtime) as work:
        for user in users.values():
            stand(work, user, reference, relation, at=runtime.clock.now())
    if relation.is_restricted:
        assert stac("case", "restrict", reference, *WHY, user="deputy").code == 0
    for role in ROLES:
        shown = stac("case", "show", reference, "--json", user=users[role])
        assert (shown.code == 0) is is_open(Acting(user="x", role=role), relation), (role, shown)
