// The keys of the installation, by their thumbprints and ids; none is ever shown.
import { $, t, make, word } from './dom.js';
import { get } from './api.js';
import { start, tried } from './page.js';

const box = $('#keys-problem');

async function load() {
  const { keys } = await get('/v1/keys');
  $('#keys').replaceChildren(...keys.map((k) => make('tr', {},
    make('td', { text: word('ring', k.ring) }), make('td', { class: 'exact', text: k.id }),
    make('td', {}, make('span', { class: `badge ${{ current: 'good', missing: 'bad', revoked: 'bad' }[k.state] ?? ''}`, text: word('keystate', k.state) })),
    make('td', { text: k.uses ? t('keys.uses', k.uses) : '' }))));
}

start({ open: () => tried(box, load), close() { $('#keys').replaceChildren(); box.replaceChildren(); } });
