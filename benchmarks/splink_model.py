"""The register's comparison in Splink's own terms: a scorer beside ours, and the one that trains.

Its levels are SQL and share no line with ``engine.identity.agreement``; a test holds the two equal.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.identity import contacts
from engine.identity.agreement import COMPARED_FIELDS
from engine.identity.comparing_values import LEAST_FOR_A_SLIP, name_roots
from engine.identity.forms import PersonForm
from engine.identity.frozen import RegisterWeights, register_weights
from engine.identity.keys import long_parts
from engine.identity.marks import ALIKE, NEARLY

LEAST_U = 1e-6
Learnt = dict[str, dict[int, tuple[float | None, float | None]]]
"""By field and level: m and u, None where no such pair was seen."""
_NUMBERS = {"PNC ID": "pnc", "CRO number": "cro", "CRN": "crn", "prison number": "prison"}
_SHARED = {
    "telephone": ("phone",),
    "account": ("email", "account"),
    "vehicle or device": ("vehicle", "device"),
}


def records_of(form: PersonForm, number: int) -> dict[str, Any]:
    """One form as a row that SQL can compare."""
    row: dict[str, Any] = {
        "unique_id": number,
        "forename": form.forename or None,
        "roots": sorted(name_roots(form.forename)) if form.forename else None,
        "surname": form.surname or None,
        "parts": sorted(long_parts(form.surname)) if form.surname else None,
        "born": form.born or None,
        "sex": form.sex if form.sex in {"female", "male"} else None,
        "address": form.address,
        "postcode": form.postcode or None,
        "area": contacts.postcode_area(form.postcode) if form.postcode else None,
    }
    for scheme in _NUMBERS.values():
        of_scheme = [each for each in form.numbers if each.scheme.value == scheme]
        row[scheme] = of_scheme[0].form if of_scheme else None
        row[f"{scheme}_holds"] = of_scheme[0].holds if of_scheme else None
    for name, kinds in _SHARED.items():
        row[_column(name)] = sorted(str(key) for kind, key in form.things if kind in kinds) or None
    return row


def _column(field: str) -> str:
    return field.replace(" ", "_")


def conditions(field: str) -> list[tuple[int, str]]:
    """The levels of a field as SQL, in the order in which SQL must look; the last is everything else."""
    match field:
        case "forename":
            initial = "(length(forename_l) = 1 OR length(forename_r) = 1)"
            return [
                (1, "forename_l = forename_r"),
                (5, f"{initial} AND forename_l[1] = forename_r[1]"),
                (2, f"NOT {initial} AND list_has_any(roots_l, roots_r)"),
                (3, f"NOT {initial} AND {_nearly('forename')}"),
                (4, f"NOT {initial} AND {_alike('forename')}"),
                (6, "ELSE"),
            ]
        case "surname":
            several = "(contains(surname_l, ' ') OR contains(surname_r, ' '))"
            return [
                (1, "surname_l = surname_r"),
                (2, f"{several} AND list_has_any(parts_l, parts_r)"),
                (3, _nearly("surname")),
                (4, _alike("surname")),
                (5, "ELSE"),
            ]
        case "date of birth":
            return _born_conditions()
        case "sex":
            return [(1, "sex_l = sex_r"), (2, "ELSE")]
        case "address":
            return [
                (1, "address_l = address_r"),
                (2, "postcode_l = postcode_r"),
                (3, "area_l = area_r"),
                (4, "ELSE"),
            ]
        case _ if field in _SHARED:
            column = _column(field)
            return [(1, f"list_has_any({column}_l, {column}_r)"), (2, "ELSE")]
        case _:
            return _number_conditions(_NUMBERS[field])


def _nearly(name: str) -> str:
    slip = (
        f"least(length({name}_l), length({name}_r)) >= {LEAST_FOR_A_SLIP} "
        f"AND damerau_levenshtein({name}_l, {name}_r) <= 1"
    )
    return f"(jaro_winkler_similarity({name}_l, {name}_r) >= {NEARLY} OR ({slip}))"


def _alike(name: str) -> str:
    return f"jaro_winkler_similarity({name}_l, {name}_r) >= {ALIKE}"


def _born_conditions() -> list[tuple[int, str]]:
    def part(side: str, start: int, count: int) -> str:
        return f"substr(born_{side}, {start}, {count})"

    def same(start: int, count: int) -> str:
        return f"{part('l', start, count)} = {part('r', start, count)}"

    partial = " OR ".join(f"{part(side, at, 2)} = '00'" for side in "lr" for at in (5, 7))
    agrees = " AND ".join(
        f"({same(at, 2)} OR {part('l', at, 2)} = '00' OR {part('r', at, 2)} = '00')" for at in (5, 7)
    )
    apart = f"abs(CAST({part('l', 1, 4)} AS INTEGER) - CAST({part('r', 1, 4)} AS INTEGER))"
    turned = f"{part('l', 5, 2)} = {part('r', 7, 2)} AND {part('l', 7, 2)} = {part('r', 5, 2)}"
    return [
        (7, f"({partial}) AND {apart} = 0 AND {agrees}"),
        (8, f"({partial}) AND {apart} <= 2"),
        (9, f"({partial})"),
        (1, "born_l = born_r"),
        (2, f"{same(1, 4)} AND {turned}"),
        (3, "damerau_levenshtein(born_l, born_r) <= 1"),
        (4, f"({same(1, 4)})::INT + ({same(5, 2)})::INT + ({same(7, 2)})::INT >= 2"),
        (5, same(1, 4)),
        (6, "ELSE"),
    ]


def _number_conditions(scheme: str) -> list[tuple[int, str]]:
    both = f"({scheme}_holds_l AND {scheme}_holds_r)"
    return [
        (1, f"{scheme}_l = {scheme}_r AND {both}"),
        (2, f"{scheme}_l = {scheme}_r"),
        (5, both),
        (3, f"damerau_levenshtein({scheme}_l, {scheme}_r) <= 1"),
        (4, "ELSE"),
    ]


def _absent(field: str) -> str:
    match field:
        case "date of birth":
            return "born_l IS NULL OR born_r IS NULL"
        case "address":
            no_address = "(address_l IS NULL OR address_r IS NULL OR address_l <> address_r)"
            return f"{no_address} AND (postcode_l IS NULL OR postcode_r IS NULL)"
        case _:
            column = _NUMBERS.get(field, _column(field))
            return f"{column}_l IS NULL OR {column}_r IS NULL"


def model(
    fields: Sequence[str],
    *,
    weights: RegisterWeights | None = None,
    chance: Learnt | None = None,
    blocking: Sequence[Any] = (),
) -> Any:
    """Splink's settings for these fields: m and u are those of ``weights``, or u those of ``chance``."""
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl
    from splink import SettingsCreator

    known = {field.name: field for field in (weights or register_weights()).fields}
    comparisons: list[Any] = []
    for field in fields:
        levels = [cll.CustomLevel(_absent(field), "absent").configure(is_null_level=True)]
        for number, condition in conditions(field):
            level = cll.ElseLevel() if condition == "ELSE" else cll.CustomLevel(condition)
            given: dict[str, Any] = {"label_for_charts": str(number)}
            if weights is not None:
                of_level = known[field].levels[number - 1]
                given |= {"m_probability": of_level.m, "u_probability": of_level.u}
            elif chance is not None:
                given["u_probability"] = max(chance[field][number][1] or 0.0, LEAST_U)
            levels.append(level.configure(**given))
        comparisons.append(cl.CustomComparison(levels, output_column_name=_column(field)))
    share = 2.0 ** (weights or register_weights()).start_bits
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[*blocking],
        probability_two_random_records_match=share / (1 + share),
        retain_intermediate_calculation_columns=True,
    )


