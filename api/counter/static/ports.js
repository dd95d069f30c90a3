// The drop-in ports, for pages that were written for another agent: weaker than our
// own way, so they are shown as long as they are open. To one kind of page each card
// that is put in is sent, while the person at the desk has armed that.
import { $, $$, t, make, moment, say, ripen } from './dom.js';
import { get, post } from './api.js';
import { tried } from './page.js';

let timer = 0;
let shown = '';
let listed = '';

export function watch() {
  unwatch();
  const ask = async () => {
    try { show(await get('/v1/compat', { quiet: true })); }
    catch (problem) { if (!problem.code) throw problem; } // page.js says what is wrong with the session
    timer = setTimeout(ask, 3000);
  };
  ask();
}

export function unwatch() {
  clearTimeout(timer);
  shown = '';
  listed = '';
  $('#ports').hidden = true;
  $('#ports-open').replaceChildren();
  $('#ports-sites').replaceChildren();
}

function show(state) {
  const now = JSON.stringify(state);
  if (now === shown) return;
  shown = now;
  $('#ports').hidden = state.ports.length === 0;
  $('#ports-open').replaceChildren(...state.ports.map((p) => make('li', { class: 'exact', text: `${p.name} · ${p.port}` })));
  $('#ports-sites').replaceChildren(...state.sites.map(site));
  const origins = state.sites.map((s) => s.origin).join(' ');
  if (origins !== listed) ripen(...$$('#ports-sites .secondary')); // a site that connects moves the others
  listed = origins;
}

function site(s) {
  const arm = async () => {
    const after = await tried($('#ports-problem'), () => post('/v1/compat/arm', { origin: s.origin, armed: !s.armed }));
    if (!after) return;
    show(after);
    say(t(s.armed ? 'ports.disarmed' : 'ports.armed'));
    buttonOf(s.origin)?.focus();
  };
  const key = s.armed ? 'ports.disarm' : 'ports.arm';
  return make('li', { 'data-origin': s.origin }, make('h3', { class: 'exact', text: s.origin }),
    make('p', { class: s.armed ? 'note unclear' : 'muted', text: s.armed ? t('ports.armed_since', moment(s.since)) : t('ports.connected', s.connected) }),
    make('div', { class: 'buttons' }, make('button', { type: 'button', class: `small ${s.armed ? 'danger' : 'secondary'}`, text: t(key), 'aria-label': `${t(key)}: ${s.origin}`, on: { click: arm } })));
}

const buttonOf = (origin) => [...document.querySelectorAll('#ports-sites li')].find((li) => li.dataset.origin === origin)?.querySelector('button');
