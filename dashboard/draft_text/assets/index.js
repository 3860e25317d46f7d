// A field for long text, whose draft is saved on the server as it is typed. What is not saved yet is in the memory
// of this page alone: in no storage of the browser, and in no address. It asks nobody but our own route.
const AFTER_KEY_MS = 500;
const AGAIN_MS = [1000, 2000, 4000, 8000];
const LONGEST_WAIT_MS = 20000;
const DRAWN_AGAIN_MS = 10000; // a page that changes takes its fields off and puts them back, with an earlier text

const writers = new Map(); // by draft and field: a field that is drawn again goes on with what was not saved
const views = new Map(); // by the element that a field is drawn in

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector('.draft');
  let view = views.get(root);
  if (!view) {
    view = { text: root.querySelector('textarea'), opening: null, given: null };
    views.set(root, view);
    listen(root, view);
  }
  Object.assign(view, { root, data, give: (text) => setStateValue('typed', { opening: data.opening, text }) });
  if (view.opening !== data.opening || view.writer.id !== data.id) open(view);
  view.writer.pass = data.signed_pass;
  view.writer.address = data.address;
  if (view.writer.isRefused && view.writer.refusedPass !== data.signed_pass) again(view.writer);
  draw(view);
  return () => { if (!root.isConnected) leave(root); }; // called too when a later call has overtaken this one
}

// The text that a form begins with: what was typed on this page, else what the server says.
function open(view) {
  const { data } = view;
  if (view.writer && view.writer.id !== data.id) view.writer.view = null;
  let writer = writers.get(data.id);
  const isOfEarlier = writer && !writer.view && !isUnsaved(writer) && writer.opening !== data.opening;
  if (!writer || !writer.isTouched || isOfEarlier) {
    writer = { id: data.id, text: data.text, saved: data.text, savedAt: data.saved_at, failures: 0 };
    writers.set(data.id, writer);
  }
  writer.view = view;
  writer.opening = data.opening;
  view.writer = writer;
  view.opening = data.opening;
  view.text.value = writer.text;
  view.given = data.text;
  if (writer.text !== data.text) give(view);
  if (isUnsaved(writer)) later(writer, 0);
}

function listen(root, view) {
  view.text.addEventListener('input', () => typed(view));
  view.text.addEventListener('change', () => { give(view); send(view.writer); });
  view.text.addEventListener('blur', () => { give(view); send(view.writer); });
  view.text.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && view.data.one_line) event.preventDefault();
  });
  root.querySelector('.discard').addEventListener('click', () => discardOrUndo(view));
}

function typed(view) {
  const { writer, text } = view;
  if (view.data.one_line && /[\r\n]/.test(text.value)) {
    const place = text.selectionStart;
    text.value = text.value.replace(/\s*[\r\n]+\s*/g, ' ');
    text.setSelectionRange(place, place);
  }
  writer.text = text.value;
  writer.isTouched = true;
  writer.discarded = null;
  writer.isTooLong = false;
  if (!writer.isRefused) later(writer, AFTER_KEY_MS);
  draw(view);
}

// Python is given a text when the field is left, and before anything else on the page is pressed.
function give(view) {
  if (view.given === view.writer.text) return;
  view.given = view.writer.text;
  view.give(view.given);
}

function giveAll() {
  views.forEach((view) => { if (view.root.isConnected) give(view); });
}

function discardOrUndo(view) {
  const { writer } = view;
  const back = writer.discarded;
  writer.discarded = back === null || back === undefined ? writer.text : null;
  writer.text = back || '';
  writer.isTouched = true;
  view.text.value = writer.text;
  give(view);
  send(writer);
  draw(view);
  view.text.focus();
}

const isUnsaved = (writer) => writer.text !== writer.saved;

function later(writer, after) {
  clearTimeout(writer.timer);
  writer.timer = setTimeout(() => send(writer), after);
}

function again(writer) {
  writer.isRefused = false;
  if (isUnsaved(writer)) later(writer, 0);
}

async function send(writer, { leaving = false } = {}) {
  clearTimeout(writer.timer);
  if (!isUnsaved(writer) || writer.isRefused || writer.isTooLong || !writer.pass) return;
  if (writer.isSending && !leaving) return; // what was typed meanwhile follows
  const { text, pass } = writer;
  writer.isSending = true;
  let answer = null;
  try {
    answer = await fetch(writer.address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ signed_pass: pass, field: writer.id.split('|').pop(), text }),
      keepalive: leaving,
      signal: AbortSignal.timeout(LONGEST_WAIT_MS),
    });
    if (answer.ok) {
      const said = await answer.json();
      Object.assign(writer, { saved: text, savedAt: said.saved_at, isSignedIn: said.is_signed_in, failures: 0 });
    }
  } catch {
    answer = null;
  }
  writer.isSending = false;
  if (answer && answer.status === 404) Object.assign(writer, { isRefused: true, refusedPass: pass });
  else if (answer && (answer.status === 413 || answer.status === 422)) writer.isTooLong = writer.text === text;
  else if (!answer || !answer.ok) writer.failures += 1;
  if (writer.view) draw(writer.view);
  if (!isUnsaved(writer) || writer.isRefused) forget(writer);
  else if (writer.failures) later(writer, AGAIN_MS[Math.min(writer.failures, AGAIN_MS.length) - 1]);
  else if (!writer.isTooLong) later(writer, 0);
}

