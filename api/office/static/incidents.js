// All incidents with their next deadlines, and what our own programs noticed.
import { $, t, word, make, moment, set, say } from './dom.js';
import { get } from './api.js';
import { start, act, tried } from './page.js';
import { badge, link } from './office.js';
import { described, worded } from './incident-form.js';
import { tones } from './incident-duties.js';
import { heard, left } from './incident-time.js';

const box = $('#incidents-problem');

async function load() {
  const [{ incidents, broken, at }, { proposals }] = await Promise.all([get('/v1/incidents'), get('/v1/proposals')]);
  heard(at);
  set($('#broken'), broken.length ? t('incidents.broken', broken.join(', ')) : '');
  const open = incidents.filter((i) => !i.closed_at);
  const closed = incidents.filter((i) => i.closed_at);
  $('#open').replaceChildren(...open.map(line));
  $('#none').hidden = open.length > 0;
  $('#closed').replaceChildren(...closed.map(line));
  $('#none-closed').hidden = closed.length > 0;
  const waiting = proposals.filter((p) => p.state === 'open');
  $('#proposed').hidden = waiting.length === 0;
  $('#proposals').replaceChildren(...waiting.map(proposal));
}

function line(i) {
  const next = i.next;
  return make('li', { 'data-id': i.id },
    make('h3', {}, make('a', { href: link(`/incidents/${i.id}`), text: `${i.id} ${i.title}` })),
    make('p', { class: 'badges' }, badge(t(`casestate.${i.state}`), i.closed_at ? 'good' : ''), ' ', ...(i.risk ? [badge(word('choice.risk', i.risk), i.risk === 'high' ? 'bad' : '')] : [])),
    make('p', { class: 'muted', text: t('incidents.reported', moment(i.reported_at)) }),
    ...(next ? [make('p', { class: `clock ${tones[next.state]}` }, make('strong', { text: t('incidents.next', worded('duty', next.duty)) }), ' ',
      next.deadline ? `${t('incidents.due', moment(next.deadline))} (${left(next.deadline)})` : t('incidents.no_deadline'))] : []),
    ...(i.open ? [make('p', { class: 'muted', text: t('incidents.owed', i.open) })] : []));
}

function proposal(p) {
  const name = t(`alarm.${p.alarm}`, p.number);
  const reason = make('input', { type: 'text', id: `reason-${p.id}`, autocomplete: 'off' });
  const failed = make('div', { tabindex: '-1' });
  const dismissal = make('form', { hidden: true, novalidate: true }, make('label', { for: reason.id, text: t('proposals.reason') }), reason, failed,
    make('div', { class: 'buttons' }, make('button', { type: 'submit', class: 'small', text: t('proposals.dismiss') })));
  dismissal.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      await act('POST', `/v1/proposals/${p.id}/dismiss`, { reason: reason.value });
      await load();
      say(t('proposals.dismissed'));
      ($('#proposed').hidden ? $('h1') : $('#proposed-title')).focus();
    } catch (problem) { if (!problem?.cancelled) { failed.replaceChildren(...described(problem)); reason.focus(); } }
  });
  return make('li', { 'data-id': p.id },
    make('h3', { text: p.of ? `${name}: ${p.of}` : name }),
    make('p', { class: 'muted', text: t('proposals.when', moment(p.since), moment(p.until)) }),
    ...(p.links?.length ? [make('p', { class: 'muted', text: t('proposals.evidence', p.links.map((l) => `${word('choice.link', l.to)} ${l.ref}`).join(' · ')) })] : []),
    make('div', { class: 'buttons' },
      make('button', { type: 'button', class: 'small accept', text: t('proposals.accept'), 'aria-label': `${t('proposals.accept')}: ${name}`, on: { click: () => tried(box, async () => {
        location.assign(link(`/incidents/${(await act('POST', `/v1/proposals/${p.id}/accept`, {})).id}`));
      }) } }),
      make('button', { type: 'button', class: 'small secondary dismiss', text: t('proposals.dismiss'), 'aria-label': `${t('proposals.dismiss')}: ${name}`, on: { click: () => { dismissal.hidden = false; reason.focus(); } } })),
    dismissal);
}

$('h1').tabIndex = -1;

start({
  open: () => tried(box, load),
  close() { for (const s of ['#open', '#closed', '#proposals', '#incidents-problem']) $(s).replaceChildren(); set($('#broken'), ''); },
});
