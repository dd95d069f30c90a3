// Tasks, the most pressing first. Nobody sets a state: it follows from what scans
// have met.
import { $, t, make, set, say } from './dom.js';
import { get } from './api.js';
import { start, me, tried } from './page.js';
import { count, link, taskView } from './office.js';

const box = $('#tasks-problem');
const rank = { overdue: 0, again: 1, open: 2, claimed: 3, stopped: 4 };

async function load() {
  const { tasks } = await get('/v1/tasks');
  tasks.sort((a, b) => rank[a.state] - rank[b.state] || new Date(a.due) - new Date(b.due));
  const open = tasks.filter((x) => x.state !== 'stopped');
  const done = tasks.filter((x) => x.state === 'stopped');
  $('#open-tasks').replaceChildren(...open.map(item));
  $('#done-tasks').replaceChildren(...done.map(item));
  $('#done-box').hidden = !done.length;
  set($('#no-open'), open.length ? '' : t(me().role === 'dpo' ? 'tasks.none' : 'tasks.none_own'));
}

function item(task) {
  const title = t('task.titled', task.target, count(task.findings));
  const dpo = me().role === 'dpo';
  return make('li', { 'data-id': task.id }, make('h3', {}, dpo && task.finding ? make('a', { href: link(`/findings/${task.finding}`), text: title }) : title),
    ...taskView(task, async () => { await load(); say(t('task.claimed_said')); }, (what) => tried(box, what)));
}

start({
  open: () => tried(box, load),
  close() { for (const id of ['#open-tasks', '#done-tasks', '#tasks-problem']) $(id).replaceChildren(); $('#done-box').hidden = true; },
});
