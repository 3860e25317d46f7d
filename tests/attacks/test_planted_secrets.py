"""Marked values are planted in every field that takes them, and looked for in all that others can reach.

Nobody has opened one, so there is no viewer to whom one may be shown, but the two people who typed them. What
a practitioner struck is looked for in everything but their own agency's page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, select

from engine.access.redaction import MASK
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.lifecycle import Act
from engine.domain.errors import StacError
from engine.domain.vault.despair import RISK
from engine.domain.vault.typed_texts import TypedWhere
from engine.services.cases.views import view_case
from engine.services.links import maps as link_maps
from engine.services.referrals import screening
from engine.services.rights import retention
from engine.services.system.audit import export
from engine.services.vault.despair import read_despair
from engine.services.vault.typed_texts import texts_to_see_to
from engine.store.database import open_database
from engine.store.fates import Words
from engine.store.typed_columns import texts_in
from tests.attacks.planted import DESPAIR, MARK, STRUCK, Planted, values_of
from tests.builders import a_desk, with_toys
from tests.engine.services.access.test_hidden_makes_no_difference import _answer_of as told
from tests.engine.services.access.test_hidden_makes_no_difference import every_act_on, everything_listed
from tests.fates import columns_with

SAMPLE, WHOLE = 3, 23
AS_TYPED = {
    "action_version.differs_from_notice",
    "action_version.evidence",
    "action_version.owner",
    "action_version.status_note",
    "action_version.what",
    "decision.content",
    "victim_words.content",
    "dissent.reasons",
    "incident_report.what",
    "minutes_copy_item.content",  # the writer's own copy
    "move.why",
    "outcome.says",
    "plan.departs_from_wishes",
    "plan.reason",
    "plan_need.because",
    "plan_need.informs_person",
    "plan_need.says",
    "referral_version.content",
    "screening.content",
}
"""Texts that people typed lie in the record as they typed them and are masked for every reader but them."""


NOT_COMPARED_AGAIN = {
    "minutes_copy_item": "each text of the minutes has a row of its own",
    "referral_version": "what a source sent, and nobody here typed",
}
NOT_PLANTED = {
    "acts_shared.why",
    "identity_judgement.why",
    "restricted_reason.purpose",
    "link_map_export.notes",
    "record_request.why",
    "associates_ask.why",
}
"""Words on who is the same person, and on sharing acts of others, are about two cases; a task is begun, and
typed at the command alone; notes of a map leave with its picture (`test_map_notes.py`); requests about
associates and records have tests of their own."""
REASONS = 41
"""In how many use cases a reason is typed about one case."""


@contextmanager
def planting(home: Path, cases: int, **as_planted: Any) -> Iterator[Planted]:
    """So many cases with nine values each, everybody who may be named on them named."""
    with a_desk(home) as desk:
        typist, presiding = desk.add("typist", Role.COORDINATOR), desk.add("presiding", Role.CHAIR)
        workers = with_toys(desk)
        there = Planted(
            desk,
            typist,
            presiding,
            workers,
            agency_typist=desk.add("harbour-typist", Role.PRACTITIONER, "harbour"),
            advocate_typist=desk.add("voice-typist", Role.PRACTITIONER, "voice"),
            second=desk.add("lantern-second", Role.PRACTITIONER, "lantern"),
            stranger=desk.add("stranger", Role.PRACTITIONER, "voice"),
            **as_planted,
        )
        desk.add("shut-out", Role.PRACTITIONER, "voice")
        for number in range(cases):
            there.plant(number)
        there.agree_minutes()
        yield there


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(SAMPLE, id="27 values"),
        pytest.param(WHOLE, id="207 values", marks=pytest.mark.full),
    ],
)
def planted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    """A few cases, or with --full many."""
    with planting(tmp_path_factory.mktemp("planted") / "home", request.param) as there:
        yield there


def viewers(planted: Planted) -> dict[str, Acting]:
    """One of each kind of person, on the cases and off them."""
    desk = planted.desk
    there = {"co-ordinator": desk.coordinator, "chair": desk.chair, **planted.workers}
    for role in Role:
        if role in (Role.PRACTITIONER, Role.COORDINATOR, Role.CHAIR):
            continue
        if f"viewer-{role.value}" not in there:
            there[role.value] = Acting(user=f"viewer-{role.name.lower()}", role=role)
    there["outsider"] = Acting(user="outsider", role=Role.PRACTITIONER, agency="lantern")
    return there


def test_the_marks_find_every_planted_value_however_it_is_written() -> None:
    for value in (value.value for number in range(WHOLE) for value in values_of(number)):
        for written in (value, value.upper(), value.replace(" ", "  "), value.replace("07700 ", "+44 7700 ")):
            assert MARK.search(written), written


def test_enough_was_planted_and_is_held(planted: Planted) -> None:
    with planted.desk.runtime.uow.unrecorded() as work:
        held = work.protected.held_on(planted.cases)
        texts = [work.protected_notes.text_of(step) for step in work.protected_notes.on(planted.cases[0])]
    assert len(held) >= planted.values >= 9 * SAMPLE
    assert all(DESPAIR.search(text) and MARK.search(text) for text in texts)
    assert len(texts) == 1
    assert all(MARK.search(value.decode()) for _, _, value in held if b"{" not in value)


def test_no_list_page_count_or_error_tells_anybody(planted: Planted) -> None:
    found = []
    there = list(zip(planted.cases, planted.actions, strict=True))
    for place, (name, acting) in enumerate(viewers(planted).items()):
        for case, action in [there[place % SAMPLE]] if len(there) == SAMPLE else there:
            told_all = everything_listed(planted.desk, acting, case)
            told_all |= {f"{act}, tried": told(ask) for act, ask in _reading(planted, acting, case, action)}
            marks = (MARK, DESPAIR) if name == "lantern" else (MARK, STRUCK, DESPAIR)
            found += [
                f"{name}, {where}: {mark.pattern}"
                for where, text in told_all.items()
                for mark in marks
                if mark.search(text)
            ]
    assert found == []


def test_what_a_person_typed_is_never_masked_for_them(planted: Planted) -> None:
    """A mask in one's own text is an answer: it shows which guess is a place of the victim's."""
    desk, found, as_typed = planted.desk, [], 0
    for writer in (planted.typist, planted.presiding, planted.agency_typist, planted.stranger):
        masked = re.compile(rf"\({writer.user} typed\) *{re.escape(MASK)}")
        typed = re.compile(rf"\({writer.user} typed\) \d+ Plantmark", re.IGNORECASE)
        read = everything_listed(desk, writer, planted.cases[0])
        read |= {
            f"{act}, tried": told(ask)
            for act, ask in _reading(planted, writer, planted.cases[0], planted.actions[0])
        }
        found += [
            f"{writer.user}, {where}: {text[max(0, match.start() - 90) : match.end()]}"
            for where, text in read.items()
            for match in masked.finditer(text)
        ]
        as_typed += sum(len(typed.findall(text)) for text in read.values())
    assert found == []
    assert as_typed > 100


def test_nobody_but_the_advocate_learns_that_there_is_a_protected_note(planted: Planted) -> None:
    found, there = set(), list(zip(planted.cases, planted.actions, planted.notes, strict=True))
    for place, (name, acting) in enumerate(viewers(planted).items()):
        case, action, note = there[place % SAMPLE]
        told_all = everything_listed(planted.desk, acting, case)
        told_all |= {f"{act}, tried": told(ask) for act, ask in _reading(planted, acting, case, action)}
        found |= {name for text in told_all.values() if note in text or RISK in text}
        tried = told(lambda: read_despair(planted.desk.context(acting), reference=case, item=note))  # noqa: B023
        assert ("despairmark" in tried) is (name == "voice")
        assert not MARK.search(tried)
    assert found == {"voice"}


def _reading(
    planted: Planted, acting: Acting, case: str, action: str
) -> Iterator[tuple[str, Callable[[], object]]]:
    """What changes nothing when it succeeds, and what is refused to this person: its error is read."""
    acts = every_act_on(planted.desk, acting, case, action)
    if acting.role in (Role.COORDINATOR, Role.CHAIR, Role.PRACTITIONER):
        acts = {name: acts[name] for name in ("show", "prepared") if name in acts}
    yield from acts.items()


def test_every_reason_that_repeats_one_is_queued_with_its_writer(planted: Planted) -> None:
    waiting = texts_to_see_to(planted.desk.context(planted.desk.chair))
    for case in planted.cases:
        reasons = [text for text in waiting if text.involvement == case and text.where is TypedWhere.REASON]
        assert len(reasons) == REASONS
        assert {text.by for text in reasons} == {"typist", "presiding", "harbour-typist", "stranger"}
    assert {text.where for text in waiting} == set(TypedWhere) - {TypedWhere.ANSWER}


ASKED_WHOSE = {
    "add note to item",
    "amend decision",
    "answer a correction",
    "answer correction of minutes",
    "answer likely breach",
    "answer victim information request",
    "ask for a correction",
    "ask to open protected value",
    "assess which role is primary",
    "break glass",
    "close advice",
    "close review",
    "decide",
    "decide victim information request",
    "draft victim information request",
    "enter dissent",
    "enter remark",
    "export a map of links",
    "lift legal hold",
    "lift restriction",
    "name investigator",
    "plan",
    "plan item",
    "prepare victim pack",
    "propose correction of minutes",
    "put legal hold",
    "record attempt to inform the victim",
    "record child safeguarding",
    "record finding on a complaint",
    "record incident",
    "record need of a plan",
    "record order",
    "record outcome",
    "record police decision",
    "record step of order",
    "record victim's words",
    "record slip of advice",
    "record that advice was sent",
    "record what was done about alarm",
    "report on action",
    "restrict case",
    "review incident",
    "review urgent look",
    "say connection",
    "say why a restricted case is opened",
    "screen",
    "set release rule",
    "set release rule of an incident",
    "sign why a need of a plan is not met",
}
"""Each act here with a typed text that others read: it is refused until it is said whose a place in it is."""


def test_every_typed_text_is_asked_about(planted: Planted) -> None:
    with planted.desk.runtime.uow.unrecorded() as work:
        entries = [json.loads(entry.body) for entry in work.audit.entries()]
    said = {entry["what"] for entry in entries if "said_other" in entry["facts"]}
    assert said == ASKED_WHOSE
    assert not MARK.search(json.dumps(entries))


def holding(planted: Planted) -> set[str]:
    """The columns of all tables that hold a planted value."""
    there = MetaData()
    engine = open_database(planted.desk.runtime.settings.database_url)
    there.reflect(engine)
    with engine.connect() as connection:
        found = {
            f"{name}.{column}"
            for name, table in there.tables.items()
            for row in connection.execute(select(table))
            for column, stored in row._mapping.items()
            if MARK.search(repr(stored)) or DESPAIR.search(repr(stored))
        }
    engine.dispose()
    assert len(there.tables) > 40
    return found


def test_no_table_holds_one_but_where_people_typed_it(planted: Planted) -> None:
    assert holding(planted) == (AS_TYPED | columns_with(Words.TYPED)) - NOT_PLANTED


def test_every_typed_text_is_compared_again_when_a_value_is_protected(planted: Planted) -> None:
    """Each with its writer, by the very words that lie in the record."""
    typed = {column for column in holding(planted) if column.partition(".")[0] not in NOT_COMPARED_AGAIN}
    there, engine = MetaData(), open_database(planted.desk.runtime.settings.database_url)
    there.reflect(engine)
    with engine.connect() as connection:
        stored = {
            (table, text)
            for table, column in (each.split(".") for each in typed)
            for content in connection.execute(select(there.tables[table].c[column])).scalars()
            for text in texts_in(content)
            if MARK.search(text)
        }
    engine.dispose()
    with planted.desk.runtime.uow.unrecorded() as work:
        later = planted.desk.clock.now() + timedelta(days=1)
        found = list(work.erasing.texts_on(planted.cases, before=later))
    marked = [(each, text) for each in found for text in each.texts if MARK.search(text)]
    assert {(each.table, text) for each, text in marked} == stored
    assert {table for table, _ in stored} > {"dissent", "retention_word"}
    assert all(each.by for each, _ in marked)


def test_after_both_parts_are_erased_no_table_holds_one(tmp_path: Path) -> None:
    with planting(tmp_path / "home", 1) as planted:
        desk, (case,) = planted.desk, planted.cases
        given: dict[str, Any] = {"reference": case}
        for act in (Act.EXIT, Act.CLOSE):
            screening.end_involvement(desk.context(planted.presiding), reference=case, act=act, why="Over.")
        pairs = {
            "harbour": (planted.agency_typist, planted.workers["harbour"]),
            "lantern": (planted.second, planted.workers["lantern"]),
            "desk": (planted.typist, planted.presiding),
        }
        for owner, (decides, carries_out) in pairs.items():
            whole = values_of(0)[0].value
            retention.review(
                desk.context(decides), **given, owner=owner, erase=True, why=f"Not needed at {whole}."
            )
            retention.erase(desk.context(carries_out), **given, owner=owner)
        assert holding(planted) == set()
        with desk.runtime.uow.unrecorded() as work:
            assert work.drafts.owners() == ()
        assert link_maps.saved_maps(desk.runtime.context(planted.typist)) == ()
        for acting in (planted.presiding, planted.typist, planted.workers["harbour"]):
            told_all = "".join(everything_listed(desk, acting, case).values())
            assert not re.search("Roe0|Kent0|2001/0000123|07700 900", told_all)


def _refused_for_what_they_typed(planted: Planted) -> None:
    """What a door refuses is in the log; what was typed at it is not."""
    desk, whole = planted.desk, values_of(0)[0].value
    for acting in (desk.chair, planted.stranger):
        at_command = acting.model_copy(update={"purpose": f"at {whole}", "account": "somebody (1000)"})
        for reference in (whole, planted.cases[0]):
            with suppress(StacError), desk.runtime.refusals.noted(at_command):
                view_case(desk.context(at_command).with_agencies(()), reference=reference)


def test_no_file_of_the_home_and_no_export_holds_one(planted: Planted, tmp_path: Path) -> None:
    home = planted.desk.runtime.settings.home
    out = tmp_path / "audit.jsonl"
    auditor = Acting(user="audrey", role=Role.AUDITOR)
    _refused_for_what_they_typed(planted)
    export(planted.desk.runtime.context(auditor), file=out)
    files = [file for file in (*home.rglob("*"), out) if file.is_file()]
    apart = [file for file in files if not file.name.startswith("stac.db") and "agencies" not in file.parts]
    assert out in apart
    assert not [
        file.name
        for file in apart
        if any(m.search(file.read_bytes().decode("latin-1")) for m in (MARK, DESPAIR))
    ]
    assert not [file for file in home.rglob("*") if MARK.search(file.name)]
