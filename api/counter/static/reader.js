// What the readers see, live. The stream needs no question: the agent tells what is
// there when it begins, and what happens from then on.
import { $, t, set, make } from './dom.js';
import { look } from './page.js';

let source = null;
let retry = 0;
const readers = new Map();
let service = '';
let heard = {};
let settled = 0; // when the stream has told what was there already

// burst is how long a stream that begins may take to tell what is there, in
// milliseconds: a card that it names then did not come just now.
const burst = 100;

// follow begins the stream; on holds what is done when a card comes or goes, and
// when a read gets further.
export function follow(on) {
  heard = on;
  leave();
  source = new EventSource('/v1/events');
  const at = (name, f) => source.addEventListener(name, (event) => { f(JSON.parse(event.data)); draw(); });
  at('reader_added', ({ reader }) => readers.set(reader, 'absent'));
  at('reader_removed', ({ reader }) => { readers.delete(reader); heard.left?.(reader); });
  at('card_inserted', ({ reader }) => {
    readers.set(reader, 'present');
    if (settled && Date.now() > settled) heard.came?.(reader);
  });
  at('card_mute', ({ reader }) => readers.set(reader, 'mute'));
  at('card_removed', ({ reader }) => { readers.set(reader, 'absent'); heard.left?.(reader); });
  at('service_lost', ({ code }) => { readers.clear(); service = code || 'reader_service_down'; heard.left?.(null); });
  at('service_back', () => { service = ''; });
  source.addEventListener('read_progress', (event) => heard.progress?.(JSON.parse(event.data)));
  source.addEventListener('text_read', (event) => heard.text?.(JSON.parse(event.data)));
  source.addEventListener('proofing_waiting', (event) => heard.waiting?.(JSON.parse(event.data)));
  source.addEventListener('read_already', (event) => heard.already?.(JSON.parse(event.data)));
  source.addEventListener('proofing_ended', (event) => heard.ended?.(JSON.parse(event.data)));
  source.addEventListener('open', () => { readers.clear(); service = ''; settled = Date.now() + burst; draw(); });
  source.addEventListener('error', () => {
    if (source?.readyState !== EventSource.CLOSED) { draw(t('counter.looking')); return; }
    // Refused: the desk is not ours, or the session is over.
    draw(t('counter.looking'));
    clearTimeout(retry);
    retry = setTimeout(() => { if (source) { look(); follow(heard); } }, 2000);
  });
}

export function leave() {
  clearTimeout(retry);
  source?.close();
  source = null;
  readers.clear();
  service = '';
}

// chosen is the reader to read at, or undefined for the only one with a card.
export function chosen() {
  const select = $('#which');
  return $('#reader-pick').hidden ? undefined : select.value;
}

function draw(waiting) {
  const names = [...readers.keys()].sort();
  const withCard = names.filter((n) => readers.get(n) === 'present');
  const mute = names.some((n) => readers.get(n) === 'mute');
  const [state, picture, text] = waiting ? ['waiting', 'reader', waiting]
    : service ? ['lost', 'service', t('counter.service_lost')]
      : names.length === 0 ? ['lost', 'noreader', t('counter.no_reader')]
        : withCard.length > 0 ? ['present', 'present', t('counter.present')]
          : mute ? ['mute', 'clean', t('counter.mute')]
            : ['absent', 'insert', t('counter.absent')];
  $('#reader').dataset.state = state;
  $('#reader-picture').src = `/static/pic-${picture}.svg`;
  if ($('#reader-state').textContent !== text) $('#reader-state').textContent = text;
  set($('#reader-name'), names.join(' · '));
  const former = $('#which').value;
  $('#which').replaceChildren(...withCard.map((n) => make('option', { value: n, text: n, selected: n === former })));
  $('#reader-pick').hidden = withCard.length < 2;
}
