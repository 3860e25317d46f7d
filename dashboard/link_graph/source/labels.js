// Which names are shown: those that have room. Chosen and marked items first, then those with most links; names of
// links last, and only where the line is long enough. The rest show under the mouse, when chosen, or nearer.
const CELL = 90;
const READABLE = 7; // pixels; smaller names are not drawn
const FAR = 24; // items that are named from far away
const FAR_SIZE = 12;
const WIDEST = 118;

const pen = document.createElement('canvas').getContext('2d');
const widths = new Map();

function widthOf(text, size, font) {
  const key = `${size} ${text}`;
  if (!widths.has(key)) {
    if (widths.size > 20000) widths.clear();
    pen.font = `${size}px ${font}`;
    widths.set(key, pen.measureText(text).width);
  }
  return widths.get(key);
}

// As Cytoscape wraps: by words, and a word that is wider than the room has a line of its own.
function wrapped(text, font, larger) {
  let lines = 1, line = 0, widest = 0;
  for (const word of text.split(' ')) {
    const wide = widthOf(word, 13, font) * larger, gap = line ? 4 * larger : 0;
    if (line && line + gap + wide > WIDEST) { lines += 1; line = wide; } else line += gap + wide;
    widest = Math.max(widest, line);
  }
  return { widest, lines };
}

class Room {
  constructor() { this.cells = new Map(); }

  *near({ x1, y1, x2, y2 }) {
    for (let x = Math.floor(x1 / CELL); x <= Math.floor(x2 / CELL); x += 1) {
      for (let y = Math.floor(y1 / CELL); y <= Math.floor(y2 / CELL); y += 1) yield `${x} ${y}`;
    }
  }

  has(box, own) {
    for (const cell of this.near(box)) {
      for (const each of this.cells.get(cell) || []) {
        if (each.of !== own && each.x1 < box.x2 && box.x1 < each.x2 && each.y1 < box.y2 && box.y1 < each.y2) return true;
      }
    }
    return false;
  }

  take(box, of) {
    for (const cell of this.near(box)) {
      if (!this.cells.has(cell)) this.cells.set(cell, []);
      this.cells.get(cell).push({ ...box, of });
    }
  }
}

export function nameThoseWithRoom(drawing) {
  const { cy, font } = drawing;
  const zoom = cy.zoom();
  const seen = cy.extent();
  const room = new Room();
  const inside = cy.nodes().filter((n) => {
    const { x, y } = n.position();
    return x > seen.x1 && x < seen.x2 && y > seen.y1 && y < seen.y2;
  });
  const first = (n) => (n.selected() ? 1e6 : 0) + (n.hasClass('marked') ? 1e5 : 0) + (n.hasClass('path') ? 1e5 : 0)
    + (n.data('large') ? 1e4 : 0) + (n.data('group') || n.data('many') ? 1e3 : 0) + n.degree();
  const isFar = 13 * zoom < READABLE;
  const ordered = inside.toArray().sort((a, b) => first(b) - first(a)).slice(0, isFar ? FAR : undefined);
  inside.forEach((n) => {
    const { x, y } = n.renderedPosition(), half = (n.width() * zoom) / 2;
    room.take({ x1: x - half, x2: x + half, y1: y - half, y2: y + half }, n.id());
  });
  const named = new Set(), worded = new Set();
  for (const n of ordered) {
    const size = isFar ? FAR_SIZE : (n.data('large') ? 15 : 13) * zoom;
    const scale = isFar ? FAR_SIZE / 13 : zoom;
    const { widest, lines } = wrapped(String(n.data('label')), font, n.data('large') || n.data('group') ? 1.25 : 1);
    const wide = widest * scale;
    const { x, y } = n.renderedPosition(), top = y + (n.height() * zoom) / 2 + 4 * zoom;
    const box = { x1: x - wide / 2, x2: x + wide / 2, y1: top, y2: top + lines * size * 1.15 };
    if (first(n) >= 1e5 || !room.has(box, n.id())) { room.take(box, n.id()); named.add(n.id()); }
  }
  if (!isFar) {
    const chosen = cy.$('node:selected').connectedEdges();
    const lines = cy.edges().filter((e) => !e.hasClass('faded')).toArray()
      .sort((a, b) => chosen.contains(b) - chosen.contains(a) || !!b.data('strong') - !!a.data('strong'));
    for (const e of lines.slice(0, 1500)) {
      const a = e.source().renderedPosition(), b = e.target().renderedPosition(), m = e.renderedMidpoint();
      const wide = widthOf(String(e.data('label')), 12, font) * zoom, high = 13 * zoom;
      const long = Math.hypot(b.x - a.x, b.y - a.y);
      if (long < wide + (e.source().width() + e.target().width()) * zoom * 0.5 || !Number.isFinite(m.x)) continue;
      if (m.x < 0 || m.y < 0 || m.x > cy.width() || m.y > cy.height()) continue;
      const parts = Math.max(1, Math.round(wide / high));
      const boxes = Array.from({ length: parts }, (_, at) => {
        const along = ((at + 0.5) / parts - 0.5) * wide / (long || 1);
        const x = m.x + (b.x - a.x) * along, y = m.y + (b.y - a.y) * along;
        return { x1: x - high / 2, x2: x + high / 2, y1: y - high / 2, y2: y + high / 2 };
      });
      if (boxes.some((box) => room.has(box, e.id()))) continue;
      boxes.forEach((box) => room.take(box, e.id()));
      worded.add(e.id());
    }
  }
  cy.batch(() => {
    cy.nodes().forEach((n) => {
      n.toggleClass('unnamed', !named.has(n.id()));
      const far = isFar && named.has(n.id());
      if (far) n.style({ 'font-size': FAR_SIZE / zoom, 'text-max-width': WIDEST * (FAR_SIZE / 13) / zoom });
      else if (n.scratch('far')) n.removeStyle('font-size text-max-width');
      n.scratch('far', far);
    });
    cy.edges().forEach((e) => { e.toggleClass('worded', worded.has(e.id()) || e.hasClass('under')); });
  });
}
