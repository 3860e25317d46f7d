"""A professional's view is carried word for word, and never one from after the day of asking."""

from __future__ import annotations

from datetime import date

from engine.domain.conference.risk import Domain, HowSoon, Level
from engine.hooks.carried_views import RecordedView, newest_views


def recorded(view_id: str, on: str, level: Level, domain: Domain = Domain.VIOLENCE) -> RecordedView:
    return RecordedView(
        view_id=view_id,
        person_id="1",
        domain=domain,
        level=level,
        reasons="As it was written.",
        horizon_weeks=12,
        how_soon=HowSoon.WEEKS if domain is Domain.VIOLENCE else None,
        recorded_by="Toy Toyson",
        post="Detective Constable",
        recorded_on=date.fromisoformat(on),
    )


def test_the_newest_view_on_each_domain_is_carried_in_the_domains_order() -> None:
    views = newest_views(
        [
            recorded("3", "2026-05-01", Level.LOW, Domain.RECURRENCE),
            recorded("2", "2026-06-01", Level.HIGH),
            recorded("1", "2026-03-01", Level.LOW),
        ],
        on=date(2026, 11, 24),
    )

    assert [(view.domain, view.level) for view in views] == [
        (Domain.VIOLENCE, Level.HIGH),
        (Domain.RECURRENCE, Level.LOW),
    ]
    assert views[0].recorded_by.name == "Toy Toyson"
    assert (views[0].reasons, views[0].how_soon) == ("As it was written.", HowSoon.WEEKS)


def test_a_view_from_after_the_day_of_asking_is_not_there_yet() -> None:
    views = [recorded("1", "2026-03-01", Level.LOW), recorded("2", "2026-06-02", Level.HIGH)]

    assert [view.level for view in newest_views(views, on=date(2026, 6, 1))] == [Level.LOW]
    assert newest_views(views, on=date(2026, 2, 28)) == ()
