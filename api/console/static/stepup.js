// A fresh second factor, where an act asks for one: the next code of the app, or a
// backup code.
import { $, t, set, submit, countdown, stopCountdown, say } from './dom.js';
import { post } from './api.js';

let settle = null;
let method = 'totp';

export function freshCode(session) {
  const dialog = $('#stepup');
  if (!dialog.wired) {
    dialog.wired = true;
    submit($('#stepup-form'), $('#stepup-error'), async (form) => {
      const answer = await post(`/v1/sessions/current/${method}`, { code: form.get('code').trim() });
      const done = settle;
      settle = null;
      dialog.close();
      done.resolve(answer);
    });
    $('#stepup-cancel').addEventListener('click', () => dialog.close());
    $('#stepup-other').addEventListener('click', () => { use(method === 'totp' ? 'backup-code' : 'totp'); $('#stepup-code').focus(); });
    dialog.addEventListener('close', () => {
      stopCountdown($('#stepup-count'));
      $('#stepup-code').value = '';
      settle?.reject(Object.assign(new Error('cancelled'), { cancelled: true }));
      settle = null;
    });
  }
  use('totp');
  set($('#stepup-error'), '');
  if (session?.next_code_at && new Date(session.next_code_at) > Date.now()) {
    countdown($('#stepup-count'), session.next_code_at, 'door.next_code', () => say(t('door.next_code_now')));
  }
  dialog.showModal();
  $('#stepup-code').focus();
  return new Promise((resolve, reject) => { settle = { resolve, reject }; });
}

function use(which) {
  method = which;
  $('#stepup-code').value = '';
  $('#stepup-code').inputMode = which === 'totp' ? 'numeric' : 'text';
  $('#stepup-label').textContent = t(`door.label_${which}`);
  $('#stepup-other').textContent = which === 'totp' ? t('door.use_backup') : t('door.use_app');
}
