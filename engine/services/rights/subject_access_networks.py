"""Imported networks in a subject access request: searched by name, and a person decides what was found."""

from __future__ import annotations

from engine.domain.agencies.people import SubjectAccessResult
from engine.domain.rights.subject_access import AccessRequest
from engine.services.context import Context
from engine.store.unit_of_work import Work

_NAMED = 20


def with_networks(
    work: Work, context: Context, request: AccessRequest, result: SubjectAccessResult
) -> SubjectAccessResult:
    """Return this record's answer with the imported networks that were searched by the requester's name.

    A name in a network is not shown to be the requester's: it is counted, and the network's owner decides.
    """
    from engine.services.links.workspaces import (
        labels_with,
        waiting_sets,
    )  # loads numpy: few requests come this far

    names = [name for name in (request.asked_by.forename, request.asked_by.surname) if name]
    searched, gaps = [], []
    for network, found in labels_with(work, context, names):
        if found is None:
            gaps.append(
                f"Imported network {network.reference} could not be opened and was not searched. This is not "
                "a nil return."
            )
            continue
        searched.append(network.reference)
        if found:
            gaps.append(
                f"{found} entries of imported network {network.reference} have this name. Its owner and its "
                "controller decide if they are about the requester."
            )
    gaps += [
        f"Files that wait to be imported ({reference}) were not searched. This is not a nil return."
        for reference in waiting_sets(work, context)
    ]
    if not searched:
        return result.model_copy(update={"gaps": (*result.gaps, *gaps)})
    more = f" and {len(searched) - _NAMED} more" if len(searched) > _NAMED else ""
    looked = f"imported networks, by name: {', '.join(searched[:_NAMED])}{more}"
    return result.model_copy(update={"looked_in": (*result.looked_in, looked), "gaps": (*result.gaps, *gaps)})
