// The clocks of an incident as a line: when it was known, where 72 hours and 15
// days end, what was sent, and where the present is. It is a picture beside the
// list of duties, which says all of it in words.
import { t, moment } from './dom.js';
import { isDone, ofLaw } from './incident-duties.js';
import { now, left } from './incident-time.js';

const NS = 'http://www.w3.org/2000/svg';
const svg = (tag, attributes = {}, ...children) => {
  const e = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  e.append(...children);
  return e;
};
const text = (attributes, words) => svg('text', attributes, document.createTextNode(words));

// draw puts the line into box, as wide as the box is, so that its letters stay as
// large as the page's.
export function draw(box, d) {
  const width = Math.max(300, Math.round(box.clientWidth));
  const at = now().getTime();
  const time = (iso) => new Date(iso).getTime();
  const marks = marksOf(d, at, time);
  const times = marks.map((m) => m.at);
  const begin = Math.min(...times);
  const end = Math.max(...times);
  const room = Math.max(end - begin, 60000);
  const inset = 16;
  const x = (ms) => inset + ((ms - begin) / room) * (width - 2 * inset);

  const above = placed(marks.filter((m) => m.up), x, width);
  const below = placed(marks.filter((m) => !m.up), x, width);
  const line = 38;
  const track = 14 + above.count * line;
  const height = track + 26 + below.count * line;
  const parts = [svg('rect', { class: 'track', x: inset, y: track, width: width - 2 * inset, height: 12, rx: 6 })];
  if (d.aware_at) {
    const zone = (a, b, cls) => { if (b > a) parts.push(svg('rect', { class: cls, x: x(a), y: track, width: Math.max(1, x(b) - x(a)), height: 12 })); };
    const from = time(d.aware_at);
    const sent = d.timing ? Math.min(...d.known.notices.map((n) => time(n.sent_at))) : at;
    const to = Math.min(sent, end);
    zone(from, Math.min(to, time(d.notice_due)), 'in-time');
    zone(time(d.notice_due), Math.min(to, time(d.delay_due)), 'late');
    zone(time(d.delay_due), to, 'out');
  }
  for (const m of [...above.list, ...below.list]) parts.push(...flag(m, track, line));
  for (const duty of d.duties) {
    if (!duty.deadline || isDone(duty) || time(duty.deadline) > end || time(duty.deadline) < begin) continue;
    const px = x(time(duty.deadline));
    parts.push(svg('path', { class: `duty ${duty.state}`, d: `M${px} ${track - 3}l9 9l-9 9l-9 -9z` }));
  }
  const said = marks.toSorted((a, b) => a.at - b.at).map((m) => `${m.words} ${m.when}`).join(', ');
  const picture = svg('svg', { role: 'img', 'aria-label': t('line.says', said), viewBox: `0 0 ${width} ${height}`, width, height }, ...parts);
  box.replaceChildren(picture);
}

function marksOf(d, at, time) {
  const mark = (ms, key, cls, up, note) => ({ at: ms, words: t(key), when: note ?? short(ms), cls, up });
  const both = d.aware_at === d.reported_at;
  const marks = [mark(time(d.reported_at), both ? 'line.both' : 'line.reported', 'event', false)];
  if (d.aware_at) {
    if (!both) marks.push(mark(time(d.aware_at), 'line.aware', 'event', false));
    marks.push(mark(time(d.notice_due), 'line.notice', at > time(d.notice_due) ? 'passed' : 'deadline', true));
    const late = d.duties.some((x) => x.duty === 'explain_delay') || at > time(d.notice_due) && d.duties.some((x) => x.duty === 'notify_office');
    if (late) marks.push(mark(time(d.delay_due), 'line.delay', at > time(d.delay_due) ? 'passed' : 'deadline', true));
  }
  for (const n of d.known.notices) marks.push(mark(time(n.sent_at), 'line.sent', 'sent', false));
  if (d.closed_at) marks.push(mark(time(d.closed_at), 'line.closed', 'event', false));
  else marks.push(mark(at, 'line.now', 'now', true, nearest(d) ?? short(at)));
  return marks;
}

// nearest is how long the next clock of the law is still to go, or the last one is
// over.
function nearest(d) {
  const open = d.duties.filter((x) => x.deadline && ofLaw(x) && !isDone(x));
  const duty = open.find((x) => new Date(x.deadline) >= now()) ?? open.at(-1);
  return duty ? left(duty.deadline) : undefined;
}

const short = (ms) => moment(new Date(ms).toISOString());

// placed gives every label a place like a flag beside its pole: to the right, or to
// the left where the line ends, and as near to the line as no other flag or pole is
// in the way.
function placed(marks, x, width) {
  const done = [];
  const flags = marks.map((m) => {
    const wide = Math.max(m.words.length, m.when.length) * 7.4 + 14;
    const px = x(m.at);
    const leftwards = px + wide > width;
    return { ...m, px, leftwards, from: leftwards ? px - wide : px, to: leftwards ? px : px + wide };
  });
  // Whoever is last in its direction has the place next to the line.
  const order = [...flags.filter((f) => f.leftwards).sort((a, b) => a.px - b.px), ...flags.filter((f) => !f.leftwards).sort((a, b) => b.px - a.px)];
  for (const f of order) {
    const clash = (row) => done.some((o) => (o.row === row && o.from < f.to && f.from < o.to)
      || (o.row < row && f.px > o.from && f.px < o.to) || (o.row > row && o.px > f.from && o.px < f.to));
    let row = 0;
    while (clash(row) && row < marks.length) row += 1;
    done.push({ ...f, row });
  }
  return { list: done, count: Math.max(1, ...done.map((f) => f.row + 1)) };
}

function flag(m, track, line) {
  const top = m.up ? track - 8 - (m.row + 1) * line : track + 18 + m.row * line;
  const side = m.leftwards ? { x: m.px - 6, 'text-anchor': 'end' } : { x: m.px + 6, 'text-anchor': 'start' };
  return [
    svg('line', { class: `pole ${m.cls}`, x1: m.px, x2: m.px, y1: m.up ? top : track, y2: m.up ? track + 12 : top + line - 6 }),
    text({ ...side, y: top + 13, class: `words ${m.cls}` }, m.words),
    text({ ...side, y: top + 29, class: `when ${m.cls}` }, m.when),
    ...(m.cls === 'now' ? [svg('circle', { class: 'now', cx: m.px, cy: track + 6, r: 8 })] : []),
    ...(m.cls === 'sent' || m.cls === 'event' ? [svg('circle', { class: m.cls, cx: m.px, cy: track + 6, r: 6 })] : []),
  ];
}
