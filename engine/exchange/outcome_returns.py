"""A release as a return: one row for each published figure, with a data dictionary and a schema.

Adds nothing. A hidden figure has no row. The columns are named as the operator's settings have them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from engine.domain.errors import InvalidInputError
from engine.domain.outcomes.releases import Curve, Group, GroupFigures, MeasureFigures, Release
from engine.domain.shown import disarmed
from engine.exchange.work_returns import work_rows

ALL = "all"
COLUMNS: Mapping[str, str] = {
    "release": "Date of the release that the figure is of.",
    "period": "Year of the panel's first decision; 'all': every year.",
    "borough": "Borough at referral; 'all': every borough.",
    "typology": "Type of stalking; 'all': every type.",
    "measure": "Reported further stalking, recorded crime or proven reoffending; empty: of no measure.",
    "table": "The table that the figure is in.",
    "figure": "The figure, or the part of the table that it counts.",
    "value": "The figure. A hidden figure has no row.",
    "low": "Lower end of its 95 % interval; empty: it has none.",
    "high": "Upper end of its 95 % interval; empty: it has none.",
    "denominator": "The cases that a share is of; empty: the figure is not a share.",
    "unit": "The thing that is counted, or cases, share, years, weeks, days, minutes, pounds, reports a year "
    "or month.",
}
_MEASURES = ("reported further stalking", "recorded crime", "proven reoffending")
Value = str | int | float | None
Row = dict[str, Value]


def return_rows(release: Release, *, group: Group | None = None, table: str | None = None) -> Iterator[Row]:
    """Yield every published figure once, of all groups and tables or of one."""
    codes = None if group is None else [group.period or ALL, group.borough or ALL, group.typology or ALL]
    for row in _every_row(release):
        of = [row["period"], row["borough"], row["typology"]]
        if codes in (None, of) and table in (None, row["table"]):
            yield row


def _every_row(release: Release) -> Iterator[Row]:
    for figures in release.groups:
        as_of = figures.as_of.isoformat()
        yield _row(release, figures, "cases", "decided cases", figures.cases, "cases") | {"release": as_of}
        for measure in figures.measures:
            yield from _measure_rows(release, figures, measure)
        for table, curve in (
            ("time to the next reported stalking", figures.reported),
            ("recorded crime, or custody or death first", figures.recorded),
        ):
            if curve is not None:
                yield from _curve_rows(release, figures, table, curve)
    for stage in release.funnel:
        if stage.count is not None:
            yield _blank(release) | {
                "table": "from referral to outcome",
                "figure": stage.label,
                "value": stage.count,
                "unit": "cases",
            }
    if release.work is not None:
        for work_row in work_rows(release.work):
            yield _blank(release) | work_row


def return_csv(
    release: Release,
    *,
    names: Mapping[str, str],
    group: Group | None = None,
    table: str | None = None,
) -> bytes:
    """Return the rows as CSV, with the byte-order mark that spreadsheets need to recognise UTF-8.

    Raises
    ------
    InvalidInputError
        The settings give a name to a column that a return does not have, or one name to two.
    """
    headers = _headers(names)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headers)
    for row in return_rows(release, group=group, table=table):
        writer.writerow(_cells(row))
    return text.getvalue().encode("utf-8-sig")


def return_xlsx(
    release: Release,
    *,
    names: Mapping[str, str],
    group: Group | None = None,
    table: str | None = None,
) -> bytes:
    """Return the rows as a workbook, with a sheet of what each column means.

    Raises
    ------
    InvalidInputError
        The settings give a name to a column that a return does not have, or one name to two.
    """
    from openpyxl import Workbook  # slow to import, and needed only for this shape
    from openpyxl.styles import Font

    headers = _headers(names)
    workbook = Workbook()
    figures = workbook.worksheets[0]
    figures.title = "Figures"
    figures.freeze_panes = "A2"
    figures.append(headers)
    for row in return_rows(release, group=group, table=table):
        figures.append(_cells(row))
    figures.auto_filter.ref = figures.dimensions
    meanings = workbook.create_sheet("Dictionary")
    meanings.append(["Column", "Meaning"])
    for line in return_dictionary(release, names=names):
        meanings.append(list(line))
    for sheet in workbook.worksheets:
        for cell in sheet[1]:
            cell.font = Font(bold=True)
    whole = io.BytesIO()
    workbook.save(whole)
    return whole.getvalue()


def return_dictionary(release: Release, *, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what each column means, and the rules of the release."""
    lines = [(header, meaning) for header, meaning in zip(_headers(names), COLUMNS.values(), strict=True)]
    invented = [("rule", "The cases in this release are invented.")] if release.is_invented else []
    return [
        *lines,
        *invented,
        (
            "rule",
            f"A figure that counts fewer than {release.limit} cases is hidden, and so are others that "
            "would reveal it.",
        ),
        ("rule", f"Figures of {release.as_of}. Nothing in them changes."),
        ("rule", "A figure of an earlier date is repeated where fewer cases than that have changed since."),
        ("rule", "No further report does not mean no stalking. No figure shows what a plan caused."),
    ]


