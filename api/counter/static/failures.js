// Which picture goes with which code. Words and next step come with the problem
// itself, in the page's language. A test holds that every code has its row.
const pictures = {
  reader_not_found: 'noreader', reader_service_down: 'service', reader_denied: 'service', driver_missing: 'service',
  reader_busy: 'wait', reader_ambiguous: 'plug',
  card_absent: 'insert', card_removed: 'removed', card_changed: 'removed', card_unsupported: 'othercard', card_error: 'clean', card_timeout: 'clean',
  read_already: 'insert', approval_declined: 'site', approval_timeout: 'wait', approval_unknown: 'wait', approval_waiting: 'wait', compat_closed: 'site',
  purpose_unknown: 'site', purpose_refused: 'site', field_refused: 'site', field_unknown: 'site',
  origin_unknown: 'site', origin_invalid: 'site', origin_refused: 'site', keys_invalid: 'site', return_url_invalid: 'site', audience_invalid: 'site', ask_invalid: 'site',
  request_refused: 'site', request_expired: 'wait', request_reused: 'site', clock_wrong: 'wait', result_gone: 'wait', result_unknown: 'site',
  issuer_not_set: 'log', key_unavailable: 'log', simulator_refused: 'othercard', fact_early: 'wait', second_person_required: 'lock',
  mfa_required: 'lock', login_failed: 'lock', step_up_required: 'lock', csrf_refused: 'lock', role_refused: 'lock', grant_refused: 'lock', password_refused: 'lock',
  throttled: 'wait', audit_unavailable: 'log', audit_rewritten: 'log', agent_stopping: 'service', agent_gone: 'service',
};

export const pictureOf = (code) => pictures[code] ?? 'warning';
