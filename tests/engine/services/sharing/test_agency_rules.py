"""An agency's own rule narrows what its people say, and one that cannot be asked lets nothing go."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.sharing import WHOLE_ANSWER, AudienceKind, LedgerAct
from engine.hooks.registry import load_agencies
from engine.services.agencies.suspension import SuspendedAgencies
from engine.services.responses.agency_answers import answer_by_hand
from engine.services.sharing import release_rules
from tests.builders import TOYS, Desk, a_contribution, ask_all, installed_codes
from tests.engine.services.cases.test_pathway import column, screened
from tests.engine.services.sharing.test_release_rules import a_rule, as_seen_by, harbour_sentences, lines

RULE = '''

@hookimpl
def stac_may_share(item, audience, purpose):
    """Keeps one finding back; raises about another."""
    from engine.domain.sharing import AudienceKind, MayShare
    if item.key == "finding-1":
        return MayShare(audience=AudienceKind.NAMED, agencies=("lantern",), because="Ours and lantern's.")
    if item.key == "finding-2":
        raise RuntimeError("no")
    return MayShare()
'''


@pytest.fixture
def workers(desk: Desk, tmp_path: Path) -> dict[str, Acting]:
    """Harbour with a rule of its own, beside lantern."""
    made = tmp_path / "harbour"
    shutil.copytree(TOYS / "harbour", made, ignore=shutil.ignore_patterns("__pycache__"))
    hooks = made / "hooks.py"
    hooks.write_text(hooks.read_text() + RULE)
    manifest = made / "agency.toml"
    manifest.write_text("narrows_sharing = true\n" + manifest.read_text())
    home = desk.runtime.settings.home
    extra = {"harbour": made, "lantern": TOYS / "lantern"}
    desk.runtime.__dict__["agencies"] = load_agencies(
        home,
        suspended=SuspendedAgencies(desk.runtime.uow, always=installed_codes(), look_again_after=0),
        extra=extra,
    )
    known = tuple(a for a in desk.runtime.agencies_known if a.code in extra)
    desk.runtime.__dict__["agencies_described"] = known
    return {code: desk.add(f"{code}-worker", Role.PRACTITIONER, code) for code in extra}


def answered(desk: Desk, worker: Acting, **others: Any) -> str:
    reference = screened(desk)
    ask_all(desk, reference)
    answer_by_hand(
        desk.context(worker),
        reference=reference,
        agency="harbour",
        answer=a_contribution("Two reports.", "Bail was set.", "He moved."),
        **{"agencies": desk.runtime.agencies, **others},
    )
    return reference


def test_its_own_rule_is_asked_when_an_item_is_stored(desk: Desk, workers: dict[str, Acting]) -> None:
    reference = answered(desk, workers["harbour"])
    chair = as_seen_by(desk, desk.chair, reference)
    assert (harbour_sentences(chair), column(chair, "harbour").held_back) == (["He moved."], 2)
    assert harbour_sentences(as_seen_by(desk, workers["lantern"], reference)) == ["Two reports.", "He moved."]
    assert len(harbour_sentences(as_seen_by(desk, workers["harbour"], reference))) == 3
    own = lines(desk, workers["harbour"], reference)
    narrowed = {e.items[0].key: e.why for e in own.entries if e.act is LedgerAct.NARROWED}
    assert narrowed["finding-1"] == "Ours and lantern's."
    assert "could not be checked" in str(narrowed["finding-2"])
    assert "Ours and lantern" not in lines(desk, desk.chair, reference).model_dump_json()


def test_a_person_of_the_owner_narrows_further_and_cannot_widen(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    reference = answered(desk, workers["harbour"])

    def given(audience: AudienceKind, **more: Any) -> None:
        release_rules.set_rule(
            desk.context(workers["harbour"]),
            reference=reference,
            agency="harbour",
            rule=a_rule("finding-1", audience, **more),
            agencies=desk.runtime.agencies,
        )

    given(AudienceKind.PANEL)
    assert harbour_sentences(as_seen_by(desk, desk.chair, reference)) == ["He moved."]
    assert harbour_sentences(as_seen_by(desk, workers["lantern"], reference)) == ["Two reports.", "He moved."]
    given(AudienceKind.OWNER)
    assert harbour_sentences(as_seen_by(desk, workers["lantern"], reference)) == ["He moved."]


def test_what_its_own_rule_narrows_beside_a_rule_for_the_whole_has_the_purpose_of_whoever_set_that(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    reference = answered(desk, workers["harbour"], agencies=None)
    reviewer = workers["harbour"].model_copy(update={"purpose": "review of the case"})
    release_rules.set_rule(
        desk.context(reviewer),
        reference=reference,
        agency="harbour",
        rule=a_rule(WHOLE_ANSWER, AudienceKind.PANEL),
        agencies=desk.runtime.agencies,
    )
    own = lines(desk, workers["harbour"], reference)
    narrowed = [entry for entry in own.entries if entry.act is LedgerAct.NARROWED]
    assert {entry.items[0].key for entry in narrowed} >= {"finding-1", "finding-2"}
    assert {entry.grounds.purpose for entry in narrowed} == {"review of the case"}
