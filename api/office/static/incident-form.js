// Forms of events: made from the page's templates, filled in by a person, and read
// back as the body of an event. Times are Thai: in the Buddhist era where the page
// is, and at +07:00 always.
import { $, $$, t, lang, make, set, exactMoment } from './dom.js';
import { get } from './api.js';

const era = lang === 'en' ? 0 : 543;
const arabic = (text) => text.replace(/[๐-๙]/g, (d) => String(d.charCodeAt(0) - 0x0e50)).trim();

// made are documents of this page by their digests, for the fields that ask for one.
export const made = [];

// openForm puts a fresh form into a place. known is what the incident knows; send
// gets kind and body, and throws what went wrong.
export function openForm(place, id, { known, now, send, cancel, filled = {} }) {
  const form = document.getElementById(`form-${id}`).content.firstElementChild.cloneNode(true);
  for (const field of $$('.field', form)) prepare(field, known, now);
  const values = { ...latest(id, known), ...filled };
  for (const field of $$('.field', form)) if (values[field.dataset.name] !== undefined) put(field, values[field.dataset.name]);
  if (id === 'assessed') figure(form);
  $('.cancel', form)?.addEventListener('click', () => { place.replaceChildren(); cancel?.(); });
  form.addEventListener('submit', (event) => { event.preventDefault(); submitted(form, send); });
  place.replaceChildren(form);
  $('h2, h3', form).focus();
  return form;
}

// latest is what a form that takes the place of an earlier event begins with.
function latest(id, known) {
  if (id === 'nature') return known?.nature ?? {};
  if (id === 'contact') return known?.contact ?? {};
  if (id === 'subjects_prepared') return known?.subjects_prepared ?? {};
  if (id.startsWith('checklist_')) {
    const list = known?.checklists.find((c) => `checklist_${c.area}` === id);
    return list ? { ...list, ...Object.fromEntries(list.items.map((m) => [m.item, m])) } : {};
  }
  return {};
}

function prepare(field, known, now) {
  const { input } = field.dataset;
  if (input === 'when') {
    for (const e of $$('input, select', field)) e.addEventListener('input', () => spoken(field));
    $('.present', field).addEventListener('click', () => { putWhen(field, now()); $('.day', field).focus(); });
    if ('now' in field.dataset) putWhen(field, now());
  }
  if (input === 'ref') choices(field, known);
  if (input === 'digest') {
    const select = $('.made select', field);
    $('.made', field).hidden = made.length === 0;
    select.replaceChildren(make('option', { value: '', text: t('ref.choose') }), ...made.map((d) => make('option', { value: d.digest, text: d.title })));
    select.addEventListener('change', () => { $('.digest', field).value = select.value; });
    $('.file', field).addEventListener('change', async (event) => {
      const file = event.target.files[0];
      $('.digest', field).value = file ? await digestOf(file) : '';
    });
  }
}

// digestOf reads a file here; nothing of it leaves the page.
export async function digestOf(blob) {
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  return [...sum].map((b) => b.toString(16).padStart(2, '0')).join('');
}

const openOf = {
  actions: (a) => !a.finished_at, orders: (o) => !o.withdrawn && !o.done_at, notices: () => true, published: () => true, tasks: (x) => !x.checked_at,
};
const nameOf = { actions: (a) => a.text, orders: (o) => `${o.to}: ${o.text}`, notices: (n) => n.channel, published: (p) => p.where, tasks: (x) => `${x.owner}: ${x.text}` };

function choices(field, known) {
  const what = field.dataset.of;
  const list = (known?.[what] ?? []).filter(openOf[what]);
  const option = (x) => make('option', { value: x.number, text: `${x.number}. ${nameOf[what](x)}`.slice(0, 120) });
  const select = $('select', field);
  if (!list.length) select.replaceChildren(make('option', { value: '', text: t('ref.none') }));
  else if (list.length === 1) select.replaceChildren(option(list[0]));
  else select.replaceChildren(make('option', { value: '', text: t('ref.choose') }), ...list.map(option));
}

const bangkok = new Intl.DateTimeFormat('en-CA-u-ca-gregory-nu-latn', {
  timeZone: 'Asia/Bangkok', year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
});

function putWhen(field, date) {
  const p = Object.fromEntries(bangkok.formatToParts(date).map(({ type, value }) => [type, value]));
  $('.day', field).value = Number(p.day);
  $('.month', field).value = Number(p.month);
  $('.year', field).value = Number(p.year) + era;
  $('.time', field).value = `${p.hour}:${p.minute}${p.second === '00' ? '' : `:${p.second}`}`;
  spoken(field);
}

