// Documents of an incident: looked at, printed, handed over as files. They are made
// by the agent and shown in a corner of the page with a style sheet of their own;
// nothing of them is kept.
import { $, t, make, set, say } from './dom.js';
import { get } from './api.js';
import { act } from './page.js';
import { printOnly } from './key.js';
import { save } from './office.js';
import { described, digestOf, made } from './incident-form.js';
import { now } from './incident-time.js';

// sheetOf shows a page for print inside an element, apart from the page's own looks.
export function sheetOf(element, html) {
  // The policy of pages holds for whatever is parsed here, so the style sheet is
  // taken out first and put in by another door.
  const styles = [];
  const page = new DOMParser().parseFromString(html.replaceAll(/<style>([^<]*)<\/style>/g, (_, text) => { styles.push(text); return ''; }), 'text/html');
  const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
  const style = new CSSStyleSheet();
  // A part of a page has no body and no pages of its own.
  style.replaceSync(styles.join('\n').replaceAll(/@page\{[^}]*\}/g, '').replaceAll(/(^|[}\s,])body\{/g, '$1:host{display:block}.paper{'));
  root.adoptedStyleSheets = [style];
  const paper = make('div', { class: 'paper' });
  paper.append(...page.body.childNodes);
  root.replaceChildren(paper);
}

// printSheet prints one element on A4 with the margins of official letters.
export function printSheet(element) {
  const page = new CSSStyleSheet();
  page.replaceSync('@page{size:A4;margin:2.5cm 2cm 2cm 3cm}');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, page];
  window.addEventListener('afterprint', () => { document.adoptedStyleSheets = document.adoptedStyleSheets.filter((s) => s !== page); }, { once: true });
  printOnly(element);
}

const stamp = () => new Date(now().getTime() + 7 * 3600000).toISOString().slice(0, 10).replaceAll('-', '');

export function documents(context) {
  const problem = $('#doc-problem');
  const kind = () => $('#doc-kind').value;
  const title = () => t(`document.${kind()}`);
  let shown = null; // the file that is looked at, and what it is

  function draft(format) {
    const d = { format, digits: $('#doc-digits').checked ? 'thai' : 'arabic' };
    if ($('#doc-number').value.trim()) d.number = $('#doc-number').value.trim();
    if (kind() === 'processor_order') d.order = Number($('#doc-order').value) || 0;
    if (kind() === 'office_notice' && !$('#doc-delay').hidden) {
      for (const part of ['necessity', 'details']) if ($(`#doc-${part}`).value.trim()) d[part] = $(`#doc-${part}`).value.trim();
    }
    return d;
  }

  async function fetched(format) {
    const d = draft(format);
    // To look is no act: what needs no words of its own is asked for as it is.
    if (format === 'look' && !d.necessity && !d.details && !d.number) {
      const query = new URLSearchParams({ format: 'html', digits: d.digits, ...(d.order && { order: d.order }) });
      return get(`/v1/incidents/${context.id}/documents/${kind()}?${query}`, { blob: true });
    }
    return act('POST', `/v1/incidents/${context.id}/documents/${kind()}`, { ...d, format: format === 'look' ? 'html' : format }, { blob: true });
  }

  async function trying(f) {
    problem.replaceChildren();
    try { await f(); }
    catch (failed) {
      if (failed?.cancelled) return;
      problem.replaceChildren(...described(failed));
      problem.focus();
    }
  }

  async function remember(blob, name) {
    const digest = await digestOf(blob);
    if (!made.some((m) => m.digest === digest)) made.push({ digest, title: name });
    return digest;
  }

  async function look() {
    const blob = await fetched('look');
    shown = { title: title(), digest: await remember(blob, title()) };
    sheetOf($('#sheet'), await blob.text());
    set($('#preview-title'), t('doc.shown', shown.title));
    $('#preview').hidden = false;
    $('#preview-title').focus();
  }

  async function download(format) {
    const blob = await fetched(format);
    await remember(blob, `${title()} (${format.toUpperCase()})`);
    save(blob, `${context.id}-${kind()}-${stamp()}.${format}`);
    say(t('doc.made', title()));
  }

  function close() {
    shown = null;
    $('#preview').hidden = true;
    $('#sheet').shadowRoot?.replaceChildren();
    problem.replaceChildren();
  }

  function fields() {
    const d = context.incident();
    $('#doc-order-field').hidden = kind() !== 'processor_order';
    $('#doc-order').replaceChildren(...(d?.known.orders ?? []).filter((o) => !o.withdrawn).map((o) => make('option', { value: o.number, text: `${o.number}. ${o.to}` })));
    $('#doc-delay').hidden = !(kind() === 'office_notice' && d?.notice_due && d.timing !== 'in_time' && now() > new Date(d.notice_due));
  }

  $('#doc-kind').addEventListener('change', () => { fields(); close(); });
  $('#f-document').addEventListener('submit', (event) => { event.preventDefault(); trying(look); });
  $('#doc-docx').addEventListener('click', () => trying(() => download('docx')));
  $('#doc-html').addEventListener('click', () => trying(() => download('html')));
  $('#doc-print').addEventListener('click', () => printSheet($('#sheet')));
  $('#doc-close').addEventListener('click', () => { close(); $('#documents-title').focus(); });
  $('#doc-attach').addEventListener('click', () => context.opens('document_attached', shown));

  return { show: fields, close };
}
