// A new key on its way into an authenticator app: scan, then prove it by a code.
// And backup codes on their way to paper. Both are shown once.
import { $, t, fresh, submit, say, make, exactMoment } from './dom.js';

// confirmKey shows the key in box until confirm has taken a code of it.
export function confirmKey(box, key, confirm) {
  const view = fresh('tpl-key');
  if (key.otpauth_uri) {
    $('.qr', view).src = `data:image/png;base64,${key.qr_png}`;
    $('.secret', view).textContent = key.secret.replace(/(.{4})(?=.)/g, '$1 ');
  } else $('li', view).remove();
  submit($('form', view), $('.error', view), (form) => confirm(form.get('code').trim()));
  box.replaceChildren(view);
  say(t('key.scan'));
}

// showCodes shows a set of backup codes in box, to be printed now.
export function showCodes(box, codes, who, done) {
  const view = fresh('tpl-codes');
  $('.backup', view).append(...codes.map((code) => make('li', { text: code })));
  $('.whose', view).textContent = who;
  $('.when', view).textContent = exactMoment(new Date());
  $('.print', view).addEventListener('click', () => printOnly(box));
  $('.done', view).addEventListener('click', () => { box.replaceChildren(); done?.(); });
  box.replaceChildren(view);
  $('h2', view).focus();
}

// printOnly prints one part of the page and nothing else.
export function printOnly(box) {
  box.classList.add('print-root');
  document.body.classList.add('printing');
  const after = () => {
    box.classList.remove('print-root');
    document.body.classList.remove('printing');
  };
  window.addEventListener('afterprint', after, { once: true });
  window.print();
}