// when is a moment as RFC 3339, '' where nothing was filled in, null where it is no
// moment. A year of either era is taken: the two don't overlap.
export function when(field) {
  const [day, month, year, time] = ['day', 'month', 'year', 'time'].map((c) => arabic($(`.${c}`, field).value));
  if (!day && !month && !year && !time) return '';
  const clock = /^(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?$/.exec(time);
  if (!clock || !/^\d{1,2}$/.test(day) || !month || !/^\d{4}$/.test(year)) return null;
  const common = Number(year) >= 2400 ? Number(year) - 543 : Number(year);
  const [h, m, s] = [clock[1], clock[2], clock[3] ?? '00'].map(Number);
  const at = new Date(Date.UTC(common, Number(month) - 1, Number(day), h - 7, m, s));
  const local = new Date(at.getTime() + 7 * 3600000);
  if (h > 23 || m > 59 || s > 59 || local.getUTCDate() !== Number(day) || local.getUTCMonth() !== Number(month) - 1) return null;
  return `${local.toISOString().slice(0, 19)}+07:00`;
}

function spoken(field) {
  const at = when(field);
  $('.spoken', field).textContent = at ? exactMoment(new Date(at)) : '';
}

const checked = (field) => $('input[type=radio]:checked', field)?.value ?? '';

// rowsOf reads 1-240, 250 as rows; null where it is none.
export function rowsOf(text, status) {
  const rows = [];
  for (const part of arabic(text).split(',').map((p) => p.trim()).filter(Boolean)) {
    const m = /^(\d+)(?:\s*[-–]\s*(\d+))?$/.exec(part);
    if (!m) return null;
    rows.push({ from: Number(m[1]), to: Number(m[2] ?? m[1]), status });
  }
  return rows;
}

// read is what a field says: undefined where it says nothing, null where it is wrong.
function read(field) {
  const { input } = field.dataset;
  if (input === 'when') return when(field) || (when(field) === null ? null : undefined);
  if (input === 'many') { const all = $$('input:checked', field).map((e) => e.value); return all.length ? all : undefined; }
  if (input === 'choice') {
    const value = $('select', field) ? $('select', field).value : checked(field);
    if (value === '') return undefined;
    return 'number' in field.dataset ? Number(value) : value;
  }
  if (input === 'ref') return $('select', field).value ? Number($('select', field).value) : undefined;
  if (input === 'number') { const n = arabic($('input', field).value); return n === '' ? undefined : /^\d+$/.test(n) ? Number(n) : null; }
  if (input === 'count') {
    const certainty = checked(field);
    const n = arabic($('.number', field).value).replaceAll(',', '');
    if (!certainty) return undefined;
    if (certainty === 'unknown') return { number: 0, certainty };
    return /^\d+$/.test(n) ? { number: Number(n), certainty } : null;
  }
  if (input === 'measure') {
    const place = checked(field);
    const evidence = $('.evidence', field).value.trim();
    if (!place) return undefined;
    if (place !== 'unknown' && !evidence) return null;
    return { item: field.dataset.name, in_place: place, ...(evidence && { evidence }) };
  }
  if (input === 'rows') {
    const sent = rowsOf($('.sent', field).value, 'sent');
    const failed = rowsOf($('.failed', field).value, 'failed');
    if (!sent || !failed) return null;
    const all = [...sent, ...failed].sort((a, b) => a.from - b.from);
    return all.length ? all : undefined;
  }
  if (input === 'digest') { const d = $('.digest', field).value.trim().toLowerCase(); return d === '' ? undefined : /^[0-9a-f]{64}$/.test(d) ? d : null; }
  const text = $('input, textarea', field).value.trim();
  return text === '' ? undefined : text;
}

function put(field, value) {
  const { input } = field.dataset;
  const radio = (v) => { const e = $(`input[value="${CSS.escape(String(v))}"]`, field); if (e) e.checked = true; };
  if (input === 'when') putWhen(field, new Date(value));
  else if (input === 'many') value.forEach(radio);
  else if (input === 'count') { radio(value.certainty); if (value.certainty !== 'unknown') $('.number', field).value = value.number; }
  else if (input === 'measure') { radio(value.in_place); $('.evidence', field).value = value.evidence ?? ''; }
  else if (input === 'digest') $('.digest', field).value = value;
  else if ($('select', field)) $('select', field).value = value;
  else if (input === 'choice') radio(value);
  else if (input !== 'rows') $('input, textarea', field).value = value;
}

export function mark(field, text) {
  const error = $('.error', field);
  set(error, text);
  for (const e of $$('input, select, textarea', field)) {
    if (text) e.setAttribute('aria-invalid', 'true');
    else e.removeAttribute('aria-invalid');
  }
}

const wrong = { when: 'when.invalid', rows: 'rows.invalid' };

// bodyOf is a form as the body of an event; undefined where a field must be looked
// at again, which then has the focus.
function bodyOf(form) {
  const body = {};
  const bad = [];
  const items = [];
  for (const field of $$('.field', form)) {
    const value = read(field);
    const missing = value === null || (value === undefined && 'need' in field.dataset);
    mark(field, missing ? t(value === null ? wrong[field.dataset.input] ?? 'field.error' : 'field.error') : '');
    if (missing) bad.push(field);
    else if (value === undefined) continue;
    else if (field.dataset.input === 'measure') items.push(value);
    else {
      const path = field.dataset.name.split('.');
      const last = path.pop();
      let into = body;
      for (const part of path) into = into[part] ??= {};
      into[last] = value;
    }
  }
  if (items.length) body.items = items;
  for (const [name, value] of Object.entries(form.dataset)) if (name.startsWith('fixed')) body[name.slice(5).toLowerCase()] = value;
  if (bad.length) { focus(bad[0]); return undefined; }
  return body;
}

const focus = (field) => $('input:not([type=file]), select, textarea', field)?.focus();

async function submitted(form, send) {
  if (form.dataset.busy) return;
  const problem = $('.problem', form);
  problem.replaceChildren();
  const body = bodyOf(form);
  if (!body) return;
  form.dataset.busy = 'yes';
  form.setAttribute('aria-busy', 'true');
  try { await send(form.dataset.kind, body); }
  catch (failed) {
    if (failed?.cancelled) return;
    const fields = failed.code === 'event_invalid' ? (failed.detail ?? '').split(',') : [];
    const named = $$('.field', form).filter((f) => fields.includes(f.dataset.name) || fields.includes(f.dataset.name.split('.')[0]));
    named.forEach((f) => mark(f, t('field.error')));
    problem.replaceChildren(...described(failed));
    if (named.length) focus(named[0]);
    else problem.focus();
  } finally { delete form.dataset.busy; form.removeAttribute('aria-busy'); }
}

// described is a problem with what it names, in words.
export function described(problem) {
  if (!problem?.code) throw problem;
  const more = detailOf(problem);
  return [make('div', { class: 'note bad', role: 'alert' }, make('p', {}, make('strong', { text: problem.title }), ` ${problem.remedy}`), ...(more ? [make('p', { text: more })] : []))];
}

const groups = { content_missing: 'need', duty_open: 'duty', event_refused: 'why', notice_exposes: 'dataclass', text_exposes: 'dataclass' };

function detailOf({ code, detail }) {
  const names = (detail ?? '').split(',').filter(Boolean);
  if (code === 'recipients_invalid' && names.length) return t('merge.bad_row', names[0]);
  if (!groups[code] || !names.length) return '';
  const text = names.map((n) => worded(groups[code], n)).join(' · ');
  return code === 'content_missing' ? t('doc.lacks', text) : text;
}

// worded is the text of a word; numbered ones as order_2 and task_1_done have it once.
export function worded(group, name) {
  const order = /^order_(\d+)$/.exec(name);
  if (group === 'duty' && order) return t('duty.order', order[1]);
  const task = /^task_(\d+)_(done|check)$/.exec(name);
  if (group === 'need' && task) return t(`need.task_${task[2]}`, task[1]);
  try { return t(`${group}.${name}`); } catch { return name; }
}

// figure keeps ENISA's figure beside an assessment that is being written.
function figure(form) {
  const fields = $$('[data-name^="severity."]', form);
  const box = $('.figure', form);
  let asked = 0;
  form.addEventListener('change', async (event) => {
    if (!event.target.closest('[data-name^="severity."]')) return;
    const query = new URLSearchParams();
    for (const f of fields) { const v = read(f); if (v === undefined) return; query.set(f.dataset.name.slice(9), v); }
    const mine = ++asked;
    const { se, band } = await get(`/v1/severity?${query}`);
    if (mine === asked) box.textContent = t('figure.live', se, worded('band', band));
  });
}
