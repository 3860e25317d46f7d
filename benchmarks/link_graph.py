"""A map of 2,000 items drawn and dragged in a browser by our component, beside bare Cytoscape in one page.

Both are of one script, so of the same Cytoscape. The bare one has its own styles, no names of links, and
nothing that listens.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

import dashboard
from benchmarks.link_layout import _net
from benchmarks.measured import Measured
from dashboard.link_graph.component import _HTML
from dashboard.link_graph.styles import colours, looks
from engine.links.layout import layout

SIZE = 2_000
MOST = 1.3
_SCRIPT = Path(dashboard.__file__).parent / "link_graph" / "assets" / "index.js"
_RUN = """async ({html, data, script}) => {
  const place = URL.createObjectURL(new Blob([script], {type: 'text/javascript'}))
  const component = (await import(place)).default
  const parent = document.createElement('div')
  document.body.append(parent)
  const rendered = (cy) => new Promise((done) => { cy.one('render', done); cy.forceRender() })
  const ours = async () => {
    parent.innerHTML = html
    const from = performance.now()
    component({data, parentElement: parent, setStateValue: () => {}, setTriggerValue: () => {}})
    const cy = parent.querySelector('.canvas')._cy
    await rendered(cy)
    return [performance.now() - from, cy]
  }
  const bare = async (Core) => {
    parent.innerHTML = '<div style="height:530px;width:100%"></div>'
    const from = performance.now()
    const big = {textureOnViewport: true, hideEdgesOnViewport: true, pixelRatio: 1}
    const label = {selector: 'node', style: {label: 'data(label)', 'min-zoomed-font-size': 7}}
    const cy = new Core({container: parent.firstChild, layout: {name: 'preset'}, ...big, style: [label],
      elements: [...data.nodes.map(({x, y, ...told}) => ({data: told, position: {x, y}})),
        ...data.edges.map((told) => ({data: told}))]})
    cy.fit(undefined, 22)
    await rendered(cy)
    return [performance.now() - from, cy]
  }
  const dragged = async (cy) => {
    const node = cy.nodes().max((each) => each.degree()).ele, from = performance.now()
    for (let at = 0; at < 20; at += 1) {
      const {x, y} = node.position()
      node.position({x: x + 3, y: y + 2})
      await rendered(cy)
    }
    return (performance.now() - from) / 20
  }
  const best = {ours: [1e9, 1e9], bare: [1e9, 1e9]}
  const keep = async (which, [drawn, cy]) => {
    await new Promise((done) => setTimeout(done, 400))
    best[which] = [Math.min(best[which][0], drawn), Math.min(best[which][1], await dragged(cy))]
    const Core = cy.constructor
    cy.destroy()
    return Core
  }
  for (let turn = 0; turn < 4; turn += 1) {
    const Core = await keep('ours', await ours())
    await keep('bare', await bare(Core))
  }
  return best
}"""


def measure() -> list[Measured]:
    """Return the best of four turns, one after the other in one page."""
    nodes, links = _net(SIZE)
    places = layout(nodes, links)
    data: dict[str, Any] = {
        "nodes": [
            {"id": node, "label": node, "kind": "person", "says": "person", "x": at.x, "y": at.y}
            for node, at in places.items()
        ],
        "edges": [
            {"id": f"L{number}", "source": one, "target": other, "label": "uses", "says": "uses"}
            for number, (one, other) in enumerate(links)
        ],
        "middle": nodes[0], "path": [], "says": "A map.", "selected": None, "marked": [], "acts": {},
        "answers": 0, "height": 530, "looks": looks(dark=False), "theme": colours(dark=False),
    }  # fmt: skip
    found = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 960, "height": 700})
        page.goto("about:blank")
        best = page.evaluate(_RUN, {"html": _HTML, "data": data, "script": _SCRIPT.read_text("utf-8")})
        browser.close()
    return [
        Measured(
            name=f"a map of {SIZE:,} items and {len(links):,} links, {what}",
            figure=best["ours"][at] / best["bare"][at],
            unit="times bare Cytoscape",
            target=MOST,
            yardstick=1.0,
            against=f"bare Cytoscape, {best['bare'][at]:.0f} ms; ours {best['ours'][at]:.0f} ms",
        )
        for at, what in enumerate(("drawn", "a step of a drag"))
    ]
