// What the citizen gave, in words: the agent compares it with the chip and says by
// name what differs. It goes with the read that used it, with the card, and when
// nobody has typed for a while.
import { $, $$ } from './dom.js';

// stays is how long words lie here unused, in milliseconds.
const stays = 5 * 60 * 1000;

const box = $('#claims');
let timer = 0;

// given are the words, by the names of the interface; null if there are none.
export function given() {
  const words = $$('input', box).map((i) => [i.name.replace('claim-', ''), i.value.trim()]).filter(([, value]) => value);
  return words.length ? Object.fromEntries(words) : null;
}

export function forget() {
  clearTimeout(timer);
  for (const i of $$('input', box)) i.value = '';
  box.open = false;
}

box.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(forget, stays); });
