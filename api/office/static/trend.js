// The trend of open exposures: a drawing for the eye and the same as a table for
// everybody. No library: bars of one colour in an SVG that scales.
import { t, make, lang, word } from './dom.js';
import { count, severities } from './office.js';

const svg = 'http://www.w3.org/2000/svg';
const short = new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : 'th-TH-u-ca-buddhist-nu-latn', { timeZone: 'Asia/Bangkok', day: 'numeric', month: 'short', year: '2-digit' });
const dayOf = (d) => short.format(new Date(`${d}T12:00:00+07:00`));

function draw(tag, props, text) {
  const e = document.createElementNS(svg, tag);
  for (const [k, v] of Object.entries(props)) e.setAttribute(k, v);
  if (text) e.textContent = text;
  return e;
}

export function showTrend(box, days) {
  if (!days.length) {
    box.replaceChildren(make('p', { class: 'muted', text: t('trend.none') }));
    return;
  }
  const first = days[0];
  const last = days.at(-1);
  if (days.length === 1) {
    box.replaceChildren(make('p', { text: t('trend.today', count(last.open)) }));
    return;
  }
  const says = t('trend.says', count(last.open), dayOf(last.day), count(first.open), dayOf(first.day));
  box.replaceChildren(make('p', { text: says }), picture(days, says), table(days));
}

function picture(days, says) {
  const width = 640;
  const height = 180;
  const left = 44;
  const foot = 26;
  const top = Math.max(1, ...days.map((d) => d.open));
  const root = draw('svg', { viewBox: `0 0 ${width} ${height}`, class: 'trend', role: 'img', 'aria-label': says, focusable: 'false' });
  const y = (n) => 8 + (height - foot - 8) * (1 - n / top);
  for (const n of new Set([0, Math.round(top / 2), top])) {
    root.append(draw('line', { x1: left, x2: width, y1: y(n), y2: y(n), class: 'grid-line' }), draw('text', { x: left - 6, y: y(n) + 4, 'text-anchor': 'end' }, count(n)));
  }
  const step = (width - left) / days.length;
  const bar = Math.min(step * 0.7, 40);
  days.forEach((d, i) => {
    root.append(draw('rect', { x: left + i * step + (step - bar) / 2, y: y(d.open), width: bar, height: Math.max(0, height - foot - y(d.open)), class: 'bar' }));
  });
  root.append(draw('text', { x: left, y: height - 6 }, dayOf(days[0].day)));
  if (days.length > 1) root.append(draw('text', { x: width, y: height - 6, 'text-anchor': 'end' }, dayOf(days.at(-1).day)));
  return root;
}

function table(days) {
  const rows = [...days].reverse().map((d) => make('tr', {}, make('th', { scope: 'row', text: dayOf(d.day) }), make('td', { text: count(d.open) }), ...severities.map((s) => make('td', { text: count(d.severities[s]) }))));
  return make('details', { class: 'trend-table' }, make('summary', { text: t('trend.table') }),
    make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t('trend.table') }, make('table', {}, make('thead', {}, make('tr', {}, make('th', { scope: 'col', text: t('trend.day') }), make('th', { scope: 'col', text: t('trend.open') }), ...severities.map((s) => make('th', { scope: 'col', text: word('severity', s) })))), make('tbody', {}, ...rows))));
}
