// The page of a site that asks a chipproof agent on this machine, by chipproof.js,
// which the site hosts itself. It holds no secret: what it asks to be signed was
// signed by its own backend, and what came back it hands to that backend, which
// alone judges it.
import {ChipproofError, diagnose, fill, permission, prove, proveByPage} from '/chipproof.js';

const {port: said, csrf} = document.body.dataset;
const port = Number(said);
const thai = document.documentElement.lang === 'th';
const say = (th, en) => (thai ? th : en);
const element = id => document.getElementById(id);

function tell(text) {
  element('status').textContent = text;
}

function onProgress({step, of}) {
  const bar = element('bar');
  bar.hidden = false;
  bar.max = of;
  bar.value = step;
}

function onWaiting(names) {
  const words = {
    face_visual: say('เจ้าหน้าที่เทียบใบหน้า', 'the clerk to compare the face'),
    card_inspected: say('เจ้าหน้าที่ตรวจบัตร', 'the clerk to inspect the card'),
    approval: say('เจ้าหน้าที่อนุญาต', 'the clerk to agree'),
    second_person: say('เจ้าหน้าที่คนที่สอง', 'a second member of staff'),
  };
  const what = names.map(name => words[name] ?? name).join(', ');
  tell(what ? say('กำลังรอ: ', 'waiting for: ') + what : say('กำลังดำเนินการ…', 'going on…'));
}

// backend calls the site itself, with the session's own value against forgery.
async function backend(path, body, accept) {
  const answer = await fetch(path, {method: 'POST', headers: {'Content-Type': 'application/json', 'Accept': accept, 'X-CSRF': csrf}, body: JSON.stringify(body)});
  if (!answer.ok && answer.status !== 422) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return accept === 'text/html' ? answer.text() : answer.json();
}

async function signed(road) {
  return (await backend('/requests', {road}, 'application/json')).request;
}

async function fillForm() {
  tell(say('กำลังอ่านบัตร…', 'reading the card…'));
  const {citizen_id, name, birth_date, address} = await fill({fields: ['citizen_id', 'name', 'birth_date', 'address'], port, onProgress, onWaiting});
  const {title, first_name, middle_name, last_name} = name.th;
  const values = {citizen_id, name: [title + first_name, middle_name, last_name].filter(Boolean).join(' '), birth_date: birth_date.date, address: address.text};
  for (const [id, value] of Object.entries(values)) element(id).value = value;
  tell(say('กรอกแบบฟอร์มแล้ว ข้อมูลนี้ยังไม่ใช่หลักฐาน', 'The form is filled. This is no proof of anything.'));
}

async function proveHere() {
  tell(say('กำลังขอให้พิสูจน์ตัวตน…', 'asking for a proof…'));
  const result = await prove({request: await signed('fetch'), pageRequest: () => signed('page'), port, onProgress, onWaiting});
  const photo = result.identity?.photo?.data;
  const report = await backend('/proofs', photo ? {proof: result.proof, photo} : {proof: result.proof}, 'text/html');
  element('result').innerHTML = report; // from this site's own template, which escapes
  tell(say('หลังบ้านของเว็บนี้ตรวจผลพิสูจน์แล้ว', 'This site\'s backend has checked the proof.'));
}

async function onTheirPage() {
  await proveByPage({request: await signed('page'), port});
}

// explain says why nothing came, in the words that came with it, and what helps.
function explain(problem) {
  const known = problem instanceof ChipproofError;
  element('problem').hidden = false;
  element('problem-title').textContent = known && problem.title || problem.message;
  element('problem-remedy').textContent = known ? problem.remedy : '';
  element('problem-code').textContent = known ? problem.code + (problem.detail && `: ${problem.detail}`) : '';
  element('console').href = known ? problem.console : '#';
  element('console').hidden = !known;
  element('diagnose').hidden = problem.code !== 'agent_unreachable';
}

async function findOut() {
  const found = await diagnose({port});
  tell({
    origin_not_approved: say('chipproof ทำงานอยู่ แต่ยังไม่ได้อนุญาตเว็บไซต์นี้ ผู้ดูแลระบบเห็นคำขอแล้ว', 'chipproof is running and does not know this site yet. The administrator sees that it asked.'),
    agent_not_running: say('chipproof ไม่ได้เปิดอยู่ในเครื่องนี้', 'chipproof is not running on this machine.'),
    unknown: say('ยังบอกไม่ได้ ให้ดูหน้าต่างที่เปิดขึ้น', 'Nobody can say yet. Look at the window that opened.'),
  }[found]);
}

for (const [id, act] of Object.entries({fill: fillForm, prove: proveHere, page: onTheirPage, diagnose: findOut})) {
  element(id).addEventListener('click', async () => {
    const buttons = document.querySelectorAll('button');
    buttons.forEach(button => { button.disabled = true; });
    // Nobody's data stays beside another's failure.
    document.querySelector('form').reset();
    element('result').textContent = '';
    element('problem').hidden = true;
    element('ask').hidden = true;
    try {
      await act();
    } catch (problem) {
      tell('');
      explain(problem);
    }
    element('bar').hidden = true;
    buttons.forEach(button => { button.disabled = false; });
  });
}

// The browser is about to ask: what for is said before.
element('ask').hidden = await permission() !== 'prompt' || !isSecureContext || location.hostname === 'localhost';
