// Intake: whoever is logged in reports something abnormal, and is told its number.
import { $, t } from './dom.js';
import { start, act, me } from './page.js';
import { link } from './office.js';
import { openForm } from './incident-form.js';

const place = $('#intake');

function fresh() {
  $('#reported').hidden = true;
  openForm(place, 'reported', {
    known: null, now: () => new Date(), filled: { role: 'controller', source: 'staff' },
    async send(_kind, body) {
      const { id } = await act('POST', '/v1/incidents', body);
      place.replaceChildren();
      $('#reported-title').textContent = t('intake.done', id);
      $('#go').href = link(`/incidents/${id}`);
      $('#go').hidden = me().role !== 'dpo';
      $('#reported').hidden = false;
      $('#reported-title').focus();
    },
  });
}

$('#another').addEventListener('click', fresh);

start({ open: fresh, close() { place.replaceChildren(); $('#reported').hidden = true; } });
