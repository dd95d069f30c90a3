// What the office's pages share: numbers, links, badges, and the way in which a
// finding and a task are shown. Nothing here holds personal data: findings come
// masked.
import { lang, t, word, make, moment } from './dom.js';
import { get, call } from './api.js';
import { act, me } from './page.js';

const number = new Intl.NumberFormat(lang === 'en' ? 'en-GB' : 'th-TH-u-nu-latn');
export const count = (n) => number.format(n ?? 0);

const chosen = new URLSearchParams(location.search).get('lang');
// link is an address of ours in the language that the person chose.
export function link(path, query = {}) {
  const q = new URLSearchParams(Object.entries(query).filter(([, v]) => v));
  if (chosen) q.set('lang', chosen);
  return q.size ? `${path}?${q}` : path;
}

// lastPart is the id in the address of this page.
export const lastPart = () => location.pathname.split('/').at(-1);

const tones = { critical: 'bad', high: 'bad', medium: 'unclear', low: '' };
export const severities = ['critical', 'high', 'medium', 'low'];
export const badge = (text, tone = '') => make('span', { class: `badge ${tone}`, text });
export const severityBadge = (s) => badge(word('severity', s), tones[s]);

const taskTones = { open: '', overdue: 'bad', claimed: 'unclear', stopped: 'good', again: 'bad' };
export const taskBadge = (s) => badge(word('taskstate', s), taskTones[s]);
const findingTones = { new: 'bad', still: 'bad', fixed: 'good', not_checked: 'unclear' };
export const findingBadge = (s) => badge(word('findingstate', s), findingTones[s]);

// tiles are the severities with their numbers, each a way to its findings.
export function tiles(counts, query) {
  return severities.map((s) => make('li', {}, make('a', { class: `tile ${counts?.[s] ? tones[s] : ''}`, href: link('/findings', { ...query, severity: s }) },
    make('strong', { text: count(counts?.[s]) }), ' ', make('span', { text: word('severity', s) }))));
}

// people is the sentence that stands first everywhere: how many people it is
// about, and not how often their data was met.
export function people(n, estimated) {
  if (!n) return t('people.none');
  return t(estimated ? 'people.about' : 'people.count', count(n));
}

export function place(locator) {
  const l = locator ?? {};
  return [l.line && t('locator.line', count(l.line)), l.cell && t('locator.cell', l.cell), l.path].filter(Boolean).join(' · ');
}

// byTarget shows findings place by place, as they come: whoever must end them goes
// to a page, and not to a number on it. last is the place that a list ends with.
export function byTarget(list, findings) {
  for (const f of findings) {
    let group = list.lastElementChild;
    if (group?.dataset.target !== `${f.target} ${f.severity} ${f.reachability}`) {
      group = make('li', { 'data-target': `${f.target} ${f.severity} ${f.reachability}` }, make('h3', { class: 'exact', text: f.target }),
        make('p', { class: 'badges' }, severityBadge(f.severity), badge(word('reach', f.reachability))), make('ul', { class: 'found' }));
      list.append(group);
    }
    group.lastElementChild.append(findingItem(f));
  }
}

function findingItem(f) {
  const context = f.snippet && f.snippet.trim() !== f.masked ? [make('p', { class: 'snippet exact', text: f.snippet })] : [];
  return make('li', { tabindex: '-1', 'data-id': f.id },
    make('p', { class: 'line' }, make('a', { href: link(`/findings/${f.id}`), text: `${word('dataclass', f.class)}: ${f.masked || f.rule || '–'}` }),
      make('span', { class: 'muted', text: place(f.locator) }), findingBadge(f.state), ...(f.task_id && f.state !== 'fixed' ? [badge(t('finding.has_task'))] : [])),
    ...context);
}

