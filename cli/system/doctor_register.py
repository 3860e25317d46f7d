"""The check of the register of acts against the record. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cli.system.checks import NOTE, OK, WRONG, Check

if TYPE_CHECKING:
    from engine.runtime import Runtime

_REPEAT = "run 'stac record repeat-acts', and find out who put the record back"
_CHANGED = "make a copy of the file, and find out who changed it"
_ACCEPT = "find out who put it back, then run 'stac record repeat-acts --accept-older'"
_ANSWER = "run 'stac record repeat-acts', which lists them, and answer each"


def older_checks(runtime: Runtime) -> Iterator[Check]:
    """Say, where it is so, that the record is older than an anchor, and closed."""
    from engine.services.system.audit_anchors import missing_anchor

    with runtime.uow.unrecorded() as work:
        missing = missing_anchor(work, runtime.settings)
    if missing is not None:
        sentence = f"the record is older than its anchor of entry {missing:,}, and closed to all but alarms"
        yield Check("older record", WRONG, sentence, _ACCEPT)


def register_check(runtime: Runtime) -> Check:
    """Say whether the record has what the register of acts names."""
    from engine.domain.accounts.acting import flow_acting
    from engine.domain.errors import InvalidInputError
    from engine.services.system.register_compared import compare

    try:
        compared = compare(runtime.context(flow_acting("examine the installation", "operator")))
    except InvalidInputError as error:
        return Check("repeated acts", WRONG, str(error), _CHANGED)
    if compared.lacking:
        kinds = ", ".join(f"{kind}: {count:,}" for kind, count in compared.lacking.items())
        return Check("repeated acts", WRONG, f"the record went back and lacks acts ({kinds})", _REPEAT)
    if compared.in_doubt:
        sentence = f"{len(compared.in_doubt):,} entries with acts may not have been recorded"
        return Check("repeated acts", NOTE, sentence, _ANSWER)
    return Check("repeated acts", OK, f"the record has what the register names ({compared.acts:,} acts)")
