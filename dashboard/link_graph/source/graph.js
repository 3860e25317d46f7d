// The link graph: Cytoscape.js in a Streamlit component. It draws what it is given where it is told to, says what
// was chosen, asked for or moved, and asks nothing of anybody else. Which nodes and links there are, their places,
// colours and words all come from the server, cut to what this viewer may see.
import cytoscape from 'cytoscape';
import { nameThoseWithRoom } from './labels.js';
import { closeMenu, openMenu } from './menu.js';
import { endPlay, linksOf, monthsOf, play } from './play.js';

const FADED = 0.22;
const LARGE = 600; // items; beyond, lines are plain, which is drawn in half the time
const SETTLED = 70; // milliseconds without a move after which names find room
const STEP = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

const style = (looks, theme, font, big) => [
  { selector: 'node', style: {
    shape: (n) => (looks[n.data('kind')] || looks.person)[0],
    'background-color': (n) => (looks[n.data('kind')] || looks.person)[1],
    label: 'data(label)', color: theme.ink, 'font-size': 13, 'font-family': font,
    'text-valign': 'bottom', 'text-margin-y': 4, 'text-background-color': theme.ground,
    'text-background-opacity': 0.88, 'text-background-padding': 1, 'text-wrap': 'wrap', 'text-max-width': 118,
    width: 26, height: 26, 'min-zoomed-font-size': 7 } },
  { selector: 'node.unnamed', style: { label: '' } },
  { selector: 'node[?large]', style: { width: 40, height: 40, 'font-weight': 700, 'font-size': 15 } },
  { selector: 'node[?many]', style: {
    width: 38, height: 38, 'border-width': 3, 'border-style': 'double', 'border-color': theme.ink } },
  { selector: 'node[size]', style: { width: 'data(size)', height: 'data(size)' } },
  { selector: 'node[colour]', style: { 'background-color': 'data(colour)' } },
  { selector: 'node[?hub]', style: { 'border-width': 3, 'border-style': 'double', 'border-color': theme.ink } },
  { selector: 'edge', style: {
    width: 1.6, 'line-color': theme.line, 'curve-style': big ? 'haystack' : 'bezier',
    'target-arrow-shape': 'triangle', 'target-arrow-color': theme.line, 'arrow-scale': 0.8, 'font-size': 11.5, 'font-family': font,
    color: theme.ink, 'text-rotation': 'autorotate', 'text-background-color': theme.ground,
    'text-background-opacity': 0.9, 'min-zoomed-font-size': 8 } },
  { selector: 'edge.worded', style: { label: 'data(label)' } },
  { selector: 'edge[bundle]', style: { width: (e) => Math.min(9, 2 + e.data('bundle')) } },
  { selector: 'edge[?strong]', style: {
    width: (e) => Math.min(9, 3 + (e.data('bundle') || 0)), 'line-color': theme.strong, 'target-arrow-color': theme.strong } },
  { selector: 'edge[?inferred]', style: { 'line-style': 'dashed' } },
  { selector: 'edge[?mutual]', style: { 'target-arrow-shape': 'none' } },
  { selector: 'node[?group]', style: {
    width: 44, height: 44, 'border-width': 4, 'border-style': 'double', 'border-color': theme.ink, 'font-weight': 700 } },
  { selector: 'node[?pinned]', style: {
    'outline-width': 2, 'outline-style': 'dotted', 'outline-offset': 3, 'outline-color': theme.ink } },
  { selector: 'node.marked', style: {
    'border-width': 4, 'border-style': 'dashed', 'border-color': '#ffdd00', 'outline-width': 2,
    'outline-color': theme.ink } },
  { selector: 'edge.under', style: { 'overlay-color': theme.ink, 'overlay-opacity': 0.12, 'overlay-padding': 3 } },
  { selector: '.path', style: { 'overlay-color': theme.path, 'overlay-opacity': 0.35, 'overlay-padding': 6 } },
  { selector: '.later', style: { visibility: 'hidden' } },
  { selector: '.faded', style: { opacity: FADED } },
  { selector: 'node:selected', style: {
    'border-width': 5, 'border-style': 'solid', 'border-color': '#ffdd00', 'outline-width': 2,
    'outline-color': theme.ink } },
];