def return_schema(*, names: Mapping[str, str]) -> dict[str, object]:
    """Return the JSON Schema of one row."""
    headers = dict(zip(COLUMNS, _headers(names), strict=True))
    number: dict[str, object] = {"type": ["number", "null"]}
    kinds: dict[str, dict[str, object]] = {
        "release": {"type": "string", "format": "date"},
        "measure": {"enum": [*_MEASURES, ""]},
        "value": {"type": "number"},
        "low": number,
        "high": number,
        "denominator": {"type": ["integer", "null"]},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A figure of a quarterly release of outcomes",
        "type": "object",
        "required": list(headers.values()),
        "additionalProperties": False,
        "properties": {
            header: {**kinds.get(column, {"type": "string"}), "description": COLUMNS[column]}
            for column, header in headers.items()
        },
    }


def named_row(row: Row, *, names: Mapping[str, str]) -> dict[str, Value]:
    """Return a row by the names of its columns in the return."""
    return dict(zip(_headers(names), row.values(), strict=True))


def _headers(names: Mapping[str, str]) -> list[str]:
    if unknown := sorted(set(names) - set(COLUMNS)):
        raise InvalidInputError("outcomes.return_columns", f"no column is called {unknown[0]!r:.60}")
    headers = [names.get(column, column) for column in COLUMNS]
    if len(set(headers)) < len(headers):
        raise InvalidInputError("outcomes.return_columns", "two columns have one name")
    return headers


def _cells(row: Row) -> list[Value]:
    return [disarmed(cell) if isinstance(cell, str) else cell for cell in row.values()]


def _blank(release: Release, figures: GroupFigures | None = None) -> Row:
    group = figures.group if figures else None
    return {
        "release": release.as_of.isoformat(),
        "period": (group.period if group else None) or ALL,
        "borough": (group.borough if group else None) or ALL,
        "typology": (group.typology if group else None) or ALL,
        "measure": "",
        "table": "",
        "figure": "",
        "value": None,
        "low": None,
        "high": None,
        "denominator": None,
        "unit": "",
    }


def _row(
    of: Release, figures: GroupFigures, table: str, figure: str, value: Value, unit: str, **more: Value
) -> Row:
    return {**_blank(of, figures), "table": table, "figure": figure, "value": value, "unit": unit, **more}


def _measure_rows(release: Release, figures: GroupFigures, measure: MeasureFigures) -> Iterator[Row]:
    common: dict[str, Value] = {"measure": measure.measure.value, "release": measure.as_of.isoformat()}
    for part in measure.parts:
        yield _row(release, figures, "result", part.label, part.count, "cases", **common)
    yield _row(
        release,
        figures,
        "result",
        "with further stalking",
        measure.share,
        "share",
        low=measure.low,
        high=measure.high,
        denominator=measure.counted,
        **common,
    )
    if measure.often is not None:
        often = measure.often
        yield _row(release, figures, "how often", "reports", often.acts, "reports", **common)
        yield _row(release, figures, "how often", "time at risk", often.years, "years", **common)
        yield _row(
            release,
            figures,
            "how often",
            "rate",
            often.rate,
            "reports a year",
            low=often.low,
            high=often.high,
            **common,
        )
    if measure.half_within_weeks is not None:
        yield _row(
            release,
            figures,
            "how soon",
            "half of the first acts within",
            measure.half_within_weeks,
            "weeks",
            **common,
        )
    for table, parts in (("against whom", measure.against), ("most serious act", measure.severity)):
        for part in parts or ():
            yield _row(release, figures, table, part.label, part.count, "cases", **common)


def _curve_rows(release: Release, figures: GroupFigures, table: str, curve: Curve) -> Iterator[Row]:
    common: dict[str, Value] = {"release": curve.as_of.isoformat()}
    yield _row(release, figures, table, "followed", curve.followed, "cases", **common)
    for step in curve.steps:
        at = f"month {step.until_month}"
        named: Sequence[tuple[str, Value]] = (
            ("followed before", step.followed),
            ("events until", step.events),
            ("other endings until", step.competing),
            ("left until", step.left),
        )
        for name, count in named:
            yield _row(release, figures, table, f"{name} {at}", count, "cases", **common)
        yield _row(
            release,
            figures,
            table,
            f"share at {at}",
            step.share,
            "share",
            low=step.low,
            high=step.high,
            **common,
        )
        if step.competing_share is not None:
            yield _row(
                release,
                figures,
                table,
                f"share with another ending at {at}",
                step.competing_share,
                "share",
                low=step.competing_low,
                high=step.competing_high,
                **common,
            )
