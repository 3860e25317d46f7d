"""Re-assessment: asking agencies again about many open cases. The result is beside what the panel saw."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from engine.domain.base import Code, Frozen, Instant, Sentence
from engine.domain.responses.answers import Contribution, Failed, NilReturn, Refused

CHUNK = 1_000
"""The number of referrals that one flow run re-assesses."""


class Compared(StrEnum):
    """The comparison of a re-assessment's answer with the one that was stored before."""

    SAME = "same as before"
    DIFFERENT = "differs from before"
    FIRST = "no answer before"
    FAILED = "failed"
    TO_BE_ASKED_ALONE = "to be asked alone"
    """It has a protected value, which only a request of its own may store."""


class AgencyInBatch(Frozen):
    """The plugin that a batch asked, and its records' state; None where they could not be read or dated."""

    code: Code
    plugin_version: str
    extract_digest: str | None
    extract_dated: date | None


class Batch(Frozen):
    """One re-assessment of the open cases: its reason, author, agencies and number of cases."""

    reference: str
    reason: Sentence
    by: str
    at: Instant
    agencies: tuple[AgencyInBatch, ...]
    referrals: int

    def chunks(self, size: int = CHUNK) -> tuple[tuple[int, int], ...]:
        """Return the first and the last place of each chunk; places count from one."""
        return tuple((low, min(low + size - 1, self.referrals)) for low in range(1, self.referrals + 1, size))


class Reassessed(Frozen):
    """One agency's answer about one involvement in one batch.

    ``version`` is the stored one that it was compared with. None in ``answer``: it is the same. ``by_hand``
    says that a practitioner would have to release it: then only the agency itself sees it.
    """

    batch: str
    involvement: str
    agency: str
    compared: Compared
    version: int | None
    answer: Contribution | NilReturn | Refused | Failed | None
    by_hand: bool
    plugin_version: str
    at: Instant


class BatchFigures(Frozen):
    """A batch's progress, and the comparison of its answers with those before, by agency."""

    batch: Batch
    done: int
    due: int
    compared: dict[str, dict[Compared, int]]


def chunk_subject(batch: str, low: int, high: int) -> str:
    """Return the subject of a chunk's outbox row: ids and places only."""
    return f"{batch}:{low}-{high}"


def read_chunk_subject(subject: str) -> tuple[str, int, int]:
    """Return the batch and the first and last place that such a subject names."""
    batch, _, places = subject.partition(":")
    low, _, high = places.partition("-")
    return batch, int(low), int(high)


class ReassessedView(Frozen):
    """An agency's answer of the newest re-assessment, compared with the version that is shown beside it.

    ``new`` and ``gone`` are sentences of findings; an answer that a practitioner would have to release shows
    them only to its own agency, and others do not see that it exists.
    """

    agency: str
    batch: str
    at: Instant
    compared: Compared
    version: int | None
    says: str
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
