// One finding, and the task by which somebody ends it.
import { $, t, make, moment, set, submit, say, word, calendarDay } from './dom.js';
import { get } from './api.js';
import { start, act, tried } from './page.js';
import { badge, findingBadge, lastPart, lines, link, place, severityBadge, taskView } from './office.js';

const box = $('#finding-problem');
const id = lastPart();

async function load() {
  const f = await get(`/v1/findings/${id}`);
  $('#finding-title').textContent = `${word('dataclass', f.class)}: ${f.masked || f.rule || '–'}`;
  $('#badges').replaceChildren(severityBadge(f.severity), ' ', badge(word('reach', f.reachability)), ' ', findingBadge(f.state));
  set($('#snippet'), f.snippet?.trim() === f.masked ? '' : f.snippet);
  const rows = [['finding.target', f.target, 'exact'], ['finding.place', place(f.locator), 'exact'], ['finding.score', String(f.score)], ['finding.rule', f.rule], ['finding.tool', f.tool],
    ['finding.first', moment(f.first_seen)], ['finding.last', moment(f.last_seen)]];
  $('#finding-facts').replaceChildren(...rows.filter(([, v]) => v).flatMap(([k, v, c]) => [make('dt', { text: t(k) }), make('dd', { class: c ?? '', text: v })]),
    ...(f.scan ? [make('dt', { text: t('finding.scan') }), make('dd', {}, make('a', { href: link(`/scans/${f.scan}`), text: f.scan }))] : []));
  $('#finding').hidden = false;
  $('#task').hidden = !f.task;
  if (f.task) $('#the-task').replaceChildren(...taskView(f.task, async () => { await load(); say(t('task.claimed_said')); }, (what) => tried(box, what)), ...again(f));
  $('#make-task').hidden = Boolean(f.task);
  if (!f.task) await owners(f);
}

// again is the way to the proof: the same places, looked at once more.
function again(f) {
  if (f.task.state === 'stopped' || !f.scan || !f.repeatable) return [];
  return [make('p', { text: t('task.proof_how') }), make('div', { class: 'buttons' }, make('button', {
    type: 'button', id: 'prove', class: f.task.claimed_at ? '' : 'secondary', text: t('task.scan_again'),
    on: { click: () => tried(box, async () => { location.assign(link(`/scans/${(await act('POST', `/v1/scans/${f.scan}/again`)).id}`)); }) },
  }))];
}

const days = { critical: 1, high: 3, medium: 7, low: 30 };

async function owners(f) {
  const list = (await get('/v1/owners')).owners;
  $('#owner').replaceChildren(make('option', { value: '', text: t('task.choose_owner') }), ...list.map((o) => make('option', { value: o.id, text: `${o.name} (${word('role', o.role)})` })));
  $('#due').value = bangkok(new Date(Date.now() + (days[f.severity] ?? 7) * 86400000));
  $('#due').min = bangkok(new Date());
  dueWords();
}

const bangkok = (at) => new Date(at.getTime() + 7 * 3600000).toISOString().slice(0, 10);
const dueWords = () => { $('#due-words').textContent = $('#due').value ? t('task.due_words', calendarDay($('#due').value)) : ''; };
$('#due').addEventListener('input', dueWords);

submit($('#f-task'), $('#task-error'), async (form) => {
  const also = [...lines(form.get('cached')).map((address) => ({ kind: 'cached_copy', address })), ...lines(form.get('attached')).map((address) => ({ kind: 'attachment', address }))];
  await act('POST', `/v1/findings/${id}/task`, { owner: form.get('owner'), due: `${form.get('due')}T23:59:59+07:00`, also });
  await load();
  say(t('task.made'));
  $('#task-title').tabIndex = -1;
  $('#task-title').focus();
});

start({
  open: () => tried(box, load),
  close() {
    for (const s of ['#finding', '#task', '#make-task']) $(s).hidden = true;
    for (const s of ['#finding-problem', '#finding-facts', '#the-task', '#badges', '#owner']) $(s).replaceChildren();
    $('#finding-title').textContent = t('finding.title');
    $('#snippet').textContent = '';
  },
});
