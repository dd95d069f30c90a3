// Time as a clock of the law has it: how long it is still to go, to the second
// where that matters, and the clock of the machine that keeps the register.
import { t } from './dom.js';

let offset = 0;

// heard takes the moment of an answer: the machine's clock counts, and not the
// browser's.
export function heard(at) { offset = new Date(at) - Date.now(); }

export const now = () => new Date(Date.now() + offset);

// duration is a stretch of time in its two largest units.
export function duration(ms) {
  let s = Math.floor(Math.abs(ms) / 1000);
  const parts = [];
  for (const [unit, length] of [['days', 86400], ['hours', 3600], ['minutes', 60], ['seconds', 1]]) {
    const n = Math.floor(s / length);
    s -= n * length;
    if (n) parts.push(t(`time.${unit}`, n));
    else if (parts.length) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ') || t('time.seconds', 0);
}

// left says how long a deadline is still to go, or is over.
export function left(deadline, at = now()) {
  const ms = new Date(deadline) - at;
  return ms >= 0 ? t('incident.left', duration(ms)) : t('incident.over', duration(ms));
}
