// The counter: what the reader sees, one purpose, one big button, one person at a
// time. What was read leaves the page with the card, and after a minute.
import { $, $$, t, word, make, fresh, countdown, stopCountdown, say } from './dom.js';
import { post } from './api.js';
import { start, took, failure } from './page.js';
import { follow, leave, chosen } from './reader.js';
import { watch, unwatch, waiting, ended } from './approvals.js';
import { draw } from './identity.js';
import { run, judge, slip, numberFor } from './proofing.js';
import { pictureOf } from './failures.js';

// stays is how long a person stays on the screen, in milliseconds.
const stays = 60000;

let reading = null; // what stops the read that runs
let asking = null;  // what ends the question to the clerk
let from = '';      // the reader whose card is on the screen
let sits = false;   // whether this session holds the desk

const form = $('#f-read');
const purpose = () => $('input[name=purpose]:checked', form);

function fields() { return $$('#field-boxes input:checked').map((i) => i.value); }

function offer() {
  const p = purpose();
  $('#field-boxes').replaceChildren(...p.dataset.fields.split(' ').map((f) => make('label', {},
    make('input', { type: 'checkbox', name: 'field', value: f, checked: true }), ` ${word('field', f)}`)));
  disarm();
}

function disarm() { $('#arm').checked = false; }

// clear takes the person off the page, for good.
function clear() {
  stopCountdown($('.gone-in') ?? make('p'));
  $('#result').replaceChildren();
  from = '';
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
  reading = stop;
  busy(true);
  say(t('counter.reading'));
  const body = { purpose: purpose().value, fields: fields() };
  const at = chosen();
  if (at) body.reader = at;
  try {
    if (purpose().dataset.use === 'proof') await prove(body, stop.signal);
    else {
      const answer = await post('/v1/reads', body, { signal: stop.signal });
      show(answer.identity);
    }
  } catch (problem) {
    if (problem.name !== 'AbortError') wrong(problem);
  } finally {
    reading = null;
    busy(false);
    // A person on the screen has it to herself; a failure leaves the button below it.
    if ($('.result')) $('#form').hidden = true;
    else if (!$('#result').children.length) $('#read').focus();
  }
}

async function prove(body, signal) {
  asking = new AbortController();
  let result;
  try {
    result = await run($('#result'), body, {
      signal, question: asking.signal,
      shown() { $('#progress').hidden = true; from = chosen() ?? 'any'; },
    });
  } finally { asking = null; }
  const view = show(result.identity ?? {});
  judge(view, result);
  const title = $('span', purpose().closest('label')).textContent;
  $('.buttons', view).prepend(make('button', {
    type: 'button', class: 'secondary', text: t('slip.print'),
    on: {
      click: () => slip($('#result'), result, {
        purpose: title, fields: body.fields.map((f) => word('field', f)).join(', '), number: numberFor(result.identity?.citizen_id, purpose().dataset.printed),
      }),
    },
  }));
  say(t(`decision.${result.decision}`));
}

function show(identity) {
  const view = fresh('tpl-result');
  draw(view, identity);
  $('.again', view).addEventListener('click', () => { clear(); $('#read').focus(); });
  $('#result').replaceChildren(view);
  $('#form').hidden = true;
  from = chosen() ?? 'any';
  countdown($('.gone-in', view), new Date(Date.now() + stays), 'counter.gone_in', clear);
  $('.name-th', view).focus();
  return view;
}

function wrong(problem) {
  clear();
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
  came() { if ($('#arm').checked) read(); },
  left() {
    asking?.abort();
    if (from || $('.failure')) { const gone = Boolean(from); clear(); if (gone) say(t('counter.cleared')); }
  },
  waiting(event) { waiting(event).catch((problem) => { if (problem.code && problem.code !== 'mfa_required') wrong(problem); }); },
  ended({ id }) { ended(id); },
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
    if (sits) { follow(heard); watch(); } else { leave(); unwatch(); clear(); }
  },
  close() {
    asking?.abort();
    reading?.abort();
    sits = false;
    leave();
    unwatch();
    clear();
    disarm();
  },
});
