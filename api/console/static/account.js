// One's own authenticators, sessions, password and backup codes.
import { $, t, make, moment, set, submit, word, say } from './dom.js';
import { get } from './api.js';
import { start, act, took, look, me, confirmed, tried } from './page.js';
import { confirmKey, showCodes } from './key.js';

const box = $('#account-problem');

async function load() {
  const [apps, sessions] = await Promise.all([get('/v1/authenticators'), get('/v1/sessions')]);
  $('#apps').replaceChildren(...apps.authenticators.map((a) => make('li', {},
    make('h3', { text: a.label || t('account.first_app') }),
    make('p', { class: 'muted', text: t('account.added', moment(a.created_at)) }),
    make('button', { type: 'button', class: 'small secondary', text: t('account.remove'), 'aria-label': t('account.remove_named', a.label || t('account.first_app')), on: { click: () => drop(a) } }))));
  $('#sessions').replaceChildren(...sessions.sessions.map((s) => make('li', {},
    make('h3', { text: s.current ? t('account.this_session') : word('state', s.state) }),
    make('p', { class: 'muted', text: t('account.session', moment(s.created_at), moment(s.last_act_at), s.address || '–') }),
    make('p', { class: 'muted', text: s.agent }),
    ...(s.current ? [] : [make('button', { type: 'button', class: 'small secondary', text: t('account.end_session'), on: { click: () => end(s) } })]))));
  left();
}

function left() { $('#codes-left').textContent = t('account.codes_left', me()?.backup_codes_left ?? '–'); }

async function drop(app) {
  if (!await confirmed(t('account.remove_named', app.label || t('account.first_app')), t('account.remove_text'), t('account.remove'))) return;
  await tried(box, async () => { await act('DELETE', `/v1/authenticators/${app.id}`); await load(); say(t('layout.done')); });
}

async function end(session) {
  await tried(box, async () => { await act('DELETE', `/v1/sessions/${session.id}`); await load(); say(t('layout.done')); });
}

submit($('#f-app'), $('#app-error'), async (form) => {
  const key = await act('POST', '/v1/authenticators', { label: form.get('label') });
  confirmKey($('#new-app'), key, async (code) => {
    took(await act('POST', `/v1/authenticators/${key.id}/confirm`, { code }));
    $('#new-app').replaceChildren();
    $('#f-app').reset();
    await load();
    say(t('layout.done'));
  });
});

submit($('#f-change'), $('#change-error'), async (form) => {
  if (form.get('password') !== form.get('again')) { set($('#change-error'), t('account.differ')); return; }
  took(await act('POST', '/v1/password', { present: form.get('present'), password: form.get('password') }));
  $('#f-change').reset();
  set($('#change-done'), t('account.password_changed'));
  await load();
});

$('#make-codes').addEventListener('click', async () => {
  if (!await confirmed(t('account.new_codes'), t('account.new_codes_text'), t('account.new_codes'))) return;
  await tried(box, async () => {
    const made = await act('POST', '/v1/backup-codes');
    await look();
    left();
    showCodes($('#new-codes'), made.backup_codes, me().user);
  });
});

$('#make-sheet').addEventListener('click', async () => {
  if (!await confirmed(t('account.sheet'), t('account.sheet_text'), t('account.sheet'))) return;
  await tried(box, async () => {
    const made = await act('POST', '/v1/emergency-code');
    showCodes($('#new-codes'), [made.emergency_code], t('account.sheet_title'));
  });
});

start({
  open: () => tried(box, load),
  close() {
    for (const id of ['#apps', '#sessions', '#new-app', '#new-codes', '#account-problem']) $(id).replaceChildren();
    for (const id of ['#f-app', '#f-change']) $(id).reset();
  },
});
