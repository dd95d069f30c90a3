'use strict';

// The page of a site that asks a chipproof agent on this machine. It holds no
// secret: what it asks to be signed was signed by its own backend, and what came
// back it hands to that backend, which alone judges it.

const {agent, csrf} = document.body.dataset;
const thai = document.documentElement.lang === 'th';
const say = (th, en) => (thai ? th : en);
const element = id => document.getElementById(id);

function tell(text, bad = false) {
  element('status').textContent = text;
  element('status').className = bad ? 'bad' : '';
}

// request makes a request to this machine's own address. Browsers that know the
// word ask the person once; some others throw on it.
function request(path, body) {
  const init = {method: 'POST', headers: {'Content-Type': 'application/json', 'Accept-Language': thai ? 'th' : 'en'}, body: JSON.stringify(body)};
  try {
    return new Request(agent + path, {...init, targetAddressSpace: 'loopback'});
  } catch {
    return new Request(agent + path, init);
  }
}

async function ask(path, body) {
  let answer;
  try {
    answer = await fetch(request(path, body));
  } catch {
    throw new Error(say('ติดต่อ chipproof บนเครื่องนี้ไม่ได้ หรือเว็บนี้ยังไม่ได้รับอนุมัติ', 'chipproof on this machine can\'t be reached, or this site is not approved'));
  }
  const text = await answer.text();
  const said = text ? JSON.parse(text) : {};
  if (!answer.ok) throw new Error(`${said.title || answer.status} ${said.remedy || ''} (${said.code || answer.status}${said.detail ? ': ' + said.detail : ''})`);
  return {waiting: answer.status === 202, said};
}

// backend calls the site itself, with the session's own value against forgery.
async function backend(path, body, accept) {
  const answer = await fetch(path, {method: 'POST', headers: {'Content-Type': 'application/json', 'Accept': accept, 'X-CSRF': csrf}, body: JSON.stringify(body)});
  if (!answer.ok && answer.status !== 422) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return accept === 'text/html' ? answer.text() : answer.json();
}

function waiting(said) {
  const names = {
    face_visual: say('เจ้าหน้าที่เทียบใบหน้า', 'the clerk to compare the face'),
    card_inspected: say('เจ้าหน้าที่ตรวจบัตร', 'the clerk to inspect the card'),
    approval: say('เจ้าหน้าที่อนุญาต', 'the clerk to agree'),
    second_person: say('เจ้าหน้าที่คนที่สอง', 'a second member of staff'),
  };
  const what = (said.waiting_for || []).map(name => names[name] || name).join(', ');
  return what ? say('กำลังรอ: ', 'waiting for: ') + what : say('กำลังดำเนินการ…', 'going on…');
}

async function fill() {
  tell(say('กำลังอ่านบัตร…', 'reading the card…'));
  const body = {purpose: 'form_fill', fields: ['citizen_id', 'name', 'birth_date', 'address']};
  let {waiting: more, said} = await ask('/v1/reads', body);
  while (more) {
    tell(waiting(said));
    ({waiting: more, said} = await ask('/v1/reads', body));
  }
  const {citizen_id, name, birth_date, address} = said.identity;
  const values = {citizen_id, name: [name.th.title + name.th.first_name, name.th.middle_name, name.th.last_name].filter(Boolean).join(' '), birth_date: birth_date.date, address: address.text};
  for (const [id, value] of Object.entries(values)) element(id).value = value;
  tell(say('กรอกแบบฟอร์มแล้ว ข้อมูลนี้ยังไม่ใช่หลักฐาน', 'The form is filled. This is no proof of anything.'));
}

async function prove() {
  tell(say('กำลังขอให้พิสูจน์ตัวตน…', 'asking for a proof…'));
  const {request: signed} = await backend('/requests', {road: 'fetch'}, 'application/json');
  let {waiting: more, said} = await ask('/v1/proofings', {request: signed});
  const id = said.id;
  while (more) {
    tell(waiting(said));
    ({waiting: more, said} = await ask(`/v1/proofings/${id}/result`, {}));
  }
  const photo = said.identity && said.identity.photo && said.identity.photo.data;
  element('result').innerHTML = await backend('/proofs', photo ? {proof: said.proof, photo} : {proof: said.proof}, 'text/html');
  tell(say('หลังบ้านของเว็บนี้ตรวจผลพิสูจน์แล้ว', 'This site\'s backend has checked the proof.'));
}

async function byPage() {
  const {request: signed} = await backend('/requests', {road: 'page'}, 'application/json');
  location.href = `${agent}/prove#${signed}`;
}

for (const [id, act] of Object.entries({fill, prove, page: byPage})) {
  element(id).addEventListener('click', async () => {
    const buttons = document.querySelectorAll('button');
    buttons.forEach(button => { button.disabled = true; });
    element('result').textContent = '';
    try {
      await act();
    } catch (problem) {
      tell(problem.message, true);
    }
    buttons.forEach(button => { button.disabled = false; });
  });
}
