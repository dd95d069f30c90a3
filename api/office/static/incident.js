// One incident: what is owed next, its clocks, the forms of its events, its
// documents, and its history.
import { $, $$, t, word, make, moment, set, say } from './dom.js';
import { get } from './api.js';
import { start, act, tried } from './page.js';
import { badge, lastPart } from './office.js';
import { openForm, described, worded } from './incident-form.js';
import { dutyView, formButton, isDone } from './incident-duties.js';
import { draw } from './incident-timeline.js';
import { heard, left, now } from './incident-time.js';
import { documents } from './incident-documents.js';
import { merging } from './incident-merge.js';

const id = lastPart();
const box = $('#incident-problem');
let incident = null;
let ticking = 0;

const context = {
  id,
  incident: () => incident,
  record,
  reload: load,
  opens: (form, filled) => open(form, '#place', filled),
};
const papers = documents(context);
const merge = merging(context);

async function load() { show(await get(`/v1/incidents/${id}`)); }

// record adds an event that was meant for what the page shows.
async function record(kind, body) {
  try { show(await act('POST', `/v1/incidents/${id}/events`, { kind, body, seen: incident.seen })); }
  catch (problem) {
    if (problem.code === 'incident_changed') await load();
    throw problem;
  }
}

function show(d) {
  incident = d;
  heard(d.at);
  $('#number').textContent = d.id;
  $('#name').textContent = d.title;
  document.title = `${d.id} · ${d.title}`;
  $('#badges').replaceChildren(badge(t(`casestate.${d.state}`), d.closed_at ? 'good' : ''), ' ', ...(d.risk ? [badge(word('choice.risk', d.risk), d.risk === 'high' ? 'bad' : '')] : []));
  set($('#timing'), d.timing ? t(`timing.${d.timing}`) : '');
  $('#timing').className = `note ${d.timing === 'in_time' ? 'good' : 'bad'}`;
  first(d);
  duties(d);
  facts(d);
  story(d);
  papers.show(d);
  merge.show(d);
  $('#incident').hidden = false;
  draw($('#timeline'), d);
  clearInterval(ticking);
  ticking = setInterval(tick, 1000);
  document.dispatchEvent(new Event('incident')); // the banner's deadline may be another now
}

// first is the one thing to do now.
function first(d) {
  const place = $('#first');
  const opens = (form) => context.opens(form);
  if (d.closed_at) {
    place.replaceChildren(make('div', { class: 'card' }, make('p', { text: t('incident.is_closed') }), make('div', { class: 'buttons' }, formButton('reopened', opens, false))));
    return;
  }
  const parts = [];
  if (!d.aware_at && d.state !== 'reported') {
    parts.push(make('div', { class: 'card urgent' }, make('p', {}, make('strong', { text: t('incident.not_aware') })), make('div', { class: 'buttons' }, formButton('aware', opens, true))));
  }
  const { next } = d;
  if (next) parts.push(make('div', { class: `card next ${next.state}`, 'data-duty': next.duty }, make('p', { class: 'muted', text: t('incident.first') }), ...dutyView(next, d.known, opens, true)));
  else parts.push(make('div', { class: 'card' }, make('p', { text: t('incident.all_done') }), make('div', { class: 'buttons' }, formButton('closed', opens, true))));
  place.replaceChildren(...parts);
}

function duties(d) {
  const item = (duty) => make('li', { class: duty.state, 'data-duty': duty.duty }, ...dutyView(duty, d.known, (form) => context.opens(form)));
  $('#duties').replaceChildren(...d.duties.filter((x) => !isDone(x) && x.duty !== d.next?.duty).map(item));
  const done = d.duties.filter(isDone);
  $('#met-duties').replaceChildren(...done.map(item));
  $('#met').hidden = done.length === 0;
}

function facts(d) {
  const last = d.known.assessments.at(-1);
  const f = last?.figure;
  const rows = [
    ['incident.state', t(`casestate.${d.state}`)], ['incident.role', word('choice.role', d.role)], ['incident.reported_at', moment(d.reported_at)],
    ['incident.aware_at', d.aware_at ? moment(d.aware_at) : t('incident.not_aware')],
    ['incident.risk', d.risk && `${word('choice.risk', d.risk)}${last ? ` – ${last.reason}` : ''}`],
    ['incident.figure', f && t('incident.figure_is', f.se, worded('band', f.band), f.dpc, f.ei, f.cb)],
    ['incident.exit', d.exit_reason], ['incident.rules', d.rules],
  ];
  $('#facts').replaceChildren(...rows.filter(([, v]) => v).flatMap(([k, v]) => [make('dt', { text: t(k) }), make('dd', { text: v })]));
}

function story(d) {
  $('#story').replaceChildren(...d.story.map((l) => make('li', { value: l.number, 'data-kind': l.kind },
    make('p', { class: 'muted' }, make('time', { datetime: l.at, text: moment(l.at) }), ` · ${t('incident.by', l.by.slice(0, 8))}`), make('p', { text: l.text }))));
}

// open shows a form below what comes next, and takes the person to it.
function open(form, where = '#place', filled = {}) {
  for (const place of ['#place', '#place-below']) if (place !== where) $(place).replaceChildren();
  openForm($(where), form, {
    known: incident.known, now, filled,
    async send(kind, body) {
      await record(kind, body);
      $(where).replaceChildren();
      say(t('incident.saved', t(`form.${form}`)));
      $('#now-title').focus();
    },
    cancel: () => $('#now-title').focus(),
  });
}

$('#choose').addEventListener('submit', (event) => { event.preventDefault(); open($('#which').value, '#place-below'); });

// tick keeps the clocks going, and looks again when one of them has run out.
function tick() {
  if (!incident) return;
  for (const e of $$('.remaining')) e.textContent = left(e.dataset.deadline);
  if (incident.next_change && now() >= new Date(incident.next_change)) {
    delete incident.next_change;
    load().catch((problem) => box.replaceChildren(...described(problem)));
  } else if (now().getSeconds() === 0) draw($('#timeline'), incident);
}

new ResizeObserver(() => { if (incident) draw($('#timeline'), incident); }).observe($('#timeline'));

start({
  open: () => tried(box, load),
  close() {
    incident = null;
    clearInterval(ticking);
    papers.close();
    merge.close();
    $('#incident').hidden = true;
    for (const s of ['#incident-problem', '#first', '#place', '#place-below', '#timeline', '#duties', '#met-duties', '#facts', '#story', '#badges']) $(s).replaceChildren();
    $('#number').textContent = '';
    $('#name').textContent = t('incident.title');
  },
});
