import {fill} from './chipproof.js';
const form = document.forms.patient;
form.read.addEventListener('click', async () => {
  try {
    const {citizen_id, name} = await fill({fields: ['citizen_id', 'name']});
    form.number.value = citizen_id;
    form.given.value = name.th.first_name;
    form.family.value = name.th.last_name;
  } catch (error) { form.said.value = error.message; }
});
