"""Publication of the referral file: its JSON Schema and the manual's tables, made from the columns.

``python -m engine.exchange.published`` writes both again; a test compares them with those in docs.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from engine.exchange.columns import (
    COLUMNS,
    INCIDENT_COLUMNS,
    INCIDENTS_SHEET,
    MOST_NUMBERED_INCIDENTS,
    REFERRALS_SHEET,
    Column,
    Kind,
)

SCHEMA_FILE = Path("docs/schemas/referral.schema.json")
MANUAL_FILE = Path("docs/panel/referral-file.md")
_TABLE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end of table -->)", re.DOTALL)
_YES_NO_WORDS = [
    "yes",
    "no",
    "not known",
    "not asked",
    "y",
    "n",
    "true",
    "false",
    "1",
    "0",
    "unknown",
    "nk",
    "",
]


def referral_schema() -> dict[str, object]:
    """Return the JSON Schema of a referral file in JSON."""
    referral: dict[str, object] = {
        "type": "object",
        "additionalProperties": False,
        "required": [column.name for column in COLUMNS if column.required and column.name != "source"],
        "properties": {column.name: _property(column) for column in COLUMNS}
        | {
            INCIDENTS_SHEET: {
                "description": "Incidents, each as one object",
                "type": ["array", "null"],
                "items": {"$ref": "#/$defs/incident"},
            }
        },
        "patternProperties": {
            f"^incident_{_numbers()}_{column.name}$": _property(column) for column in INCIDENT_COLUMNS
        },
    }
    incident: dict[str, object] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["kind"],
        "properties": {column.name: _property(column) for column in INCIDENT_COLUMNS},
    }
    referrals = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/referral"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Referral file",
        "description": (
            "Referrals to a Stalking Threat Assessment Centre. A blank or absent answer means not asked. "
            "The source may be left out when it is given with the file."
        ),
        "oneOf": [
            referrals,
            {
                "type": "object",
                "additionalProperties": False,
                "required": [REFERRALS_SHEET],
                "properties": {"$schema": {"type": "string"}, REFERRALS_SHEET: referrals},
            },
        ],
        "$defs": {"referral": referral, "incident": incident},
    }


def columns_table(columns: tuple[Column, ...]) -> str:
    """Return the manual's table of these columns."""
    lines = ["| Column | Content | Format | Example |", "|---|---|---|---|"]
    for column in columns:
        notes = [_how(column)]
        notes += ["**needed**"] if column.required else []
        notes += ["protected"] if column.protected else []
        example = f"`{column.example}`" if column.example else ""
        lines.append(f"| `{column.name}` | {column.help} | {'; '.join(notes)} | {example} |")
    return "\n".join(lines) + "\n"


def manual(text: str) -> str:
    """Return the manual's text with its tables made again."""
    tables = {"columns": columns_table(COLUMNS), "incidents": columns_table(INCIDENT_COLUMNS)}
    return _TABLE.sub(lambda match: f"{match[1]}{tables[match[2]]}{match[3]}", text)


def schema_text() -> str:
    """Return the schema as it is published."""
    return json.dumps(referral_schema(), indent=2) + "\n"


def write(root: Path) -> None:
    """Write the schema and the manual's tables again below this folder."""
    (root / SCHEMA_FILE).parent.mkdir(parents=True, exist_ok=True)
    (root / SCHEMA_FILE).write_text(schema_text(), encoding="utf-8")
    (root / MANUAL_FILE).write_text(
        manual((root / MANUAL_FILE).read_text(encoding="utf-8")), encoding="utf-8"
    )


def _property(column: Column) -> dict[str, object]:
    described: dict[str, object] = {"description": column.help}
    if column.example:
        described["examples"] = [column.example]
    match column.kind:
        case Kind.YES_NO:
            return described | {"enum": [*_YES_NO_WORDS, True, False, 1, 0, None]}
        case Kind.CHOICE:
            return described | {"enum": [*column.choices, *column.also_read, "", None]}
        case Kind.DATE:
            return described | {"type": ["string", "integer", "null"], "maxLength": 40}
        case Kind.CODE:
            return described | {"type": ["string", "null"], "pattern": "^([A-Za-z][A-Za-z0-9-]{1,39})?$"}
        case Kind.GRADE:
            return described | {
                "type": ["string", "null"],
                "pattern": "^(\\s*[1-3]\\s*[A-Ea-e]\\s*[PCpc]?\\s*)?$",
            }
        case Kind.CONTACT:
            return described | {"type": ["string", "integer", "null"]}
        case Kind.REFERENCE | Kind.NAME | Kind.TEXT | Kind.IDENTIFIER:
            kinds = ["string", "integer"] if column.required else ["string", "integer", "null"]
            least = {"minLength": 1} if column.required else {}
            return described | {"type": kinds, "maxLength": column.longest} | least


def _numbers() -> str:
    """Return a pattern of the numbers from 1 to the most."""
    tens, ones = divmod(MOST_NUMBERED_INCIDENTS, 10)
    return f"([1-9]|[1-{tens - 1}][0-9]|{tens}[0-{ones}])"


def _how(column: Column) -> str:
    match column.kind:
        case Kind.YES_NO | Kind.CHOICE:
            return ", ".join(column.choices)
        case Kind.DATE:
            return "a date"
        case Kind.CODE:
            return "a short code"
        case Kind.GRADE:
            return "a grade such as 2B P"
        case Kind.CONTACT | Kind.IDENTIFIER | Kind.NAME | Kind.REFERENCE | Kind.TEXT:
            return f"text, at most {column.longest:,} characters"


if __name__ == "__main__":
    write(Path.cwd())
