"""The question that makes a quarterly release in a process of its own. Loads no Streamlit."""

from __future__ import annotations

from datetime import date

from engine.services.context import Context
from engine.services.links.snapshots import LinkSnapshots
from engine.services.outcomes.releases import make_outcome_release


def make_of_quarter(context: Context, *, snapshots: LinkSnapshots, as_of: date) -> bool:
    """Make the release of a quarter's end, and return whether time was over before all was tested.

    Raises
    ------
    InvalidInputError, NotPermittedError
        As ``make_outcome_release`` does.
    """
    return make_outcome_release(context, as_of=as_of).ran_out_of_time
