// The audit log: whether it is what it was, and its entries, newest first.
import { $, t, make, moment, word, say } from './dom.js';
import { get } from './api.js';
import { start, act, tried } from './page.js';

const box = $('#audit-problem');
let before = 0;

async function load(more) {
  const query = new URLSearchParams();
  if ($('#class').value) query.set('class', $('#class').value);
  if (more && before) query.set('before', before);
  const { entries } = await get(`/v1/audit?${query}`);
  const rows = entries.map(row);
  if (more) $('#entries').append(...rows);
  else $('#entries').replaceChildren(...rows);
  before = entries.at(-1)?.number ?? 0;
  $('#more').hidden = entries.length < 50;
  $('#none').hidden = $('#entries').children.length > 0;
  if (more) rows[0]?.focus();
}

function row(e) {
  const details = Object.entries(e.attributes ?? {}).map(([name, value]) => `${name}=${value}`).join('  ');
  const about = e.subject_name || e.subject || '';
  const actor = e.actor_name || e.actor || '–';
  return make('li', { tabindex: '-1' },
    make('p', { class: 'line' }, make('span', { class: 'muted', text: t('audit.number', e.number) }), make('span', { text: e.at ? moment(e.at) : '–' }),
      make('strong', { text: e.erased ? t('audit.erased') : word('kind', e.kind) }), ...(e.erased ? [] : [make('span', { text: t('audit.by', actor) })])),
    ...(about && about !== actor ? [make('p', { class: 'exact', text: t('audit.about', about) })] : []),
    ...(details ? [make('p', { class: 'exact', text: details })] : []));
}

async function verify() {
  const button = $('#verify');
  button.setAttribute('aria-busy', 'true');
  try {
    const r = await act('POST', '/v1/audit/verify');
    const head = make('p', {}, make('strong', { text: r.ok ? t('audit.holds') : t('audit.broken') }), ` ${t('audit.size', r.entries)}`);
    const problems = r.problems.map((p) => make('li', { text: [p.text, p.entries, p.source].filter(Boolean).join(' · ') }));
    $('#verdict').replaceChildren(make('div', { class: `note ${r.ok ? 'good' : 'bad'}` }, head, make('ul', {}, ...problems),
      make('p', { text: t('audit.root', moment(r.at)) }), make('code', { class: 'exact', text: r.root })));
    say(r.ok ? t('audit.holds') : t('audit.broken'));
  } finally { button.removeAttribute('aria-busy'); }
}

$('#verify').addEventListener('click', () => tried(box, verify));
$('#class').addEventListener('change', () => tried(box, () => load(false)));
$('#more').addEventListener('click', () => tried(box, () => load(true)));

start({
  open: () => tried(box, () => load(false)),
  close() { for (const id of ['#entries', '#verdict', '#audit-problem']) $(id).replaceChildren(); },
});
