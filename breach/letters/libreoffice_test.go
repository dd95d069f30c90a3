package letters_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach/letters"
)

// A word processor of somebody else opens the files, and their text is found
// again. Needs Debian's libreoffice-writer-nogui.
func TestLibreOfficeOpensTheLettersAndFindsTheirText(t *testing.T) {
	dir := t.TempDir()
	want := map[string]string{}
	write := func(name string, docx []byte, err error, text string) {
		require.NoError(t, err)
		path := filepath.Join(dir, name+".docx")
		require.NoError(t, os.WriteFile(path, docx, 0o600))
		want[name] = text
	}
	for _, doc := range documents(t, letters.ThaiDigits) {
		docx, err := doc.DOCX()
		write(string(doc.Kind), docx, err, doc.Text())
	}
	own, err := letters.ParseShell(agencyShell(t, "<w:p><w:r><w:t>{{let</w:t></w:r><w:r><w:t>ter}}</w:t></w:r></w:p>"))
	require.NoError(t, err)
	m := maker(t)
	m.Shell = own
	var pile letters.Stack
	for range 2 {
		doc, err := m.SubjectLetter(whole(t), draft(letters.ArabicDigits), recipient)
		require.NoError(t, err)
		require.NoError(t, pile.Send(t.Context(), recipient, doc))
		want["text"] = doc.Text()
	}
	docx, err := pile.DOCX()
	write("pile", docx, err, "ตราครุฑของหน่วยงาน\n"+want["text"]+"\n"+want["text"])
	delete(want, "text")

	args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", dir}
	for name := range want {
		args = append(args, filepath.Join(dir, name+".docx"))
	}
	out, err := exec.CommandContext(t.Context(), "soffice", args...).CombinedOutput()
	require.NoError(t, err, "%s", out)

	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(dir, name+".txt"))
		require.NoError(t, err, "%s was opened: %s", name, out)
		seen := squeeze(string(got))
		for line := range strings.Lines(text) {
			assert.Contains(t, seen, squeeze(line), "%s", name)
		}
		if name == "pile" {
			assert.Equal(t, 2, strings.Count(seen, squeeze(recipient.Reveal().Name)), "both letters are in the pile")
		}
	}
}

func squeeze(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\u00a0", " ")), "")
}
