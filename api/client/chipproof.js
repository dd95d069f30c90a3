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
// permission, and only then. Where your site has a Content-Security-Policy, its
// connect-src names http://127.0.0.1:8731.

/** The version of this module. It changes with the interface of the agent. */
export const version = '1.0.0';

const PORT = 8731;

// An agent that is not there refuses at once; one that is there begins to answer
// well before a call's own 25 s are over. The rest is for the person whom the
// browser asks.
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
    this.console = problem.console;
  }
}

/**
 * Reads the card in the reader and gives what it says. No judgement and no
 * signature: a backend must not take it for proof.
 */
export async function fill({purpose = 'form_fill', fields, reader, onProgress, onWaiting, ...where} = {}) {
  const agent = agentAt(where);
  const body = {purpose, fields, ...(reader ? {reader} : {})};
  return withProgress(agent, onProgress, async () => {
    for (;;) {
      const answer = await call(agent, '/v1/reads', body);
      if (answer.state !== 'waiting') return answer.identity;
      tell(onWaiting, answer.waiting_for);
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
export async function prove({request, pageRequest, reader, onProgress, onWaiting, ...where} = {}) {
  const agent = agentAt(where);
  try {
    return await proveHere(agent, {request, reader, onProgress, onWaiting});
  } catch (error) {
    if (!pageRequest || !unreachable.has(error.code)) throw error;
    const signed = typeof pageRequest === 'function' ? await pageRequest(error) : pageRequest;
    return proveByPage({...where, request: signed});
  }
}

const unreachable = new Set(['agent_not_running', 'agent_unreachable', 'permission_denied', 'page_insecure']);

async function proveHere(agent, {request, reader, onProgress, onWaiting}) {
  return withProgress(agent, onProgress, async () => {
    let answer = await call(agent, '/v1/proofings', {request, ...(reader ? {reader} : {})});
    while (answer.state === 'waiting') {
      tell(onWaiting, answer.waiting_for);
      answer = await call(agent, `/v1/proofings/${encodeURIComponent(answer.id)}/result`, {});
    }
    return answer;
  });
}

/**
 * Leaves this page for the console, which ends by posting the proof to the
 * return_url in `request`. It works where a page can't fetch: plain http, Safari,
 * permission denied. The promise never settles, because the page goes away.
 */
export async function proveByPage({request, ...where} = {}) {
  if (typeof request !== 'string' || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(request)) {
    throw new TypeError('request is no signed request');
  }
  const {console} = agentAt(where);
  where.signal?.throwIfAborted();
  location.assign(`${console}prove#${request}`);
  return new Promise(() => {});
}

/**
 * Calls `handler({event, reader})` when a card comes or goes; first with what is
 * there, and again after an outage, from which it comes back by itself; `onError`
 * is told why it had to. Returns a function that ends it. It never reads: whether
 * to read is for a person to say. And it never has the browser ask anybody but
 * once: while this site has no permission, it waits for the person to give it, as
 * by the click that calls fill or prove.
 */
export function onCard(handler, {onError, ...where} = {}) {
  const agent = agentAt(where);
  const stop = follow(agent.signal);
  void (async () => {
    for (let pause = 1000; !stop.signal.aborted; pause = Math.min(pause * 2, 30_000)) {
      try {
        await events(agent, stop, (event, data) => {
          pause = 1000;
          if (event !== 'read_progress') tell(handler, {event, ...data});
        });
      } catch (error) {
        if (stop.signal.aborted) return;
        tell(onError, error);
        if (error.code === 'page_insecure') return; // and will stay so
        await allowed(stop.signal);
      }
      await rest(pause, stop.signal);
    }
  })();
  return () => stop.abort();
}

/** What the browser says of this site and the machine's own address. */
export async function permission() {
  return (await permissionStatus())?.state ?? 'unknown';
}

async function permissionStatus() {
  try {
    // Never 'local-network-access': asking for that name crashes some versions.
    return await navigator.permissions.query({name: 'loopback-network'});
  } catch {
    return null;
  }
}

// allowed waits while the browser would have to ask a person, or has been told no.
async function allowed(signal) {
  const status = await permissionStatus();
  const barred = () => status && !onLoopback() && status.state !== 'granted';
  while (barred() && !signal.aborted) {
    await new Promise((changed) => {
      status.addEventListener('change', changed, {once: true});
      signal.addEventListener('abort', changed, {once: true});
    });
  }
}

/**
 * Tells an agent that doesn't run from one that doesn't know this site, by
 * opening the console in a window; call it from a click, when an error says
 * agent_unreachable. The console cuts itself off from whoever opened it, which
 * shows here as a closed window; the browser's own page for an address where
 * nobody answers does not. It is 'unknown' where pop-ups are blocked, and to a page
 * that cuts itself off from what it opens (Cross-Origin-Opener-Policy: same-origin).
 */
export async function diagnose(where = {}) {
  const agent = agentAt(where);
  const opened = window.open(agent.console, '_blank');
  if (!opened || await cutsOff()) return 'unknown';
  for (let waited = 0; waited < 10_000; waited += 100) {
    await rest(100);
    if (opened.closed) return 'origin_not_approved';
    if (!arrived(opened)) continue;
    await rest(300); // it may be about to be cut off
    if (opened.closed) return 'origin_not_approved';
    opened.close();
    return 'agent_not_running';
  }
  return 'unknown';
}

// A new window is at about:blank, which is ours to look at, until something came.
function arrived(opened) {
  try {
    return opened.location.href !== 'about:blank';
  } catch {
    return true;
  }
}

// cutsOff says whether this page's own policy would close every window to it; if
// nobody can say, it may.
async function cutsOff() {
  try {
    const own = await fetch(location.href, {method: 'HEAD', cache: 'no-store', mode: 'same-origin'});
    return /^\s*(same-origin|noopener-allow-popups)\s*(;|$)/.test(own.headers.get('Cross-Origin-Opener-Policy') ?? '');
  } catch {
    return true;
  }
}

// agentAt is where an agent is and in whose language it is asked. The literal
// address is exempt from the ban on mixed content; the name is what the console is
// opened by.
function agentAt({port = PORT, lang = globalThis.document?.documentElement.lang, signal}) {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new TypeError('port is no port number');
  return {api: `http://127.0.0.1:${port}`, console: `http://localhost:${port}/`, lang: lang || 'th', signal};
}

async function call(agent, path, body) {
  const limit = follow(agent.signal, CALL_TIMEOUT);
  try {
    const answer = await send(agent, path, {
      method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body), signal: limit.signal,
    });
    return await unpack(agent, answer);
  } finally {
    limit.end();
  }
}

async function unpack(agent, answer) {
  let content;
  try {
    content = await answer.json();
  } catch (cause) {
    agent.signal?.throwIfAborted();
    throw failure(agent, 'answer_unreadable', {cause, status: answer.status});
  }
  if (answer.ok) return content;
  throw new ChipproofError({...content, retryAfter: Number(answer.headers.get('Retry-After')) || 0, console: agent.console});
}

async function send(agent, path, init) {
  agent.signal?.throwIfAborted();
  if (!globalThis.isSecureContext) throw failure(agent, 'page_insecure');
  try {
    return await fetch(loopback(agent.api + path, {...init, headers: {...init.headers, 'Accept-Language': agent.lang}}));
  } catch (cause) {
    agent.signal?.throwIfAborted();
    throw failure(agent, await reason(), {cause});
  }
}

// Chrome wants to be told that the machine's own address is meant; some builds of
// WebKit throw when they are.
function loopback(address, init) {
  try {
    return new Request(address, {...init, ...common, targetAddressSpace: 'loopback'});
  } catch {
    return new Request(address, {...init, ...common});
  }
}

const common = {credentials: 'omit', cache: 'no-store', redirect: 'error', referrerPolicy: 'strict-origin', mode: 'cors'};

// Every failure is the same TypeError to a page; the permission tells them apart.
// A page of this same machine, as on a developer's, needs none.
async function reason() {
  if (onLoopback()) return 'agent_unreachable';
  switch (await permission()) {
    case 'denied': return 'permission_denied';
    case 'granted': return 'agent_unreachable';
    default: return 'agent_not_running';
  }
}

function onLoopback() {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(globalThis.location?.hostname ?? '');
}

async function withProgress(agent, onProgress, work) {
  if (!onProgress) return work();
  const stop = follow(agent.signal);
  try {
    // The stream comes first, so that no step is missed. Where only the stream does
    // not come, the work goes on all the same, and says itself what is wrong.
    await new Promise((begun, failed) => {
      events(agent, stop, (event, data) => {
        if (event === 'read_progress') tell(onProgress, {step: data.step, of: data.of});
      }, begun).catch((error) => (unreachable.has(error.code) ? failed(error) : begun()));
    });
    return await work();
  } finally {
    stop.abort();
  }
}

// events ends when the agent ends the stream, and fails when it was cut off.
async function events(agent, stop, emit, begun) {
  const limit = follow(stop.signal, CALL_TIMEOUT);
  try {
    const answer = await send(agent, '/v1/events', {signal: limit.signal});
    limit.untimed();
    if (!answer.ok) await unpack(agent, answer);
    begun?.();
    await eachEvent(answer.body.pipeThrough(new TextDecoderStream()).getReader(), emit);
  } catch (cause) {
    if (stop.signal.aborted || cause instanceof ChipproofError) throw cause;
    throw failure(agent, await reason(), {cause});
  } finally {
    limit.end();
  }
}

async function eachEvent(stream, emit) {
  for (let half = ''; ;) {
    const {value, done} = await stream.read();
    if (done) return;
    const blocks = (half + value).split('\n\n');
    half = blocks.pop();
    for (const block of blocks) {
      const event = block.match(/^event: (.*)$/m);
      const data = block.match(/^data: (.*)$/m);
      if (event) emit(event[1], data ? JSON.parse(data[1]) : {});
    }
  }
}

// follow is a signal that aborts when another does, or when its time is up.
// Browsers of 2023 and older have no AbortSignal.any.
function follow(signal, time) {
  const own = new AbortController();
  const abort = () => own.abort(signal?.reason);
  const timer = time && setTimeout(abort, time);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, {once: true});
  return {
    signal: own.signal,
    abort,
    untimed() { clearTimeout(timer); },
    end() { clearTimeout(timer); signal?.removeEventListener('abort', abort); },
  };
}

// tell calls a page's own function. What that throws is the page's affair, and
// shows up as an error that nobody caught.
function tell(callback, ...args) {
  try {
    callback?.(...args);
  } catch (error) {
    queueMicrotask(() => { throw error; });
  }
}

function rest(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, {once: true});
  });
}

function failure(agent, code, {cause, status} = {}) {
  const [title, remedy] = words[code][agent.lang.toLowerCase().startsWith('en') ? 1 : 0];
  return new ChipproofError({code, title, remedy: remedy.replace('{console}', agent.console), status, console: agent.console}, {cause});
}

const words = {
  agent_not_running: [
    ['ติดต่อ chipproof ในเครื่องนี้ไม่ได้', 'เปิด chipproof แล้วลองอีกครั้ง ถ้าเบราว์เซอร์ถาม ให้กด "อนุญาต"'],
    ['chipproof does not answer on this machine', 'Start chipproof and try again. If the browser asks, choose Allow.'],
  ],
  agent_unreachable: [
    ['chipproof ไม่ได้เปิดอยู่ หรือยังไม่ได้อนุญาตเว็บไซต์นี้', 'เปิด {console} ถ้าหน้านั้นขึ้น ให้ผู้ดูแลระบบอนุญาตเว็บไซต์นี้ ถ้าไม่ขึ้น ให้เปิด chipproof'],
    ['chipproof is not running, or does not know this site', 'Open {console} in a tab. If it loads, the administrator must approve this site; if not, start chipproof.'],
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
