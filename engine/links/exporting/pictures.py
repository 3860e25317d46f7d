"""A map of links as a picture: PNG, SVG or a page of PDF. Draws what it is given, and nothing beside it.

What must not be seen must not be in the map. Texts are drawn as texts: no mark in them is run or read as a
formula.
"""

from __future__ import annotations

import atexit
import io
import os
import shutil
import tempfile
import textwrap
import warnings
from collections import Counter
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from engine.domain.base import Frozen
from engine.domain.links.looks import LOOKS, look_of
from engine.domain.links.maps import LinkMap, MapNode
from engine.domain.links.sheets import MapSheet
from engine.domain.shown import shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKING = "OFFICIAL-SENSITIVE"
_INK, _LINE, _STRONG = "#0b0c0c", "#6f777b", "#b10e1e"
_WIDE, _HIGH = 11.7, 8.3  # A4, landscape
_DOTS = 200
_WITH_WORDS = 80
"""Up to so many links each is named on the picture."""
_BEND = 0.18
"""Distance between parallel lines at their middle, in lengths of the line."""
_NOTE_LINE = 40
_LONGEST_LABEL, _LONGEST_LINE = 36, 150
_MOST_LINES, _LINE_HIGH = 6, 0.02
_ALWAYS = "A link does not show that people know each other."
_GROUND = {"facecolor": "white", "edgecolor": "none", "pad": 0.4, "alpha": 0.8}
_MARKS = {
    "ellipse": "o",
    "triangle": "^",
    "round-tag": ">",
    "round-rectangle": "s",
    "cut-rectangle": "P",
    "diamond": "D",
    "hexagon": "H",
    "octagon": "8",
    "rectangle": "X",
    "pentagon": "p",
    "star": "*",
    "barrel": "h",
}


class PictureFormat(StrEnum):
    """The forms of a picture."""

    PNG = "png"
    SVG = "svg"
    PDF = "pdf"


class PictureText(Frozen):
    """Texts of a picture, so that it explains itself without the page."""

    title: str
    source: str
    caption: str = ""


@cache
def _leave_the_account_alone() -> None:
    """Give matplotlib a folder that ends with the process: it would list fonts in the account's own home."""
    if "MPLCONFIGDIR" not in os.environ:
        folder = tempfile.mkdtemp(prefix="stac-fonts-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ["MPLCONFIGDIR"] = folder


def picture_of(drawn: LinkMap, sheet: MapSheet, text: PictureText, form: PictureFormat) -> bytes:
    """Return the map as its sheet draws it, with its marking, legend, source and date.

    That two people may be one is a reading, and is in no picture.

    The same map gives the same bytes, whenever it is drawn.
    """
    _leave_the_account_alone()
    import matplotlib as mpl  # half a second that only a picture waits for
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "stac", "svg.fonttype": "none", "pdf.fonttype": 42}):
        figure = Figure(figsize=(_WIDE, _HIGH), dpi=_DOTS, facecolor="white")
        foot = _foot_of(drawn, text)
        more = _LINE_HIGH * len(foot)
        axes = figure.add_axes((0.03, 0.13 + more, 0.94, 0.74 - more))
        axes.set_axis_off()
        axes.set_aspect("equal", adjustable="datalim")
        axes.invert_yaxis()  # places count downwards, as on the screen
        _draw_links(axes, sheet)
        _draw_nodes(axes, sheet, drawn.middle)
        _draw_notes(axes, sheet)
        _draw_legend(figure, sheet, above=0.045 + more)
        _draw_texts(figure, text, foot)
        held = io.BytesIO()
        about = {"CreationDate": None} if form is PictureFormat.PDF else {"Date": None}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a letter that the font lacks is a box
            figure.savefig(held, format=form.value, metadata=None if form is PictureFormat.PNG else about)
    return held.getvalue()


def _draw_links(axes: Axes, sheet: MapSheet) -> None:
    places = {each.node.id: (each.x, each.y) for each in sheet.nodes}
    named = len(sheet.lines) <= _WITH_WORDS
    between = Counter(frozenset((line.source, line.target)) for line in sheet.lines)
    drawn: Counter[frozenset[str]] = Counter()
    for line in sheet.lines:
        start, end = places[line.source], places[line.target]
        strong = line.is_strong
        ends = frozenset((line.source, line.target))
        drawn[ends] += 1
        bend = (drawn[ends] - (between[ends] + 1) / 2) * _BEND * (1 if line.source < line.target else -1)
        axes.annotate(
            "",
            xy=end,
            xytext=start,
            zorder=1,
            arrowprops={
                "arrowstyle": "-" if line.both_ways else "-|>",
                "color": _STRONG if strong else _LINE,
                "linewidth": 1.6 if strong else 0.8,
                "linestyle": "dashed" if line.is_unconfirmed else "solid",
                "shrinkA": 7,
                "shrinkB": 7,
                "connectionstyle": f"arc3,rad={bend}",
            },
        )
        if named:
            across = (end[0] - start[0], end[1] - start[1])
            x = (start[0] + end[0]) / 2 + across[1] * bend / 2
            y = (start[1] + end[1]) / 2 - across[0] * bend / 2
            _write(axes, x, y, line.in_words, size=5.5, colour=_INK)


