package detect_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure/detect"
)

func TestAValueHidesItselfHoweverItIsShown(t *testing.T) {
	const number = "1101700230708"
	v := detect.NewValue(number)
	h := detect.Hit{Class: detect.CitizenID, Value: v}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v, "h", h)
	encoded, err := json.Marshal(h)
	require.NoError(t, err)
	for _, shown := range []string{
		fmt.Sprint(v, h, &h), every(v), every(h), every(struct{ v detect.Value }{v}), every([]detect.Value{v}), log.String(), string(encoded),
	} {
		assert.NotContains(t, shown, number)
		assert.NotContains(t, shown, fmt.Sprintf("%x", number))
	}
	assert.Equal(t, number, v.Reveal())
	assert.Empty(t, detect.Value{}.Reveal())
}

// every verb of package fmt, the wrong ones too.
func every(x any) string {
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%b", "%o", "%U"} {
		fmt.Fprintf(&out, verb+" ", x)
	}
	return out.String()
}

func TestMasksShowLittle(t *testing.T) {
	for class, c := range map[detect.Class]struct{ value, want string }{
		detect.CitizenID:   {"1101700230708", "1-xxxx-xxxxx-70-8"},
		detect.LaserCode:   {"JT1234567890", "xxx-xxxxxxx-xx"},
		detect.Phone:       {"0812345679", "08x-xxx-xx79"},
		detect.Name:        {"สมชายใจดี", "xxxx xxxx"},
		detect.Address:     {"99/93หนองกะปุบ้านลาดเพชรบุรี76150", "xx ต.xxxx อ.xxxx จ.เพชรบุรี"},
		detect.BankAccount: {"1234567890", "xxx-x-xxx90-x"},
		detect.Card:        {"4111111111111111", "xxxx-xxxx-xxxx-1111"},
		detect.Passport:    {"AA1234567", "xx-xxxxxxx"},
		detect.BirthDate:   {"1982-12-31", "xx/xx/xxxx"},
		detect.Email:       {"somchai@gmail.com", "xxxx@gmail.com"},
		detect.Health:      {"123456", "HN xxxxxx"},
		detect.Vehicle:     {"1กข1234", "xx xxxx"},
		detect.Geo:         {"13.756331", "xx.xxxx"},
		detect.Secret:      {"hunter2-and-3", "xxxx (password)"},
	} {
		assert.Equal(t, c.want, detect.Masked(class, c.value, "password"), class)
	}
	assert.Equal(t, "xxxx@xxxx.go.th", detect.Masked(detect.Email, "somchai@banlat.go.th", ""))
	assert.Equal(t, "xxxx@xxxx.com", detect.Masked(detect.Email, "me@somchai-jaidee.com", ""))
}

func TestEveryClassHasAMask(t *testing.T) {
	for _, c := range detect.Classes() {
		assert.NotEqual(t, "xxxx", detect.Masked(c, "1101700230708", "rule"), c)
	}
}

func TestASnippetShowsNothingButKnownWords(t *testing.T) {
	text := "คนไข้สมชาย ใจดี สูติบัตร 1234/2525 เลขประจำตัวประชาชน 1101700230708 รักษาโรคไต ที่ตึก 5"
	d := detect.New()
	s := &sink{}
	tx := &detect.Text{Bytes: []byte(text)}
	d.Find(tx, s)
	require.NotEmpty(t, s.hits)
	shown := d.Snippet(tx, s.hits[0], "[masked]")
	assert.Contains(t, shown, "เลขประจำตัวประชาชน [masked]")
	for _, secret := range []string{"สมชาย", "ใจดี", "1234", "2525", "ไต", "1101700230708", "ตึก"} {
		assert.NotContains(t, shown, secret)
	}
}

func TestNamesOfTargetsAreMasked(t *testing.T) {
	d := detect.New()
	for given, want := range map[string]string{
		"/srv/2568/report.csv":        "/srv/2568/report.csv",
		"/srv/1101700230708/a.csv":    "/srv/1-xxxx-xxxxx-70-8/a.csv",
		"/srv/1-1017-00230-70-8.pdf":  "/srv/1-xxxx-xxxxx-70-8.pdf",
		"/srv/๑๑๐๑๗๐๐๒๓๐๗๐๘.pdf":      "/srv/1-xxxx-xxxxx-70-8.pdf",
		"/srv/นายสมชาย ใจดี.pdf":      "/srv/xxxx xxxx.pdf",
		"/srv/1101700230709.pdf":      "/srv/xxxxxxxxxxxxx.pdf",
		"https://a.test/?q=a%40b.com": "https://a.test/?q=xxxx@xxxx.com",
		"/srv/12345678901234567.log":  "/srv/xxxxxxxxxxxxxxxxx.log",
		"/srv/somchai@gmail.com.mbox": "/srv/xxxx@xxxx.mbox",
	} {
		shown, _ := d.Plain(given)
		assert.Equal(t, want, shown, given)
	}
}
