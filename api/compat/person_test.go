package compat

import (
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/proofing/thaiid"
)

func TestTheFiveKnownTitlesHaveACodeAndNoOtherDoes(t *testing.T) {
	for title, code := range map[string]string{
		"ด.ช.": "001", "เด็กชาย": "001", "ด.ญ.": "002", "เด็กหญิง": "002", "นาย": "003", "น.ส.": "004", "นางสาว": "004", "นาง": "005",
		"": "", "พระ": "", "พ.ต.อ.": "", "Mr.": "", "นาย ": "", "นายกฯ": "",
	} {
		assert.Equal(t, code, titleCode(title), title)
	}
}

func TestDatesAreWrittenAsThatAgentDoes(t *testing.T) {
	for card, want := range map[string]string{
		"25251231": "1982-12-31", "25250000": "1982-00-00", "25010400": "1958-04-00", "99999999": "9456-99-99",
		"        ": "", "": "", "00000000": "", "2525": "", "2525123a": "1982-12-3a", "+5251231": "", "25431301": "2000-13-01",
	} {
		assert.Equal(t, want, gothaiDate(card), "%q", card)
	}
}

func TestPrefixesComeOffOnce(t *testing.T) {
	assert.Equal(t, "3", without("หมู่ที่ 3", "หมู่ที่"))
	assert.Equal(t, "ประเวศ", without("เขตประเวศ", "อำเภอ", "เขต"))
	assert.Equal(t, "กรุงเทพมหานคร", without("กรุงเทพมหานคร", "จังหวัด"))
	assert.Equal(t, "ตำบลจริง", without("ตำบลตำบลจริง", "ตำบล", "แขวง"))
	assert.Equal(t, "Mr.Somchai Jaidee", "Mr."+joined("Somchai", "", "Jaidee"))
}

func TestAPersonInEitherShapeHidesWhenPrinted(t *testing.T) {
	id := &thaiid.Identity{Fields: thaiid.AllFields()}
	for _, v := range []any{nhsoPerson(id, true, ""), gothaiPerson(id)} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
			assert.Equal(t, "[hidden]", fmt.Sprintf(verb, v))
		}
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "person", v)
		assert.Contains(t, log.String(), "[hidden]")
	}
}

func TestEveryAgentHasANameAndAPort(t *testing.T) {
	for _, a := range Agents() {
		parsed, err := ParseAgent(string(a))
		require.NoError(t, err)
		assert.Equal(t, a, parsed)
	}
	assert.Equal(t, 8189, NHSO.Port())
	assert.Equal(t, 9898, GoThai.Port())
	_, err := ParseAgent("thaiid")
	assert.ErrorContains(t, err, "there are nhso and go-thai-smartcard")
}

func TestPortsNeedADeskAndAClock(t *testing.T) {
	_, err := New(Options{})
	require.ErrorIs(t, err, errOptions)
	p := &Ports{o: Options{Problems: api.Problems(), Now: time.Now}, open: map[Agent]int{}}
	_, err = p.Server("other", 1, api.Options{Now: time.Now})
	assert.ErrorIs(t, err, errAgent)
}

func FuzzDate(f *testing.F) {
	for _, seed := range []string{"25251231", "99999999", "        ", "00000000", "-0011231", "25๒51231"} {
		f.Add(seed)
	}
	shape := regexp.MustCompile(`(?s)^-?[0-9]{1,4}-..?.?.?-..?.?.?$`)
	f.Fuzz(func(t *testing.T, card string) {
		got := gothaiDate(card)
		if got != "" {
			assert.Len(t, card, 8)
			assert.True(t, shape.MatchString(got) || len(got) >= 7, "%q", got)
			assert.True(t, strings.HasSuffix(got, card[6:]), "nothing is made up")
		}
	})
}
