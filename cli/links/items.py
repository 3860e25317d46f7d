"""Questions by conditions, to the record as a user or to a file of one's own. Asks and prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.file_tools import registers
from cli.input_files import checked, document_of
from cli.links import associates
from cli.links.drawing import draw_age
from cli.links.record import write_file
from cli.options import CASE_WORK, AsJson, AsUser, Purpose
from cli.output import MARKING, print_json, say
from cli.session import answering, at_desk
from cli.templates import ITEMS, print_template

if TYPE_CHECKING:
    from engine.domain.links.items_question import ItemsFound, ItemsQuestion
    from engine.domain.plans.lists import TableForm


def question_in(file: str) -> ItemsQuestion:
    """Return the question that a file contains."""
    from engine.domain.links.items_question import ItemsQuestion

    return checked(ItemsQuestion, document_of(file))


def query(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="The question in TOML; - is standard input.")
    ] = None,
    register: Annotated[
        Path | None,
        typer.Option("--register", metavar="FILE", help="A register from 'stac links import'; required."),
    ] = None,
    of_record: Annotated[
        bool, typer.Option("--record", help="Ask the record; items are listed by reference.")
    ] = False,
    template: Annotated[bool, typer.Option("--template", help="Print a FILE to fill in.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="With --record: a .csv or .xlsx file.")
    ] = None,
    why: Annotated[
        str | None,
        typer.Option("--why", metavar="TEXT", help="For --out or associates: the reason, in one line."),
    ] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """List entities of a network that meet conditions, by how many linked entities meet others.

    With --record the items of the record that meet conditions, in the order of their references. A question
    by people's associates (kind = "associates") is sent for approval, with --why and a task as --purpose.

    Example: stac links query --register town.stac question.toml
    """
    if template:
        if of_record:
            print_template(ITEMS)
        else:
            registers("--template").print_query_template()
        return
    if of_record:
        if file is None or register is not None:
            raise typer.BadParameter("give FILE, without --register")
        query_record(file, user, purpose, as_json, out=out, why=why)
        return
    registers("--register").print_query(register, file, as_json)


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