const drawings = new WeakMap();

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const host = parentElement.querySelector('.canvas');
  const live = parentElement.querySelector('.live');
  host.style.height = `${data.height}px`;
  host.setAttribute('aria-label', data.says);
  let drawing = drawings.get(host);
  const look = JSON.stringify([data.looks, data.theme]);
  if (!drawing || drawing.look !== look) {
    const before = drawing && { zoom: drawing.cy.zoom(), pan: { ...drawing.cy.pan() } };
    const choices = drawing ? drawing.choices : data.answers;
    if (drawing) drawing.cy.destroy();
    drawing = begin(host, data);
    drawing.look = look;
    drawing.before = before;
    drawing.choices = choices;
    drawings.set(host, drawing);
  }
  const [menu, tip] = ['.menu', '.tip'].map((part) => parentElement.querySelector(part));
  Object.assign(drawing, { data, setStateValue, setTriggerValue, live, menu, tip });
  bring(drawing);
  parentElement.querySelectorAll('[data-act]').forEach((button) => {
    button.onclick = () => press(drawing, button.dataset.act);
    if (button.dataset.act !== 'play') return;
    drawing.player = button;
    button.hidden = monthsOf(data).length < 2;
  });
  // Called too when a later call has overtaken this one: then the map is still on the page.
  return () => {
    if (host.isConnected || drawings.get(host) !== drawing) return;
    drawing.cy.destroy();
    drawings.delete(host);
  };
}

function begin(host, data) {
  const font = getComputedStyle(host).fontFamily || 'sans-serif';
  const big = data.nodes.length > LARGE;
  const cy = cytoscape({
    container: host, style: style(data.looks, data.theme, font, big), layout: { name: 'preset' }, elements: [],
    textureOnViewport: big, hideEdgesOnViewport: big, pixelRatio: big ? 1 : 'auto',
    minZoom: 0.04, maxZoom: 3, boxSelectionEnabled: true, selectionType: 'single',
  });
  const drawing = { cy, host, font, drawn: '', quiet: false, choices: 0, marked: new Set() };
  drawing.ask = (act, node, ref) => ask(drawing, act, node, ref);
  // Cytoscape keeps its place on the screen and cannot see through the shadow root that the page has scrolled.
  const moved = () => cy.renderer().invalidateContainerClientCoordsCache();
  window.addEventListener('scroll', moved, true);
  const sized = new ResizeObserver(() => { cy.resize(); if (!drawing.touched) fit(drawing); });
  sized.observe(host);
  cy.one('destroy', () => { window.removeEventListener('scroll', moved, true); sized.disconnect(); });
  // The wheel belongs to the page until somebody has come to the drawing.
  cy.userZoomingEnabled(false);
  host.onfocus = () => cy.userZoomingEnabled(true);
  host.onblur = () => cy.userZoomingEnabled(false);
  cy.on('select', 'node', (event) => {
    show(drawing, event.target);
    if (!drawing.quiet) tell(drawing, event.target.id());
  });
  cy.on('tap', (event) => {
    host.focus({ preventScroll: true });
    if (event.target === cy) clear(drawing);
  });
  // With Shift or Ctrl an item is marked and the choice stays; a box with Shift marks what is in it.
  const chooseNothing = () => { cy.autounselectify(true); setTimeout(() => cy.autounselectify(false)); };
  cy.on('tap', 'node', ({ target, originalEvent }) => {
    if (!originalEvent || !(originalEvent.shiftKey || originalEvent.ctrlKey || originalEvent.metaKey)) return;
    chooseNothing();
    mark(drawing, [target]);
  });
  cy.on('tap', 'edge[bundle]', ({ target }) => drawing.ask('apart', target.source()));
  cy.on('boxstart', () => cy.autounselectify(true));
  let boxed = [];
  cy.on('box', 'node', ({ target }) => { boxed.push(target); });
  cy.on('boxend', () => setTimeout(() => {
    cy.autounselectify(false);
    mark(drawing, boxed.filter((node) => !drawing.marked.has(node.id())));
    boxed = [];
  }));
  cy.on('dbltap', 'node', ({ target }) => drawing.ask('expand', target));
  cy.on('cxttap', 'node', ({ target }) => { choose(drawing, target); openMenu(drawing, target); });
  host.oncontextmenu = (event) => event.preventDefault();
  cy.on('mouseover', 'node, edge', ({ target }) => under(drawing, target));
  cy.on('mouseout', 'node, edge', () => under(drawing, null));
  // Marked items move together.
  cy.on('grab', 'node', ({ target }) => {
    const others = drawing.marked.has(target.id()) ? cy.nodes('.marked').not(target) : cy.collection();
    drawing.grabbed = { from: { ...target.position() }, others: others.map((n) => [n, { ...n.position() }]) };
  });
  cy.on('drag', 'node', ({ target }) => {
    const { from, others } = drawing.grabbed || { others: [] };
    const at = target.position();
    others.forEach(([n, was]) => n.position({ x: was.x + at.x - from.x, y: was.y + at.y - from.y }));
  });
  cy.on('dragfree', 'node', ({ target }) => {
    const moved = [target, ...((drawing.grabbed || {}).others || []).map(([n]) => n)];
    const place = (n) => [n.id(), [Math.round(n.position('x')), Math.round(n.position('y'))]];
    drawing.touched = true;
    drawing.setTriggerValue('moved', Object.fromEntries(moved.map(place)));
    name(drawing);
  });
  cy.on('dragpan pinchzoom scrollzoom', () => { drawing.touched = true; });
  cy.on('viewport resize', () => name(drawing));
  host.onkeydown = (event) => key(drawing, event);
  host._cy = cy; // for the tests, which ask where a node is on the screen
  return drawing;
}

