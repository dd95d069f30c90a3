// Accounts, for administrators: who there is, and what is done about them.
import { $, t, make, moment, set, submit, word, say } from './dom.js';
import { get } from './api.js';
import { start, act, me, confirmed, tried } from './page.js';
import { printOnly } from './key.js';

const box = $('#staff-problem');

async function load() {
  const { users } = await get('/v1/users');
  $('#users').replaceChildren(...users.map(line));
}

function line(u) {
  const states = [];
  if (u.disabled) states.push(['bad', t('staff.disabled')]);
  else if (!u.enrolled) states.push(['unclear', t('staff.not_enrolled')]);
  if (u.locked) states.push(['bad', t('staff.locked')]);
  else if (u.waits_until) states.push(['unclear', t('staff.waits', moment(u.waits_until))]);
  const own = u.name === me().user;
  const button = (key, f, tone = 'secondary') => make('button', { type: 'button', class: `small ${tone}`, text: t(key), 'aria-label': `${t(key)}: ${u.name}`, on: { click: () => tried(box, f) } });
  const buttons = [];
  if (!own) {
    const roles = make('select', { 'aria-label': t('staff.role_of', u.name) }, ...['staff', 'dpo', 'admin'].map((r) => make('option', { value: r, selected: r === u.role, text: word('role', r) })));
    roles.addEventListener('change', () => tried(box, async () => {
      try { await act('POST', `/v1/users/${u.id}/role`, { role: roles.value }); say(t('layout.done')); }
      finally { await load(); }
    }));
    buttons.push(roles);
    if (u.locked || u.waits_until) buttons.push(button('staff.unlock', () => change(u, 'unlock')));
    if (u.disabled) buttons.push(button('staff.enable', () => change(u, 'enable')));
    else {
      buttons.push(button('staff.reset', () => reset(u)));
      buttons.push(button('staff.disable', async () => { if (await confirmed(`${t('staff.disable')}: ${u.name}`, t('staff.disable_text'), t('staff.disable'))) await change(u, 'disable'); }));
    }
  }
  return make('li', {},
    make('h3', {}, make('span', { text: `${u.name} ` }), make('span', { class: 'badge', text: word('role', u.role) }), ...states.flatMap(([tone, text]) => [' ', make('span', { class: `badge ${tone}`, text })])),
    make('p', { class: 'muted', text: t('staff.last_login', moment(u.last_login_at)) }),
    make('div', { class: 'buttons' }, ...buttons));
}

async function change(u, what) {
  await act('POST', `/v1/users/${u.id}/${what}`);
  await load();
  say(t('layout.done'));
}

async function reset(u) {
  $('#reset-who').textContent = u.name;
  const dialog = $('#reset');
  dialog.showModal();
  const lost = await new Promise((resolve) => {
    dialog.onclose = () => resolve(dialog.returnValue);
    $('#reset-go').onclick = () => dialog.close($('#reset input:checked').value);
    $('#reset-cancel').onclick = () => dialog.close('');
    dialog.oncancel = () => { dialog.returnValue = ''; };
  });
  if (!lost) return;
  invited(await act('POST', `/v1/users/${u.id}/reset`, { lost }));
  await load();
}

// invited shows a grant this once: whoever has it becomes that person.
function invited(invitation) {
  const view = $('#tpl-grant').content.firstElementChild.cloneNode(true);
  $('.whom', view).textContent = invitation.name;
  $('.grant', view).textContent = invitation.grant;
  $('.where', view).textContent = `${location.origin}/enrol`;
  $('.until', view).textContent = moment(invitation.ends_at);
  $('.print', view).addEventListener('click', () => printOnly($('#invitation')));
  $('.done', view).addEventListener('click', () => $('#invitation').replaceChildren());
  $('#invitation').replaceChildren(view);
  $('h2', view).focus();
}

submit($('#f-user'), $('#user-error'), async (form) => {
  invited(await act('POST', '/v1/users', { name: form.get('name'), role: form.get('role') }));
  $('#f-user').reset();
  set($('#user-error'), '');
  await load();
});

start({
  open: () => tried(box, load),
  close() { for (const id of ['#users', '#invitation', '#staff-problem']) $(id).replaceChildren(); $('#f-user').reset(); },
});
