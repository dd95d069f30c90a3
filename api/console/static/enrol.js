// The two steps of a grant: a password and the key for the app, then a code of it.
import { $, t, set, submit, say } from './dom.js';
import { post } from './api.js';
import { start } from './page.js';
import { confirmKey, showCodes } from './key.js';

let wired = false;

function wire() {
  submit($('#f-grant'), $('#grant-error'), async (form) => {
    if (form.get('password') !== form.get('again')) { set($('#grant-error'), t('account.differ')); return; }
    const grant = form.get('grant').trim();
    const key = await post('/v1/enrolments', { grant, password: form.get('password') });
    $('#f-grant').hidden = true;
    confirmKey($('#enrol-key'), key, async (code) => {
      const made = await post('/v1/enrolments/confirm', { grant, code });
      $('#f-grant').reset();
      $('#enrol-key').replaceChildren();
      $('#enrol-done').hidden = false;
      say(t('enrol.done'));
      if (made.backup_codes.length) showCodes($('#enrol-codes'), made.backup_codes, t('enrol.title'));
      else $('#enrol-done a').focus();
    });
  });
}

start({ open_to_all: true, open() { if (!wired) { wired = true; wire(); } } });