// A field that is no longer drawn goes on trying until its text is saved, or was recorded.
function leave(root) {
  const view = views.get(root);
  views.delete(root);
  if (!view || view.writer.view !== view) return;
  view.writer.view = null;
  if (isUnsaved(view.writer)) send(view.writer);
  forget(view.writer);
}

function forget(writer) {
  const isDone = () => !writer.view && (!isUnsaved(writer) || writer.isRefused);
  const end = () => { if (isDone() && writers.get(writer.id) === writer) writers.delete(writer.id); };
  if (isDone()) setTimeout(end, DRAWN_AGAIN_MS);
}

function draw(view) {
  const { root, data, writer, text } = view;
  const over = data.longest ? [...text.value].length - data.longest : 0;
  const error = over > 0 ? `Shorten this by ${over} ${over === 1 ? 'character' : 'characters'}.` : data.error || '';
  root.querySelector('label').textContent = data.label;
  show(root.querySelector('.hint'), data.hint || '');
  show(root.querySelector('.error'), error);
  text.setAttribute('aria-invalid', error ? 'true' : 'false');
  text.rows = data.rows;
  text.spellcheck = true;
  const state = root.querySelector('.state');
  const says = inWords(writer);
  if (state.textContent !== says) state.textContent = says;
  root.dataset.state = isUnsaved(writer) ? 'unsaved' : 'saved';
  state.classList.toggle('warn', Boolean(isUnsaved(writer) && (writer.failures || writer.isRefused || writer.isTooLong)));
  const discard = root.querySelector('.discard');
  const canUndo = writer.discarded !== null && writer.discarded !== undefined;
  discard.hidden = !writer.text && !canUndo;
  discard.textContent = canUndo ? 'Undo discard' : 'Discard draft';
}

function show(part, words) {
  if (part.textContent !== words) part.textContent = words;
  part.hidden = !words;
}

function inWords(writer) {
  if (!writer.pass) return isUnsaved(writer) ? 'No draft is saved of this. Record it before you leave the page.' : '';
  if (isUnsaved(writer)) {
    const since = writer.savedAt ? `Not saved since ${writer.savedAt}.` : 'Not saved yet.';
    if (writer.isRefused) return `${since} Copy your text, then reload the page and open this form again.`;
    if (writer.isTooLong) return `${since} The text is too long for a draft.`;
    if (writer.failures) return `${since} Your text is kept on this page. Trying again.`;
    return writer.savedAt ? `Draft saved ${writer.savedAt}` : '';
  }
  if (writer.discarded) return 'Draft discarded.';
  if (!writer.savedAt || !writer.text) return '';
  return `Draft saved ${writer.savedAt}${writer.isSignedIn === false ? '. Sign in again to record it.' : ''}`;
}

// What is pressed, by mouse, keyboard or a reading aid that moves no focus, acts on what was typed last.
['pointerdown', 'click'].forEach((kind) => window.addEventListener(kind, giveAll, true));
window.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) giveAll();
}, true);

// A dialog moves the focus itself and does not look into the root of a field: the keyboard would never come to one.
// Only a step that begins or ends in a field is taken here.
window.addEventListener('keydown', (event) => {
  if (event.key !== 'Tab' || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  const dialog = document.activeElement && document.activeElement.closest('[role=dialog]');
  if (!dialog) return;
  const here = deepest(document.activeElement);
  const stops = stopsIn(dialog, here);
  const at = stops.indexOf(here);
  const step = event.shiftKey ? -1 : 1;
  const next = at < 0 ? stops.at(event.shiftKey ? -1 : 0) : stops[(at + step + stops.length) % stops.length];
  if (!next || !(isInField(here) || isInField(next))) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  next.focus();
}, true);

const isInField = (part) => part.getRootNode() !== document;

function deepest(part) {
  while (part.shadowRoot && part.shadowRoot.activeElement) part = part.shadowRoot.activeElement;
  return part;
}

// What Tab stops at, in the order of the page; of radio buttons with one name only one: where the focus is, else
// the one that is chosen, else the first.
function stopsIn(dialog, here) {
  const all = partsOf(dialog).filter((part) => part === here || isStop(part));
  const isRadio = (part) => part.type === 'radio' && part.name;
  const stopOf = (name) => {
    const group = all.filter((part) => isRadio(part) && part.name === name);
    return group.find((part) => part === here) || group.find((part) => part.checked) || group[0];
  };
  return all.filter((part) => part !== dialog && (!isRadio(part) || part === stopOf(part.name)));
}

function isStop(part) {
  return part.tabIndex >= 0 && !part.disabled && part.checkVisibility({ visibilityProperty: true })
    && !part.closest('[inert],[aria-hidden=true]');
}

function partsOf(root) {
  return [...root.querySelectorAll('*')].flatMap((part) => (part.shadowRoot ? [part, ...partsOf(part.shadowRoot)] : [part]));
}

window.addEventListener('online', () => writers.forEach((writer) => isUnsaved(writer) && later(writer, 0)));
window.addEventListener('pagehide', () => writers.forEach((writer) => send(writer, { leaving: true })));
window.addEventListener('beforeunload', (event) => {
  if ([...writers.values()].some((writer) => isUnsaved(writer) && writer.failures)) event.preventDefault();
});
