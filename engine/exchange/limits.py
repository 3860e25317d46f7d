"""Limits of a file's size before it is refused. Knows numbers only; the readers act on them."""

from __future__ import annotations

from pydantic import Field

from engine.domain.base import Frozen

MIB = 1024 * 1024


class FileLimits(Frozen):
    """Bounds that prevent a hostile or mistaken file from filling the memory or the day.

    They are generous for a real referral file: its rows are a few kilobytes each.
    """

    file_bytes: int = Field(default=128 * MIB, gt=0, description="the file on the disk")
    rows: int = Field(default=50_000, gt=0, description="referrals in one file")
    columns: int = Field(default=400, gt=0)
    cell_characters: int = Field(
        default=20_000, gt=0, description="text in one cell, before any column's own limit"
    )
    row_bytes: int = Field(default=16 * MIB, gt=0, description="one row of the file")
    row_parts: int = Field(default=20_000, gt=0, description="marks of structure in one row of JSON or XLSX")
    rewritten_bytes: int = Field(
        default=0, ge=0, description="a text with two bytes a sign or old line ends, which is read whole"
    )
    extra_characters: int = Field(
        default=128 * MIB, gt=0, description="text of a network beyond its files' size: a default may repeat"
    )
    incidents: int = Field(default=200, gt=0, description="incidents of one referral")
    json_depth: int = Field(default=6, gt=0)
    xlsx_entries: int = Field(default=500, gt=0, description="files inside the workbook")
    xlsx_sheet_bytes: int = Field(default=192 * MIB, gt=0, description="all sheets together, unpacked")
    xlsx_text_bytes: int = Field(default=48 * MIB, gt=0, description="all else inside the workbook, unpacked")
    xlsx_text_parts: int = Field(default=1_500_000, gt=0, description="tags in one part that is read whole")
