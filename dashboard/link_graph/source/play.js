// Plays the map by month: each month brings the links that are dated in it, and what has no date is always there.
// It only hides and shows what is drawn: nothing is asked of the server, and the table stays as it is.
const PAUSE = 900; // milliseconds for each month

export function monthsOf({ edges }) {
  const dated = edges.map((edge) => edge.month).filter(Boolean).sort();
  if (!dated.length) return [];
  const months = [];
  const number = (month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
  for (let at = number(dated[0]); at <= number(dated[dated.length - 1]); at += 1) {
    months.push(`${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}`);
  }
  return months;
}

// The number of links that lines show: a bundle has several, and a line between two who may be one has none.
export const linksOf = (edges) => edges.reduce((sum, edge) => sum + (edge.data('alike') ? 0 : edge.data('bundle') || 1), 0);

export function play(drawing) {
  if (drawing.playing) { endPlay(drawing); return; }
  const months = monthsOf(drawing.data);
  drawing.player.textContent = 'Stop';
  const step = (at) => {
    if (drawing.cy.destroyed()) return;
    if (at === months.length) { endPlay(drawing); return; }
    showUntil(drawing, months[at]);
    drawing.playing = setTimeout(() => step(at + 1), PAUSE);
  };
  step(0);
}

function showUntil({ cy, live }, month) {
  cy.batch(() => {
    cy.edges().forEach((edge) => { edge.toggleClass('later', (edge.data('month') || '') > month); });
    cy.nodes().forEach((node) => {
      const edges = node.connectedEdges();
      node.toggleClass('later', edges.nonempty() && edges.every((edge) => edge.hasClass('later')));
    });
  });
  const name = new Date(`${month}-01T12:00:00Z`).toLocaleDateString('en-GB', { month: 'long', year: 'numeric' });
  const shown = linksOf(cy.edges().not('.later'));
  live.textContent = `Until ${name}: ${shown} of ${linksOf(cy.edges())} links`;
}

export function endPlay(drawing) {
  if (!drawing.playing) return;
  clearTimeout(drawing.playing);
  drawing.playing = null;
  drawing.player.textContent = 'Play';
  drawing.cy.elements('.later').removeClass('later');
  drawing.live.textContent = '';
}
