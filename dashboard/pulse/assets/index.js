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
  Object.assign(screen, { data, run: (version) => setTriggerValue('changed', version) });
  root.classList.toggle('is-room', data.is_room);
  ask(screen);
  draw(screen);
  return () => {
    clearInterval(screen.timer);
    screens.delete(root);
    blank(false);
  };
}

async function ask(screen) {
  if (screen.isAsking || screen.isOver) return;
  screen.isAsking = true;
  try {
    const answer = await fetch(screen.data.address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ conference: screen.data.conference }),
      signal: AbortSignal.timeout(LOST_MS),
    });
    if (answer.ok) {
      screen.answer = await answer.json();
      screen.heardAt = Date.now();
      screen.ahead = Date.parse(screen.answer.now) - screen.heardAt; // this clock may be wrong
    } else if (answer.status === 404) {
      screen.isOver = true; // signed out, or without a part in it: the page says so when it is drawn again
      change(screen);
    }
  } catch {
    // no contact: tried again in a second
  }
  screen.isAsking = false;
  if (screens.get(screen.root) !== screen) return;
  if (screen.answer && screen.answer.version !== screen.data.version && !isInUse()) change(screen);
  draw(screen);
}

// Each version is asked for once: a page that could not be drawn does not run in a circle.
function change(screen) {
  const version = screen.answer ? screen.answer.version : -1;
  if (screen.asked === version) return;
  screen.asked = version;
  screen.run(version);
}

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
  const waits = Boolean(answer) && answer.version !== data.version;
  root.querySelector('.changed').hidden = data.is_room || !waits || screen.asked === answer.version;
  if (waits) show(root, '.changed span', whatChanged(data, answer));
}

function whatChanged(data, answer) {
  if (answer.screen !== data.screen) {
    return answer.on_screen === null ? 'The room takes a break.' : `The room is on item ${answer.on_screen}.`;
  }
  return `Changed ${clock(Date.parse(answer.now))}.`;
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