def _draw_nodes(axes: Axes, sheet: MapSheet, middle: str) -> None:
    size = 120 if len(sheet.nodes) <= _WITH_WORDS else 30
    for each in sheet.nodes:
        look = LOOKS[look_of(each)]
        is_middle = each.node.id == middle
        axes.scatter(
            [each.x],
            [each.y],
            s=size * (1.8 if is_middle else 1),
            marker=_MARKS[look.shape],
            color=look.light,
            edgecolors=_INK if each.node.is_hub or each.group else look.light,
            zorder=3,
        )
        axes.annotate(
            _short(_label(each), _LONGEST_LABEL),
            xy=(each.x, each.y),
            xytext=(0, -9),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=7 if len(sheet.nodes) <= _WITH_WORDS else 4,
            fontweight="bold" if is_middle else "normal",
            color=_INK,
            bbox=_GROUND,
            zorder=2,
            parse_math=False,
        )


def _draw_notes(axes: Axes, sheet: MapSheet) -> None:
    """Draw the notes of the person who works on the map, in frames above their items."""
    places = {each.node.id: (each.x, each.y) for each in sheet.nodes}
    above: Counter[str] = Counter()
    for note in sheet.notes:
        lines = textwrap.wrap(shown(note.text), _NOTE_LINE)
        axes.annotate(
            "\n".join(lines),
            xy=places[note.drawn],
            xytext=(0, 9 + 8 * above[note.drawn]),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=6.5,
            fontstyle="italic",
            color=_INK,
            bbox={"facecolor": "#fff7bf", "edgecolor": _INK, "linewidth": 0.6, "pad": 1.5},
            zorder=4,
            parse_math=False,
        )
        above[note.drawn] += len(lines) + 1


def _label(each: MapNode) -> str:
    return each.stands_for_in_words or each.node.label


def _draw_legend(figure: Figure, sheet: MapSheet, *, above: float) -> None:
    from matplotlib.lines import Line2D

    there = {look_of(each) for each in sheet.nodes}
    parts = [
        Line2D(
            [],
            [],
            marker=_MARKS[look.shape],
            color="none",
            markerfacecolor=look.light,
            markeredgecolor=look.light,
            markersize=7,
            label=look.words,
        )
        for kind, look in LOOKS.items()
        if kind in there
    ]
    if any(line.is_strong for line in sheet.lines):
        parts.append(Line2D([], [], color=_STRONG, linewidth=1.6, label="named as perpetrator"))
    if any(line.is_unconfirmed for line in sheet.lines):
        parts.append(Line2D([], [], color=_LINE, linestyle="dashed", label="not confirmed, by its grade"))
    figure.legend(
        handles=parts, loc="lower left", bbox_to_anchor=(0.03, above), ncols=7, fontsize=7, frameon=False
    )


def _foot_of(drawn: LinkMap, text: PictureText) -> list[str]:
    """Return the lines below the legend: the source, what is drawn, what is left out."""
    counts = f"{len(drawn.nodes):,} items and {len(drawn.edges):,} links are drawn."
    limits = drawn.asked
    if limits.since or limits.until:
        first = f"{limits.since:%-d %B %Y}" if limits.since else "the first"
        last = f"{limits.until:%-d %B %Y}" if limits.until else "the last"
        counts += f" Links from {first} to {last}, and links without a date."
    hubs = {hub.id for hub in drawn.told.hubs}
    names = {each.node.id: _label(each) for each in drawn.nodes if not each.node.is_pseudonym}
    notes = [each for each in drawn.told.says if _ALWAYS not in each]
    about_hubs = [each for each in notes if each.split(" has ")[0] in hubs]
    left_out = [*drawn.left_out.in_sentences, *(each for each in notes if each not in about_hubs)]
    for each in about_hubs:
        hub, _, rest = each.partition(" has ")
        left_out.append(f"{_short(names.get(hub, hub), _LONGEST_LABEL)} has {rest}")
    parts = [text.source, counts, f"Left out: {' '.join(left_out)}" if left_out else ""]
    lines = [line for part in parts for line in _wrapped(part)]
    return [*lines, f"{_ALWAYS} Much is not recorded."]


def _wrapped(words: str) -> list[str]:
    return textwrap.wrap(
        shown(words), _LONGEST_LINE, max_lines=_MOST_LINES, placeholder=" … More is on the page."
    )


def _draw_texts(figure: Figure, text: PictureText, foot: list[str]) -> None:
    lines = [
        ((0.03, 0.045 + _LINE_HIGH * place), line, 7.5, "normal")
        for place, line in zip(range(len(foot) - 1, -1, -1), foot, strict=True)
    ]
    for place, words, size, weight in (
        ((0.5, 0.975), MARKING, 9, "bold"),
        ((0.5, 0.015), MARKING, 9, "bold"),
        ((0.03, 0.93), text.title, 13, "bold"),
        ((0.03, 0.895), text.caption, 9, "normal"),
        *lines,
    ):
        figure.text(
            *place,
            _short(words, _LONGEST_LINE),
            fontsize=size,
            fontweight=weight,
            color=_INK,
            ha="center" if words == MARKING else "left",
            va="center",
            parse_math=False,
        )


def _write(axes: Axes, x: float, y: float, words: str, *, size: float, colour: str) -> None:
    axes.text(
        x,
        y,
        _short(words, _LONGEST_LABEL),
        fontsize=size,
        color=colour,
        ha="center",
        va="center",
        bbox=_GROUND,
        zorder=2,
        parse_math=False,
    )


def _short(text: str, longest: int) -> str:
    plain = shown(text)
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"
