// Asks our own route each second whether a conference changed, and draws the minutes of its item. What is on a
// screen is drawn by the server: this asks for the page again, and never under a cursor.
const ASK_MS = 1000;
const LOST_MS = 5000;
const MINUTE_MS = 60000;

const screens = new Map(); // by the element that it is drawn in

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector('.pulse');
  let screen = screens.get(root);
  if (!screen) {
    screen = { root, heardAt: Date.now(), answer: null, asked: null };
    screens.set(root, screen);
    root.querySelector('button').addEventListener('click', () => change(screen));
    screen.timer = setInterval(() => ask(screen), ASK_MS);
  }
  Object.assign(screen, { isOver: screen.isOver && screen.data.conference === data.conference, data, run: (seen) => setTriggerValue('changed', seen) });
  root.classList.toggle('is-room', data.is_room);
  ask(screen);
  draw(screen);
  return () => { if (!root.isConnected) end(screen); }; // called too when a later call has overtaken this one
}

function end(screen) {
  clearInterval(screen.timer);
  screens.delete(screen.root);
  blank(false);
}

async function ask(screen) {
  if (screen.isOver && !isInUse()) change(screen);
  if (screen.isAsking) draw(screen); // while an answer is awaited, a screen without contact becomes blank
  if (screen.isAsking || screen.isOver) return;
  screen.isAsking = true;
  try {
    const answer = await fetch(screen.data.address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ conference: screen.data.conference, is_room: screen.data.is_room }),
      signal: AbortSignal.timeout(LOST_MS),
    });
    if (answer.ok) {
      screen.answer = answer.status === 204 ? null : await answer.json(); // 204: nothing is open on this screen
      screen.heardAt = Date.now();
      if (screen.answer) screen.ahead = Date.parse(screen.answer.now) - screen.heardAt; // this clock may be wrong
      if (screen.data.stays_open) window.dispatchEvent(new Event('pointermove')); // a wall has no other use
    } else if (answer.status === 404) {
      screen.asked = null;
      screen.isOver = true; // signed out, or without a part in it: the page says so when it is drawn again,
      // and not in the middle of a sentence, which its field keeps and says so itself
      if (!isInUse()) change(screen);
    }
  } catch {
    // no contact: tried again in a second
  }
  screen.isAsking = false;
  if (screens.get(screen.root) !== screen) return;
  if (screen.answer && differs(screen)) {
    noteChange(screen);
    if (!isInUse()) change(screen);
  }
  draw(screen);
}

// Each change is asked for once: a page that could not be drawn does not run in a circle.
function change(screen) {
  const seen = stateOf(screen.answer);
  if (screen.asked === seen) return;
  screen.asked = seen;
  screen.run(seen);
}

const stateOf = (of) => (of ? JSON.stringify([of.version, ...Object.entries(of.changes).flat().sort()]) : '');

const differs = (screen) => stateOf(screen.answer) !== stateOf(screen.data);

// A field has the focus, a long text is typed, or a dialog is open: what arrives waits until it is asked for.
function isInUse() {
  if (document.querySelector('[role=dialog]')) return true;
  let focus = document.activeElement;
  while (focus && focus.shadowRoot && focus.shadowRoot.activeElement) focus = focus.shadowRoot.activeElement;
  if (focus && focus.matches('textarea,select,[role=combobox],input:not([type=radio]):not([type=checkbox])')) return true;
  return [...document.querySelectorAll('*')].some(
    (part) => part.shadowRoot && [...part.shadowRoot.querySelectorAll('textarea')].some((field) => field.value),
  );
}

function draw(screen) {
  const { root, data, answer } = screen;
  const now = Date.now() + (screen.ahead || 0);
  const left = answer && answer.timer ? leftOf(answer.timer, now) : null;
  const has = data.planned !== null && left !== null;
  root.querySelectorAll('.of-item').forEach((part) => { part.hidden = !has; });
  if (has) {
    const elapsed = Math.max(0, Math.floor((data.planned * MINUTE_MS - left) / MINUTE_MS));
    show(root, '.planned', `${data.planned} min`);
    show(root, '.elapsed', `${elapsed} min${answer.timer.ends_at ? '' : ', stopped'}`);
  }
  const isSitting = Boolean(answer) && answer.state === 'in session';
  root.querySelector('.of-end').hidden = !isSitting;
  if (isSitting) show(root, '.end', clock(now + Math.max(0, has ? left : 0) + data.minutes_after * MINUTE_MS));
  const isLost = Date.now() - screen.heardAt > LOST_MS;
  show(root, '.contact', answer && !isLost ? `In contact, ${clock(now)}` : '');
  show(root, '.lost', isLost ? `No contact since ${clock(screen.heardAt + (screen.ahead || 0))}.${data.is_room ? '' : ' What you type is kept.'}` : '');
  if (data.is_room) blank(isLost);
  const waits = Boolean(answer) && differs(screen);
  const offers = waits && screen.asked !== stateOf(answer);
  if (!waits && screen.note && (screen.note.until < Date.now() || screen.note.isTurned || !screen.note.isNamed)) screen.note = null;
  root.querySelector('.changed').hidden = data.is_room || !screen.note;
  root.querySelector('.changed button').hidden = !offers;
  if (screen.note) show(root, '.changed span', screen.note.said);
}

const CHANGED = {
  action: 'An action changed',
  response: 'An agency released a response',
  incident: 'An incident was recorded',
  decision: 'The decision was recorded',
  dissent: 'Dissent was entered',
  plan: 'The plan changed',
  remark: 'What was said in the room changed',
  "victim's words": "The victim's words changed",
};

// What changed is said beside "Show it" while a field is in use, and for a minute after it is shown.
function noteChange(screen) {
  const { data, answer } = screen;
  const isTurned = answer.screen !== data.screen;
  const kinds = Object.keys(answer.changes).filter((kind) => answer.changes[kind] !== data.changes[kind]);
  const named = kinds.map((kind) => CHANGED[kind]).filter(Boolean);
  const turned = answer.on_screen === null ? 'The room takes a break.' : `The room is on item ${answer.on_screen}.`;
  const said = [`Changed ${clock(Date.parse(answer.now))}.`, ...named.map((each) => `${each}.`)].join(' ');
  const isNew = !screen.note || screen.note.of !== stateOf(answer);
  if (isNew) screen.note = { of: stateOf(answer), said: isTurned ? turned : said, until: Date.now() + MINUTE_MS, isTurned, isNamed: named.length > 0 };
}

const leftOf = (timer, now) => (timer.ends_at ? Date.parse(timer.ends_at) - now : timer.seconds_left * 1000);

const clock = (at) => new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit' }).format(at);

function show(root, place, words) {
  const part = root.querySelector(place);
  if (part.textContent !== words) part.textContent = words;
}

// The room's screen shows nothing that may no longer be true, or no longer for everyone in the room.
function blank(isBlank) {
  document.documentElement.classList.toggle('no-contact', isBlank);
}
