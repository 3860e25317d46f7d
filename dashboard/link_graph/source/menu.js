// The menu of an item: by the right button of the mouse, the menu key, or Shift and F10. What it may offer comes from
// the server, and what is chosen goes there; nothing is done here.

function offered(node, acts, data) {
  const is = (name) => Boolean(node.data(name));
  const words = { ...acts };
  const not = [
    is('group') && ['here', 'path', 'patterns', 'case', 'fold'],
    !is('folds') && ['fold'], node.id() === data.middle && ['here', 'path', 'hide'],
  ].flatMap((each) => each || []);
  if (is('group') && words.expand) words.expand = 'Unfold';
  if (is('pinned') && words.pin) words.pin = 'Unpin';
  if (is('apart') && words.apart) words.apart = 'Bundle its links';
  return Object.keys(words).filter((act) => !not.includes(act)).flatMap((act) => (act === 'case'
    ? (node.data('cases') || []).map((ref) => ({ act, case: ref, words: `${words.case} ${ref}` }))
    : [{ act, words: words[act] }]));
}

export function openMenu(drawing, node) {
  const { menu, data, host } = drawing;
  const items = offered(node, data.acts || {}, data);
  if (!items.length || !menu) return;
  const buttons = items.map((item) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.tabIndex = -1;
    button.setAttribute('role', 'menuitem');
    button.textContent = item.words;
    button.onclick = () => {
      closeMenu(drawing);
      drawing.ask(item.act, node, item.case);
    };
    return button;
  });
  menu.replaceChildren(...buttons);
  menu.setAttribute('aria-label', String(node.data('label')));
  menu.hidden = false;
  const { x, y } = node.renderedPosition();
  menu.style.left = `${Math.max(0, Math.min(x + 8, host.clientWidth - menu.offsetWidth - 4))}px`;
  menu.style.top = `${Math.max(0, Math.min(y + 8, host.clientHeight - menu.offsetHeight - 4))}px`;
  menu.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = buttons.findIndex((button) => button.matches(':focus'));
    if (step) buttons[(at + step + buttons.length) % buttons.length].focus();
    else if (event.key === 'Home') buttons[0].focus();
    else if (event.key === 'End') buttons[buttons.length - 1].focus();
    else if (event.key === 'Escape' || event.key === 'Tab') closeMenu(drawing);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  menu.onfocusout = (event) => { if (!menu.contains(event.relatedTarget)) closeMenu(drawing, false); };
  buttons[0].focus();
}

export function closeMenu({ menu, host }, back = true) {
  if (!menu || menu.hidden) return;
  menu.hidden = true;
  if (back) host.focus({ preventScroll: true });
}