// Bring the drawing to what was sent: what is gone goes, what is new comes, and the view stays where it was.
function bring(drawing) {
  const { cy, data, host } = drawing;
  const wanted = JSON.stringify([data.nodes, data.edges]);
  if (drawing.drawn !== wanted) {
    const first = !drawing.drawn;
    drawing.drawn = wanted;
    endPlay(drawing);
    closeMenu(drawing, false);
    cy.batch(() => {
      const kept = new Set([...data.nodes, ...data.edges].map((each) => each.id));
      cy.elements().filter((each) => !kept.has(each.id())).remove();
      const added = [];
      // On a large map nothing is named until names have found room: each name that is measured takes time.
      const classes = data.nodes.length > LARGE ? ['unnamed'] : [];
      for (const { x, y, ...told } of data.nodes) {
        const there = cy.getElementById(told.id);
        if (there.nonempty()) {
          there.removeData('size colour group folds pinned apart cases large hub').data(told).position({ x, y });
        } else added.push({ group: 'nodes', data: told, position: { x, y }, classes });
      }
      for (const told of data.edges) {
        const there = cy.getElementById(told.id);
        if (there.nonempty() && there.data('source') === told.source && there.data('target') === told.target) {
          there.removeData('bundle mutual month').data(told);
          continue;
        }
        if (there.nonempty()) there.remove();
        added.push({ group: 'edges', data: told });
      }
      cy.add(added);
    });
    if (first && drawing.before) cy.viewport(drawing.before);
    else if (first || outside(cy)) fit(drawing);
  }
  const path = new Set(data.path || []);
  cy.batch(() => cy.nodes().forEach((n) => { n.toggleClass('path', path.has(n.id())); }));
  const now = cy.$('node:selected');
  const isAhead = data.answers < drawing.choices;
  if (!isAhead) drawing.choices = data.answers;
  const chosen = isAhead ? now : data.selected ? cy.getElementById(data.selected) : cy.collection();
  if ((chosen.id() || null) !== (now.id() || null)) {
    drawing.quiet = true;
    now.unselect();
    if (chosen.nonempty()) chosen.select();
    else unfade(drawing);
    drawing.quiet = false;
  } else if (chosen.nonempty()) show(drawing, chosen[0]);
  if (!isAhead) drawing.marked = new Set((data.marked || []).filter((id) => cy.getElementById(id).nonempty()));
  cy.batch(() => cy.nodes().forEach((n) => { n.toggleClass('marked', drawing.marked.has(n.id())); }));
  name(drawing);
  host.dataset.drawn = `${cy.nodes().length}/${cy.edges().length}`;
}

// Choices are counted, and the page says which of them it answers: who has gone on meanwhile is not thrown back,
// however late the answer to an earlier choice comes.
function tell(drawing, id) {
  drawing.choices += 1;
  drawing.setStateValue('selected', { node: id, marked: [...drawing.marked], choice: drawing.choices });
}

// What is asked of a marked item is asked of all that are marked.
function ask(drawing, act, node, ref) {
  const together = drawing.marked.has(node.id()) && ['expand', 'hide', 'pin', 'fold', 'apart'].includes(act);
  const nodes = together ? [...drawing.marked] : [node.id()];
  drawing.setTriggerValue('asked', ref ? { act, nodes, case: ref } : { act, nodes });
}

function mark(drawing, nodes) {
  const { cy, live, marked } = drawing;
  nodes.forEach((node) => (marked.delete(node.id()) || marked.add(node.id())));
  cy.batch(() => cy.nodes().forEach((n) => { n.toggleClass('marked', marked.has(n.id())); }));
  live.textContent = `${marked.size} ${marked.size === 1 ? 'item' : 'items'} marked`;
  const chosen = cy.$('node:selected');
  tell(drawing, chosen.nonempty() ? chosen.id() : null);
  name(drawing);
}

