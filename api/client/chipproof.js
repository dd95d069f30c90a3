// chipproof.js: asks the chipproof agent on this machine, for your page.
//
//   import {fill} from './chipproof.js';
//   button.onclick = async () => {
//     const identity = await fill({fields: ['citizen_id', 'name']});
//     form.number.value = identity.citizen_id;
//   };
//
// Host this file yourself (`chipproof client-js > chipproof.js`): no site should
// run code that a workstation hands it. It stores nothing, keeps no identity and
// loads nothing from anywhere. Call it from a click: browsers ask the person for
// permission, and only then.

/** The version of this module. It changes with the interface of the agent. */
export const version = '1.0.0';

// The literal address is exempt from the ban on mixed content; the name is what
// the console is opened by.
const AGENT = 'http://127.0.0.1:8731';
const CONSOLE = 'http://localhost:8731';

// An agent that is not there refuses at once; one that is there begins to answer
// well before a call's own 25 s are over.
const CALL_TIMEOUT = 60_000;

/**
 * Why nothing came back. `code` is stable: those of the agent (docs/en/errors.md),
 * and of this module agent_not_running, agent_unreachable, permission_denied,
 * page_insecure and answer_unreadable. `title` and `remedy` are for the clerk.
 */
export class ChipproofError extends Error {
  constructor(problem, options) {
    super(problem.title ? `${problem.title}. ${problem.remedy ?? ''}`.trim() : problem.code, options);
    this.name = 'ChipproofError';
    this.code = problem.code;
    this.title = problem.title ?? '';
    this.remedy = problem.remedy ?? '';
    this.status = problem.status ?? 0;
    this.field = problem.field ?? '';
    this.detail = problem.detail ?? '';
    this.retryAfter = problem.retryAfter ?? 0;
    /** Where a person can look: opening it needs no permission of the browser. */
    this.console = `${CONSOLE}/`;
  }
}

/**
 * Reads the card in the reader and gives what it says. No judgement and no
 * signature: a backend must not take it for proof.
 */
export async function fill({purpose = 'form_fill', fields, reader, onProgress, onWaiting, signal, lang} = {}) {
  const body = {purpose, fields, ...(reader ? {reader} : {})};
  return withProgress(onProgress, signal, lang, async () => {
    for (;;) {
      const answer = await call('/v1/reads', {body, signal, lang});
      if (answer.state !== 'waiting') return answer.identity;
      onWaiting?.(answer.waiting_for);
    }
  });
}

/**
 * Proves who somebody is. `request` was signed by your backend; the answer holds
 * `proof`, which your backend verifies. If the agent can't be reached from this
 * page and `pageRequest` is given (one more request of your backend, with
 * return_url and state; or a function that fetches one), the browser leaves for
 * the page road, and the promise stays open.
 */
export async function prove({request, pageRequest, reader, onProgress, onWaiting, signal, lang} = {}) {
  try {
    return await proveHere({request, reader, onProgress, onWaiting, signal, lang});
  } catch (error) {
    if (!pageRequest || !unreachable.has(error.code)) throw error;
    return proveByPage({request: typeof pageRequest === 'function' ? await pageRequest(error) : pageRequest});
  }
}

const unreachable = new Set(['agent_not_running', 'agent_unreachable', 'permission_denied', 'page_insecure']);

async function proveHere({request, reader, onProgress, onWaiting, signal, lang}) {
  return withProgress(onProgress, signal, lang, async () => {
    const body = {request, ...(reader ? {reader} : {})};
    let answer = await call('/v1/proofings', {body, signal, lang});
    while (answer.state === 'waiting') {
      onWaiting?.(answer.waiting_for);
      answer = await call(`/v1/proofings/${encodeURIComponent(answer.id)}/result`, {body: {}, signal, lang});
    }
    return answer;
  });
}

/**
 * Leaves this page for the console, which ends by posting the proof to the
 * return_url in `request`. It works where a page can't fetch: plain http, Safari,
 * permission denied. The promise never settles, because the page goes away.
 */
export function proveByPage({request}) {
  if (typeof request !== 'string' || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(request)) {
    throw new TypeError('request is no signed request');
  }
  location.assign(`${CONSOLE}/prove#${request}`);
  return new Promise(() => {});
}

/**
 * Calls `handler({event, reader})` when a card comes or goes; first with what is
 * there. Returns a function that ends it. It comes back by itself after an
 * outage; `onError` is told why it had to. It never reads: whether to read is for
 * a person to say.
 */
export function onCard(handler, {onError, lang} = {}) {
  const stop = new AbortController();
  void (async () => {
    for (let pause = 1000; !stop.signal.aborted; pause = Math.min(pause * 2, 30_000)) {
      try {
        await events(stop.signal, lang, (event, data) => {
          pause = 1000;
          if (event !== 'read_progress') handler({event, ...data});
        });
      } catch (error) {
        if (stop.signal.aborted) return;
        onError?.(error);
      }
      await rest(pause, stop.signal);
    }
  })();
  return () => stop.abort();
}

/** What the browser says of this site and the machine's own address. */
export async function permission() {
  try {
    // Never 'local-network-access': asking for that name crashes some versions.
    return (await navigator.permissions.query({name: 'loopback-network'})).state;
  } catch {
    return 'unknown';
  }
}

/**
 * Tells an agent that doesn't run from one that doesn't know this site, by
 * opening the console in a window; call it from a click, when an error says
 * agent_unreachable. The console cuts itself off from whoever opened it, which
 * shows here as a closed window; an address that nobody answers at does not.
 */
