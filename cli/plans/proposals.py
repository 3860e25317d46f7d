"""Asking the agencies for actions of a plan, on the command line. Asks; decides nothing."""

from __future__ import annotations

from cli.options import Reference
from cli.output import print_json, say
from cli.session import Desk

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


def propose(desk: Desk, reference: Reference) -> None:
    """Ask the agencies for actions for the plan, and list what they have released.

    Example: stac plan propose R-7K3M9QV
    """
    from engine.services.cases.views import view_case
    from engine.services.responses.proposals import ask_for_actions

    asked = ask_for_actions(desk.context, reference=reference)
    answers = view_case(desk.context, reference=reference).answers
    if desk.as_json:
        print_json(
            {
                "case": asked.reference,
                "agencies": {
                    answer.agency: {
                        "asked_for_actions": answer.asked_for_actions,
                        "proposed_actions": [
                            action.model_dump(mode="json") for action in answer.proposed_actions
                        ],
                    }
                    for answer in answers
                },
            }
        )
        return
    for answer in answers:
        if answer.asked_for_actions is None and not answer.proposed_actions:
            continue
        say(f"{answer.agency_name}: {answer.asked_for_actions or 'proposed in its response.'}")
        for action in answer.proposed_actions:
            item = f" [{action.library}]" if action.library else ""
            say(f"  proposes: {action.says}{item}")
    say("Proposals of an agency's plugin are listed after a practitioner of that agency has released them.")
