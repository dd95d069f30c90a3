// Small things that every page does with its elements. Words come from the
// catalogue of the page's own language; nothing is ever written as HTML.
const lang = document.documentElement.lang === 'en' ? 'en' : 'th';
const { default: words } = await import(`/static/texts.${lang}.js`);

export { lang };

export function t(key, ...args) {
  if (!(key in words)) throw new Error(`no text ${key}`);
  let i = 0;
  return words[key].replace(/%s/g, () => String(args[i++]));
}

// word is the text of a fixed word of the interface, or the word itself where a
// newer agent knows one more.
export function word(group, value) {
  return `${group}.${value}` in words ? words[`${group}.${value}`] : value;
}

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

export function make(tag, { text, ...props } = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === 'class') e.className = value;
    else if (name === 'on') for (const [event, f] of Object.entries(value)) e.addEventListener(event, f);
    else if (value === true) e.setAttribute(name, '');
    else if (value !== false && value !== undefined && value !== null) e.setAttribute(name, value);
  }
  if (text !== undefined) e.textContent = text;
  e.append(...children);
  return e;
}

export function fresh(id) { return document.getElementById(id).content.firstElementChild.cloneNode(true); }

// ripe is how long a button by which a site is answered must have been in sight before
// it takes a click, in milliseconds: one that was on its way to something else, or was
// lured here by another page, is no answer.
const ripe = 600;

export function ripen(...buttons) {
  for (const b of buttons) {
    unripe(b);
    b.ripening = setTimeout(() => { b.disabled = false; }, ripe);
  }
}

// unripe is a button that takes no click until it is ripened.
export function unripe(button) {
  clearTimeout(button.ripening);
  button.disabled = true;
}

// set shows a text in an element, and hides the element where there is none.
export function set(element, text) {
  element.textContent = text ?? '';
  element.hidden = !text;
}

// say has a screen reader say what changed.
export function say(text) {
  const live = $('#live');
  live.textContent = '';
  requestAnimationFrame(() => { live.textContent = text; });
}

const zone = { timeZone: 'Asia/Bangkok' };
const locale = lang === 'en' ? 'en-GB' : 'th-TH-u-ca-buddhist-nu-latn';
const day = new Intl.DateTimeFormat(locale, { ...zone, day: 'numeric', month: 'long', year: 'numeric' });
const minute = new Intl.DateTimeFormat(locale, { ...zone, day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const second = new Intl.DateTimeFormat(locale, { ...zone, day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

export const moment = (iso) => (iso ? minute.format(new Date(iso)) : t('layout.never'));
export const exactMoment = (date) => second.format(date);
// calendarDay is a day as a card has it: 1950, 1950-04 or 1950-04-23.
export function calendarDay(date) {
  const [y, m, d] = date.split('-');
  if (!y) return '–';
  const year = lang === 'en' ? y : String(Number(y) + 543);
  if (!m) return year;
  const at = new Date(Date.UTC(Number(y), Number(m) - 1, Number(d ?? 1)));
  if (d) return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' }).format(at).replace(/พ\.ศ\.\s*/, '');
  return `${new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'long' }).format(at)} ${year}`;
}
export const today = () => day.format(new Date());

// submit runs what a form is for, once at a time, and shows what went wrong.
export function submit(form, error, act) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (form.dataset.busy) return;
    const empty = $$('input, select, textarea', form).find((e) => e.required && !e.hidden && !e.value);
    if (empty) { set(error, t('layout.fill')); empty.focus(); return; }
    form.dataset.busy = 'yes';
    form.setAttribute('aria-busy', 'true');
    set(error, '');
    try { await act(new FormData(form)); }
    catch (problem) { set(error, explain(problem)); $('input:not([type=radio])', form)?.focus(); }
    finally { delete form.dataset.busy; form.removeAttribute('aria-busy'); }
  });
}

// explain is a problem as one line: what happened, and what to do next.
export function explain(problem) {
  if (problem?.cancelled) return '';
  if (!problem?.code) throw problem;
  const wait = problem.retryAfter ? ` ${t('layout.wait', problem.retryAfter)}` : '';
  return `${problem.title}. ${problem.remedy}${wait}`;
}

// countdown shows how long it is until at, once a second, and then calls done.
export function countdown(element, at, key, done) {
  clearInterval(element.ticking);
  const show = () => {
    const left = Math.ceil((new Date(at) - Date.now()) / 1000);
    if (left > 0) { set(element, t(key, left)); return; }
    clearInterval(element.ticking);
    set(element, '');
    done?.();
  };
  show();
  element.ticking = setInterval(show, 1000);
}

export function stopCountdown(element) { clearInterval(element.ticking); set(element, ''); }
