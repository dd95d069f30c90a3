// What was found, the worst first, with everything personal masked.
import { $, t, make, moment, set, word } from './dom.js';
import { get } from './api.js';
import { start, tried } from './page.js';
import { byTarget, count, people } from './office.js';

const box = $('#findings-problem');
const form = $('#f-filter');
let after = '';

// The filter stands in the address, so that a list can be gone back to.
function fromAddress() {
  const q = new URLSearchParams(location.search);
  for (const name of ['severity', 'state', 'class', 'scan']) {
    const value = q.get(name) ?? '';
    if (name === 'scan' && value && ![...form.scan.options].some((o) => o.value === value)) form.scan.append(make('option', { value, text: value }));
    form.elements[name].value = value;
  }
}

function query() {
  const q = new URLSearchParams();
  for (const name of ['severity', 'state', 'class', 'scan']) if (form.elements[name].value) q.set(name, form.elements[name].value);
  return q;
}

async function load(more) {
  const q = query();
  if (more && after) q.set('after', after);
  const { findings, counts, next } = await get(`/v1/findings?${q}`);
  const list = $('#findings');
  if (!more) list.replaceChildren();
  byTarget(list, findings);
  after = next ?? '';
  $('#more-findings').hidden = !after;
  $('#found').textContent = people(counts.people, counts.people_estimated);
  set($('#found-text'), counts.findings ? t('findings.count', count(counts.findings), count(counts.targets)) : '');
  const none = counts.findings === 0;
  $('#no-findings').hidden = !none;
  set($('#no-findings-text'), none ? t(!counts.scanned ? 'findings.never' : query().size ? 'findings.none_here' : 'findings.none') : '');
  if (more && findings.length) list.querySelector(`[data-id="${CSS.escape(findings[0].id)}"]`)?.focus();
}

async function scans() {
  const list = (await get('/v1/scans')).scans;
  const had = new URLSearchParams(location.search).get('scan') ?? '';
  form.scan.replaceChildren(make('option', { value: '', text: t('findings.any') }), ...list.map((s) => make('option', { value: s.id, text: `${s.id} · ${moment(s.started_at)} · ${word('scanstate', s.state)}` })));
  form.scan.value = had;
}

form.addEventListener('change', () => tried(box, async () => {
  const q = query();
  const lang = new URLSearchParams(location.search).get('lang');
  if (lang) q.set('lang', lang);
  history.replaceState(null, '', q.size ? `/findings?${q}` : '/findings');
  await load(false);
}));
form.addEventListener('submit', (e) => e.preventDefault());
$('#more-findings').addEventListener('click', () => tried(box, () => load(true)));

start({
  open: () => tried(box, async () => { await scans(); fromAddress(); await load(false); }),
  close() {
    for (const id of ['#findings', '#findings-problem']) $(id).replaceChildren();
    for (const id of ['#found', '#found-text']) $(id).textContent = '';
  },
});
