// The counter: what the reader sees, one purpose, one big button, one person at a
// time. What was read leaves the page with the card, and after a minute.
import { $, $$, t, word, make, fresh, countdown, stopCountdown, say } from './dom.js';
import { post } from './api.js';
import { start, took, failure } from './page.js';
import { follow, leave, chosen } from './reader.js';
import { watch, unwatch, waiting, ended, already, left } from './approvals.js';
import { draw, complete } from './identity.js';
import { glimpse } from './glimpse.js';
import * as claims from './claims.js';
import * as ports from './ports.js';
import { run, judge, slip, numberFor } from './proofing.js';
import { pictureOf } from './failures.js';

// stays is how long a person stays on the screen, in milliseconds.
const stays = 60000;

let reading = null; // what stops the read that runs
let asking = null;  // what ends the question to the clerk
let from = '';      // the reader whose card is on the screen
let at = '';        // the reader that was chosen for it, of several
let sits = false;   // whether this session holds the desk
let failed = '';    // the code of the failure on the screen
let seen = null;    // the view of a person whose photo is still being read
let cardsLeft = 0;  // counts cards that left: what was asked for before is not shown

const form = $('#f-read');
const purpose = () => $('input[name=purpose]:checked', form);

function fields() { return $$('#field-boxes input:checked').map((i) => i.value); }

function offer() {
  const p = purpose();
  $('#field-boxes').replaceChildren(...p.dataset.fields.split(' ').map((f) => make('label', {},
    make('input', { type: 'checkbox', name: 'field', value: f, checked: true }), ` ${word('field', f)}`)));
  $('#claims').hidden = p.dataset.use !== 'proof';
  disarm();
}

function disarm() { $('#arm').checked = false; }

// clear takes the person off the page, for good.
function clear() {
  stopCountdown($('.gone-in') ?? make('p'));
  $('#result').replaceChildren();
  from = '';
  seen = null;
  failed = '';
  $('#form').hidden = !sits || Boolean(reading);
}

function busy(on) {
  $('#progress').hidden = !on;
  $('#form').hidden = on;
  $('#bar').value = 0;
  $('#bar').max = 1;
}

async function read() {
  if (reading || !sits) return;
  if (!fields().length) { $('#fields').open = true; $('#field-boxes input').focus(); return; }
  clear();
  const stop = new AbortController();
  const stay = cardsLeft;
  reading = stop;
  busy(true);
  say(t('counter.reading'));
  const body = { purpose: purpose().value, fields: fields() };
  at = chosen() ?? '';
  if (at) body.reader = at;
  try {
    if (purpose().dataset.use === 'proof') await prove(body, stop.signal, stay);
    else {
      const answer = await post('/v1/reads', body, { signal: stop.signal });
      if (stay === cardsLeft) show(answer.identity);
      else clear(); // the card left while the answer was on its way
    }
    claims.forget();
  } catch (problem) {
    if (problem.name === 'AbortError') clear(); // whose it was nobody knows for sure
    else wrong(problem);
  } finally {
    reading = null;
    busy(false);
    // A person on the screen has it to herself; a failure leaves the button below it.
    if ($('.result')) $('#form').hidden = true;
    else if (!$('#result').children.length) $('#read').focus();
  }
}

async function prove(body, signal, stay) {
  asking = new AbortController();
  const claimed = claims.given();
  if (claimed) body.claimed = claimed;
  let result;
  try {
    result = await run($('#result'), body, {
      signal, question: asking.signal,
      shown() { $('#progress').hidden = true; from = chosen() ?? 'any'; seen = null; },
    });
  } finally { asking = null; }
  seen = null; // what may be shown of the person is the result's to say
  // The decision outlives the card, and the person does not.
  const identity = stay === cardsLeft && result.identity ? result.identity : {};
  const view = show(identity);
  judge(view, result);
  const title = $('span', purpose().closest('label')).textContent;
  $('.question-slot', view).append($('.gone-in', view), $('.buttons', view)); // in sight, without scrolling
  $('.buttons', view).prepend(make('button', {
    type: 'button', class: 'secondary', text: t('slip.print'),
    on: {
      click: () => slip($('#result'), result, {
        purpose: title, fields: body.fields.map((f) => word('field', f)).join(', '), number: numberFor(identity.citizen_id, purpose().dataset.printed),
      }),
    },
  }));
  say(t(`decision.${result.decision}`));
}

// show shows a person, or adds the photo to one whose text is on the screen.
function show(identity) {
  const view = seen ?? fresh('tpl-result');
  if (seen) {
    complete(view, identity);
    view.classList.remove('glimpse');
    view.removeAttribute('aria-busy');
    $('.buttons', view).hidden = false;
    seen = null;
  } else {
    draw(view, identity);
    $('#result').replaceChildren(view);
    $('.name-th', view).focus();
  }
  $('.again', view).addEventListener('click', () => { clear(); $('#read').focus(); });
  $('#form').hidden = true;
  from = chosen() ?? 'any';
  countdown($('.gone-in', view), new Date(Date.now() + stays), 'counter.gone_in', clear);
  return view;
}

// text shows whom the card names while its photo is read.
async function text(event) {
  const mine = reading;
  const stay = cardsLeft;
  if (!mine) return;
  const view = await glimpse($('#result'), event, {
    signal: mine.signal, large: event.proofing, current: () => reading === mine && stay === cardsLeft && !$('.result'),
  });
  if (!view) return;
  seen = view;
  from = chosen() ?? 'any';
}

function wrong(problem) {
  clear();
  failed = problem.code;
  failure($('#result'), problem, pictureOf(problem.code));
}

form.addEventListener('submit', (event) => { event.preventDefault(); read(); });
form.addEventListener('change', (event) => { if (event.target.name === 'purpose') offer(); });
$('#stop').addEventListener('click', () => reading?.abort());
$('#take-desk').addEventListener('click', async () => {
  try { took(await post('/v1/desk')); }
  catch (problem) { wrong(problem); }
});

const heard = {
  // Only what the person at the desk has armed reads by itself, and only a card
  // that comes: not one that was in when the page opened.
  came() {
    if (failed && !reading) clear(); // a card has come: what was wrong with the former is past
    if ($('#arm').checked) read();
  },
  left(reader) {
    left(reader);
    if (reader && at && reader !== at) return; // another person's
    cardsLeft += 1;
    asking?.abort();
    claims.forget();
    // That the card left is what some failures are about: those stay.
    if (from || (failed && !/^(card_removed|card_changed|reader_.*)$/.test(failed))) { const gone = Boolean(from); clear(); if (gone) say(t('counter.cleared')); }
  },
  waiting(event) { waiting(event).catch((problem) => { if (problem.code && problem.code !== 'mfa_required') wrong(problem); }); },
  ended({ id }) { ended(id); },
  already,
  text,
  progress({ step, of }) {
    $('#bar').max = of;
    $('#bar').value = step;
    $('#bar-label').textContent = t('counter.reading_at', `${Math.round((100 * step) / Math.max(of, 1))} %`);
  },
};

start({
  open() { offer(); },
  changed(session) {
    $('#no-desk').hidden = session.desk;
    if (session.desk === sits) return;
    sits = session.desk;
    $('#form').hidden = !sits;
    $('#reader').hidden = !sits;
    if (sits) { follow(heard); watch(); ports.watch(); } else { leave(); unwatch(); ports.unwatch(); claims.forget(); clear(); disarm(); }
  },
  close() {
    asking?.abort();
    reading?.abort();
    sits = false;
    leave();
    unwatch();
    ports.unwatch();
    claims.forget();
    clear();
    disarm();
  },
});
