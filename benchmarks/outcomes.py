"""The Outcomes page from a release, and making one, at 100,000 referrals, beside the same of a small centre.

Of 100,000 referrals 15,000 are decided. The page is drawn as its program draws it, from the stored text of a
release.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from time import monotonic

from streamlit.testing.v1 import AppTest

from benchmarks.measured import Measured, in_turns, median
from engine.domain.outcomes.releases import Release
from engine.outcomes.releases.releasing import make_release
from engine.synthetic.observed_cases import invented_observed_cases

DECIDED, SMALL = 15_000, 680
SINCE, UNTIL = date(2023, 10, 1), date(2026, 9, 30)
QUARTERS = 12
TIMES = 5
PICTURE_S, FILTER_S, MADE_S = 2.0, 0.5, 120.0


def measure(rows: int = DECIDED) -> list[Measured]:
    """Medians in seconds, warm; making a release once."""
    made, small = _made(rows), _made(SMALL)
    works = {
        "picture": lambda: _drawn(made[0]),
        "small picture": lambda: _drawn(small[0]),
        "filter": _filtering(made[0]),
        "small filter": _filtering(small[0]),
    }
    taken = {name: median(times) for name, times in in_turns(works, times=TIMES).items()}
    return [
        Measured(
            name=f"{name}, {rows:,} decided cases",
            figure=figure,
            unit="s",
            target=target,
            yardstick=yardstick,
            against=f"the same of {SMALL}",
        )
        for name, figure, target, yardstick in (
            ("the Outcomes page with its pictures", taken["picture"], PICTURE_S, taken["small picture"]),
            ("another filter on it", taken["filter"], FILTER_S, taken["small filter"]),
            ("making and attacking a release", made[1], MADE_S, small[1]),
        )
    ]


def _made(cases: int) -> tuple[str, float]:
    observed = invented_observed_cases(seed=7, since=SINCE, until=UNTIL, in_a_quarter=cases // QUARTERS)
    began = monotonic()
    registered = make_release(
        observed,
        as_of=UNTIL,
        made_at=datetime(2026, 10, 1, tzinfo=UTC),
        by="bench",
        earlier=(),
        work=None,
        limit=10,
        width=10,
        is_invented=True,
        seconds_left=lambda: MADE_S - (monotonic() - began),
    )
    return registered.release.model_dump_json(), monotonic() - began


def _page(stored: str) -> None:
    from dashboard.views.outcomes.reoffending import draw
    from engine.domain.outcomes.releases import Release

    release = Release.model_validate_json(stored)
    draw(release, today=release.as_of)


def _drawn(stored: str) -> AppTest:
    app = AppTest.from_function(_page, args=(stored,), default_timeout=120).run()
    assert not app.exception, app.exception
    return app


def _filtering(stored: str) -> Callable[[], None]:
    app = _drawn(stored)
    codes = ["", *Release.model_validate_json(stored).dimensions[1].codes]
    turn = 0

    def filtered() -> None:
        nonlocal turn
        turn += 1
        app.selectbox(key="outcomes-borough").set_value(codes[turn % len(codes)]).run()
        assert not app.exception, app.exception

    return filtered
