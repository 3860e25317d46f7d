"""Acts that were recorded lately, by keyed digests of what was submitted."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from pydantic_core import to_jsonable_python
from sqlalchemy import delete, select
from sqlmodel import Session, col

from engine.domain.errors import InvalidInputError
from engine.domain.system.submissions import (
    ASKED_WITHIN,
    KEY_KEPT,
    LONGEST_KEY,
    KeyInUseError,
    RecordedBeforeError,
    Submission,
)
from engine.store.tables.system.submissions import SubmissionRow


class Sent(NamedTuple):
    """One act that is being recorded: its person, the digests of it and of its key, and when."""

    by: str
    digest: str
    key: str | None
    at: datetime


class Submissions:
    """Stores these acts for 24 hours, and finds one that is submitted again."""

    def __init__(self, session: Session, digest_key: Callable[[], bytes]) -> None:
        self._session = session
        self._digest_key = digest_key

    def require_new(
        self, said: Submission, by: str, what: str, content: Sequence[object], *, at: datetime
    ) -> Sent:
        """Return the act with its digests.

        Raises
        ------
        RecordedBeforeError
            The same person recorded an equal act a moment ago, unless they say that this is another one, or
            recorded it with this key.
        KeyInUseError
            They recorded something else with this key.
        InvalidInputError
            The key is empty or too long.
        """
        if said.key is not None and not 0 < len(said.key) <= LONGEST_KEY:
            raise InvalidInputError("key", f"it has 1 to {LONGEST_KEY} characters")
        written = json.dumps([by, what, to_jsonable_python(content)], sort_keys=True)
        key = None if said.key is None else self._digest("key of a submission", said.key)
        sent = Sent(by, self._digest("submission", written), key, at)
        newest_first = (
            select(SubmissionRow).where(col(SubmissionRow.by) == by).order_by(col(SubmissionRow.id).desc())
        )
        if key is not None:
            with_key = newest_first.where(
                col(SubmissionRow.key) == key, col(SubmissionRow.at) > at - KEY_KEPT
            )
            if (row := self._session.execute(with_key.limit(1)).scalar_one_or_none()) is not None:
                if row.digest != sent.digest:
                    raise KeyInUseError(row.answer)
                raise RecordedBeforeError(row.answer, row.at, now=at, same_key=True)
            return sent
        equal = newest_first.where(
            col(SubmissionRow.digest) == sent.digest, col(SubmissionRow.at) > at - ASKED_WITHIN
        )
        row = self._session.execute(equal.limit(1)).scalar_one_or_none()
        if row is not None and not said.again and row.answer not in said.other_than:
            raise RecordedBeforeError(row.answer, row.at, now=at, same_key=False)
        return sent

    def add(self, sent: Sent, *, answer: str) -> None:
        """Store what an act was recorded as, and drop those that are older than 24 hours."""
        self._session.execute(delete(SubmissionRow).where(col(SubmissionRow.at) <= sent.at - KEY_KEPT))
        self._session.add(SubmissionRow(**sent._asdict(), answer=answer))

    def _digest(self, label: str, text: str) -> str:
        return hmac.new(self._digest_key(), f"{label}\0{text}".encode(), "sha256").hexdigest()
