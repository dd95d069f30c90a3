// Letters to everybody affected. The agency's list goes to the agent for the time of
// one answer and is kept nowhere: not there, not here, but for the file that the
// person has chosen.
import { $, t, make, set, say } from './dom.js';
import { act } from './page.js';
import { save } from './office.js';
import { described } from './incident-form.js';
import { sheetOf, printSheet } from './incident-documents.js';

export function merging(context) {
  const problem = $('#merge-problem');
  const file = $('#merge-file');
  let made = null; // of the last run: what is to be recorded
  let behind = 0; // and the last row of it, where more are to come
  let after = 0; // the last row of the letters that were recorded: the next ones come behind it
  let sending = false;

  const base64 = (blob) => new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

  async function body(format, after) {
    const number = $('#merge-number').value.trim();
    return {
      list: Number($('#merge-list').value), csv: await base64(file.files[0]), digits: $('#merge-digits').checked ? 'thai' : 'arabic', format, ...(number && { number }), ...(after && { after }),
    };
  }

  async function trying(f) {
    problem.replaceChildren();
    try { await f(); }
    catch (failed) {
      if (failed?.cancelled) return;
      problem.replaceChildren(...described(failed));
      problem.focus();
    }
  }

  const rows = (list) => list.map((r) => (r.from === r.to ? r.from : `${r.from}–${r.to}`)).join(', ');

  async function letters(format) {
    forget();
    const d = await act('POST', `/v1/incidents/${context.id}/letters`, await body(format, after));
    made = d.delivered;
    behind = d.left ? d.last : 0;
    set($('#merged-title'), made.done.length ? t('merge.made', d.letters, made.rows) : t('merge.none'));
    const failed = made.done.filter((r) => r.status === 'failed');
    set($('#merge-failed'), failed.length ? t('merge.failed', rows(failed)) : '');
    set($('#merge-left'), d.left ? t('merge.left', d.left) : '');
    const blob = new Blob([bytes(d.file)], { type: d.media });
    if (format === 'docx' && d.letters) save(blob, d.name);
    if (format === 'html') sheetOf($('#pile'), await blob.text());
    $('#merge-print').hidden = format !== 'html' || !d.letters;
    $('#merge-record').hidden = !made.done.length;
    $('#merged').hidden = false;
    $('#merged-title').focus();
  }

  async function mail() {
    forget();
    sending = true;
    $('#mail-stop').hidden = false;
    try {
      // Rows that fail are tried once in this turn.
      for (let left = 1, last = 0; left > 0 && sending;) {
        const d = await act('POST', `/v1/incidents/${context.id}/mails`, await body('html', last));
        ({ left, last } = d);
        set($('#mailing'), left ? t('merge.mailed', left) : t('merge.done'));
      }
    } finally {
      sending = false;
      $('#mail-stop').hidden = true;
      await context.reload();
    }
  }

  // forget takes letters and results away; the list itself stays chosen.
  function forget() {
    made = null;
    $('#pile').shadowRoot?.replaceChildren();
    $('#merged').hidden = true;
    $('#mailing').hidden = true;
  }

  $('#f-merge').addEventListener('submit', (event) => {
    event.preventDefault();
    if (!file.files.length) {
      problem.replaceChildren(make('p', { class: 'note bad', role: 'alert', text: t('merge.choose') }));
      file.focus();
      return;
    }
    const what = event.submitter?.value ?? 'html';
    trying(() => (what === 'mail' ? mail() : letters(what)));
  });
  const again = () => { after = 0; };
  $('#merge-list').addEventListener('change', again);
  file.addEventListener('change', () => { again(); forget(); });
  $('#mail-stop').addEventListener('click', () => { sending = false; });
  $('#merge-print').addEventListener('click', () => printSheet($('#pile')));
  $('#merge-record').addEventListener('click', () => trying(async () => {
    await context.record('delivered', made);
    after = behind;
    forget();
    say(t('incident.saved', t('form.delivered')));
    $('#letters-title').tabIndex = -1;
    $('#letters-title').focus();
  }));

  return {
    show(d) {
      $('#letters').hidden = !d.known.subjects_prepared || Boolean(d.closed_at);
      $('#lists').replaceChildren(...d.known.lists.map((l) => make('li', { text: t('merge.known', l.number, l.rows, l.sent, l.failed, l.pending) })));
      const next = d.known.lists.length + 1;
      const before = $('#merge-list').value;
      const unfinished = d.known.lists.find((l) => l.pending || l.failed);
      $('#merge-list').replaceChildren(...d.known.lists.map((l) => make('option', { value: l.number, text: t('merge.known', l.number, l.rows, l.sent, l.failed, l.pending) })),
        make('option', { value: next, text: t('merge.new', next) }));
      $('#merge-list').value = before && before < next ? before : unfinished?.number ?? next;
      $('#merge-mail').hidden = !d.mail;
      $('#no-mail').hidden = d.mail;
    },
    close() {
      sending = false;
      again();
      forget();
      $('#f-merge').reset();
      problem.replaceChildren();
    },
  };
}
