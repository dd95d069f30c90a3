//go:build !race

package browsertest

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
)

// slip prints the slip of the proofing on the screen, and gives its text and what
// poppler says of its pictures.
func (b *browser) slip(name string) (text, pictures string) {
	b.t.Helper()
	eval[bool](b, `(() => { window.print = () => { window.printed = true; }; return true; })()`)
	b.click(".result .buttons .secondary")
	b.when(`window.printed && document.querySelector('.slip-qr').naturalWidth > 100`)
	paper := filepath.Join(shots(b.t), name+".pdf")
	require.NoError(b.t, os.WriteFile(paper, b.printed(), 0o644))
	tool := func(name string, arguments ...string) string {
		out, err := exec.Command(name, arguments...).Output()
		require.NoError(b.t, err, "%s of poppler-utils is needed: .ci/deps", name)
		return string(out)
	}
	return tool("pdftotext", "-layout", paper, "-"), tool("pdfimages", "-list", paper)
}

// pressed is what a Thai text is without what fonts and layout make of it: blanks,
// and the two ways to write sara am.
func pressed(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), ""), "\u0e4d\u0e32", "\u0e33")
}

// nobody are texts of the default person that no slip may hold.
var nobody = []string{"สมชาย", "ใจดี", "Somchai", "Jaidee", "2525", "1982", "หนองกะปุ", "บ้านลาด", "99/9", "2567", "2575"}

var number = regexp.MustCompile(`pf-[0-9]{8}-[0-9]{6}`)

func TestTheSlipHoldsWhatTheCitizenMustKnowAndNothingElseOfThem(t *testing.T) {
	a := newAgent(t)
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	b.click(identityProofing)
	b.click("#read")
	b.see("หน้าตรงกับรูปในชิปหรือไม่")
	b.click(".answers .yes")
	b.when(`document.querySelector('.verdict.accepted')`)
	text, pictures := b.slip("th-slip")

	for _, want := range []string{
		"ใบรับการตรวจบัตรประชาชน", "พิสูจน์ตัวตน", "เลขประจำตัวประชาชน", "ที่อยู่", "x-xxxx-xxxxx-70-8", "ผ่าน",
		"เจ้าหน้าที่เทียบใบหน้า", "อ่านชิป", "พ.ศ.", "กฎหมายคุ้มครองข้อมูลส่วนบุคคล",
	} {
		if want == "พ.ศ." {
			want = eval[string](b, `document.querySelector('.slip dl dd:nth-of-type(3)').textContent`) // the time
			assert.Contains(t, want, "2569", "in the Buddhist era")
		}
		assert.Contains(t, pressed(text), pressed(want))
	}
	txn := number.FindString(text)
	require.NotEmpty(t, txn, text)
	assert.Equal(t, txn, a.office.Entries("proofing")[0].Attributes["txn"])
	for _, secret := range append([]string{"1101700230708", "11017002307", "1 1017 00230 70 8"}, nobody...) {
		assert.NotContains(t, pressed(text), pressed(secret))
	}
	assert.NotContains(t, pictures, "jpeg", "no photo of the citizen goes to paper")
	assert.Len(t, strings.Split(strings.TrimSpace(pictures), "\n"), 3, "one picture below the heading, the code:\n%s", pictures)
	assertCodeOf(t, b, txn)
	a.remove()
	b.unsee("x-xxxx-xxxxx-70-8", txn)
}

// assertCodeOf says that the slip's picture is the QR code of the number, and so
// holds nothing else.
func assertCodeOf(t *testing.T, b *browser, txn string) {
	t.Helper()
	_, data, ok := strings.Cut(eval[string](b, `document.querySelector('.slip-qr').src`), ";base64,")
	require.True(t, ok)
	file, err := base64.StdEncoding.DecodeString(data)
	require.NoError(t, err)
	got, err := png.Decode(bytes.NewReader(file))
	require.NoError(t, err)
	want, err := qr.Encode(txn, qr.M, qr.Auto)
	require.NoError(t, err)
	want, err = barcode.Scale(want, got.Bounds().Dx(), got.Bounds().Dy())
	require.NoError(t, err)
	assert.True(t, alike(want, got))
}

func alike(a, b image.Image) bool {
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			r1, _, _, _ := a.At(x, y).RGBA()
			r2, _, _, _ := b.At(x, y).RGBA()
			if r1 != r2 {
				return false
			}
		}
	}
	return true
}

func TestTheSlipHasTheWholeNumberOnlyWhereThePurposeSaysSo(t *testing.T) {
	policy, err := proofing.ParsePolicy(append(proofing.DefaultPolicy().Content(), []byte(`
  - {name: whole_number, title: {th: เลขเต็ม, en: Whole number}, use: proof, fields: [citizen_id, name], needs: [chip_read], printed: whole}
`)...))
	require.NoError(t, err)
	a := newAgentWith(t, policy)
	a.insert("default")
	b := newBrowser(t, a, "en")
	b.enters("/", a.clerk)
	b.see("A card is in the reader")
	b.click(`input[value="whole_number"]`)
	b.click("#read")
	b.when(`document.querySelector('.verdict.accepted')`)
	text, _ := b.slip("en-slip-whole")
	assert.Contains(t, text, "1101700230708")
	assert.Contains(t, text, "Whole number")
	for _, secret := range nobody {
		assert.NotContains(t, text, secret)
	}
}
