"""A release as files: CSV, XLSX, the schema of a row. The same figures as the page, and no others."""

from __future__ import annotations

import json
from datetime import date
from typing import Literal

from engine.access.policy import May, require
from engine.domain.base import Frozen
from engine.domain.errors import NotFoundError
from engine.domain.outcomes.releases import Group
from engine.exchange.outcome_report import release_report
from engine.exchange.outcome_returns import return_csv, return_schema, return_xlsx
from engine.services.context import Context

ReturnForm = Literal["csv", "xlsx", "schema", "html"]
_MEDIA_TYPES: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "schema": "application/schema+json",
    "html": "text/html; charset=utf-8",
}


class OutcomeReturn(Frozen):
    """A file of a release."""

    file_name: str
    media_type: str
    content: bytes


def outcome_return(
    context: Context,
    *,
    form: ReturnForm,
    as_of: date | None = None,
    group: Group | None = None,
    table: str | None = None,
) -> OutcomeReturn:
    """Return a release as a file; without a date, the newest. It may be one group's, or one table.

    Raises
    ------
    InvalidInputError
        The settings name a column that a return does not have.
    """
    require(May.SEE_AGGREGATES, context.acting)
    with context.reading("export outcome release") as work:
        found = work.outcome_releases.newest() if as_of is None else work.outcome_releases.of(as_of)
        work.notes(as_of=str(found.release.as_of) if found else "none", form=form)
    if found is None:
        raise NotFoundError("release", str(as_of) if as_of else "of any date")
    names = context.settings.outcomes.return_columns
    if form == "csv":
        content = return_csv(found.release, names=names, group=group, table=table)
    elif form == "xlsx":
        content = return_xlsx(found.release, names=names, group=group, table=table)
    elif form == "html":
        content = release_report(found.release)
    else:
        content = json.dumps(return_schema(names=names), indent=1).encode()
    ending = "schema.json" if form == "schema" else form
    name = "invented-outcomes" if found.release.is_invented else "outcomes"
    return OutcomeReturn(
        file_name=f"{name}-{found.release.as_of}.{ending}", media_type=_MEDIA_TYPES[form], content=content
    )
