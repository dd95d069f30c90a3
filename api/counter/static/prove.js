// The page road: a site sent the clerk here with a signed request in the fragment.
// The clerk sees who asks, reads, looks and answers in this one window, and the
// proof goes back as a form, to the return URL that is registered for that origin.

// Into memory, and out of the address bar and the history, before anything else.
let request = location.hash.slice(1);
history.replaceState(null, '', location.pathname + location.search);

const { $, t, word, make, say } = await import('./dom.js');
const { start, failure } = await import('./page.js');
const { header } = await import('./approvals.js');
const { run } = await import('./proofing.js');
const { pictureOf } = await import('./failures.js');

const box = $('#result');
let running = null;

// claims are what the request says of itself. Nobody has checked it yet: the agent
// does, before the card is touched, and knows the origin by its registered key.
function claims() {
  try {
    const payload = request.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (c) => c.charCodeAt(0));
    const c = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof c.iss !== 'string' || typeof c.purpose !== 'string' || !Array.isArray(c.fields)) return null;
    return { origin: c.iss.slice(0, 300), purpose: c.purpose.slice(0, 64), fields: c.fields.filter((f) => typeof f === 'string').slice(0, 32), needs: Array.isArray(c.needs) ? c.needs.slice(0, 16) : [] };
  } catch { return null; }
}

function show() {
  box.replaceChildren();
  const c = request ? claims() : null;
  $('#asks').hidden = !c;
  if (!c) { failure(box, { code: 'request_refused', title: t('prove.empty'), remedy: t('prove.empty_remedy') }, 'site'); return; }
  header($('#asks'), c);
  const needs = c.needs.map((n) => word('fact', n)).join(', ');
  $('.needs').textContent = needs || word('fact', 'face_visual');
  $('#start').focus();
}

async function prove() {
  const stop = new AbortController();
  running = stop;
  $('#asks').hidden = true;
  $('#progress').hidden = false;
  say(t('counter.reading'));
  try {
    const result = await run(box, { request }, { signal: stop.signal, question: stop.signal, shown() { $('#progress').hidden = true; } });
    if (running !== stop) return;
    request = '';
    box.replaceChildren();
    send(result);
  } catch (problem) {
    if (problem.name === 'AbortError' || running !== stop) return;
    failure(box, problem, pictureOf(problem.code));
    // A read that failed for the card's or the reader's sake can be tried again.
    if (/^(card|reader)_/.test(problem.code)) $('#asks').hidden = false;
    else request = '';
  } finally {
    $('#progress').hidden = true;
    if (running === stop) running = null;
  }
}

// send posts the proof and the request's own state, in this same window.
function send({ proof, form }) {
  const field = (name, value) => make('input', { type: 'hidden', name, value });
  const view = make('form', { method: 'post', action: form.return_url, hidden: true }, field('proof', proof), field('state', form.state));
  box.replaceChildren(make('p', { class: 'note', role: 'status', text: t('prove.sending', new URL(form.return_url).origin) }), view);
  view.submit();
  view.remove();
}

$('#start').addEventListener('click', prove);
$('#refuse').addEventListener('click', () => {
  request = '';
  $('#asks').hidden = true;
  box.replaceChildren(make('p', { class: 'note', role: 'status', text: t('prove.cancelled') }));
});

// Whoever changes the fragment under the clerk's eyes starts over: no click of
// before counts for it.
window.addEventListener('hashchange', () => {
  running?.abort();
  running = null;
  request = location.hash.slice(1);
  history.replaceState(null, '', location.pathname + location.search);
  show();
});

// A page that comes back out of the browser's memory holds nothing.
window.addEventListener('pageshow', (event) => { if (event.persisted) { request = ''; box.replaceChildren(); show(); } });

// The choice of language keeps the request: it goes along in the fragment.
$('#switch').addEventListener('click', (event) => {
  if (!request) return;
  event.preventDefault();
  location.assign(`${event.currentTarget.getAttribute('href')}#${request}`);
});

start({
  open: show,
  close() {
    running?.abort();
    running = null;
    $('#asks').hidden = true;
    box.replaceChildren();
  },
});
