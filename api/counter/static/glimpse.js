// The text of a card is there long before its photo. What the stream says is that
// it can be asked for; it is shown only while its read goes on and its card is in,
// and goes when the read fails, for then nobody knows whose it was.
import { $, t, fresh, say } from './dom.js';
import { post } from './api.js';
import { draw } from './identity.js';

// glimpse shows the text of the read that runs in box. current says whether that
// read still is the one, and nothing is shown of it yet.
export async function glimpse(box, { id, proofing }, { signal, large, current }) {
  let answer;
  try { answer = await post(proofing ? `/v1/proofings/${id}/view` : `/v1/reads/${id}/text`, {}, { signal, quiet: true }); }
  catch (problem) {
    // The read's own answer says what is wrong.
    if (problem.code || problem.name === 'AbortError') return null;
    throw problem;
  }
  if (!current() || !answer.identity) return null;
  const view = fresh('tpl-result');
  draw(view, answer.identity, { large, photoComes: true });
  view.classList.add('glimpse');
  view.setAttribute('aria-busy', 'true');
  $('.gone-in', view).hidden = true;
  $('.buttons', view).hidden = true;
  box.replaceChildren(view);
  $('.name-th', view).focus();
  say(t('identity.photo_comes'));
  return view;
}
