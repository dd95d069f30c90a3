// The register of systems, and how much of it scans have covered: what was never
// looked at stands first.
import { $, t, make, moment, set, submit, say, word } from './dom.js';
import { get } from './api.js';
import { start, act, tried, confirmed } from './page.js';
import { badge, count, lines } from './office.js';

const box = $('#assets-problem');
let assets = [];
let editing = -1;

async function load() {
  const [register, { coverage }] = await Promise.all([get('/v1/assets'), get('/v1/coverage')]);
  assets = register.assets.map((a) => ({ classes: [], ...a }));
  $('#assets').replaceChildren(...assets.map(item));
  $('#no-assets').hidden = assets.length > 0;
  const never = coverage.filter((c) => !c.last);
  const rows = [...never, ...coverage.filter((c) => c.last).sort((a, b) => new Date(a.last) - new Date(b.last))];
  $('#coverage').replaceChildren(...rows.map((c) => make('tr', {}, make('th', { scope: 'row', class: 'exact', text: c.target }), make('td', { text: c.asset }),
    make('td', {}, c.last ? moment(c.last) : badge(t('coverage.not_yet'), 'bad')))));
  $('#coverage-box').hidden = !rows.length;
  const text = $('#coverage-text');
  text.className = `note ${never.length ? 'unclear' : 'good'}`;
  set(text, !rows.length ? '' : never.length ? t('coverage.never', count(never.length)) : t('coverage.all'));
}

function item(a, i) {
  const button = (key, f, tone) => make('button', { type: 'button', class: `small ${tone}`, text: t(key), 'aria-label': `${t(key)}: ${a.name}`, on: { click: f } });
  return make('li', {}, make('h3', { text: a.name }), make('p', { class: 'muted', text: t('assets.owned', a.owner) }), make('p', { class: 'exact lines', text: a.targets.join('\n') }),
    ...(a.processor ? [make('p', { text: t('assets.processed', a.processor) })] : []),
    ...(a.classes.length ? [make('p', { class: 'badges' }, ...a.classes.map((c) => badge(word('dataclass', c))))] : []),
    make('div', { class: 'buttons' }, button('assets.change', () => edit(i), 'secondary'), button('assets.remove', () => tried(box, () => remove(i)), 'secondary')));
}

function edit(i) {
  editing = i;
  const a = assets[i] ?? { name: '', owner: '', targets: [], classes: [] };
  const form = $('#f-asset');
  form.reset();
  for (const name of ['name', 'owner', 'processor']) form.elements[name].value = a[name] ?? '';
  form.elements.targets.value = a.targets.join('\n');
  for (const c of form.querySelectorAll('[name=classes]')) c.checked = a.classes.includes(c.value);
  $('#edit-asset-title').textContent = i < 0 ? t('assets.add') : t('assets.change_named', a.name);
  set($('#asset-error'), '');
  $('#edit-asset').hidden = false;
  $('#edit-asset-title').focus();
}

async function put(list) {
  await act('PUT', '/v1/assets', { assets: list });
  $('#edit-asset').hidden = true;
  await load();
  say(t('layout.done'));
}

async function remove(i) {
  if (await confirmed(t('assets.remove_named', assets[i].name), t('assets.remove_text'), t('assets.remove'))) await put(assets.filter((_, j) => j !== i));
}

submit($('#f-asset'), $('#asset-error'), async (f) => {
  const a = { name: f.get('name').trim(), owner: f.get('owner').trim(), targets: lines(f.get('targets')), classes: f.getAll('classes'), processor: f.get('processor').trim() };
  const list = [...assets];
  if (editing < 0) list.push(a);
  else list[editing] = a;
  await put(list);
});
$('#add-asset').addEventListener('click', () => edit(-1));
$('#asset-cancel').addEventListener('click', () => { $('#edit-asset').hidden = true; $('#add-asset').focus(); });

start({
  open: () => tried(box, load),
  close() {
    $('#edit-asset').hidden = true;
    $('#f-asset').reset();
    assets = [];
    for (const id of ['#assets', '#coverage', '#assets-problem']) $(id).replaceChildren();
  },
});