// remaining is how long something is still to go, or how long it is over.
export function remaining(due, now = Date.now()) {
  const hours = Math.round((new Date(due) - now) / 3600000);
  const key = hours < 0 ? 'over' : 'left';
  const h = Math.abs(hours);
  return h < 48 ? t(`clock.${key}_hours`, count(h)) : t(`clock.${key}_days`, count(Math.floor(h / 24)));
}

// missing says in words what keeps a task from being proven, place by place.
export function missing(unproven) {
  if (!unproven?.length) return [];
  return [make('p', { class: 'missing-title', text: t('task.missing') }),
    make('ul', { class: 'missing' }, ...unproven.map((u) => make('li', {}, make('span', { text: `${word('placekind', u.kind)}: ` }),
      make('span', { class: 'exact', text: u.target }), make('br'), make('strong', { text: word('unproven', u.why) }), ` ${word('unproven_remedy', u.why)}`)))];
}

// taskView is a task as it stands everywhere; changed is called after a claim.
export function taskView(task, changed, where) {
  const done = task.state === 'stopped';
  const mine = me()?.user === task.owner_name;
  const lines = [
    make('p', { class: 'badges' }, taskBadge(task.state), ...(task.severity ? [severityBadge(task.severity)] : []),
      ...(done ? [] : [badge(remaining(task.due), task.overdue ? 'bad' : '')])),
    make('p', { text: word('taskmeans', task.state) }),
    make('dl', { class: 'facts' },
      make('dt', { text: t('task.where') }), make('dd', { class: 'exact', text: task.target }),
      make('dt', { text: t('task.owner') }), make('dd', { text: task.owner_name || t('task.owner_gone') }),
      make('dt', { text: t('task.due') }), make('dd', { text: moment(task.due) }),
      ...(task.claimed_at ? [make('dt', { text: t('task.claimed') }), make('dd', { text: moment(task.claimed_at) })] : []),
      ...(task.proven_at ? [make('dt', { text: t('task.proven') }), make('dd', {}, moment(task.proven_at), ...(task.proven_by ? [' ', proof(task)] : []))] : [])),
    ...missing(done ? [] : task.unproven),
  ];
  // Who has said so already says it again only when a scan has found otherwise.
  const waits = task.claimed_at && task.unproven.every((u) => u.why === 'not_scanned');
  if (!done && task.may_claim && !waits) {
    lines.push(make('div', { class: 'buttons' }, make('button', { type: 'button', class: `claim ${mine ? '' : 'secondary'}`, text: t(task.claimed_at ? 'task.claim_again' : 'task.claim'),
      'aria-label': `${t(task.claimed_at ? 'task.claim_again' : 'task.claim')}: ${task.target}`, on: { click: () => where(() => claim(task, changed)) } })));
  }
  return lines;
}

const proof = (task) => make('a', { href: link(`/scans/${task.proven_by}`), text: t('task.proof', task.proven_by) });

async function claim(task, changed) {
  await act('POST', `/v1/tasks/${task.id}/claim`);
  await changed();
}

// save hands a document to the person; the browser keeps it where that person's
// downloads go, and nothing stays here.
export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const a = make('a', { href: address, download: name });
  document.body.append(a);
  a.click();
  a.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

export const fetched = (path) => get(path, { blob: true });
export const written = (path, body) => call('POST', path, body, { blob: true });

export const lines = (text) => String(text ?? '').split('\n').map((l) => l.trim()).filter(Boolean);

// span is a stretch of time in words, from seconds.
export function span(seconds) {
  if (seconds < 90) return t('span.seconds', count(Math.max(1, Math.round(seconds))));
  if (seconds < 5400) return t('span.minutes', count(Math.round(seconds / 60)));
  return t('span.hours', count(Math.round(seconds / 360) / 10));
}

export const size = (bytes) => {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let n = bytes ?? 0;
  let u = 0;
  while (n >= 1000 && u < units.length - 1) { n /= 1000; u += 1; }
  return `${number.format(Math.round(n * 10) / 10)} ${units[u]}`;
};
