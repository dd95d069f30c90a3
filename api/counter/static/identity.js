// A person on the screen: what the chip says, field by field, each to be copied.
import { $, t, word, make, calendarDay, say } from './dom.js';

const joined = (n) => [n.title, n.first_name, n.middle_name, n.last_name].filter(Boolean).join(' ');
export const spaced = (number) => number.replace(/^(\d)(\d{4})(\d{5})(\d{2})(\d)$/, '$1 $2 $3 $4 $5');

// tongue is the language of a text of the card, for whoever has it read out.
const tongue = (text) => (/[ก-๙]/.test(text) ? 'th' : undefined);

// age is in whole years, where the chip has the whole date.
function age(date) {
  if (date.length !== 10) return '';
  const [y, m, d] = date.split('-').map(Number);
  const [ty, tm, td] = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Bangkok' }).format(new Date()).split('-').map(Number);
  return t('identity.age', ty - y - (tm < m || (tm === m && td < d) ? 1 : 0));
}

// draw fills a view of tpl-result with an identity. While the photo is still being
// read its place is kept, so that nothing moves when it comes.
export function draw(view, identity, { large = false, photoComes = false } = {}) {
  $('.photo', view).classList.toggle('large', large);
  if (identity.photo) drawPhoto(view, identity.photo);
  else if (photoComes) $('.photo-comes', view).hidden = false;
  else $('.face', view).remove();
  $('.name-th', view).textContent = identity.name ? joined(identity.name.th) : t('identity.read');
  if (identity.name) { $('.name-th', view).lang = 'th'; $('.name-en', view).lang = 'en'; }
  $('.name-en', view).textContent = identity.name ? joined(identity.name.en) : '';
  $('.number', view).textContent = identity.citizen_id ? spaced(identity.citizen_id) : '';
  $('dl.copyable', view).replaceChildren(...lines(identity).flatMap(([key, shown, copied]) => [
    make('dt', { text: t(`identity.${key}`) }),
    make('dd', {}, make('span', { text: shown, lang: tongue(shown) }), copyButton(t(`identity.${key}`), copied ?? shown)),
  ]));
  drawFindings(view, identity);
}

// complete adds what came with the photo to a view that has the text.
export function complete(view, identity) {
  if (identity.photo) drawPhoto(view, identity.photo);
  drawFindings(view, identity);
}

function drawPhoto(view, data) {
  const photo = $('.photo', view);
  photo.src = `data:${data.media_type};base64,${data.data}`;
  photo.alt = t('identity.photo');
  photo.hidden = false;
  $('.photo-comes', view).hidden = true;
}

function drawFindings(view, identity) {
  $('.findings', view).replaceChildren(...(identity.findings ?? []).map((f) => make('p', { class: 'note unclear', text: `${word('field', f.field.split('.')[0])}: ${word('finding', f.code)}` })));
}

function lines(i) {
  const list = [];
  if (i.citizen_id) list.push(['citizen_id', spaced(i.citizen_id), i.citizen_id]);
  if (i.name) {
    for (const script of ['th', 'en']) {
      for (const part of ['title', 'first_name', 'middle_name', 'last_name']) {
        if (i.name[script][part]) list.push([`${part}_${script}`, i.name[script][part]]);
      }
    }
  }
  if (i.birth_date) list.push(['birth_date', `${calendarDay(i.birth_date.date)} ${age(i.birth_date.date)}`.trim(), i.birth_date.date]);
  if (i.sex) list.push(['sex', word('sex', i.sex)]);
  if (i.address) list.push(['address', i.address.text]);
  if (i.card) {
    list.push(['issuer', i.card.issuer]);
    list.push(['issue_date', calendarDay(i.card.issue_date.date), i.card.issue_date.date]);
    list.push(['expiry_date', i.card.expiry_date.lifelong ? t('identity.lifelong') : calendarDay(i.card.expiry_date.date), i.card.expiry_date.date]);
  }
  if (i.laser_code) list.push(['laser_code', i.laser_code]);
  if (i.nhso) list.push(['nhso', [i.nhso.main_right, i.nhso.sub_right, i.nhso.main_hospital].filter(Boolean).join(' · ')]);
  return list;
}

function copyButton(name, text) {
  const button = make('button', { type: 'button', class: 'copy', text: t('identity.copy'), 'aria-label': t('identity.copy_named', name) });
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = t('identity.copied');
    say(t('identity.copied'));
  });
  return button;
}
