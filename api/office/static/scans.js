// A scan is asked for here: what is to be looked at, what the owner allows, and,
// before anything is fetched, exactly which hosts and folders that comes to.
import { $, t, make, moment, set, submit, say, word } from './dom.js';
import { get } from './api.js';
import { start, act, tried } from './page.js';
import { badge, count, link, people, lines } from './office.js';

const box = $('#scans-problem');
const form = $('#f-plan');
let timer = 0;

const asked = () => ({ targets: lines($('#targets').value), scope: $('#scope').value });

submit(form, $('#plan-error'), async () => {
  const body = asked();
  const web = body.targets.some((x) => /^https?:/i.test(x));
  if (web && !body.scope.trim()) {
    $('#scope-box').open = true;
    $('#scope').focus();
    set($('#plan-error'), t('plan.needs_scope'));
    return;
  }
  try { show(await act('POST', '/v1/scans/plan', body)); }
  catch (problem) {
    if (problem.field === 'scope' || problem.code === 'target_out_of_scope') $('#scope-box').open = true;
    // The agent says which line, and repeats nothing of it.
    if (problem.field === 'targets' && problem.detail) problem.title = t('plan.line', problem.detail, problem.title);
    throw problem;
  }
});

function show(plan) {
  $('#plan-list').replaceChildren(
    ...plan.hosts.map((h) => make('li', {}, make('strong', { class: 'exact', text: h.name }), ...['ignore_robots', 'step_ids'].filter((x) => h[x]).map((x) => badge(word('plan', x), 'unclear')))),
    ...plan.folders.map((f) => make('li', {}, make('strong', { class: 'exact', text: f }), ` ${t('plan.folder')}`)));
  const facts = plan.scope ? [['plan.owner', plan.scope.owner], ['plan.contact', plan.scope.contact], ['plan.expires', moment(plan.scope.expires)],
    ['plan.starts', plan.starts.join('\n')],
    ...(plan.scope.private?.length ? [['plan.private', plan.scope.private.join(', ')]] : [])] : [];
  $('#plan-scope').replaceChildren(...facts.flatMap(([k, v]) => [make('dt', { text: t(k) }), make('dd', { class: 'lines', text: v })]));
  $('#plan-problem').replaceChildren();
  $('#checked').hidden = false;
  $('#check-plan').hidden = true;
  for (const e of form.querySelectorAll('textarea, input')) e.readOnly = true;
  $('#scope-file').disabled = true;
  $('#checked-title').focus();
}

function edit() {
  $('#checked').hidden = true;
  $('#check-plan').hidden = false;
  for (const e of form.querySelectorAll('textarea, input')) e.readOnly = false;
  $('#scope-file').disabled = false;
}

$('#change-plan').addEventListener('click', () => { edit(); $('#targets').focus(); });
$('#start-scan').addEventListener('click', () => tried($('#plan-problem'), async () => {
  const { id } = await act('POST', '/v1/scans', asked());
  location.assign(link(`/scans/${id}`));
}));
$('#scope-file').addEventListener('change', async (event) => {
  const [file] = event.target.files;
  if (file) $('#scope').value = await file.text();
});
$('#scope-example').addEventListener('click', () => {
  const end = new Date(Date.now() + 30 * 86400000).toISOString().slice(0, 10);
  $('#scope').value = `# chipproof scope\nowner: ${t('plan.example_owner')}\ncontact: dpo@example.go.th\nexpires: ${end}\nhost: www.example.go.th\n`;
  $('#scope').focus();
});

submit($('#f-import'), $('#import-error'), async (data) => {
  set($('#imported'), '');
  const source = $('#import-source').value;
  const got = await act('POST', `/v1/findings/import${source ? `?${new URLSearchParams({ source })}` : ''}`, data.get('file'));
  $('#imported').replaceChildren(t('import.done', got.tools.join(', '), count(got.new), count(got.known)), ' ', make('a', { href: link('/findings', got.tools.length === 1 ? { scan: got.scan } : {}), text: t('import.see') }));
  $('#imported').hidden = false;
  $('#f-import').reset();
  await load();
});

async function sources() {
  const { assets } = await get('/v1/assets');
  $('#import-source').replaceChildren(make('option', { value: '', text: t('import.no_source') }), ...assets.map((a) => make('option', { value: a.name, text: a.name })));
}

async function load() {
  const { scans } = await get('/v1/scans');
  $('#scans').replaceChildren(...scans.map(item));
  $('#no-scans').hidden = scans.length > 0;
  clearTimeout(timer);
  if (scans.some((s) => !s.ended_at)) timer = setTimeout(() => tried(box, load), 5000);
}

const tones = { complete: 'good', incomplete: 'unclear', canceled: 'unclear' };

function item(s) {
  const over = Boolean(s.ended_at);
  return make('li', {}, make('h3', {}, make('a', { href: link(`/scans/${s.id}`), text: s.id }), ' ', badge(word('scanstate', s.state), tones[s.state])),
    make('p', { class: 'exact lines', text: s.targets.join('\n') }),
    make('p', { class: 'muted', text: [t('scan.started', moment(s.started_at)), ...(over ? [people(s.people, s.people_estimated), t('scan.findings_count', count(s.findings))] : [])].join(' · ') }));
}

start({
  open: () => tried(box, () => Promise.all([load(), sources()])),
  close() {
    clearTimeout(timer);
    edit();
    form.reset();
    for (const id of ['#scans', '#scans-problem', '#plan-list', '#plan-scope', '#plan-problem']) $(id).replaceChildren();
    for (const id of ['#plan-error', '#import-error', '#imported']) set($(id), '');
    say('');
  },
});
