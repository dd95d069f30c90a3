// What is owed, as a person reads it: the duty, its clock, its law and penalty, what
// is still missing, and which forms meet it.
import { t, make, exactMoment } from './dom.js';
import { badge } from './office.js';
import { worded } from './incident-form.js';
import { left } from './incident-time.js';

export const tones = { open: '', due_soon: 'unclear', overdue: 'bad', late: 'unclear', met: 'good' };
// ofLaw says that the law itself sets the deadline; the others are the agency's own.
export const ofLaw = (duty) => ['notify_office', 'explain_delay', 'tell_controller'].includes(duty.duty);

export const isDone = (duty) => duty.state === 'met' || duty.state === 'late';

// meets says which forms meet which need of which duty; the first is the usual one.
const meets = {
  assess_credibility: { verdict: ['credibility'] },
  establish_facts: {
    organisational: ['checklist_organisational'], technical: ['checklist_technical'], physical: ['checklist_physical'], verdict: ['nature', 'fact', 'established'],
  },
  contain: { action: ['action_started', 'action_finished', 'ordered'], result: ['contained'] },
  order: { acknowledgement: ['order_acknowledged'], done: ['order_done', 'order_withdrawn'] },
  assess_risk: { seven_factors: ['nature', 'assessed'] },
  notify_office: {
    description: ['nature'], people: ['nature'], records: ['nature'], dpo_contact: ['contact'], consequences: ['nature'], measures: ['action_started', 'ordered'],
    receipt: ['office_notified', 'office_receipt'],
  },
  explain_delay: { notice: ['office_notified'], reasons: ['delay_explained'] },
  notify_subjects: {
    nature: ['subjects_prepared'], dpo_contact: ['contact'], effects: ['subjects_prepared'], remedies: ['subjects_prepared'], measures: ['subjects_prepared'],
    advice: ['subjects_prepared'], delivery: ['delivered', 'published'], fallback: ['published'], reach: ['reach_checked'],
  },
  keep_record: { documents: ['document_attached'] },
  tell_controller: { aware_at: ['aware'], notice: ['controller_told'], acknowledgement: ['controller_acknowledged'] },
  recover: { restored_state: ['recovered'] },
  prevent_and_review: { tasks: ['task_set'], effective_task: ['task_set'], review: ['reviewed'] },
};

// formsFor are the forms that meet what a duty still needs, in order, each once. What
// can't be recorded yet is left out: a finished action before there is one.
export function formsFor(duty, known) {
  const table = meets[duty.duty.startsWith('order_') ? 'order' : duty.duty] ?? {};
  const forms = duty.needs.flatMap((need) => (/^task_\d+_done$/.test(need) ? ['task_done'] : /^task_\d+_check$/.test(need) ? ['task_checked'] : table[need] ?? []));
  return [...new Set(forms)].filter((id) => {
    if (id === 'action_finished') return known.actions.some((a) => !a.finished_at);
    if (id === 'contained') return known.actions.some((a) => a.finished_at) || known.orders.some((o) => o.done_at);
    if (id === 'office_receipt') return known.notices.length > 0;
    if (id === 'office_notified' && duty.duty === 'notify_office') return known.notices.length === 0 && duty.needs.length === 1;
    if (id === 'delay_explained') return known.notices.length > 0;
    if (id === 'assessed') return Boolean(known.nature) && known.checklists.some((c) => c.area === 'technical');
    if (id === 'nature' && duty.duty !== 'notify_office') return !known.nature;
    if (id === 'established') return Boolean(known.nature);
    if (id === 'task_checked') return known.tasks.some((x) => x.done_at && !x.checked_at);
    if (id === 'delivered' || (id === 'published' && duty.needs.includes('delivery'))) return Boolean(known.subjects_prepared);
    return true;
  });
}

export const formButton = (id, opens, first, about = '') => make('button', {
  type: 'button', class: first ? '' : 'secondary small', 'data-opens': id, text: t(`form.${id}`), ...(about && { 'aria-label': `${t(`form.${id}`)}: ${about}` }), on: { click: () => opens(id) },
});

// dutyView is one duty; opens is called with the form that a person chose.
export function dutyView(duty, known, opens, isFirst = false) {
  const name = worded('duty', duty.duty);
  const done = isDone(duty);
  const clock = duty.deadline ? [make('p', { class: `clock ${tones[duty.state]}` },
    ...(done ? [] : [make('strong', { class: 'remaining', 'data-deadline': duty.deadline, text: left(duty.deadline) }), ' · ']),
    `${t('incident.deadline')} `, make('time', { datetime: duty.deadline, text: exactMoment(new Date(duty.deadline)) }))] : [];
  const forms = done ? [] : formsFor(duty, known);
  return [
    make('h3', {}, make('span', { text: name }), ' ', badge(t(`dutystate.${duty.state}`), tones[duty.state])),
    ...clock,
    ...(duty.needs.length ? [make('p', { class: 'needs', text: t('incident.needs', duty.needs.map((n) => worded('need', n)).join(' · ')) })] : []),
    make('dl', { class: 'facts law' }, make('dt', { text: t('incident.law') }), make('dd', { text: duty.law_text }), make('dt', { text: t('incident.penalty') }), make('dd', { text: duty.penalty_text })),
    ...(forms.length ? [make('div', { class: 'buttons' }, ...forms.map((id, n) => formButton(id, opens, isFirst && n === 0, name)))] : []),
  ];
}
