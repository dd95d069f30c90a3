// One scan: followed while it runs, with what is left of it, and what it came to
// when it is over: people first, then what was found, what was not read, and the
// documents.
import { $, $$, t, make, moment, set, submit, say, word } from './dom.js';
import { get } from './api.js';
import { start, act, tried, confirmed } from './page.js';
import { badge, count, lastPart, link, people, tiles, size, span, save, fetched, written, lines } from './office.js';

const box = $('#scan-problem');
const id = lastPart();
const path = `/v1/scans/${id}`;
let source = null;
let scan = null;
let said = 0;

async function load() {
  scan = await get(path);
  $('#scan-title').textContent = t('scan.titled', scan.id);
  const runs = !scan.ended_at;
  $('#running').hidden = !runs;
  for (const s of ['#outcome', '#facts-box', '#reports']) $(s).hidden = runs;
  facts();
  if (runs) { progress(scan.progress ?? { state: scan.state }); follow(); return; }
  unfollow();
  outcome();
  unread();
  await baselines();
}

function follow() {
  if (source) return;
  source = new EventSource(`${path}/events`);
  source.addEventListener('progress', (e) => progress(JSON.parse(e.data)));
  source.addEventListener('ended', () => { unfollow(); tried(box, load).then(() => { $('#outcome-title').focus(); say(`${word('scanstate', scan?.state)}. ${$('#outcome-title').textContent}`); }); });
}

function unfollow() {
  source?.close();
  source = null;
}

function progress(p) {
  set($('#running-title'), word('scanstate', p.state ?? 'running'));
  const bar = $('#bar');
  const share = p.total_bytes ? p.bytes / p.total_bytes : p.total_items ? p.items / p.total_items : 0;
  if (share > 0) { bar.max = 1; bar.value = Math.min(1, share); } else bar.removeAttribute('value');
  const items = p.total_items ? t('progress.items_of', count(p.items), count(p.total_items)) : t('progress.items', count(p.items));
  const label = [items, people(p.people), t('scan.findings_count', count(p.findings))].join(' · ');
  const says = { waiting: t('progress.waiting'), open: word('scanmeans', 'open') }[p.state];
  set($('#bar-label'), says ?? (p.parts > 1 ? `${t('progress.part', count(p.part), count(p.parts))} · ${label}` : label));
  set($('#left'), says ? '' : p.left_seconds ? t('progress.left', span(p.left_seconds)) : p.elapsed_seconds ? t('progress.elapsed', span(p.elapsed_seconds)) : '');
  set($('#current'), p.current);
  // A screen reader is told now and then, not at each page.
  if (Date.now() - said > 20000 && p.items) { said = Date.now(); say(`${label}. ${$('#left').textContent}`); }
}

function outcome() {
  $('#outcome').classList.toggle('clean', scan.state === 'complete' && !scan.findings);
  $('#outcome-title').textContent = people(scan.people, scan.people_estimated);
  set($('#outcome-text'), scan.findings ? t('scan.outcome', count(scan.findings), count(scan.files), size(scan.bytes)) : t('scan.outcome_clean', count(scan.files), size(scan.bytes)));
  set($('#outcome-part'), scan.state === 'complete' ? '' : scan.reason ? word('scanreason', scan.reason) : word('scanmeans', scan.state));
  $('#scan-severities').replaceChildren(...(scan.findings ? tiles(scan.severities, { scan: id }) : []));
  $('#scan-classes').replaceChildren(...Object.entries(scan.classes).sort((a, b) => b[1] - a[1]).map(([c, n]) => make('li', {}, badge(`${word('dataclass', c)} ${count(n)}`))));
  $('#scan-classes').hidden = !Object.keys(scan.classes).length;
  $('#see-findings').href = link('/findings', { scan: id });
  $('#see-findings').hidden = !scan.findings;
  $('#again').hidden = !scan.repeatable;
}

