// A proofing at the counter: what the clerk sees and states, and what becomes of
// it. Facts are stated here and nowhere else.
import { $, t, word, make, fresh, moment } from './dom.js';
import { get, post } from './api.js';
import { draw } from './identity.js';
import { printOnly } from './key.js';

// run asks for a proofing and goes on with it until there is a result. box is where
// the person is shown; shown is called when the card has been read.
// question ends when the clerk can no more be asked, signal when nobody wants to
// know.
export async function run(box, body, { signal, question, shown }) {
  let state = await post('/v1/proofings', body, { signal });
  while (state?.state === 'waiting') {
    await attend(box, state.id, state.waiting_for, { signal: question, shown });
    state = await post(`/v1/proofings/${state.id}/result`, {}, { signal });
  }
  return state;
}

// breakOff ends a proofing: nothing is signed. That it ended, whoever waits for the
// result is told.
async function breakOff(id, button) {
  button.disabled = true;
  try { await post(`/v1/proofings/${id}/decline`); }
  catch (problem) { if (!problem.code) throw problem; button.disabled = false; }
}

function offButton(id) {
  const off = make('button', { type: 'button', class: 'secondary', text: t('approval.break_off'), on: { click: () => breakOff(id, off) } });
  return off;
}

const asked = ['face_visual', 'card_inspected'];

// attend is the clerk's part: the card, large, and each question in its turn. It
// ends early when signal does, as when the card leaves; what then holds, the agent
// says.
export async function attend(box, id, wanted, { signal, shown, head = [] }) {
  if (wanted.includes('second_person')) {
    box.replaceChildren(...head, make('p', { class: 'note unclear', role: 'status', text: t('ask.second_person') }), offButton(id));
    return;
  }
  const questions = asked.filter((w) => wanted.includes(w));
  if (questions.length === 0 || signal.aborted) return;
  const view = await post(`/v1/proofings/${id}/view`);
  if (signal.aborted) return; // the card left while the answer was on its way
  shown?.();
  const card = fresh('tpl-result');
  if (view.identity) draw(card, view.identity, { large: true });
  $('.gone-in', card).remove();
  $('.again', card).replaceWith(offButton(id));
  if (view.differs.length) {
    $('.findings', card).prepend(make('p', { class: 'note unclear', text: t('ask.differs', view.differs.map((f) => word('claim', f)).join(', ')) }));
  }
  box.replaceChildren(...head, card);
  for (const fact of questions) {
    const stated = await ask($('.question-slot', card), fact, signal);
    if (!stated) return;
    await post(`/v1/proofings/${id}/facts`, stated);
  }
  $('.question-slot', card).replaceChildren(make('p', { class: 'muted', role: 'status', 'aria-busy': 'true', text: t('proof.waiting') }));
}

const answers = {
  face_visual: [['yes', { outcome: 'passed' }, 'yes'], ['no', { outcome: 'failed' }, 'no']],
  card_inspected: [
    ['in_force', { outcome: 'passed', printed_expiry: 'in_force' }, 'yes'], ['lifelong', { outcome: 'passed', printed_expiry: 'lifelong' }, 'yes'],
    ['expired', { outcome: 'failed', printed_expiry: 'expired' }, 'no'],
  ],
};

// ask waits for the clerk's word about one thing that only a person can see.
function ask(slot, kind, signal) {
  return new Promise((resolve) => {
    if (signal.aborted) { resolve(null); return; }
    const view = fresh('tpl-question');
    $('legend', view).textContent = t(`ask.${kind}`);
    $('.hint', view).textContent = t(`ask.${kind}_hint`);
    $('.answers', view).replaceChildren(...answers[kind].map(([name, stated, look]) => make('button', {
      type: 'button', class: look, text: t(`ask.${kind}_${name}`), on: { click: () => resolve({ kind, ...stated }) },
    })));
    slot.replaceChildren(view);
    view.focus(); // and to no answer: none is given by a key that was pressed too long
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}

const pictures = { accepted: 'accepted', rejected: 'rejected', inconclusive: 'unclear' };

// judge shows the decision in colour and in words, what was checked and what not,
// and the next step that this desk can do.
export function judge(view, result) {
  const verdict = fresh('tpl-verdict');
  verdict.classList.add(result.decision);
  $('img', verdict).src = `/static/pic-${pictures[result.decision]}.svg`;
  $('.decision', verdict).textContent = t(`decision.${result.decision}`);
  $('.why', verdict).textContent = result.reasons.map(reason).join(' · ');
  $('.verdict-slot', view).replaceChildren(verdict);

  const more = fresh('tpl-more');
  $('.done', more).replaceChildren(...result.facts.filter((f) => f.outcome !== 'not_done').map(item));
  $('.undone', more).replaceChildren(...result.facts.filter((f) => f.outcome === 'not_done').map((f) => make('li', { text: word('fact', f.kind) })));
  const steps = [...new Set(result.assurance.flatMap((a) => a.next_step))];
  $('.next', more).hidden = steps.length === 0;
  $('.steps', more).replaceChildren(...steps.map((k) => make('li', { text: word('fact', k) })));
  $('.levels', more).replaceChildren(...result.assurance.map((a) => make('li', {
    text: `${a.scheme} ${a.rules_version}: ${a.level || a.candidate_level || '–'}${a.unconfirmed ? ` (${t('proof.unconfirmed')})` : ''}`,
  })));
  $('dl.copyable', view).after(more);
}

const item = (f) => make('li', { class: f.outcome }, make('span', { text: `${word('fact', f.kind)}: ${word('outcome', f.outcome)}${differing(f)}${f.desc ? ` – ${f.desc}` : ''}` }));
const differing = (f) => (f.fields?.length ? ` (${f.fields.map((name) => word('claim', name)).join(', ')})` : '');

// reason is <fact>_<outcome>, or the one reason that is no fact.
function reason(r) {
  const m = r.match(/^(.*)_(not_done|failed|indeterminate)$/);
  return m ? `${word('fact', m[1])}: ${word('outcome', m[2])}` : word('reason', r);
}

// slip prints the receipt, which is also the notice to the citizen.
export async function slip(box, result, { purpose, fields, number }) {
  const view = fresh('tpl-slip');
  const line = (key, text) => [make('dt', { text: t(`slip.${key}`) }), make('dd', { text })];
  $('dl', view).replaceChildren(...line('purpose', purpose), ...line('fields', fields), ...line('at', moment(new Date().toISOString())),
    ...line('txn', result.txn), ...line('number', number), ...line('decision', t(`decision.${result.decision}`)));
  $('.checks', view).replaceChildren(...result.facts.filter((f) => f.outcome !== 'not_done').map(item));
  const { png } = await get(`/v1/txn-qr/${result.txn}`);
  if (!$('.result', box)) return; // the person has left the screen meanwhile
  $('.slip-qr', view).src = `data:image/png;base64,${png}`;
  $('.slip', box)?.remove();
  box.append(view);
  await $('.slip-qr', view).decode();
  printOnly(view);
}

// numberFor is the citizen number as a slip may show it: whole only where the
// purpose says so.
export function numberFor(number, printed) {
  if (!number) return '–';
  return printed === 'whole' ? number : `x-xxxx-xxxxx-${number.slice(10, 12)}-${number.slice(12)}`;
}
