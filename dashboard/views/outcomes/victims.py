"""Victims' outcomes over all cases: who was asked, how answers changed, and what victims had to change."""

from __future__ import annotations

from dashboard import markup
from dashboard.errors import show_errors
from dashboard.views.outcomes.count_tables import drawn, start_part
from engine.domain.outcomes.releases import Release
from engine.domain.outcomes.work_figures import WorkFigures

_WHAT = {
    "victims_asked": (
        "The newest entry of the victim's advocate for each moment, over all referrals. A victim who "
        "does not engage has given no answer. That is not a success, and the victim may be in more danger."
    ),
    "victims_change": (
        "Each victim's answer at exit beside the same victim's answer at intake. Only victims who agreed "
        "both times are counted. A question without an answer at one of the times has its own column. "
        "Victims are not averaged, and topics are not added up."
    ),
    "victims_answers": "Answers of victims who agreed then. Other moments have other victims.",
    "victims_had_to_change": (
        "Parts of daily life that victims named. A victim may name several, so the numbers do not add up. "
        "Where victims went is recorded nowhere here."
    ),
}


def page() -> None:
    """Draw the page."""
    with show_errors():
        release = start_part(
            "Victims' outcomes",
            "Victims' own accounts of their lives at intake, review and exit, entered by the victim's "
            "advocate with the victim's agreement.",
        )
        if release is not None and release.work is not None:
            draw(release, release.work)


def draw(release: Release, work: WorkFigures) -> None:
    """Draw the change first, then who was asked, then the answers."""
    by_name = {each.table.name: each for each in work.tables_of("victims")}
    order = ["victims_change", "victims_asked", *(name for name in by_name if "_asked" not in name)]
    for name in dict.fromkeys(each for each in order if each in by_name):
        what = next(text for prefix, text in _WHAT.items() if name.startswith(prefix))
        is_list = name.startswith(("victims_answers", "victims_asked"))
        markup.draw(drawn(by_name[name], release, what=what, in_rows=not is_list))
    markup.draw(
        markup.join(
            [
                markup.heading("Limits of these figures", at="not-concluded"),
                markup.bullets(
                    [
                        "A change is not proof of help. Victims are first asked at the worst time.",
                        "Victims who did not answer may be in more danger than those who did.",
                        "A victim who feels safe can be in danger.",
                    ]
                ),
            ]
        )
    )
