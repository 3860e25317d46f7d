"""What one act of an agency adds to the sharing log, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest

from engine.domain.cases.involvement import Request, StoredAnswer
from engine.domain.responses.answers import (
    Contribution,
    Failed,
    FailureReason,
    Finding,
    Nature,
    NilReturn,
    RefusalGround,
    Refused,
    Stage,
)
from engine.domain.responses.reported import RecordPointer
from engine.domain.sharing import (
    ANSWER_ITSELF,
    WHOLE_ANSWER,
    AudienceKind,
    Grounds,
    LedgerAct,
    LedgerItem,
    ReleaseClass,
    StoredRule,
)
from engine.services.sharing.log_entries import NOBODY, enter_release, enter_rule, enter_taken, items_of
from engine.store.unit_of_work import Work
from tests.builders import Desk, a_contribution, a_referral, in_one_entry
from tests.engine.services.responses.test_voices import an_item

AT = datetime(2026, 6, 30, 10, 0, tzinfo=UTC)
NEARLY_JULY = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
"""In London it is July already."""
GROUNDS = Grounds(basis="cda-115", purpose="case work", necessity="The others plan visits.")
RECORDS = (RecordPointer(record="R1", kind="record"),)
FACT = Finding(key="fact", says="Two reports were held.", records=RECORDS)
OPINION = Finding(key="opinion", says="The risk rises.", nature=Nature.OPINION, records=RECORDS)
ANSWER = a_contribution(findings=(FACT, OPINION))
ITSELF = LedgerItem(key=ANSWER_ITSELF)
OF_FACT = LedgerItem(key="fact", nature=Nature.FACT)
OF_OPINION = LedgerItem(key="opinion", nature=Nature.OPINION, from_conference=True)


class Asked(NamedTuple):
    """A transaction in which an agency was asked about a case."""

    work: Work
    case: str

    def log(self) -> list[tuple[LedgerAct, tuple[LedgerItem, ...], str, str | None, int | None]]:
        """What is in the log, oldest first: act, items, to whom, why, version."""
        entries = reversed(self.work.sharing.ledger([self.case]))
        return [(each.act, each.items, each.whom, each.why, each.version) for each in entries]

    def release(self, answer: Contribution | NilReturn | Refused | Failed, *, at: datetime = AT) -> None:
        enter_release(self.work, self.case, "harbour", answer, version=3, grounds=GROUNDS, by="hal", at=at)

    def rules(self) -> dict[str, StoredRule]:
        return self.work.sharing.rules([self.case])[self.case].get("harbour", {})

    def rule(self, rule: StoredRule, released: StoredAnswer | None) -> None:
        before = self.rules()
        self.work.sharing.store_rule(self.case, rule)
        enter_rule(self.work, self.case, "harbour", rule, released, before=before)


@pytest.fixture
def asked(desk: Desk) -> Iterator[Asked]:
    """A case about which one agency was asked."""
    reference = desk.refer(a_referral()).referrals[0]
    with in_one_entry(desk.runtime) as work:
        requests = (
            Request(involvement=reference, agency=agency, asked_at=AT, due_at=AT, was_shown=())
            for agency in ("harbour", "lantern")
        )
        work.answers.ask(requests)
        yield Asked(work, reference)


def a_rule(
    item: str, audience: AudienceKind, *agencies: str, until: date | None = None, at: datetime = AT
) -> StoredRule:
    release_class = ReleaseClass(owner="harbour", audience=audience, agencies=agencies, until=until)
    return StoredRule(
        item=item, release_class=release_class, grounds=GROUNDS, why="In confidence.", by="hal", at=at
    )


RELEASED = StoredAnswer(
    agency="harbour", version=3, stage=Stage.RELEASED, answer=ANSWER, digest="0", author="hal", at=AT
)


def test_a_refusal_is_a_line_with_its_ground_and_goes_to_nobody_and_a_failure_is_none(asked: Asked) -> None:
    asked.release(Failed(reason=FailureReason.TIME_LIMIT, says="No answer came."))
    assert asked.log() == []
    ground = RefusalGround.CONFIDENTIAL
    asked.release(Refused(ground=ground, says="We owe a duty of confidence."))
    assert asked.log() == [(LedgerAct.REFUSED, (), "nobody", ground.value, 3)]


def test_a_line_has_who_released_when_and_on_which_grounds(asked: Asked) -> None:
    asked.release(ANSWER)
    (entry,) = asked.work.sharing.ledger([asked.case])
    assert (entry.involvement, entry.agency, entry.by, entry.at) == (asked.case, "harbour", "hal", AT)
    assert entry.grounds == GROUNDS
    assert asked.log() == [(LedgerAct.SHARED, (ITSELF, OF_FACT, OF_OPINION), "panel", None, 3)]


def test_each_audience_of_a_release_is_a_line_and_what_stays_with_its_owner_is_withheld(
    asked: Asked,
) -> None:
    asked.work.sharing.store_rule(asked.case, a_rule("fact", AudienceKind.OWNER))
    asked.work.sharing.store_rule(asked.case, a_rule("opinion", AudienceKind.NAMED, "lantern"))
    asked.release(ANSWER)
    assert asked.log() == [
        (LedgerAct.SHARED, (OF_OPINION,), "lantern", None, 3),
        (LedgerAct.WITHHELD, (OF_FACT,), "owner only", None, 3),
        (LedgerAct.SHARED, (ITSELF,), "panel", None, 3),
    ]


def test_the_end_date_of_a_rule_is_a_date_in_london(asked: Asked) -> None:
    last = date(2026, 6, 30)
    asked.work.sharing.store_rule(asked.case, a_rule("fact", AudienceKind.PANEL, until=last))
    asked.release(a_contribution(findings=(FACT,)), at=NEARLY_JULY)
    assert (LedgerAct.WITHHELD, (OF_FACT,), "owner only", None, 3) in asked.log()


def test_a_rule_on_an_item_before_its_release_is_a_line_that_shares_nothing(asked: Asked) -> None:
    asked.rule(a_rule("fact", AudienceKind.NAMED, "lantern"), None)
    own = (LedgerItem(key="fact"),)
    assert asked.log() == [(LedgerAct.RULE, own, "lantern, after it is released", "In confidence.", None)]


def test_a_rule_that_narrows_an_item_is_one_line_and_one_that_opens_it_again_shares_it(asked: Asked) -> None:
    asked.rule(a_rule("fact", AudienceKind.NAMED, "lantern"), RELEASED)
    narrowed = (LedgerAct.RULE, (OF_FACT,), "lantern", "In confidence.", None)
    assert asked.log() == [narrowed]
    asked.rule(a_rule("fact", AudienceKind.PANEL), RELEASED)
    assert asked.log() == [
        narrowed,
        (LedgerAct.RULE, (OF_FACT,), "panel", "In confidence.", None),
        (LedgerAct.SHARED, (OF_FACT,), "panel", None, 3),
    ]


def test_a_rule_on_what_the_victim_said_goes_no_further_than_the_victim_agreed(asked: Asked) -> None:
    fear = an_item("fear", whom=("lantern",))
    answer = a_contribution(findings=(), voices=(fear,))
    asked.rule(a_rule("fear", AudienceKind.PANEL), RELEASED.model_copy(update={"answer": answer}))
    ((act, items, whom, *_),) = asked.log()
    assert (act, [item.key for item in items], whom) == (LedgerAct.RULE, ["fear"], "lantern")


def test_a_rule_on_the_whole_answer_names_the_items_whose_audience_is_smaller(asked: Asked) -> None:
    asked.work.sharing.store_rule(asked.case, a_rule("opinion", AudienceKind.OWNER))
    asked.rule(a_rule(WHOLE_ANSWER, AudienceKind.NAMED, "lantern"), RELEASED)
    whole = (LedgerItem(key=WHOLE_ANSWER),)
    assert asked.log() == [
        (LedgerAct.RULE, whole, "lantern", "In confidence.", None),
        (LedgerAct.RULE, (OF_OPINION,), "owner only", "In confidence.", None),
    ]


def test_a_rule_that_has_ended_in_london_opens_nothing(asked: Asked) -> None:
    asked.rule(a_rule("fact", AudienceKind.OWNER), RELEASED)
    late = a_rule("fact", AudienceKind.PANEL, until=date(2026, 6, 30), at=NEARLY_JULY)
    asked.rule(late, RELEASED)
    assert [act for act, *_ in asked.log()] == [LedgerAct.RULE, LedgerAct.RULE]
    assert asked.log()[-1][2] == "owner only"


def test_what_was_withheld_or_withdrawn_is_a_line_and_nothing_withheld_is_none(asked: Asked) -> None:
    for items in ((), (OF_FACT,)):
        enter_taken(
            asked.work,
            asked.case,
            "harbour",
            LedgerAct.STRUCK,
            items,
            version=2,
            by="hal",
            at=AT,
            purpose="answer for harbour",
        )
    assert asked.log() == [(LedgerAct.STRUCK, (OF_FACT,), NOBODY, None, 2)]
    (entry,) = asked.work.sharing.ledger([asked.case])
    assert (entry.by, entry.at, entry.grounds) == ("hal", AT, Grounds(purpose="answer for harbour"))


def test_an_item_that_is_not_in_the_answer_is_named_by_its_key_alone() -> None:
    assert items_of(ANSWER, {"opinion", "fact", "another"}) == (
        LedgerItem(key="another"),
        OF_FACT,
        OF_OPINION,
    )
    assert items_of(NilReturn(looked_in=("files",), says="Not known."), {"fact"}) == (LedgerItem(key="fact"),)
