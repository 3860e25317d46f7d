"""The check of the places of the audit log's anchors. Changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.system.checks import NOTE, OK, WRONG, Check

if TYPE_CHECKING:
    from engine.runtime import Runtime


def anchor_check(runtime: Runtime, count: int) -> Check:
    """Say whether the end of the log can be cut unnoticed: that is wrong once a real user exists."""
    from engine.services.accounts.sign_ins import all_act_on_their_word

    settings = runtime.settings
    place = settings.audit.anchor_file(settings.home)
    state = NOTE if all_act_on_their_word(uow=runtime.uow) else WRONG
    mend = "name a place elsewhere under [audit] in settings.toml, so that a shortened log can be detected"
    if not settings.audit.is_anchored:
        return Check("anchors", state, "the latest audit hash is not saved on a schedule", mend)
    if place is None:
        return Check("anchors", OK, f"{count:,} anchors were given to the command under [audit]")
    if place.is_relative_to(settings.home):
        return Check("anchors", state, "the anchors are in the home folder", "name a place elsewhere")
    return Check("anchors", OK, f"{count:,} anchors are saved")
