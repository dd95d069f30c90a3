// The door of every page: password, code, unlock, and the enrolment of somebody
// whom the sealed sheet let in. The machine's clock stands below it, since codes
// depend on it.
import { $, $$, t, set, say, submit, countdown, stopCountdown, exactMoment } from './dom.js';
import { get, post, remove } from './api.js';
import { confirmKey } from './key.js';

let took = () => {};
let wired = false;
let shown = '';
let method = 'totp';

function wire() {
  submit($('#f-password'), $('#password-error'), async (form) => {
    const answer = await post('/v1/sessions', { username: form.get('username'), password: form.get('password') }, { quiet: true });
    $('#password').value = '';
    took(answer);
  });
  submit($('#f-code'), $('#code-error'), async (form) => {
    try {
      const answer = await post(`/v1/sessions/current/${method}`, { code: form.get('code').trim() }, { quiet: true });
      use('totp');
      took(answer);
    } catch (problem) {
      $('#code').select();
      await refused(problem);
      throw problem;
    }
  });
  submit($('#f-unlock'), $('#unlock-error'), async (form) => {
    const answer = await post('/v1/sessions/current/unlock', { password: form.get('password') }, { quiet: true });
    $('#unlock-password').value = '';
    took(answer);
  });
  for (const b of $$('#no-phone [data-method]')) b.addEventListener('click', () => { use(b.dataset.method); $('#code').focus(); });
  $('#code-back').addEventListener('click', forget);
  // The next person logs in as herself; where there is a desk, that is what ends the
  // former's hold.
  $('#take-over').addEventListener('click', () => only('password', $('#take-over').dataset.why));
}

// use says which code is asked for.
function use(which) {
  method = which;
  $('#code').value = '';
  $('#code').inputMode = which === 'totp' ? 'numeric' : 'text';
  $('#code-title').textContent = t(`door.title_${which}`);
  $('#code-label').textContent = t(`door.label_${which}`);
  $('#code-help').textContent = t(`door.help_${which}`);
  for (const b of $$('#no-phone [data-method]')) b.hidden = b.dataset.method === which;
  $('#no-phone').open = false;
  set($('#code-error'), '');
}

// refused looks whether the code was wrong only because it was used already.
async function refused(problem) {
  if (problem.code === 'mfa_required') { took(null); return; }
  if (method !== 'totp') return;
  const session = await get('/v1/sessions/current', { quiet: true }).catch(() => null);
  if (session?.next_code_at) countdown($('#code-count'), session.next_code_at, 'door.next_code', () => say(t('door.next_code_now')));
  $('.door .clock').classList.add('note', 'unclear');
}

async function forget() {
  await remove('/v1/sessions/current', { quiet: true }).catch(() => {});
  took(null);
}

function only(which, why) {
  for (const s of $$('#door section')) s.hidden = s.id !== `door-${which}`;
  shown = which;
  if (which === 'password') {
    set($('#door-why'), why);
    use('totp');
  }
  const field = $(`#door-${which} input:not([hidden])`);
  field?.focus();
}

export function openDoor(session, whenTaken) {
  took = whenTaken;
  $('#door').hidden = false;
  if (!wired) { wired = true; wire(); tick(); }
  if (!session) {
    if (shown !== 'password') only('password', '');
  } else if (session.must_enrol) {
    if (shown !== 'enrol') { only('enrol'); enrol(); }
  } else if (session.state === 'locked') {
    $('#locked-who').textContent = session.user;
    $('#unlock-user').value = session.user;
    if (shown !== 'locked' && !$('#door-why').textContent) only('locked');
  } else if (shown !== 'code') {
    only('code');
    if (session.next_code_at) countdown($('#code-count'), session.next_code_at, 'door.next_code', () => say(t('door.next_code_now')));
  }
}

export function closeDoor() {
  if (!shown) { $('#door').hidden = true; return; }
  shown = '';
  $('#door').hidden = true;
  set($('#door-why'), '');
  stopCountdown($('#code-count'));
  for (const i of $$('#door input')) i.value = '';
  $('#own-key').replaceChildren();
  $('.door .clock').classList.remove('note', 'unclear');
  $('#main').focus();
}

async function enrol() {
  const key = await post('/v1/authenticators', { label: t('account.new_phone') });
  confirmKey($('#own-key'), key, async (code) => took(await post(`/v1/authenticators/${key.id}/confirm`, { code })));
}

// tick shows the machine's clock as the agent has it, with seconds.
async function tick() {
  let ahead = 0;
  const ask = async () => {
    if ($('#door').hidden) return;
    try {
      const clock = await get('/v1/clock', { quiet: true });
      ahead = new Date(clock.now) - Date.now();
      set($('#clock-off'), clock.doubts.length ? `${t('door.clock_off')} ${clock.doubts.map((d) => t(`doubt.${d}`)).join(' ')}` : '');
    } catch { /* the page says by itself that the agent is gone */ }
  };
  const draw = () => { if (!$('#door').hidden) $('#clock').textContent = exactMoment(new Date(Date.now() + ahead)); };
  setInterval(draw, 500);
  setInterval(ask, 30000);
  await ask();
  draw();
}
