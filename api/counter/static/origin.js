// An origin as people must see it: exactly as browsers send it, and what its name
// looks like in Unicode, where that differs (RFC 3492 for the labels xn--).
export function forms(origin) {
  const m = origin.match(/^([a-z]+:\/\/)([^/:]+|\[[^\]]*\])(:\d+)?$/);
  if (!m || !m[2].includes('xn--')) return { ascii: origin, unicode: origin, differs: false };
  const host = m[2].split('.').map((l) => (l.startsWith('xn--') ? decode(l.slice(4)) : l)).join('.');
  return { ascii: origin, unicode: `${m[1]}${host}${m[3] ?? ''}`, differs: true };
}

function decode(input) {
  const out = [];
  const dash = input.lastIndexOf('-');
  for (let j = 0; j < Math.max(dash, 0); j++) out.push(input.charCodeAt(j));
  let n = 128;
  let i = 0;
  let bias = 72;
  for (let at = dash > 0 ? dash + 1 : 0; at < input.length;) {
    const former = i;
    for (let weight = 1, k = 36; ; k += 36) {
      const c = input.charCodeAt(at++);
      const digit = c >= 97 && c <= 122 ? c - 97 : c >= 48 && c <= 57 ? c - 22 : 36;
      if (digit >= 36) return `xn--${input}`;
      i += digit * weight;
      const threshold = Math.min(Math.max(k - bias, 1), 26);
      if (digit < threshold) break;
      weight *= 36 - threshold;
    }
    bias = adapt(i - former, out.length + 1, former === 0);
    n += Math.floor(i / (out.length + 1));
    i %= out.length + 1;
    out.splice(i++, 0, n);
  }
  return String.fromCodePoint(...out);
}

function adapt(delta, points, first) {
  let d = first ? Math.floor(delta / 700) : delta >> 1;
  d += Math.floor(d / points);
  let k = 0;
  for (; d > 455; k += 36) d = Math.floor(d / 35);
  return k + Math.floor((36 * d) / (d + 38));
}
