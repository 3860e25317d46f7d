"""The tree of commands, `stac NOUN VERB`: each group with its help, each verb with its function."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping

import typer

from cli import sharing
from cli.access import naming, need_to_know
from cli.accounts import users
from cli.agencies import files as agency_files
from cli.agencies import health, instruments, plugins
from cli.alarms import acts, incidents, questions
from cli.cases import complaints, person_acts, reading, responsible
from cli.conference import decisions, meetings, minutes, remarks, room, victim_words
from cli.file_tools import commands_of
from cli.groups import Group
from cli.links import asking as link_questions
from cli.links import associates, finding_marks, items, record_requests, saved_searches, workspaces
from cli.links import exporting as link_exporting
from cli.links import record as link_record
from cli.links import sharing as link_sharing
from cli.orders import breaches, clocks, notices
from cli.orders import reading as order_reading
from cli.orders import recording as order_recording
from cli.outcomes import asking, dose, figures, importing, recording, releases, victims
from cli.people import same_person, search
from cli.plans import approval, library, listing, proposals, reviews, updating
from cli.referrals import advice, creating, imports, rejected_rows, screening
from cli.responses import corrections, requests, withdrawal
from cli.rights import informing_victims, retention, subject_access, subject_access_files, victim_rights
from cli.session import AtDesk, Command, Desk
from cli.system import backups, demo, installing, schedules, serving
from cli.vault import despair, many_places, protected_details, typed_texts
from cli.whole_help import WholeHelp

EXAMPLE = "Example: "
"""Opens the last paragraph of each command's docstring."""


