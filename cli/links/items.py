"""Questions by conditions to the record, asked as a user. Asks and prints; decides nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cli.input_files import checked, document_of
from cli.links import associates
from cli.links.drawing import draw_age
from cli.links.record import write_file
from cli.output import MARKING, print_json, say
from cli.session import answering, at_desk

if TYPE_CHECKING:
    from engine.domain.links.items_question import ItemsFound, ItemsQuestion
    from engine.domain.plans.lists import TableForm


def question_in(file: str) -> ItemsQuestion:
    """Return the question that a file contains."""
    from engine.domain.links.items_question import ItemsQuestion

    return checked(ItemsQuestion, document_of(file))


def query_record(
    file: str, user: str | None, purpose: str, as_json: bool, *, out: Path | None, why: str | None
) -> None:
    """Print the items of the record that meet a question, or write them as a table.

    A question by people's associates is sent for a second person's approval instead.
    """
    with answering(as_json):
        document = document_of(file)
    if isinstance(document, dict) and document.get("kind") == "associates":
        if out is not None:
            raise typer.BadParameter("an answer about associates is not exported")
        associates.send(document, user, purpose, why, as_json)
        return
    if out is not None and why is None:
        raise typer.BadParameter("give the reason with --why to export items of the record")
    with at_desk(user, purpose, as_json) as desk:
        from engine.domain.links.items_question import ItemsQuestion
        from engine.services.links.items import ask_items, export_items

        question, snapshots = checked(ItemsQuestion, document), desk.runtime.link_snapshots
        if out is None:
            found = ask_items(desk.context, question=question, snapshots=snapshots)
            if as_json:
                print_json({**found.model_dump(mode="json"), "notes": list(found.notes)})
            else:
                _draw(found)
            return
        form: TableForm = "xlsx" if out.suffix.casefold() == ".xlsx" else "csv"
        made = export_items(desk.context, question=question, form=form, why=why or "", snapshots=snapshots)
        write_file(out, made.content)
    if as_json:
        print_json({"written": str(out)})
    else:
        say(f"written: {out}")


def _draw(found: ItemsFound) -> None:
    from cli.tables import console, draw_table  # loads the domain's words, which --help need not

    say(MARKING)
    rows = [
        (each.reference, each.label, "no count" if each.links is None else str(each.links))
        for each in found.items
    ]
    draw_table(console(), found.question.in_words(), ("reference", "item", "links"), rows)
    for sentence in found.notes:
        say(sentence)
    draw_age({"snapshot_at": found.snapshot_at.isoformat(), "cases_changed_since": found.changed_since})
