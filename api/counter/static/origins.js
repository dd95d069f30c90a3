// Web origins, for administrators: those that are listed, those that knocked in the
// last hour, and the one that is looked at before it is approved.
import { $, $$, t, word, make, moment, submit, say } from './dom.js';
import { get } from './api.js';
import { start, act, confirmed, tried } from './page.js';
import { forms } from './origin.js';

const box = $('#origins-problem');
const form = $('#f-origin');
let editing = null;

async function load() {
  const [listed, refused] = await Promise.all([get('/v1/origins'), get('/v1/origins/refused')]);
  const known = new Set(listed.origins.map((o) => o.origin));
  const knocked = refused.origins.filter((o) => !known.has(o.origin));
  $('#refused').replaceChildren(...(knocked.length ? knocked.map(knock) : [make('li', { class: 'muted', text: t('origins.nobody') })]));
  $('#origins').replaceChildren(...(listed.origins.length ? listed.origins.map(line) : [make('li', { class: 'muted', text: t('origins.none') })]));
}

const named = (key, o, f, tone = 'secondary') => make('button', { type: 'button', class: `small ${tone}`, text: t(key), 'aria-label': `${t(key)}: ${o.origin}`, on: { click: f } });

function knock(o) {
  return make('li', {}, make('h3', { class: 'exact', text: o.origin }),
    make('p', { class: 'muted', text: t('origins.knocked', o.times, moment(o.last_at)) }),
    make('div', { class: 'buttons' }, named('origins.look', o, () => edit({ origin: o.origin }, true), '')));
}

function line(o) {
  const facts = [
    ['origins.purposes', o.purposes.map((p) => word('purpose', p)).join(', ')],
    ['origins.fields', o.fields.map((f) => word('field', f)).join(', ')],
    ['origins.keys', o.keys.join(' ') || t('origins.no_keys')],
    ['origins.last_use', moment(o.last_use_at)],
    ['origins.approved_at', moment(o.approved_at)],
  ];
  if (o.return_urls.length) facts.push(['origins.returns_short', o.return_urls.join(' ')]);
  return make('li', {}, make('h3', { class: 'exact', text: o.origin }),
    ...(o.plain_http ? [make('p', { class: 'note bad', text: t('approval.plain') })] : []),
    make('dl', { class: 'facts' }, ...facts.flatMap(([key, text]) => [make('dt', { text: t(key) }), make('dd', { text })])),
    make('div', { class: 'buttons' }, named('origins.change', o, () => edit(o, false)), named('origins.revoke', o, () => revoke(o))));
}

// edit shows one origin whole: exactly as browsers send it, large, and its other
// forms where they differ. That it knocked here says nothing about who it is.
function edit(o, knocked) {
  editing = o;
  box.replaceChildren();
  form.reset();
  const isNew = !o.id;
  $('#edit-title').textContent = t(isNew ? 'origins.approve_title' : 'origins.change_title');
  $('#origin-label').hidden = Boolean(o.origin);
  form.origin.required = !o.origin;
  form.origin.value = o.origin ?? '';
  $('#edit-warning').hidden = !knocked;
  for (const i of $$('input[name=fields]', form)) i.checked = o.fields ? o.fields.includes(i.value) : !['laser_code', 'nhso'].includes(i.value);
  for (const i of $$('input[name=purposes]', form)) i.checked = o.purposes ? o.purposes.includes(i.value) : i.value === 'form_fill';
  form.ask.checked = o.ask === 'always';
  form.plain_http.checked = Boolean(o.plain_http);
  form.audience.value = o.audience && o.audience !== o.origin ? o.audience : '';
  form.return_urls.value = (o.return_urls ?? []).join('\n');
  $('#edit-keys').hidden = !o.keys?.length;
  $('#kept-keys').replaceChildren(...(o.keys ?? []).map((k) => make('label', {},
    make('input', { type: 'checkbox', name: 'keep_keys', value: k, checked: true }), make('span', { class: 'exact', text: ` ${k}` }))));
  $('#save-origin').textContent = t(isNew ? 'origins.approve' : 'origins.save');
  spell(o.origin ?? '');
  $('#edit').hidden = false;
  $('#lists').hidden = true;
  (o.origin ? $('#edit-title') : form.origin).focus();
}

function spell(origin) {
  $('#edit-origin').textContent = origin || '–';
  const other = forms(origin);
  $('#edit-forms').replaceChildren(...(other.differs ? [
    make('dt', { text: t('origins.punycode') }), make('dd', { class: 'exact', text: other.ascii }),
    make('dt', { text: t('origins.unicode') }), make('dd', { class: 'exact', text: other.unicode }),
  ] : []));
  $('#edit-plain').hidden = !origin.startsWith('http:') || /^http:\/\/localhost(:|$)/.test(origin);
}

form.origin.addEventListener('input', () => spell(form.origin.value));

function back() {
  editing = null;
  form.reset();
  $('#edit').hidden = true;
  $('#lists').hidden = false;
}

async function revoke(o) {
  if (!await confirmed(`${t('origins.revoke')}: ${o.origin}`, t('origins.revoke_text'), t('origins.revoke'))) return;
  await tried(box, async () => { await act('DELETE', `/v1/origins/${o.id}`); await load(); say(t('layout.done')); });
}

submit(form, $('#origin-error'), async () => {
  const checked = (name) => $$(`input[name=${name}]:checked`, form).map((i) => i.value);
  const body = {
    origin: editing.origin ?? form.origin.value.trim(), fields: checked('fields'), purposes: checked('purposes'),
    return_urls: form.return_urls.value.split(/\s+/).filter(Boolean), ask: form.ask.checked ? 'always' : 'never', plain_http: form.plain_http.checked,
  };
  if (form.audience.value.trim()) body.audience = form.audience.value.trim();
  const file = form.jwks.files[0];
  if (file) body.jwks = await file.text();
  else if (checked('keep_keys').length) body.keep_keys = checked('keep_keys');
  const saved = await act('POST', '/v1/origins', body);
  await load(); // first, so that no list from before is shown, to be changed once more
  back();
  say(t('origins.saved', saved.origin));
  $('h1').tabIndex = -1;
  $('#page h1').focus();
});

$('#add-origin').addEventListener('click', () => edit({}, false));
$('#edit-cancel').addEventListener('click', back);

start({
  open: () => tried(box, load),
  close() { back(); for (const id of ['#refused', '#origins', '#origins-problem']) $(id).replaceChildren(); },
});
