// What can be wrong with this machine, and what to do about it.
import { $, t, word, make } from './dom.js';
import { get } from './api.js';
import { start, tried } from './page.js';

const tone = { ok: 'good', warning: 'unclear', failed: 'bad', unknown: '' };
const rank = { failed: 0, unknown: 1, warning: 2, ok: 3 };

async function examine() {
  const button = $('#examine');
  button.setAttribute('aria-busy', 'true');
  try {
    const { checks } = await get('/v1/doctor');
    const worst = checks.reduce((w, c) => (rank[c.state] < rank[w] ? c.state : w), 'ok');
    const verdict = $('#doctor-verdict');
    verdict.className = `note ${tone[worst]}`;
    verdict.textContent = t(`doctor.${worst}`);
    verdict.hidden = false;
    $('#checks').replaceChildren(...checks.map((c) => make('li', { class: 'check' },
      make('span', { class: `badge ${tone[c.state]}`, text: word('check', c.state) }),
      make('div', {}, make('h2', { text: word('doctorid', c.id) + (c.subject ? ` · ${c.subject}` : '') }), make('p', { text: c.found }),
        ...(c.remedy ? [make('strong', { text: t('doctor.remedy') }), make('pre', { text: c.remedy })] : [])))));
  } finally { button.removeAttribute('aria-busy'); }
}

$('#examine').addEventListener('click', () => tried($('#doctor-problem'), examine));

start({
  open: () => tried($('#doctor-problem'), examine),
  close() { $('#checks').replaceChildren(); $('#doctor-problem').replaceChildren(); $('#doctor-verdict').hidden = true; },
});