COMMANDS: Mapping[str, Command | Group] = {
    "init": installing.init,
    "demo": demo.demo,
    "serve": serving.serve,
    "doctor": installing.doctor,
    "login": users.login,
    "logout": users.logout,
    "worklist": reading.worklist,
    "referral": Group(
        "Create referrals from calls, and import them from files.",
        {
            "create": creating.create,
            "import": imports.import_files,
            "template": imports.template,
            "rejected": Group("Rows of imported files that were rejected.", rejected_rows.COMMANDS),
        },
    ),
    "alarm": Group("Alarms of referrals and later.", acts.COMMANDS, hidden={"ack": acts.acknowledge}),
    "incident": Group(
        "Incidents on a case, their alarm topics and details, and what police decided about them.",
        {**incidents.COMMANDS, **reviews.OF_INCIDENTS, **breaches.DETAILS, **complaints.COMMANDS},
    ),
    "case": Group(
        "Cases: list, show, screen, step up, search, restrict and close.",
        {
            "list": reading.list_,
            "show": reading.show,
            "screen": screening.screen,
            "safeguard": screening.safeguard,
            "step-up": screening.step_up,
            **questions.COMMANDS,
            **responsible.COMMANDS,
            **person_acts.COMMANDS,
            "close": decisions.close,
            "leave-episode": screening.leave_episode,
            "name-people": naming.name_people,
            "custody": reviews.custody,
            "restrict": need_to_know.restrict,
            "unrestrict": need_to_know.unrestrict,
            "access-log": need_to_know.access_log,
            "search": search.search,
            "search-review": Group(
                "Searches that matched a victim or protected details.",
                {"list": search.list_sent, "resolve": search.resolve},
            ),
            "roles": Group(
                "The panel's assessment of who is the victim.",
                {
                    "show": victim_rights.show_roles,
                    "assess": victim_rights.assess_roles,
                    "allow-both": victim_rights.allow_both,
                },
            ),
        },
    ),
    "advice": Group("Advice: list, record as sent, record the slip, close.", advice.COMMANDS),
    "response": Group(
        "Agencies' responses: request, show, create, release and withdraw.",
        {
            "request": requests.request,
            "show": requests.show,
            "create": requests.create,
            "release": requests.release,
            "withdraw": withdrawal.withdraw,
            "topics": requests.topics,
            "chase": health.chase,
        },
    ),
    "conference": Group(
        "Case conferences: agenda, attendance, items in turn, decisions, minutes.",
        {
            "create": meetings.create,
            "list": meetings.list_,
            "agenda": meetings.agenda,
            "attend": meetings.attend,
            "start": meetings.start,
            "next": meetings.next_,
            "timer": meetings.timer,
            "room": room.room,
            "close": meetings.close,
            "remark": remarks.remark,
            "release-remark": remarks.release_remark,
            "note": remarks.note,
            "minutes": minutes.minutes,
            "correct": minutes.correct,
            "resolve-correction": minutes.resolve_correction,
            "open": decisions.open_,
            "decide": decisions.decide,
            "amend": decisions.amend,
            "dissent": decisions.dissent,
            "victim-words": victim_words.victim_words,
        },
    ),
    "plan": Group(
        "Plans: list, library, proposals, versions, what an approval needs, approval, reports on actions.",
        {
            "list": listing.list_,
            "library": library.library,
            "propose": proposals.propose,
            "start-urgent": updating.start_urgent,
            "update": updating.update_plan,
            "update-action": updating.update_action,
            "undo-report": updating.undo_report,
            "record-voice": approval.record_voice,
            "sign-why-not": approval.sign_why_not,
            "approve": approval.approve,
            "review": reviews.review,
        },
    ),
    "order": Group(
        "Protective orders: record, list, show, clocks, conditions and likely breaches.",
        {
            "list": order_reading.list_,
            "show": order_reading.show,
            "card": order_reading.card,
            "create": order_recording.create,
            "make": order_recording.make,
            "serve": order_recording.serve,
            "vary": order_recording.vary,
            "renew": order_recording.renew,
            "discharge": order_recording.discharge,
            "step": order_recording.step,
            "join": order_recording.join,
            "breaches": Group("Likely breaches of orders: list, confirm, reject, ask.", breaches.COMMANDS),
            "conditions": order_reading.conditions,
            "clocks": clocks.clocks,
            "export": order_reading.export,
            "types": clocks.types,
        },
    ),
    "outcome": Group(
        "Outcomes: follow-up of a case, figures over all cases, statistics of a file, tables to publish.",
        {
            "create": recording.create_outcome,
            "ask": asking.ask,
            "returns": asking.returns,
            "confirm": asking.confirm,
            "import": importing.import_file,
            "record-victim": victims.record_victim,
            "describe-victim": victims.describe_victim,
            "victim-account": victims.show_account,
            "victims": figures.victims,
            "process": figures.process,
            "equity": figures.equity,
            "agreement": figures.agreement,
            "costs": figures.costs,
            "prices": figures.prices,
            "dose": dose.dose,
            **commands_of("outcome"),
            "release": Group(
                "Quarterly releases of figures over all cases.",
                {
                    "make": releases.make,
                    "list": releases.list_,
                    "show": releases.show,
                    "export": releases.export,
                },
            ),
        },
    ),
    "correction": Group(
        "Corrections: request one from the owner of an item, or respond.",
        {"request": corrections.request, "respond": corrections.respond, "list": corrections.list_},
    ),
    "sharing": Group(
        "Sharing: set who can see an item, list what was shared.",
        {"set": sharing.set_rule, "log": sharing.log, "report": sharing.report},
    ),
    "victim": Group(
        "The victim's rights: information, Right to Know, information pack, requests for their data.",
        {
            "list": informing_victims.list_,
            "right-to-know": informing_victims.right_to_know,
            "pack": Group(
                "The victim's information pack.",
                {"prepare": informing_victims.prepare_pack, "export": informing_victims.export_pack},
            ),
            "notice": Group(
                "Events that the victim is informed of through the safe contact.",
                {"create": notices.create, "attempt": notices.attempt, "list": notices.list_},
            ),
            "despair": Group("Signs that the victim may harm themselves.", despair.COMMANDS),
            "info-request": Group(
                "Requests for information about the victim.",
                {
                    "create": victim_rights.create_request,
                    "decide": victim_rights.decide_request,
                    "respond": victim_rights.respond,
                    "list": victim_rights.list_requests,
                },
            ),
        },
    ),
    "access": Group(
        "Access to cases: emergency access, conflicts of interest, protected details.",
        {
            "emergency": need_to_know.emergency,
            "list": need_to_know.list_,
            "review": need_to_know.review,
            "declare-conflict": need_to_know.declare_conflict,
            "declare-none": need_to_know.declare_none,
            "vault": Group(
                "Protected details of victims: list the kinds, request to open one, approve.",
                {
                    "list": protected_details.list_,
                    "request": protected_details.request,
                    "approve": protected_details.approve,
                    "log": protected_details.log,
                    "safe-contact": protected_details.safe_contact,
                    "investigation-lead": reviews.investigation_lead,
                    "check-places": reviews.check_places,
                    "rotate-key": protected_details.rotate_key,
                },
            ),
            "places-named": Group("Alarms about users who named many places.", many_places.COMMANDS),
            "text-flags": Group("Text that contains protected details.", typed_texts.COMMANDS),
        },
    ),
    "person": Group(
        "People: possible duplicates, matching files, checking identifiers.",
        {
            "duplicates": same_person.duplicates,
            "compare": same_person.compare,
            "same": same_person.same,
            "different": same_person.different,
            "not-sure": same_person.not_sure,
            "undo": same_person.undo,
            "show": same_person.show,
            **commands_of("person"),
        },
    ),
    "links": Group(
        "Links between people, incidents and other items: neighbours, paths, patterns and trends.",
        {
            "ask": link_record.ask,
            "summary": link_questions.summary,
            "components": link_questions.components,
            "neighbours": link_questions.neighbours,
            "shortest-path": link_questions.shortest_path,
            "patterns": link_questions.patterns,
            **commands_of("links", "measures", "communities"),
            "query": items.query,
            "trends": link_questions.trends,
            **commands_of("links", "import"),
            "export": link_exporting.export,
            "reindex": link_record.reindex,
            "associates": Group("Questions by people's associates, with approval.", associates.ASSOCIATES),
            "record-request": Group("Requests about agencies' records.", record_requests.RECORD_REQUESTS),
            "search": Group("Saved searches of links.", saved_searches.SEARCHES),
            "share": Group("Saved searches and maps that users share.", link_sharing.SHARES),
            "finding": Group("Marks on findings of patterns: useful or not useful.", finding_marks.MARKS),
            "network": Group(
                "Networks that you imported for yourself, apart from the record.",
                {"import": workspaces.import_, "list": workspaces.list_, "delete": workspaces.delete},
            ),
            "alert": Group("Alerts of your saved searches.", saved_searches.ALERTS),
        },
    ),
    "retention": Group(
        "Retention of each owner's part of a case.",
        {
            "list": retention.list_,
            "review": retention.review,
            "hold": retention.hold,
            "erase": retention.erase,
        },
    ),
    "sar": Group(
        "Subject access requests.",
        {
            "create": subject_access.create,
            "list": subject_access_files.list_,
            "verify-identity": subject_access.verify_identity,
            "set-address": subject_access.set_address,
            "safety-check": subject_access.safety_check,
            "request": subject_access.request_data,
            "review": subject_access.review,
            "decide": subject_access.decide,
            "confirm": subject_access.confirm,
            "export": subject_access_files.export,
            "release": subject_access_files.release,
            "erase": subject_access.erase,
        },
    ),
    "agency": Group(
        "Agencies: list, suspend, import their files, rehearse and seal an extract.",
        {"list": health.list_, "suspend": health.suspend, "resume": health.resume, **agency_files.COMMANDS},
    ),
    "instrument": Group(
        "Questionnaires, routes and predictors: the engine's and the agencies'.",
        {"list": instruments.list_, "show": instruments.show, **commands_of("instrument")},
    ),
    "user": Group(
        "People who use the record.",
        {
            "create": users.create,
            "update": users.update,
            "disable": users.disable,
            "reset-password": users.reset_password,
            "list": users.list_,
        },
    ),
    "audit": Group(
        "The audit log.",
        {
            "verify": installing.verify,
            "export": installing.export,
            "anchor": installing.anchor,
            "accept-clock": installing.accept_clock,
        },
    ),
    "schedule": Group("Regular work of the background service.", schedules.COMMANDS),
    "record": Group("The record as a whole: back it up, restore it, move it.", backups.COMMANDS),
    "plugin": Group(
        "For developers of an agency's plugin: start one, check it, compare versions.",
        {"new": plugins.new, "check": plugins.check, **commands_of("plugin")},
    ),
}


def add_commands(app: typer.Typer, commands: Mapping[str, Command | Group]) -> None:
    """Register these commands, and the groups among them with all that they contain."""
    for name, entry in commands.items():
        if isinstance(entry, Group):
            app.add_typer(_group(entry), name=name)
        else:
            app.command(name, help=help_of(entry))(_at_its_desk(entry))


def _at_its_desk(command: Command) -> Callable[..., object]:
    first = next(iter(command.__annotations__.values()), None)
    return AtDesk(command) if first == Desk.__name__ else command


def help_of(command: Command) -> str:
    """Return the docstring of a command, with its example on one line of its own that is not wrapped."""
    text, _, example = (inspect.getdoc(command) or "").partition(EXAMPLE)
    return f"{text.rstrip()}\n\n\b\nExample:\n  {' '.join(example.split())}"


def _group(group: Group) -> typer.Typer:
    made = typer.Typer(cls=WholeHelp, help=group.help, no_args_is_help=True)
    made.callback()(lambda: None)  # else Typer takes a group's only command for the group
    add_commands(made, group.commands)
    for name, command in (group.hidden or {}).items():
        made.command(name, help=help_of(command), hidden=True)(_at_its_desk(command))
    return made
