"""Erasure of one owner's part of a case: by a decision, or again after a restore. Decides nothing."""

from __future__ import annotations

from functools import partial

from engine.domain.rights.retention import DESK_OWNER, Certificate
from engine.services.access.masking import masker_for
from engine.services.context import VaultContext
from engine.services.links.projection import link_cases, relink_cases
from engine.store.unit_of_work import Work


def erase_part(work: Work, context: VaultContext, named: Certificate) -> Certificate:
    """Erase what the certificate names, and store it with the envelope of each row. A part of use cases.

    Texts that stay are masked before protected values go: nothing could recognise one afterwards.
    """
    case, owner, number, now = named.involvement, named.owner, named.reference, context.clock.now()
    together = work.cases.together(case)
    masker = masker_for(work=work, involvements=together, reader=None)
    if owner == DESK_OWNER:
        rows = work.erasing.of_desk(case, number)
    else:
        rows = work.erasing.of_agency(case, owner, number)
        link_cases(work, context.key, [case], at=now)
    rows += work.erasing.mask_for_good(together, partial(masker.masked, by=None), number)
    told_by = None if owner == DESK_OWNER else owner
    work.drafts.destroy_about(case, agency=told_by)
    certificate = named.model_copy(
        update={
            "why": masker.masked(named.why, by=None),
            "rows": tuple(rows),
            "protected_values": work.erasing.protected(case, told_by=told_by),
        }
    )
    work.retention.certify(certificate)
    if owner == DESK_OWNER:
        work.links.projection.erase(case, at=now)
        served = {each for order in work.orders.of([case]) for each in order.cases}
        relink_cases(work, sorted(served - {case}), at=now)
    work.touches(case)
    return certificate
