// What there is to do: the people whose data is exposed first, then how it goes,
// the next tasks, and what was never looked at.
import { $, t, make, set } from './dom.js';
import { get } from './api.js';
import { start, me, tried } from './page.js';
import { count, link, people, tiles, taskBadge, severityBadge, badge, remaining } from './office.js';
import { showTrend } from './trend.js';

const box = $('#home-problem');

async function load() {
  const role = me().role;
  $('#home-dpo').hidden = role !== 'dpo';
  $('#home-admin').hidden = role !== 'admin';
  const [tasks] = await Promise.all([get('/v1/tasks'), ...(role === 'dpo' ? [exposed(), trend(), never()] : [])]);
  next(tasks.tasks);
}

async function exposed() {
  const { counts } = await get('/v1/findings?state=open&limit=1');
  $('#exposed').classList.toggle('clean', counts.scanned && counts.findings === 0);
  $('#exposed-title').textContent = counts.scanned ? people(counts.people, counts.people_estimated) : t('home.unknown');
  set($('#exposed-text'), counts.findings ? t('home.exposed', count(counts.findings), count(counts.targets)) : t(counts.scanned ? 'home.clean' : 'home.no_scan'));
  $('#severities').replaceChildren(...(counts.findings ? tiles(counts.severities, { state: 'open' }) : []));
}

async function trend() { showTrend($('#trend'), (await get('/v1/trend')).days); }

async function never() {
  const { coverage, assets } = await get('/v1/coverage');
  const list = coverage.filter((c) => !c.last);
  const show = list.slice(0, 6).map((c) => make('li', {}, make('span', { class: 'exact', text: c.target }), ` · ${c.asset}`));
  $('#never').replaceChildren(...(list.length
    ? [make('p', { class: 'note unclear', text: t('coverage.never', count(list.length)) }), make('ul', { class: 'plain' }, ...show)]
    : [make('p', { text: t(assets ? 'coverage.all' : 'coverage.none') })]),
  make('p', {}, make('a', { href: link('/assets'), text: t(assets ? 'coverage.see' : 'assets.add') })));
}

function next(tasks) {
  const rank = { overdue: 0, again: 1, open: 2, claimed: 3 };
  const open = tasks.filter((x) => x.state !== 'stopped').sort((a, b) => rank[a.state] - rank[b.state] || new Date(a.due) - new Date(b.due));
  $('#next').replaceChildren(...open.slice(0, 5).map((x) => make('li', {},
    make('h3', {}, make('a', { href: link('/tasks'), class: 'exact', text: x.target })),
    make('p', { class: 'badges' }, taskBadge(x.state), ...(x.severity ? [severityBadge(x.severity)] : []), badge(remaining(x.due), x.overdue ? 'bad' : ''), badge(x.owner_name || t('task.owner_gone'))))));
  set($('#no-tasks'), open.length ? '' : t(me().role === 'dpo' ? 'home.no_tasks' : 'tasks.none_own'));
}

start({
  open: () => tried(box, load),
  close() {
    for (const id of ['#next', '#severities', '#trend', '#never', '#home-problem']) $(id).replaceChildren();
    for (const id of ['#exposed-title', '#exposed-text']) $(id).textContent = '';
  },
});
