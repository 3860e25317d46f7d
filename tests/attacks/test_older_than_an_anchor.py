"""A record that was put back to before an anchor is closed to all but alarms and the operator."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from engine import services
from engine.domain.accounts.acting import Role, flow_acting
from engine.domain.drafts import DraftForm
from engine.domain.errors import RecordError, RecordFault
from engine.domain.referrals.intake import AlarmTopic
from engine.runtime import open_runtime
from engine.services.accounts.users import find_user
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist, worklist_page
from engine.services.drafts import open_draft, save_draft
from engine.services.referrals.screening import acknowledge_alarm
from engine.services.system import audit, audit_anchors
from engine.services.system.older_record import STAYS_OPEN
from engine.services.system.register_compared import accept_older, repeat_lacking
from tests.attacks.test_put_back_records import operator
from tests.builders import Desk, a_desk, a_referral
from tests.databases import add_settings

pytestmark = pytest.mark.sqlite


class Anchored:
    """A home with two cases, one with an alarm, whose log is anchored elsewhere."""

    def __init__(self, place: Path) -> None:
        self.home, self.file, self._copy = place / "home", place / "anchors.jsonl", place / "snapshot.db"
        with a_desk(self.home) as desk:
            self.desk, self.olga = desk, desk.add("olga", Role.COORDINATOR)
            (self.alarm,) = desk.refer(a_referral("1", alarms=(AlarmTopic.WEAPON,))).referrals
            (self.case,) = desk.refer(a_referral("2")).referrals
        duty = 'always_answered = "Duty desk 020 7946 0999"\n'
        add_settings(self.home, f'{duty}[audit]\nanchors = "{self.file}"\n')
        shutil.copy(self.home / "stac.db", self._copy)
        with self.opened() as desk:
            view_case(desk.context(desk.chair), reference=self.case)
            audit.anchor(desk.context(desk.coordinator), file=self.file)

    def put_back(self) -> None:
        for journal in ("-wal", "-shm"):
            (self.home / f"stac.db{journal}").unlink(missing_ok=True)
        shutil.copy(self._copy, self.home / "stac.db")

    @contextmanager
    def opened(self) -> Iterator[Desk]:
        with open_runtime({"STAC_HOME": str(self.home)}, clock=self.desk.clock) as runtime:
            yield Desk(runtime, self.desk.clock, self.desk.coordinator, self.desk.chair)


@pytest.fixture
def anchored(tmp_path: Path) -> Anchored:
    return Anchored(tmp_path)


def acts() -> set[str]:
    """The name of every act of a person: what a service gives its unit of work."""
    found = set()
    for file in Path(next(iter(services.__path__))).rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                given = [*call.args, *(each.value for each in call.keywords if each.arg == "what")]
                if call.func.attr in ("reading", "writing") and given and isinstance(given[0], ast.Constant):
                    found.add(str(given[0].value))
    return found


def test_every_act_but_those_of_alarms_is_refused_with_whom_to_call(anchored: Anchored) -> None:
    anchored.put_back()
    every = acts()
    assert len(every) > 200
    assert every >= STAYS_OPEN - {"sign in refused", "signing in", "sign in", "count refusals"}
    with anchored.opened() as desk:
        uow, at = desk.runtime.uow, desk.clock.now()
        for what in sorted(every - STAYS_OPEN):
            for opens in (uow.reading, uow.writing):
                with (
                    pytest.raises(RecordError, match="call 999, or Duty desk 020 7946 0999") as refused,
                    opens(acting=desk.chair, what=what, at=at),
                ):
                    pass
                assert refused.value.fault is RecordFault.OLDER
        entries = audit.verify(uow=uow).entries
    with anchored.opened() as desk:
        assert audit.verify(uow=desk.runtime.uow).entries == entries


def test_a_worklist_has_its_alarms_alone_and_says_why_and_an_alarm_is_acknowledged(
    anchored: Anchored,
) -> None:
    with anchored.opened() as desk:
        assert not all(each.is_alarm for each in worklist(desk.context(anchored.olga)).items)
    anchored.put_back()
    with anchored.opened() as desk:
        by = desk.context(anchored.olga)
        for drawn in (worklist(by), worklist_page(by)):
            assert drawn.first_line is not None
            assert "older than an anchor" in drawn.first_line
        items = worklist(by).items
        assert [each.reference for each in items if each.is_alarm] == [each.reference for each in items]
        assert anchored.alarm in {each.reference for each in items}
        acknowledge_alarm(by, reference=anchored.alarm)


def test_what_a_person_was_typing_is_stored_though_the_record_is_closed(anchored: Anchored) -> None:
    with anchored.opened() as desk:
        typed = open_draft(desk.context(desk.coordinator), form=DraftForm.SCREENING, case=anchored.case)
    anchored.put_back()
    with anchored.opened() as desk:
        save_draft(
            **desk.common,
            key=desk.runtime.key,
            user=find_user(uow=desk.runtime.uow, name=desk.coordinator.user),
            signed_pass=typed.signed_pass,
            fields={"why": "Four calls since Monday."},
        )
        accept_older(operator(desk.runtime))
        again = open_draft(desk.context(desk.coordinator), form=DraftForm.SCREENING, case=anchored.case)
        assert again.fields["why"].text == "Four calls since Monday."


def test_it_opens_once_an_operator_accepts_it_and_its_later_anchors_hold(anchored: Anchored) -> None:
    anchored.put_back()
    with anchored.opened() as desk:
        assert accept_older(operator(desk.runtime)) is not None
        view_case(desk.context(desk.chair), reference=anchored.case)
        anchors = audit_anchors.anchors_kept(uow=desk.runtime.uow, settings=desk.runtime.settings)
        assert audit.verify(uow=desk.runtime.uow, anchors=anchors).ok
        assert len(anchored.file.read_text().splitlines()) == 2, "what was anchored before stays"
        audit.anchor(desk.context(desk.coordinator), file=anchored.file)
    anchored.put_back()
    with anchored.opened() as desk, pytest.raises(RecordError, match="older than an anchor"):
        view_case(desk.context(desk.chair), reference=anchored.case)


def test_its_head_is_not_anchored_and_the_register_is_compared_all_the_same(anchored: Anchored) -> None:
    anchored.put_back()
    with anchored.opened() as desk:
        desk.clock.forward(timedelta(days=2))
        acting = flow_acting("anchor audit", "runner")
        assert audit_anchors.anchor_if_due(desk.runtime.context(acting)) is False
        assert len(anchored.file.read_text().splitlines()) == 1
        repeat_lacking(operator(desk.runtime))


def test_a_record_that_has_the_anchored_entry_is_open(anchored: Anchored) -> None:
    with anchored.opened() as desk:
        view_case(desk.context(desk.chair), reference=anchored.case)
        assert accept_older(operator(desk.runtime)) is None
        anchors = audit_anchors.anchors_kept(uow=desk.runtime.uow, settings=desk.runtime.settings)
        assert audit.verify(uow=desk.runtime.uow, anchors=anchors).ok
