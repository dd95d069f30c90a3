package letters_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach/letters"
)

func TestAnAgencyWordsALetterItsOwnWay(t *testing.T) {
	m := maker(t)
	text, err := letters.ShippedText(letters.SubjectLetter)
	require.NoError(t, err)
	own := strings.ReplaceAll(string(text), "ขอแสดงความนับถือ", "ด้วยความเคารพอย่างสูง")
	templates, err := m.Templates.With(letters.SubjectLetter, []byte(own))
	require.NoError(t, err)
	changed := m
	changed.Templates = templates
	doc, err := changed.SubjectLetter(whole(t), draft(letters.ArabicDigits), recipient)
	require.NoError(t, err)
	assert.Contains(t, doc.Text(), "ด้วยความเคารพอย่างสูง")
	doc, err = m.SubjectLetter(whole(t), draft(letters.ArabicDigits), recipient)
	require.NoError(t, err)
	assert.Contains(t, doc.Text(), "ขอแสดงความนับถือ", "the templates it came from are as before")
}

func TestATemplateCannotLeaveOutWhatTheLawRequires(t *testing.T) {
	m := maker(t)
	text, err := letters.ShippedText(letters.SubjectLetter)
	require.NoError(t, err)
	for field, name := range map[string]string{
		"Told.Nature": "nature", "Told.Effects": "effects", "Told.Remedies": "remedies", "Told.Measures": "measures",
		"Told.Advice": "advice", "Contact.Name": "dpo_contact", "Agency.Name": "agency", "Date": "date", "Recipient.Name": "recipient",
	} {
		own := strings.ReplaceAll(string(text), "."+field+"}}", ".Agency.Position}}")
		changed := m
		changed.Templates, err = m.Templates.With(letters.SubjectLetter, []byte(own))
		require.NoError(t, err)
		_, err = changed.SubjectLetter(whole(t), draft(letters.ArabicDigits), recipient)
		require.ErrorIs(t, err, letters.ErrTemplateInvalid, field)
		assert.Equal(t, []string{name}, missing(t, err))
	}
}

func TestATemplateThatIsNoLetterIsRefused(t *testing.T) {
	m := maker(t)
	for name, text := range map[string]string{
		"a broken action":     `<p>{{.Date</p>`,
		"an unknown function": `<p>{{env "HOME"}}</p>`,
		"too large":           strings.Repeat(" ", 1<<18+1),
	} {
		_, err := m.Templates.With(letters.FileNote, []byte(text))
		assert.ErrorIs(t, err, letters.ErrTemplateInvalid, name)
	}
	for name, text := range map[string]string{
		"a script":           `<script>x</script>`,
		"a picture":          `<p><img/></p>`,
		"a link":             `<p><a href="https://example.com">x</a></p>`,
		"a style":            `<p style="x">x</p>`,
		"an unknown class":   `<p class="hidden">x</p>`,
		"an open element":    `<p>x`,
		"a crossed element":  `<p><strong>x</p></strong>`,
		"an unknown field":   `<p>{{.Password}}</p>`,
		"nested too deep":    strings.Repeat("<span>", 20) + strings.Repeat("</span>", 20),
		"a directive":        `<!DOCTYPE x>`,
		"a bare text":        `x`,
		"a bare span":        `<span>x</span>`,
		"a text in a table":  `<table>x</table>`,
		"a list of no items": `<ol><p>x</p></ol>`,
		"a cell of no row":   `<table><td>x</td></table>`,
		"a block in a block": `<p><p>x</p></p>`,
		"a break with text":  `<p><br>x</br></p>`,
	} {
		templates, err := m.Templates.With(letters.FileNote, []byte(text))
		require.NoError(t, err, name)
		own := m
		own.Templates = templates
		_, err = own.FileNote(whole(t), draft(letters.ArabicDigits))
		assert.ErrorIs(t, err, letters.ErrTemplateInvalid, name)
	}
	_, err := m.Templates.With("poem", []byte("<p>x</p>"))
	assert.ErrorIs(t, err, letters.ErrTemplateInvalid)
	_, err = letters.ShippedText("../doc.go")
	assert.ErrorIs(t, err, letters.ErrTemplateInvalid)
	m.Templates = letters.Templates{}
	_, err = m.FileNote(whole(t), draft(letters.ArabicDigits))
	assert.ErrorIs(t, err, letters.ErrTemplateInvalid, "no templates")
}
