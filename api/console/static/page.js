// Every page begins here: it learns whose session this is, shows the door while
// there is none that may act, and hands over to the page when there is.
import { $, $$, t, word, set, say, make, moment, explain } from './dom.js';
import { get, post, remove, call, known, whenShut } from './api.js';
import { openDoor, closeDoor } from './door.js';
import { freshCode } from './stepup.js';

let session = null;
let open = false;
let page = null;
let arrived = false; // through the door of this very page

export const me = () => session;

// act is a call of a page on behalf of the person: where it needs a fresh second
// factor, that is asked for, and the call made once more.
export async function act(method, path, body, options) {
  try { return await call(method, path, body, options); }
  catch (problem) {
    if (problem.code !== 'step_up_required') throw problem;
    took(await freshCode(session));
    return call(method, path, body, options);
  }
}

// took keeps what an answer says about the session and shows what follows from it.
export function took(answer) {
  session = answer;
  known(answer);
  show();
  document.dispatchEvent(new Event('session'));
}

// roles are who a page is for; the agent decides by itself what anybody gets.
export async function start(what) {
  page = what;
  whenShut(look);
  $('#lock').addEventListener('click', async () => { took(await post('/v1/sessions/current/lock')); });
  $('#logout').addEventListener('click', leave);
  document.addEventListener('click', (event) => { if (!event.target.closest('#office')) $('#office')?.removeAttribute('open'); });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && $('#office')?.open) { $('#office').open = false; $('#office summary').focus(); }
  });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) look(); });
  // Some browsers keep a page that is left, no-store or not, and show it again as it
  // was. Ours is left empty, and begins anew.
  window.addEventListener('pagehide', shut);
  window.addEventListener('pageshow', (event) => { if (event.persisted) look(); });
  // To look is no act: a page left open locks with its session.
  setInterval(look, 5000);
  await look();
}

let looking = null;
export function look() {
  looking ??= (async () => {
    try { took(await get('/v1/sessions/current', { quiet: true })); }
    catch (problem) {
      if (problem.code === 'mfa_required') took(null);
      else gone(problem);
    } finally { looking = null; }
  })();
  return looking;
}

async function leave() {
  try { await remove('/v1/sessions/current', { quiet: true }); }
  catch (problem) { if (problem.code !== 'mfa_required') throw problem; }
  took(null);
}

function gone(problem) {
  shut();
  $('#loading').hidden = true;
  banner('gone', 'bad', explain(problem));
}

// banner shows a lasting note above the page, once a kind; no text takes it away.
export function banner(kind, tone, text, ...more) {
  const former = $(`#banner-${kind}`);
  if (former && former.dataset.text === text) return;
  former?.remove();
  if (!text) return;
  const note = make('div', { id: `banner-${kind}`, class: `note ${tone}`, role: 'alert', 'data-text': text }, make('p', { text }), ...more);
  $('#banners').append(note);
}

function shut() {
  if (open) page.close?.();
  open = false;
  $('#page').hidden = true;
  for (const e of $$('.inside')) e.hidden = true;
}

function show() {
  $('#loading').hidden = true;
  banner('gone', 'bad', '');
  const active = session?.state === 'active' && !session.must_enrol;
  $('.somebody').hidden = !session;
  banner('emergency', 'bad', session?.emergency ? t('layout.emergency') : '',
    make('p', {}, make('a', { href: `/account${location.search}`, text: t('account.title') })));
  if (!active) {
    shut();
    banner('notices', '', '');
    if (!page.open_to_all) { arrived = true; openDoor(session, took); }
    else { $('#page').hidden = false; page.open(null); }
    return;
  }
  closeDoor();
  for (const e of $$('.inside')) e.hidden = false;
  for (const e of $$('[data-roles]')) {
    const roles = e.dataset.roles;
    e.hidden = Boolean(roles) && !roles.split(' ').includes(session.role);
  }
  set($('#who'), `${session.user} (${word('role', session.role)})`);
  if (!open) {
    open = true;
    if (arrived) notices(session.notices ?? []);
    arrived = false;
    $('#page').hidden = false;
    page.open(session);
  }
  page.changed?.(session);
}

// browser is what a User-Agent calls itself, as people name it; anything else
// stays as it is.
function browser(text) {
  if (!text.startsWith('Mozilla/')) return text;
  const name = [['Edg/', 'Edge'], ['Firefox/', 'Firefox'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari']].find(([mark]) => text.includes(mark))?.[1];
  const system = ['Windows', 'Mac OS X', 'Android', 'Linux'].find((mark) => text.includes(mark));
  return [name, system].filter(Boolean).join(', ') || text;
}

function notices(list) {
  if (!list.length) return banner('notices', '', '');
  const lines = list.map((n) => make('li', { text: `${moment(n.at)} – ${word('notice', n.kind)}${n.detail && n.kind !== 'role_changed' ? ` (${browser(n.detail)})` : ''}` }));
  banner('notices', '', t('notice.title'), make('ul', {}, ...lines),
    make('button', { type: 'button', class: 'small', text: t('layout.understood'), on: { click: () => banner('notices', '', '') } }));
}

// failure shows a problem as a picture, what happened, and what to do next.
export function failure(box, problem, picture = 'warning') {
  if (problem?.cancelled) return;
  if (!problem?.code) throw problem;
  const view = document.getElementById('tpl-failure').content.firstElementChild.cloneNode(true);
  $('img', view).src = `/static/pic-${picture}.svg`;
  $('h2', view).textContent = problem.title;
  $('.remedy', view).textContent = problem.retryAfter ? `${problem.remedy} ${t('layout.wait', problem.retryAfter)}` : problem.remedy;
  $('.code', view).textContent = problem.request_id ? `${problem.code} · ${problem.request_id}` : problem.code;
  box.replaceChildren(view);
}

// confirmed asks a person before something that cannot be undone.
export function confirmed(title, text, yes) {
  const dialog = $('#ask');
  $('#ask-title').textContent = title;
  $('#ask-text').textContent = text;
  $('#ask-yes').textContent = yes;
  dialog.showModal();
  return new Promise((resolve) => {
    const end = (answer) => () => { dialog.close(); resolve(answer); };
    $('#ask-yes').onclick = end(true);
    $('#ask-no').onclick = end(false);
    dialog.oncancel = () => resolve(false);
  });
}

// tried runs what a button is for and shows in box what went wrong.
export async function tried(box, f) {
  box.replaceChildren();
  try { return await f(); }
  catch (problem) { failure(box, problem); return undefined; }
}

export { say };