def linker_of(forms: Sequence[PersonForm], settings: Any) -> Any:
    """Splink over these records."""
    import duckdb
    import pyarrow as pa
    from splink import DuckDBAPI, Linker

    api = DuckDBAPI(connection=duckdb.connect(":memory:"))
    rows = [records_of(form, number) for number, form in enumerate(forms)]
    return Linker(api.register(pa.Table.from_pylist(rows, schema=_schema())), settings, log_level=40)


def _schema() -> Any:
    import pyarrow as pa

    words = ("forename", "surname", "born", "sex", "postcode", "area", *_NUMBERS.values())
    return pa.schema(
        [
            ("unique_id", pa.int64()),
            ("address", pa.int64()),
            *((name, pa.string()) for name in words),
            *((f"{name}_holds", pa.bool_()) for name in _NUMBERS.values()),
            *((name, pa.list_(pa.string())) for name in ("roots", "parts", *map(_column, _SHARED))),
        ]
    )


def splink_weights(
    forms: Sequence[PersonForm], weights: RegisterWeights
) -> dict[tuple[int, int], list[float]]:
    """What Splink makes of every pair with our weights: the total, then each field's bits."""
    fields = COMPARED_FIELDS
    linker = linker_of(forms, model(fields, weights=weights, blocking=["1 = 1"]))
    rows = linker.inference.predict().as_record_list()
    return {
        (row["unique_id_l"], row["unique_id_r"]): [
            row["match_weight"],
            *(row[f"mw_{_column(field)}"] for field in fields),
        ]
        for row in rows
    }


def learnt_by(linker: Any, fields: Sequence[str]) -> Learnt:
    """What this linker has learnt so far."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        linker.misc.save_model_to_json(str(path), overwrite=True)
        value = json.loads(path.read_text(encoding="utf-8"))
    by_column = {each["output_column_name"]: each["comparison_levels"] for each in value["comparisons"]}
    return {
        field: {
            int(level["label_for_charts"]): (level.get("m_probability"), level.get("u_probability"))
            for level in by_column[_column(field)]
            if not level.get("is_null_level")
        }
        for field in fields
    }
