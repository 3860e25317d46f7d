"""The base of every domain object: frozen, strict about its content, keyword-only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints


class Frozen(BaseModel):
    """A domain object: a bad one cannot exist, and a change returns a new one."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, defer_build=True)


def _aware_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return value.astimezone(UTC)


Instant = Annotated[datetime, AfterValidator(_aware_utc)]
"""A moment in time, aware and in UTC."""
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=600)]
"""One plain sentence that a panel member can read aloud."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]
"""Free text of a person; never in a log, an error or a flow."""
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9\-]{1,39}$")]
"""A short name in lower case, for instance an agency's code."""
