// The nearest deadline, on every page of the office, for the data protection
// officer. It interrupts nobody: a screen reader meets it at the top of the page.
import { $, t, make, moment } from './dom.js';
import { get } from './api.js';
import { me } from './page.js';
import { link } from './office.js';
import { worded } from './incident-form.js';
import { tones } from './incident-duties.js';
import { heard, left } from './incident-time.js';

const every = 60000;
let asked = 0;

function clear() { $('#banner-due')?.remove(); }

async function look() {
  const session = me();
  if (session?.state !== 'active' || session.must_enrol || session.role !== 'dpo') { asked = 0; clear(); return; }
  if (Date.now() - asked < every) return;
  asked = Date.now();
  let answer;
  try { answer = await get('/v1/duties', { quiet: true }); }
  catch (problem) { if (!problem.code) throw problem; clear(); return; }
  heard(answer.at);
  const duty = answer.first;
  if (!duty?.deadline) { clear(); return; }
  const others = answer.duties.filter((d) => d.state === 'overdue').length - (duty.state === 'overdue' ? 1 : 0);
  const note = make('p', { id: 'banner-due', class: `note due ${tones[duty.state]}`, 'data-state': duty.state },
    make('strong', { text: t('due.nearest', worded('duty', duty.duty)) }), ' ', t('due.by', moment(duty.deadline)), ' · ',
    make('strong', { text: left(duty.deadline) }), ' · ', make('a', { href: link(`/incidents/${duty.incident}`), text: t('due.open', duty.incident) }),
    ...(others ? [' · ', make('a', { href: link('/incidents'), text: t('due.others', others) })] : []));
  const former = $('#banner-due');
  if (former) former.replaceWith(note);
  else $('#banners').prepend(note);
}

document.addEventListener('session', look);
document.addEventListener('incident', () => { asked = 0; look(); });
look();