function facts() {
  const rows = [['scan.targets', scan.targets.join('\n')], ...(scan.hosts.length ? [['scan.hosts', scan.hosts.join('\n')]] : []), ['scan.by', scan.by_name || scan.by],
    ['scan.began', moment(scan.started_at)], ...(scan.ended_at ? [['scan.ended', moment(scan.ended_at)]] : []), ['scan.rules', scan.rules]];
  $('#scan-facts').replaceChildren(...rows.filter(([, v]) => v).flatMap(([k, v]) => [make('dt', { text: t(k) }), make('dd', { class: 'lines', text: v })]));
  $('#facts-box').hidden = false;
}

function unread() {
  $('#unread').hidden = !scan.not_read_count;
  $('#not-read').replaceChildren(...scan.not_read.map((n) => make('li', {}, make('span', { class: 'exact', text: n.target }), ' – ', make('strong', { text: word('notread', n.reason) }))));
  const rest = scan.not_read_count - scan.not_read.length;
  set($('#unread-more'), rest > 0 ? t('scan.not_read_more', count(rest)) : '');
}

async function baselines() {
  const { scans } = await get('/v1/scans');
  const before = scans.filter((s) => s.id !== id && s.ended_at && s.started_at < scan.started_at);
  $('#baseline').replaceChildren(make('option', { value: '', text: t('reports.no_baseline') }),
    ...before.map((s) => make('option', { value: s.id, text: `${s.id} · ${moment(s.started_at)}` })));
}

$('#baseline').addEventListener('change', () => tried($('#reports-problem'), async () => {
  const base = $('#baseline').value;
  if (!base) { set($('#compared'), ''); return; }
  const c = await get(`${path}/compare?baseline=${base}`);
  set($('#compared'), t('reports.compared', count(c.new), count(c.still), count(c.fixed), count(c.not_checked)));
}));

const ends = { html: 'html', csv: 'csv', json: 'json', sarif: 'sarif' };
for (const b of $$('[data-format]')) {
  b.addEventListener('click', () => tried($('#reports-problem'), async () => {
    const query = new URLSearchParams({ format: b.dataset.format });
    if ($('#baseline').value) query.set('baseline', $('#baseline').value);
    save(await fetched(`${path}/report?${query}`), `${id}.${ends[b.dataset.format]}`);
    say(t('reports.saved', `${id}.${ends[b.dataset.format]}`));
  }));
}

submit($('#f-letter'), $('#letter-error'), async (f) => {
  const body = { thai_digits: f.has('thai_digits'), measures: lines(f.get('measures')), address: lines(f.get('address')), baseline: $('#baseline').value };
  for (const k of ['number', 'to', 'reference', 'signer', 'position', 'agency', 'unit', 'phone']) body[k] = f.get(k).trim();
  try { save(await written(`${path}/letter`, body), `${id}-letter.html`); }
  catch (problem) {
    if (problem.code === 'letter_incomplete') $('#letterhead').open = true;
    throw problem;
  }
  say(t('reports.saved', `${id}-letter.html`));
});

$('#cancel-scan').addEventListener('click', () => tried(box, async () => {
  if (!await confirmed(t('scan.cancel'), t('scan.cancel_text'), t('scan.cancel'))) return;
  await act('POST', `${path}/cancel`);
  await load();
}));

$('#again').addEventListener('click', () => tried(box, async () => {
  const next = await act('POST', `${path}/again`);
  location.assign(link(`/scans/${next.id}`));
}));

start({
  open: () => tried(box, load),
  close() {
    unfollow();
    scan = null;
    for (const s of ['#running', '#outcome', '#facts-box', '#unread', '#reports']) $(s).hidden = true;
    for (const s of ['#scan-problem', '#scan-severities', '#scan-classes', '#scan-facts', '#not-read', '#reports-problem']) $(s).replaceChildren();
    for (const s of ['#current', '#outcome-title', '#outcome-text', '#outcome-part', '#compared']) $(s).textContent = '';
    $('#f-letter').reset();
  },
});
