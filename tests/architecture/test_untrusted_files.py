"""Every module that takes a file apart does it in a confined process, or is listed here with the reason."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = ("engine", "dashboard", "cli", "flows", "plugins")
PARSERS = {
    "csv", "zipfile", "zlib", "gzip", "tarfile", "lzma", "bz2", "xml", "defusedxml", "ijson",
    "python_calamine", "openpyxl", "pickle", "plistlib", "PIL", "fitz", "pypdf",
}  # fmt: skip
WHOLE = {"read_bytes", "read_text"}

OWN = "a file of this installation or of its packages, which nobody sends"
WRITES = "only writes files"
SEALED = "sealed by this installation: what was not written by it is refused before it is taken apart"
REFERRALS = (
    "not confined yet: our own readers cut the rows of referrals, within bounds on size, parts and depth, "
    "and read no entity"
)
ARRAYS = "arrays without pickles, each held to the size of the file before it is read"
SENT = "takes sent files apart by the sizes in their heads, which are held to what was sent"
CHOSEN = "a file of the operator's, on the machine, which a command is given; text, read within a bound"
FIGURES = "a table of figures or persons that an analyst gives; our own reader of lines, within bounds"
CONFINED = {
    "engine/exchange/network_files.py",
    "engine/exchange/graph_markup.py",
    "engine/exchange/stix_bundle.py",
    "engine/exchange/old_workbook_child.py",
    "engine/hooks/extract_files.py",
    "engine/hooks/table_import.py",
    "engine/hooks/nocode/cell_marks.py",
    "engine/hooks/nocode/sheets.py",
    "plugins/health/entries.py",
    "plugins/health/fhir_xml.py",
    "plugins/police/records.py",
    "plugins/probation/records.py",
}
"""What networks, old workbooks and agencies' extracts are read with."""
NOT_CONFINED = {
    "cli/accounts/sign_in.py": OWN,
    "cli/demonstration/files.py": OWN,
    "cli/input_files.py": CHOSEN,
    "cli/system/demo.py": OWN,
    "dashboard/act_labels.py": OWN,
    "dashboard/shell.py": OWN,
    "engine/access/retention.py": CHOSEN,
    "engine/access/sealed_files.py": SEALED,
    "engine/exchange/act_register.py": SEALED,
    "engine/exchange/csv_records.py": REFERRALS,
    "engine/exchange/delimited.py": REFERRALS,
    "engine/exchange/json_file.py": REFERRALS,
    "engine/exchange/mapping.py": CHOSEN,
    "engine/exchange/old_workbooks.py": "hands the file to a confined process",
    "engine/exchange/outcome_files.py": FIGURES,
    "engine/exchange/outcome_returns.py": WRITES,
    "engine/exchange/published.py": OWN,
    "engine/exchange/referral_files.py": REFERRALS,
    "engine/exchange/sealed_files.py": SEALED,
    "engine/exchange/table_files.py": WRITES,
    "engine/exchange/templates.py": WRITES,
    "engine/exchange/workbooks.py": REFERRALS,
    "engine/exchange/xlsx_parts.py": REFERRALS,
    "engine/exchange/xlsx_sheet.py": REFERRALS,
    "engine/exchange/xlsx_xml.py": REFERRALS,
    "engine/hooks/allowances.py": CHOSEN,
    "engine/hooks/conformance/candidate.py": CHOSEN,
    "engine/hooks/conformance/evidence.py": "a workbook that the check itself has written",
    "engine/hooks/conformance/reading_code.py": CHOSEN,
    "engine/hooks/contract/versions.py": OWN,
    "engine/hooks/discovery.py": OWN,
    "engine/hooks/extract_before.py": OWN,
    "engine/hooks/manifest.py": OWN,
    "engine/hooks/new_plugin.py": OWN,
    "engine/hooks/nocode/definition.py": OWN,
    "engine/hooks/nocode/synthetic.py": WRITES,
    "engine/hooks/sandbox_checks.py": OWN,
    "engine/hooks/standing_in.py": OWN,
    "engine/instruments/offences.py": OWN,
    "engine/instruments/reading.py": OWN,
    "engine/links/exporting/i2.py": WRITES,
    "engine/links/register_files.py": ARRAYS,
    "engine/links/snapshot_files.py": OWN,
    "engine/orders/rules.py": OWN,
    "engine/runtime.py": OWN,
    "engine/services/links/export.py": WRITES,
    "engine/services/links/given_files.py": CHOSEN,
    "engine/services/links/received_files.py": SENT,
    "engine/services/people/files.py": FIGURES,
    "engine/services/referrals/files.py": REFERRALS,
    "engine/services/referrals/imports.py": REFERRALS,
    "engine/services/system/audit.py": CHOSEN,
    "engine/services/system/backup_files.py": SEALED,
    "engine/services/system/copies.py": WRITES,
    "engine/services/tools/delimited_tables.py": FIGURES,
    "engine/services/tools/person_matching.py": CHOSEN,
    "flows/process_registry.py": OWN,
    "plugins/probation/predictors/tables.py": OWN,
}


