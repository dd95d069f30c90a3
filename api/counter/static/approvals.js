// A web app asks: who, exactly, for what, and which fields. Nothing is read before
// the clerk's word where the administrator wants it, and what only a person can
// see is asked of the clerk here, and of nobody else.
import { $, t, word, fresh, make, say, countdown, ripen } from './dom.js';
import { get, post } from './api.js';
import { failure } from './page.js';
import { forms } from './origin.js';
import { attend } from './proofing.js';
import { pictureOf } from './failures.js';

let timer = 0;
const shown = new Map();
const again = new Map(); // sites that were refused a second answer of a card that is in
let site = null; // the site's proofing that is attended: {id, stop}

export function watch() {
  unwatch();
  const ask = async () => {
    try { show((await get('/v1/approvals', { quiet: true })).approvals); }
    catch { /* page.js says what is wrong with the session */ }
    timer = setTimeout(ask, 1000);
  };
  ask();
}

export function unwatch() {
  clearTimeout(timer);
  shown.clear();
  again.clear();
  ended();
  $('#approvals').replaceChildren();
}

// header says who asks, exactly as it is listed, and how its name reads.
export function header(view, a) {
  $('.origin', view).textContent = a.origin;
  const other = forms(a.origin);
  if (other.differs) { $('.unicode', view).textContent = t('origin.looks', other.unicode); $('.unicode', view).hidden = false; }
  $('.plain', view).hidden = !a.origin.startsWith('http:') || /^http:\/\/localhost(:|$)/.test(a.origin);
  $('.purpose-name', view).textContent = word('purpose', a.purpose);
  $('.field-names', view).textContent = a.fields.map((f) => word('field', f)).join(', ');
}

function show(list) {
  for (const [id, view] of shown) {
    if (!list.some((a) => a.id === id)) { view.remove(); shown.delete(id); }
  }
  for (const a of list) {
    if (shown.has(a.id)) continue;
    const view = fresh('tpl-approval');
    header(view, a);
    countdown($('.left', view), a.ends_at, 'approval.left');
    const answer = (what) => async () => {
      try { await post(`/v1/approvals/${a.id}`, { answer: what }); view.remove(); say(t('layout.done')); }
      catch (problem) { failure(view, problem, pictureOf(problem.code)); }
    };
    $('.yes', view).addEventListener('click', answer('approved'));
    $('.no', view).addEventListener('click', answer('declined'));
    shown.set(a.id, view);
    $('#approvals').append(view);
    ripen($('.yes', view));
    say(`${t('approval.title')} ${a.origin}`);
  }
}

// waiting is called when a proofing waits for a person at this desk. Our own run
// attends to its own.
export async function waiting(event) {
  if (!event.origin || site?.id === event.id || !event.waiting_for?.some((w) => w !== 'approval')) return;
  const { proofing } = await get('/v1/proofings/current');
  if (!proofing || proofing.id !== event.id) return;
  ended();
  const stop = new AbortController();
  const box = make('div', { class: 'site-proofing' });
  site = { id: proofing.id, origin: proofing.origin, stop, box };
  $('#approvals').append(box);
  const head = fresh('tpl-approval');
  header(head, proofing);
  $('.yes', head).remove();
  $('.no', head).remove();
  say(`${t('approval.title')} ${proofing.origin}`);
  try { await attend(box, proofing.id, proofing.waiting_for, { signal: stop.signal, head: [head] }); }
  catch (problem) { if (problem.name !== 'AbortError') failure(box, problem, pictureOf(problem.code)); }
}

// already offers the clerk's click that gives a site one more answer of the card
// that is in, until that card leaves. A page that polls is refused over and over:
// the clerk is asked once, and what is on the screen stays in its place.
export function already({ origin, reader }) {
  const former = again.get(origin);
  if (former?.reader === reader && !former.given) return;
  former?.view.remove();
  const offer = { reader, given: false };
  const view = fresh('tpl-again');
  $('.origin', view).textContent = origin;
  $('.yes', view).addEventListener('click', async () => {
    try {
      await post('/v1/reads/again', { origin });
      offer.given = true;
      $('.buttons', view).remove();
      $('.lead', view).textContent = t('again.given');
      say(t('again.given'));
    } catch (problem) { failure(view, problem, pictureOf(problem.code)); }
  });
  $('.no', view).addEventListener('click', () => view.remove());
  again.set(origin, Object.assign(offer, { view }));
  $('#approvals').append(view);
  ripen($('.yes', view));
  say(`${t('again.title')} ${origin}`);
}

// left takes back what was offered about a card that left; without a reader, all.
export function left(reader) {
  for (const [origin, a] of again) {
    if (!reader || a.reader === reader) { a.view.remove(); again.delete(origin); }
  }
}

// ended takes the view of a site's proofing away, with the person in it.
export function ended(id) {
  if (!site || (id && site.id !== id)) return;
  site.stop.abort();
  const over = fresh('tpl-over');
  over.textContent = t('approval.over', site.origin);
  if (id) site.box.replaceWith(over); else site.box.remove();
  if (id) setTimeout(() => over.remove(), 8000);
  site = null;
}
