"""To whom several rules together let an item go, and where it crosses to another law."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.domain.sharing import (
    Audience,
    AudienceKind,
    Grounds,
    LedgerAct,
    LedgerEntry,
    Regime,
    ReleaseClass,
    VisibilityToOthers,
    class_common_to_both,
    common_class,
    narrower,
)

PANEL, OWNER = Audience(kind=AudienceKind.PANEL), Audience(kind=AudienceKind.OWNER)


def named(*agencies: str) -> Audience:
    return Audience(kind=AudienceKind.NAMED, agencies=agencies)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (PANEL, PANEL, PANEL),
        (PANEL, named("lantern"), named("lantern")),
        (PANEL, OWNER, OWNER),
        (named("lantern"), OWNER, OWNER),
        (named("lantern", "voice"), named("voice", "harbour"), named("voice")),
        (named("lantern"), named("voice"), OWNER),
    ],
)
def test_two_audiences_together_are_the_narrower_whichever_comes_first(
    one: Audience, other: Audience, both: Audience
) -> None:
    assert (narrower(one, other), narrower(other, one)) == (both, both)


def a_class(kind: AudienceKind, *agencies: str, until: date | None = None) -> ReleaseClass:
    return ReleaseClass(owner="harbour", audience=kind, agencies=agencies, until=until)


def test_the_owner_is_not_counted_among_the_named_and_the_nearest_day_holds() -> None:
    near, far = date(2026, 3, 1), date(2026, 9, 1)
    both = common_class(
        "harbour",
        a_class(AudienceKind.NAMED, "voice", "harbour", "lantern", until=far),
        a_class(AudienceKind.PANEL, until=near),
    )
    assert both == a_class(AudienceKind.NAMED, "lantern", "voice", until=near)


def test_a_class_that_names_its_owner_alone_is_the_owners() -> None:
    assert common_class("harbour", a_class(AudienceKind.NAMED, "harbour")) == a_class(AudienceKind.OWNER)


def test_no_rule_at_all_lets_the_panel_have_it() -> None:
    assert common_class("harbour") == a_class(AudienceKind.PANEL)


LAWS = {
    "harbour": Regime.PART_3,
    "lantern": Regime.UK_GDPR,
    "voice": Regime.UK_GDPR,
    "quay": Regime.PART_3,
}


def an_entry(act: LedgerAct, whom: str, regime: Regime | None = None) -> LedgerEntry:
    return LedgerEntry(
        involvement="R-7K3M9Q2",
        agency="harbour",
        version=1,
        act=act,
        items=(),
        whom=whom,
        grounds=Grounds(purpose="case work", regime=regime),
        why=None,
        by="harbour-worker",
        at=datetime(2026, 3, 2, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("act", "whom", "regime", "crosses"),
    [
        (LedgerAct.SHARED, AudienceKind.PANEL.value, None, ("lantern", "voice")),
        (LedgerAct.SHARED, "voice, quay", None, ("voice",)),
        (LedgerAct.SHARED, "voice until 1 March 2026", None, ("voice",)),
        (LedgerAct.RULE, "quay", None, ()),
        (LedgerAct.CORRECTED, "lantern", None, ("lantern",)),
        (LedgerAct.SHARED, AudienceKind.PANEL.value, Regime.UK_GDPR, ("quay",)),
        (LedgerAct.WITHHELD, AudienceKind.PANEL.value, None, ()),
    ],
)
def test_a_line_crosses_to_agencies_under_another_law_that_it_went_to(
    act: LedgerAct, whom: str, regime: Regime | None, crosses: tuple[str, ...]
) -> None:
    assert an_entry(act, whom, regime).crosses_to(LAWS) == crosses


def test_an_owner_of_no_known_law_crosses_to_nobody() -> None:
    assert an_entry(LedgerAct.SHARED, AudienceKind.PANEL.value).crosses_to({"voice": Regime.UK_GDPR}) == ()


def test_a_line_is_under_the_law_that_its_rule_named_or_else_under_its_agencys() -> None:
    shared = an_entry(LedgerAct.SHARED, "voice")
    assert shared.under(LAWS) == an_entry(LedgerAct.SHARED, "voice", Regime.PART_3)
    assert shared.under({}) == shared
    by_rule = an_entry(LedgerAct.SHARED, "voice", Regime.UK_GDPR)
    assert by_rule.under(LAWS) == by_rule


def test_the_common_class_of_two_rules_opens_nothing_that_either_closes() -> None:
    panel = ReleaseClass(owner="harbour", audience=AudienceKind.PANEL, until=date(2026, 4, 1))
    named = ReleaseClass(
        owner="harbour",
        audience=AudienceKind.NAMED,
        agencies=("lantern",),
        otherwise=VisibilityToOthers.HIDE,
        until=date(2026, 5, 1),
    )
    other = named.model_copy(update={"agencies": ("voice",), "until": None})
    assert class_common_to_both(panel, named) == named.model_copy(update={"until": date(2026, 4, 1)})
    assert class_common_to_both(named, other).audience is AudienceKind.OWNER
    for each in (panel, named, other):
        assert class_common_to_both(each, each) == each
