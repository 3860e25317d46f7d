"""A release as one page that needs nothing else: figures of all cases, 2 pictures, and their limits.

Pictures are drawn from the same steps as the tables below them. Knows no storage and no screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

from engine.domain.outcomes.releases import EVERYONE, Curve, GroupFigures, MeasureFigures, Release
from engine.domain.shown import shown

_WIDTH, _HEIGHT = 640, 260
_STYLE = (
    "body{font:16px/1.45 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#0b0c0c}"
    "table{border-collapse:collapse;width:100%;margin:.6rem 0}caption{text-align:left;color:#505a5f}"
    "th,td{border-bottom:1px solid #b1b4b6;text-align:left;padding:.25rem .5rem}"
    "svg{max-width:100%;height:auto}header,footer{background:#0b0c0c;color:#fff;text-align:center;padding:.2rem}"
)
_MARKING = "OFFICIAL-SENSITIVE"
_NOT_SHOWN = (
    "Nothing here shows what a plan caused or prevented. Referrals come at the worst time, and a fall is "
    "expected "
    "without help.",
    "“No further report” does not mean no stalking. Most stalking is not reported.",
    "More reports can mean more trust.",
)


def release_report(release: Release) -> bytes:
    """Return the page. A hidden figure reads "hidden"."""
    everyone = release.of(EVERYONE)
    parts = [
        f"<header>{_MARKING}</header><h1>Outcomes: release of {_day(release.as_of)}</h1>",
        f"<p>Figures under {release.limit} are hidden, and so are others that would reveal one. Nothing "
        f"in this "
        "release changes.</p>",
    ]
    if release.is_invented:
        parts.append("<p><strong>The cases in this release are invented.</strong></p>")
    if everyone is None:
        parts.append(f"<p>Hidden: fewer than {release.limit} decided cases.</p>")
    else:
        parts += [_measures(everyone), *_curves(everyone), _funnel(release)]
    notes = "".join(f"<li>{_text(each)}</li>" for each in (*_NOT_SHOWN, *release.notes))
    parts.append(f"<h2>Before you conclude</h2><ul>{notes}</ul><footer>{_MARKING}</footer>")
    title = f"Outcomes, {release.as_of}"
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>"
    ).encode()


def _measures(figures: GroupFigures) -> str:
    headers = (
        "Measure",
        "With further stalking",
        "Cases counted",
        "Share, 95% interval",
        "Against whom",
        "As of",
    )
    table = _table(
        f"{figures.cases:,} cases are decided", headers, [_measure(each) for each in figures.measures]
    )
    return f"<h2>Three measures, counted separately</h2>{table}"


def _measure(found: MeasureFigures) -> tuple[str, ...]:
    against = "; ".join(f"{part.label} {part.count:,}" for part in found.against or ()) or "hidden"
    share = f"{found.share:.0%}, {found.low:.0%} to {found.high:.0%}"
    return (
        found.measure.value,
        f"{found.further:,}",
        f"{found.counted:,}",
        share,
        against,
        _day(found.as_of),
    )


def _curves(figures: GroupFigures) -> Iterable[str]:
    for title, curve in (
        ("Share without a further report", figures.reported),
        ("Share with a recorded crime; custody and death end a case too", figures.recorded),
    ):
        yield f"<h2>{title}</h2>"
        if curve is None:
            yield "<p>Hidden: too few cases for a curve that identifies no one.</p>"
            continue
        yield _picture(curve, title)
        yield _table(
            f"Of {curve.followed:,} cases, figures of {_day(curve.as_of)}",
            ("Until month", "Share", "95% interval", "Followed before"),
            [
                (
                    str(step.until_month),
                    f"{step.share:.0%}",
                    f"{step.low:.0%} to {step.high:.0%}",
                    f"{step.followed:,}",
                )
                for step in curve.steps
            ],
        )


def _picture(curve: Curve, title: str) -> str:
    """Return the steps as a line, with the finding as its text for those who do not see it."""
    last = curve.steps[-1]
    begin = 0.0 if last.competing_share is not None else 1.0
    places = [(0.0, begin)]
    share = begin
    for step in curve.steps:
        places += [(float(step.until_month), share), (float(step.until_month), step.share)]
        share = step.share
    path = " ".join(
        f"{50 + (_WIDTH - 120) * month / last.until_month:.1f},{10 + (_HEIGHT - 40) * (1 - height):.1f}"
        for month, height in places
    )
    alt = (
        f"{title}: {last.share:.0%} after {last.until_month} months, 95% interval {last.low:.0%} to "
        f"{last.high:.0%}, {curve.still:,} of {curve.followed:,} cases still followed."
    )
    axis = "".join(
        f'<text x="44" y="{14 + (_HEIGHT - 40) * (1 - tick / 100):.0f}" text-anchor="end" font-size="12">'
        f"{tick}%</text>"
        for tick in (0, 50, 100)
    )
    end = 10 + (_HEIGHT - 40) * (1 - last.share)
    return (
        f'<svg role="img" aria-label="{escape(alt)}" viewBox="0 0 {_WIDTH} {_HEIGHT}">{axis}'
        f'<polyline points="{path}" fill="none" stroke="#1d70b8" stroke-width="2.5"/>'
        f'<text x="{_WIDTH - 64}" y="{end:.0f}" font-size="14" font-weight="bold">{last.share:.0%}</text>'
        f'<text x="{_WIDTH - 120}" y="{_HEIGHT - 8}" font-size="12">{last.until_month} months</text></svg>'
    )


def _funnel(release: Release) -> str:
    rows = [
        (stage.label, "hidden" if stage.count is None else f"{stage.count:,}", stage.rest)
        for stage in release.funnel
    ]
    table = _table("Each stage is part of the one above", ("Stage", "Cases", "Not in the next stage"), rows)
    return f"<h2>From referral to outcome</h2>{table}"


def _table(caption: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{_text(each)}</th>' for each in headers)
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{_text(cell)}</th>' if place == 0 else f"<td>{_text(cell)}</td>"
            for place, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    caption = _text(caption)
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _text(value: str) -> str:
    return escape(shown(value))


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