export async function diagnose() {
  const opened = window.open(`${CONSOLE}/`, '_blank');
  if (!opened) return 'unknown';
  for (let waited = 0; waited < 3000; waited += 100) {
    await rest(100);
    if (opened.closed) return 'origin_not_approved';
  }
  opened.close();
  return 'agent_not_running';
}

async function call(path, {body, signal, lang}) {
  const timeout = AbortSignal.timeout(CALL_TIMEOUT);
  const answer = await send(path, {
    method: 'POST',
    headers: {'Content-Type': 'application/json', ...language(lang)},
    body: JSON.stringify(body),
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  }, lang);
  return unpack(answer, lang);
}

async function unpack(answer, lang) {
  let content;
  try {
    content = await answer.json();
  } catch (cause) {
    throw failure('answer_unreadable', lang, {cause, status: answer.status});
  }
  if (answer.ok) return content;
  throw new ChipproofError({...content, retryAfter: Number(answer.headers.get('Retry-After')) || 0});
}

async function send(path, init, lang) {
  if (!globalThis.isSecureContext) throw failure('page_insecure', lang);
  try {
    return await fetch(loopback(path, init));
  } catch (cause) {
    if (init.signal?.aborted && init.signal.reason?.name !== 'TimeoutError') throw init.signal.reason;
    throw failure(await reason(), lang, {cause});
  }
}

// Chrome wants to be told that the machine's own address is meant; some builds of
// WebKit throw when they are.
function loopback(path, init) {
  try {
    return new Request(AGENT + path, {...init, ...common, targetAddressSpace: 'loopback'});
  } catch {
    return new Request(AGENT + path, {...init, ...common});
  }
}

const common = {credentials: 'omit', cache: 'no-store', redirect: 'error', referrerPolicy: 'strict-origin', mode: 'cors'};

// Every failure is the same TypeError to a page; the permission tells them apart.
async function reason() {
  switch (await permission()) {
    case 'denied': return 'permission_denied';
    case 'granted': return 'agent_unreachable';
    default: return 'agent_not_running';
  }
}

async function withProgress(onProgress, signal, lang, work) {
  if (!onProgress) return work();
  const stop = new AbortController();
  const followed = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  // The stream comes first, so that no step is missed. Without it the work goes on
  // all the same, and says itself what is wrong.
  await new Promise((begun) => {
    events(followed, lang, (event, data) => {
      if (event === 'read_progress') onProgress({step: data.step, of: data.of});
    }, begun).catch(begun);
  });
  try {
    return await work();
  } finally {
    stop.abort();
  }
}

async function events(signal, lang, emit, begun) {
  const answer = await send('/v1/events', {headers: language(lang), signal}, lang);
  if (!answer.ok) await unpack(answer, lang);
  begun?.();
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ''; ;) {
    const {value, done} = await reader.read();
    if (done) return;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const event = block.match(/^event: (.*)$/m);
      const data = block.match(/^data: (.*)$/m);
      if (event) emit(event[1], data ? JSON.parse(data[1]) : {});
    }
  }
}

function rest(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, {once: true});
  });
}

function language(lang) {
  return lang ? {'Accept-Language': lang} : {};
}

function failure(code, lang, {cause, status} = {}) {
  const english = (lang ?? globalThis.document?.documentElement?.lang ?? 'th').toLowerCase().startsWith('en');
  const [title, remedy] = words[code][english ? 1 : 0];
  return new ChipproofError({code, title, remedy, status}, {cause});
}

const words = {
  agent_not_running: [
    ['ติดต่อ chipproof ในเครื่องนี้ไม่ได้', 'เปิด chipproof แล้วลองอีกครั้ง ถ้าเบราว์เซอร์ถาม ให้กด "อนุญาต"'],
    ['chipproof does not answer on this machine', 'Start chipproof and try again. If the browser asks, choose Allow.'],
  ],
  agent_unreachable: [
    ['chipproof ไม่ได้เปิดอยู่ หรือยังไม่ได้อนุญาตเว็บไซต์นี้', 'เปิด http://localhost:8731/ ถ้าหน้านั้นขึ้น ให้ผู้ดูแลระบบอนุญาตเว็บไซต์นี้ ถ้าไม่ขึ้น ให้เปิด chipproof'],
    ['chipproof is not running, or does not know this site', 'Open http://localhost:8731/. If it loads, the administrator must approve this site; if not, start chipproof.'],
  ],
  permission_denied: [
    ['เบราว์เซอร์ไม่อนุญาตให้เว็บไซต์นี้ติดต่อ chipproof', 'เปิดการตั้งค่าของเว็บไซต์นี้ แล้วอนุญาต "แอปในอุปกรณ์" (Chrome, Edge) หรือ "แอปและบริการในอุปกรณ์" (Firefox)'],
    ['The browser keeps this site from chipproof', 'In the settings of this site allow "Apps on device" (Chrome, Edge) or "Device apps and services" (Firefox).'],
  ],
  page_insecure: [
    ['หน้านี้ไม่ได้ใช้ https', 'ให้ผู้พัฒนาเว็บใช้ https การพิสูจน์ตัวตนทำผ่านหน้า chipproof ได้'],
    ['This page did not come by https', 'The site must use https. A proof can take the page road.'],
  ],
  answer_unreadable: [
    ['อ่านคำตอบของ chipproof ไม่ได้', 'ลองอีกครั้ง ถ้ายังเป็นอยู่ให้แจ้งผู้ดูแลระบบ'],
    ['The answer of chipproof could not be read', 'Try again. If it stays so, tell the administrator.'],
  ],
};
