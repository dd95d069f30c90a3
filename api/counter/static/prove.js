// The page road: a site sent the clerk here with a signed request in the fragment.
// The clerk sees who asks, reads, looks and answers in this one window, and the
// proof goes back as a form, to the return URL that is registered for that origin.

// Into memory, and out of the address bar and the history, before anything else.
let request = location.hash.slice(1);
history.replaceState(null, '', location.pathname + location.search);

const { $, t, word, make, say, ripen, unripe } = await import('./dom.js');
const { post } = await import('./api.js');
const { start, failure, took } = await import('./page.js');
const { follow, leave, chosen } = await import('./reader.js');
const { glimpse } = await import('./glimpse.js');
const { header } = await import('./approvals.js');
const { run } = await import('./proofing.js');
const { pictureOf } = await import('./failures.js');

const box = $('#result');
let running = null;
let asking = null;  // what ends the question to the clerk
let cardsLeft = 0;  // counts cards that left: what was asked for before is not shown
let sits = false;   // whether this session holds the desk

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
  // The button has no focus by itself, and takes no click at once: this page may have
  // come up under a hand that meant another.
  if (sits) ripen($('#start'));
  $('#asks').focus();
}

async function prove() {
  if (running || !sits) return;
  const stop = new AbortController();
  const question = new AbortController();
  running = stop;
  asking = question;
  box.replaceChildren();
  $('#asks').hidden = true;
  $('#progress').hidden = false;
  $('#bar').value = 0;
  say(t('counter.reading'));
  const body = { request };
  const at = chosen();
  if (at) body.reader = at;
  try {
    const result = await run(box, body, { signal: stop.signal, question: question.signal, shown() { $('#progress').hidden = true; } });
    if (running !== stop) return;
    request = '';
    box.replaceChildren();
    send(result);
  } catch (problem) {
    if (running !== stop) return;
    if (problem.name === 'AbortError') { box.replaceChildren(); $('#asks').hidden = false; return; }
    failure(box, problem, pictureOf(problem.code));
    // A read that failed for the card's or the reader's sake can be tried again.
    if (/^(card|reader)_/.test(problem.code)) $('#asks').hidden = false;
    else request = '';
  } finally {
    if (running === stop || !running) $('#progress').hidden = true;
    if (running === stop) running = null;
    if (asking === question) asking = null;
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

const heard = {
  // A person leaves the screen with the card; what holds of the proofing, the agent says.
  left() {
    cardsLeft += 1;
    asking?.abort();
    if ($('.result', box)) box.replaceChildren();
  },
  text(event) {
    const mine = running;
    const stay = cardsLeft;
    if (!mine || !event.proofing) return;
    glimpse(box, event, { signal: mine.signal, large: true, current: () => running === mine && stay === cardsLeft && !$('.result', box) });
  },
  progress({ step, of }) {
    $('#bar').max = of;
    $('#bar').value = step;
    $('#bar-label').textContent = t('counter.reading_at', `${Math.round((100 * step) / Math.max(of, 1))} %`);
  },
};

$('#start').addEventListener('click', prove);
$('#stop').addEventListener('click', () => running?.abort());
$('#take-desk').addEventListener('click', async () => {
  try { took(await post('/v1/desk')); }
  catch (problem) { failure(box, problem, pictureOf(problem.code)); }
});
$('#refuse').addEventListener('click', () => {
  request = '';
  $('#asks').hidden = true;
  box.replaceChildren(make('p', { class: 'note', role: 'status', text: t('prove.cancelled') }));
});

// Whoever changes the fragment under the clerk's eyes starts over: no click of
// before counts for it.
window.addEventListener('hashchange', () => {
  if (location.hash === '#main') { history.replaceState(null, '', location.pathname + location.search); return; } // the link that skips the menu
  running?.abort();
  running = null;
  request = location.hash.slice(1);
  history.replaceState(null, '', location.pathname + location.search);
  show();
});

// A window that was behind another one comes to the front as that one closes, as
// between the two clicks of a double click.
window.addEventListener('focus', () => { if (sits) ripen($('#start')); });

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
  changed(session) {
    $('#no-desk').hidden = session.desk;
    if (session.desk === sits) return;
    sits = session.desk;
    if (sits) follow(heard); else leave();
    if (sits) ripen($('#start')); else unripe($('#start'));
    $('#reader').hidden = !sits;
  },
  close() {
    running?.abort();
    running = null;
    asking?.abort();
    sits = false;
    leave();
    $('#asks').hidden = true;
    box.replaceChildren();
  },
});
