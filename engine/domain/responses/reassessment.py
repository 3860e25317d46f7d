"""Asking agencies again about many open cases at once. The result stands beside what the panel saw."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from engine.domain.base import Code, Frozen, Instant, Sentence
from engine.domain.responses.answers import Contribution, Failed, NilReturn, Refused

CHUNK = 1_000
"""How many referrals one flow run re-assesses."""


class Compared(StrEnum):
    """How an agency's answer of a re-assessment stands to the one that was kept before."""

    SAME = "same as before"
    DIFFERENT = "differs from before"
    FIRST = "no answer before"
    FAILED = "failed"
    TO_BE_ASKED_ALONE = "to be asked alone"
    """It holds what only an asking of its own may keep: a protected value."""


class AgencyInBatch(Frozen):
    """Which plugin a batch asked, and what its records were; None where they could not be read or dated."""

    code: Code
    plugin_version: str
    extract_digest: str | None
    extract_dated: date | None


class Batch(Frozen):
    """One re-assessment of the open cases: why, by whom, of which agencies, in how many cases."""

    reference: str
    reason: Sentence
    by: str
    at: Instant
    agencies: tuple[AgencyInBatch, ...]
    referrals: int

    def chunks(self, size: int = CHUNK) -> tuple[tuple[int, int], ...]:
        """The first and the last place of each chunk; places count from one."""
        return tuple((low, min(low + size - 1, self.referrals)) for low in range(1, self.referrals + 1, size))


class Reassessed(Frozen):
    """One agency's answer about one involvement in one batch.

    ``version`` is the kept one that it was compared with. ``answer`` is None when it is the same.
    ``by_hand`` says that a practitioner would have to release it: then it is the agency's own alone.
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
    """How far a batch has come, and how the answers stand to those before, by agency."""

    batch: Batch
    done: int
    due: int
    compared: dict[str, dict[Compared, int]]


def chunk_subject(batch: str, low: int, high: int) -> str:
    """The subject of a chunk's outbox row: ids and places only."""
    return f"{batch}:{low}-{high}"


def read_chunk_subject(subject: str) -> tuple[str, int, int]:
    """The batch and the first and last place that such a subject names."""
    batch, _, places = subject.partition(":")
    low, _, high = places.partition("-")
    return batch, int(low), int(high)


class ReassessedView(Frozen):
    """How an agency's answer of the newest re-assessment stands to the version that is shown beside it.

    ``new`` and ``gone`` are sentences of findings; an answer that a practitioner would have to release shows
    them to its own agency alone, and to nobody else that there is one.
    """

    agency: str
    batch: str
    at: Instant
    compared: Compared
    version: int | None
    says: str
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
