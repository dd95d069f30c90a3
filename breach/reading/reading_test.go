package reading_test

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
	"chipproof/breach/reading"
	"chipproof/exposure"
	"chipproof/exposure/formats"
)

var _ breach.Reader = (*reading.Scanner)(nil)

func newReader(t testing.TB, o exposure.Options) *reading.Scanner {
	t.Helper()
	key, err := exposure.NewKey(rand.Reader)
	require.NoError(t, err)
	o.Key, o.Now = key, time.Now
	s, err := exposure.NewScanner(o)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return reading.New(s)
}

func TestTheReaderNamesTheClassesOfWhatATextHolds(t *testing.T) {
	r := newReader(t, exposure.Options{})
	for text, want := range map[string]string{
		"": "",
		"ขอแจ้งว่ารายชื่อผู้ป่วยถูกเปิดเผยทางเว็บไซต์": "",
		"เลขประจำตัวประชาชน 1101700230708":             "th_citizen_id",
		"1-1017-00230-70-8": "th_citizen_id",
		"๑๑๐๑๗๐๐๒๓๐๗๐๘":     "th_citizen_id",
		"ติดต่อ นางสาวสมมติ ทดลอง":                    "th_name",
		"นายสมมติ ทดลอง เลขบัตรประชาชน 8123456789011": "th_citizen_id th_name",
		"เลขหลังบัตร JT1234567890":                    "th_laser_code",
		"<p>1101700230708</p>":     "th_citizen_id",
		`{"id":"1101700230708"}`:   "th_citizen_id",
		"GIF89a 1101700230708":     "th_citizen_id",
		"%PDF-1.7 1101700230708":   "th_citizen_id",
		"PK\x03\x04 1101700230708": "th_citizen_id",
	} {
		found, err := r.PersonalData(text)
		require.NoError(t, err, "%q", text)
		assert.Equal(t, want, strings.Join(found, " "), "%q", text)
	}
}

func TestWhatCannotBeReadToItsEndIsAnError(t *testing.T) {
	r := newReader(t, exposure.Options{Limits: formats.Limits{File: 100}})
	_, err := r.PersonalData(strings.Repeat("ก", 200))
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "ก")
}

func TestTheAgencysOwnContactsAreNotSomebodysData(t *testing.T) {
	r := newReader(t, exposure.Options{Allow: exposure.Allow{Domains: []string{"example.go.th"}}})
	found, err := r.PersonalData("ติดต่อ dpo@example.go.th")
	require.NoError(t, err)
	assert.Empty(t, found)
	found, err = r.PersonalData("ติดต่อ somchai@example.com")
	require.NoError(t, err)
	assert.Equal(t, []string{"email"}, found)
}

func TestAPublicNoticeIsReadByOurOwnScanner(t *testing.T) {
	r := newReader(t, exposure.Options{})
	require.NoError(t, breach.CheckPublic(r, []string{"0 2000 0000"}, "สอบถามได้ที่ 0 2000 0000"))
	err := breach.CheckPublic(r, []string{"0 2000 0000"}, "สอบถาม นายสมมติ ทดลอง ที่ 0 2000 0000")
	require.ErrorIs(t, err, breach.ErrNoticeExposes)
}

func BenchmarkPersonalData(b *testing.B) {
	r := newReader(b, exposure.Options{})
	text := strings.Repeat("ขอแจ้งว่ารายชื่อผู้ป่วยถูกเปิดเผยทางเว็บไซต์ ", 20)
	for b.Loop() {
		if _, err := r.PersonalData(text); err != nil {
			b.Fatal(err)
		}
	}
}
