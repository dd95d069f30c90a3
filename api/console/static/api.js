// The one way from a page to the agent. A problem of the agent is thrown as it
// came: its code, and title and remedy in the page's language.
import { lang, t } from './dom.js';

export class Problem extends Error {
  constructor(body, retryAfter) {
    super(body.code);
    Object.assign(this, body, { retryAfter });
  }
}

let csrf = '';
let onDoor = () => {};

// known keeps what the session's answers bring: the value that every act carries.
export function known(session) { csrf = session?.csrf ?? ''; }

// whenShut is called when an answer says that the session does not reach any more.
export function whenShut(f) { onDoor = f; }

async function once(method, path, body, { signal, blob } = {}) {
  const init = { method, headers: { 'Accept-Language': lang }, cache: 'no-store', credentials: 'same-origin', redirect: 'error', signal };
  if (method !== 'GET' && csrf) init.headers['X-Chipproof-CSRF'] = csrf;
  if (method === 'POST' || method === 'PUT') {
    init.headers['Content-Type'] = 'application/json';
    // A file that a person chose goes as it is; else a body is made here.
    init.body = body instanceof Blob ? body : JSON.stringify(body ?? {});
  }
  let response;
  try { response = await fetch(path, init); }
  catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    throw new Problem({ code: 'agent_gone', title: t('problem.agent_gone'), remedy: t('problem.agent_gone_remedy') });
  }
  if (response.ok && blob) return response.blob();
  const text = await response.text();
  const answer = text && /json/.test(response.headers.get('Content-Type') ?? '') ? JSON.parse(text) : null;
  if (response.ok) return answer;
  throw new Problem(
    answer?.title ? answer : { code: answer?.code ?? 'internal_error', title: t('problem.unclear'), remedy: t('problem.unclear_remedy') },
    Number(response.headers.get('Retry-After')) || 0,
  );
}

// call takes, besides: signal, which ends it; quiet, for what must not open the
// door; blob, for a document that is handed to the person as it is.
export async function call(method, path, body, { signal, quiet, blob } = {}) {
  try { return await once(method, path, body, { signal, blob }); }
  catch (problem) {
    if (problem.code === 'csrf_refused') {
      // Another tab of the same person has raised the session meanwhile.
      known(await once('GET', '/v1/sessions/current'));
      return once(method, path, body, { signal, blob });
    }
    if (problem.code === 'mfa_required' && !quiet) onDoor();
    throw problem;
  }
}

export const get = (path, options) => call('GET', path, undefined, options);
export const post = (path, body, options) => call('POST', path, body, options);
export const remove = (path, options) => call('DELETE', path, undefined, options);