def takes_apart(source: str) -> bool:
    """Whether a module imports what takes files apart, or reads a file that is not data of its package."""
    return any(_is_reading(node) for node in ast.walk(ast.parse(source)))


def _is_reading(node: ast.AST) -> bool:
    match node:
        case ast.Import(names=names):
            return any(each.name.partition(".")[0] in PARSERS for each in names)
        case ast.ImportFrom(module=str(module), level=0):
            return module.partition(".")[0] in PARSERS
        case ast.Call(func=ast.Attribute(attr="open"), args=[ast.Constant(value=str(mode)), *_]):
            return mode.startswith("r")
        case ast.Call(func=ast.Attribute(attr="load", value=ast.Name(id="np"))):
            return True
        case ast.Call(func=ast.Attribute(attr=attr, value=place)) if attr in WHOLE:
            return "files(" not in ast.unparse(place) and not ast.unparse(place).isupper()
        case _:
            return False


@cache
def sources() -> dict[str, str]:
    found = (file for part in PRODUCT for file in (ROOT / part).rglob("*.py"))
    return {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in found}


def test_every_module_that_takes_a_file_apart_is_confined_or_has_its_reason() -> None:
    found = {name for name, source in sources().items() if takes_apart(source)}
    assert found == CONFINED | NOT_CONFINED.keys()
    assert CONFINED.isdisjoint(NOT_CONFINED)


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ("import zipfile", True),
        ("from xml.etree import ElementTree", True),
        ("def read(path): return path.read_bytes()", True),
        ("with path.open('rb') as file: pass", True),
        ("np.load(file)", True),
        ("from engine.exchange.confined_networks import network_reader", False),
        ("text = files('engine.links').joinpath('a.toml').read_text()", False),
        ("path.open('wb')", False),
    ],
)
def test_a_new_reader_would_be_found(source: str, is_found: bool) -> None:
    assert takes_apart(source) is is_found


def importers_of(module: str, name: str) -> set[str]:
    """The modules that import a name, or the module that it is in."""
    parent, _, last = module.rpartition(".")
    found = set()
    for file, source in sources().items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom) and (
                (node.module == module and any(each.name == name for each in node.names))
                or (node.module == parent and any(each.name == last for each in node.names))
            ):
                found.add(file)
    return found


@pytest.mark.parametrize(
    ("module", "name", "only"),
    [
        ("engine.exchange.network_files", "tables_in", {"engine/exchange/network_child.py"}),
        ("engine.exchange.graph_markup", "GraphMarkup", {"engine/exchange/network_files.py"}),
        ("engine.exchange.stix_bundle", "StixBundle", {"engine/exchange/network_files.py"}),
        ("engine.exchange.old_workbook_child", "lines_of", {"engine/exchange/old_workbooks.py"}),
    ],
)
def test_what_reads_networks_and_old_workbooks_is_used_by_no_other(
    module: str, name: str, only: set[str]
) -> None:
    assert importers_of(module, name) == only
