"""Failures that errors on the way to an agency become: one sentence each, by kind."""

from __future__ import annotations

from typing import assert_never

from engine.domain.file_faults import why_not
from engine.domain.responses.answers import Failed, FailureReason
from engine.hooks.launching import CallFailedError
from engine.hooks.manifest import Manifest
from engine.hooks.records import RecordsUnreadableError
from engine.hooks.seals import ExtractNotWholeError
from engine.hooks.verdicts import Errors, failed, failure_from

CallFault = CallFailedError | RecordsUnreadableError | ExtractNotWholeError | OSError
"""Faults that are caught on the way to an agency."""


def failure_of(manifest: Manifest, error: CallFault, errors: Errors) -> Failed:
    """Return the failure that an error comes to."""
    code = manifest.code
    match error:
        case CallFailedError(reply=bytes(reply)):
            return failure_from(manifest, reply, errors)
        case CallFailedError():
            return failed(code, error.reason, error.sentence)
        case RecordsUnreadableError():
            sentence = f"its records could not be read: {error.sentence}"
            return failed(code, FailureReason.BAD_RECORDS, sentence)
        case ExtractNotWholeError():
            sentence = f"its extract cannot be relied on: {error.sentence}"
            return failed(code, FailureReason.EXTRACT_NOT_WHOLE, sentence)
        case OSError():
            sentence = f"its folder could not be made or written ({why_not(error)})"
            return failed(code, FailureReason.NOT_RUNNING, sentence)
        case _:
            assert_never(error)