function name(drawing) {
  clearTimeout(drawing.naming);
  drawing.naming = setTimeout(() => { if (!drawing.cy.destroyed()) nameThoseWithRoom(drawing); }, SETTLED);
}

// What lies under the mouse, in words. The same is in the table and, for a chosen item, in the live region.
function under({ cy, tip }, element) {
  cy.edges('.under').removeClass('under');
  if (!tip) return;
  tip.hidden = !element;
  if (!element) return;
  if (element.isEdge()) {
    element.addClass('under');
    tip.textContent = `${element.source().data('label')}, ${element.data('says')}, ${element.target().data('label')}`;
  } else tip.textContent = inWords(element);
}

function inWords(node) {
  const links = linksOf(node.connectedEdges());
  return `${node.data('label')}, ${node.data('says')}, ${links} ${links === 1 ? 'link' : 'links'}`;
}

function outside(cy) {
  const seen = cy.extent(), all = cy.elements().boundingBox();
  return all.x1 < seen.x1 || all.x2 > seen.x2 || all.y1 < seen.y1 || all.y2 > seen.y2;
}

function fit({ cy }) {
  cy.fit(undefined, 22);
  if (cy.zoom() > 1.3) { cy.zoom(1.3); cy.center(); }
}

function show(drawing, node) {
  const { cy, live } = drawing;
  cy.batch(() => {
    cy.elements().addClass('faded');
    node.closedNeighborhood().removeClass('faded');
  });
  const said = inWords(node);
  if (live.textContent !== said) live.textContent = said;
  name(drawing);
}

function unfade(drawing) {
  drawing.cy.batch(() => drawing.cy.elements().removeClass('faded'));
  drawing.live.textContent = '';
  name(drawing);
}

function clear(drawing) {
  drawing.cy.$('node:selected').unselect();
  drawing.marked.clear();
  drawing.cy.nodes('.marked').removeClass('marked');
  unfade(drawing);
  tell(drawing, null);
}

function press(drawing, act) {
  const { cy } = drawing;
  if (act === 'play') { play(drawing); return; }
  if (act === 'fit') { drawing.touched = false; fit(drawing); return; }
  drawing.touched = true;
  const by = act === 'in' ? 1.3 : 1 / 1.3;
  cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
}

// Arrows walk round what is linked to the middle of the walk; with Shift the chosen node becomes the middle.
function key(drawing, event) {
  const { cy, data } = drawing;
  const chosen = cy.$('node:selected')[0];
  if (event.key === 'Escape') { endPlay(drawing); clear(drawing); event.stopPropagation(); return; }
  if (chosen && (event.key === 'Enter' || event.key === 'Delete')) {
    event.preventDefault();
    drawing.ask(event.key === 'Enter' ? 'expand' : 'hide', chosen);
    return;
  }
  if (chosen && event.key === ' ') { event.preventDefault(); mark(drawing, [chosen]); return; }
  if (chosen && (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey))) {
    event.preventDefault();
    openMenu(drawing, chosen);
    return;
  }
  const step = STEP[event.key];
  if (!step) return;
  event.preventDefault();
  if (!chosen) {
    const start = data.middle ? cy.getElementById(data.middle) : cy.nodes().max((n) => n.degree()).ele;
    if (start && start.nonempty()) { drawing.walk = { middle: start.id(), at: -1 }; choose(drawing, start); }
    return;
  }
  if (event.shiftKey) {
    drawing.walk = { middle: chosen.id(), at: -1 };
    drawing.live.textContent = `Arrow keys now move around ${chosen.data('label')}`;
    return;
  }
  let middle = drawing.walk && cy.getElementById(drawing.walk.middle);
  if (!middle || middle.empty() || !(middle.id() === chosen.id() || middle.neighborhood().contains(chosen))) {
    middle = chosen;
    drawing.walk = { middle: chosen.id(), at: -1 };
  }
  const round = middle.neighborhood('node').sort((a, b) => a.data('label').localeCompare(b.data('label')));
  if (!round.length) return;
  const from = drawing.walk.at < 0 ? (step > 0 ? -1 : 0) : drawing.walk.at;
  drawing.walk.at = (from + step + round.length) % round.length;
  choose(drawing, round[drawing.walk.at]);
}

function choose({ cy }, node) {
  cy.$('node:selected').unselect();
  node.select();
  const box = node.renderedBoundingBox();
  if (box.x1 < 0 || box.y1 < 0 || box.x2 > cy.width() || box.y2 > cy.height()) cy.center(node);
}
