package exposure_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure"
	"chipproof/exposure/detect"
)

// wrong gives n numbers of thirteen digits whose check digit is wrong.
func wrong(n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("%012d%d", 150000000000+i*7919, (lastDigit(fmt.Sprintf("%012d", 150000000000+i*7919))+3)%10))
	}
	return out
}

func lastDigit(twelve string) int {
	sum := 0
	for i, c := range twelve {
		sum += int(c-'0') * (13 - i)
	}
	return (11 - sum%11) % 10
}

// valid gives n numbers with a right check digit in ranges that are not issued.
func valid(n int) []string {
	var out []string
	for i := range n {
		twelve := fmt.Sprintf("10%010d", 77_000_000+i*104729)
		out = append(out, twelve+fmt.Sprint(lastDigit(twelve)))
	}
	return out
}

func TestAColumnOfRightNumbersIsBelievedWithoutAHeader(t *testing.T) {
	r := newRig(t)
	out := r.scan(t, "a.csv", []byte("รหัส,x\n"+strings.Join(valid(20), ",a\n")+",a\n"))
	require.Len(t, of(out, detect.CitizenID), 20)
	for _, f := range out.Findings {
		assert.GreaterOrEqual(t, f.Score, 85)
	}
}

func TestAColumnOfWrongNumbersIsNotBelievedForTheFewThatFit(t *testing.T) {
	r := newRig(t)
	column := append(wrong(18), valid(2)...)
	out := r.scan(t, "a.csv", []byte("รหัส,x\n"+strings.Join(column, ",a\n")+",a\n"))
	assert.Empty(t, out.Findings)
	assert.Equal(t, 2, out.Suppressed)
}

func TestTimesInJSONWithoutAWordForThemAreNotBelieved(t *testing.T) {
	r := newRig(t)
	list := append(wrong(18), valid(2)...)
	out := r.scan(t, "a.json", []byte(`{"v":[`+strings.Join(list, ",")+`]}`))
	assert.Empty(t, out.Findings)
	out = r.scan(t, "a.json", []byte(`{"v":[`+strings.Join(valid(2), ",")+`]}`))
	assert.Len(t, out.Findings, 2)
}

func TestSeverityIsJudgedByRecord(t *testing.T) {
	r := newRig(t)
	cases := map[string]exposure.Severity{
		"โทร 081-234-5679": exposure.Low,
		"นายสมชาย ใจดี โทร 081-234-5679": exposure.Medium,
		"เลขบัตรประชาชน 1101700230708":   exposure.High,
		"นายสมชาย ใจดี เลขบัตรประชาชน 1101700230708 ที่อยู่ 99/9 หมู่ 3 ต.หนองกะปุ อ.บ้านลาด จ.เพชรบุรี 76150": exposure.Critical,
		"aws AKIAIOSFODNN7EXAMPLE": exposure.Critical,
	}
	for text, want := range cases {
		out := r.scan(t, "a.txt", []byte(text))
		require.NotEmpty(t, out.Findings, text)
		for _, f := range out.Findings {
			assert.Equal(t, want, f.Severity, text)
		}
	}
}

func TestPeopleAreCountedAndNotHits(t *testing.T) {
	r := newRig(t)
	cases := map[string]int{
		"1101700230708\n\n1101700230708\n\nเลขบัตร 1-1017-00230-70-8": 1,
		"1101700230708 1000000000190": 2,
		"นายสมชาย ใจดี 1101700230708\n\nนายสมชาย ใจดี โทร 081-234-5679\n\nโทร 081-234-5679":                             1,
		"นายสมชาย ใจดี\n\nนายสมหมาย ใจดี":                                                                               2,
		"นายสมชาย ใจดี 1101700230708 โทร 032-491-001\n\nนายสมหมาย ใจดี 1000000000190 โทร 032-491-001":                   2,
		"นายสมชาย ใจดี 1101700230708 โทร 081-234-5679\n\nนางสมหญิง ใจดี 1000000000190 โทร 081-234-5679 (เบอร์เดียวกัน)": 2,
	}
	for text, want := range cases {
		assert.Equal(t, want, r.scan(t, "a.txt", []byte(text)).People, text)
	}
}

func TestATallyCountsPeopleAcrossFiles(t *testing.T) {
	r := newRig(t)
	tally := exposure.NewTally()
	tally.Add(r.scan(t, "a.txt", []byte("นายสมชาย ใจดี 1101700230708")))
	tally.Add(r.scan(t, "b.csv", []byte("citizen_id,x\n1101700230708,a\n1000000000190,b\n")))
	sum := tally.Summary()
	assert.Equal(t, 2, sum.People)
	assert.Equal(t, 3, sum.Classes[detect.CitizenID])
	assert.Equal(t, 4, sum.Findings)
	assert.Equal(t, 2, sum.Files)
	assert.False(t, sum.PeopleEstimated)
}

func TestTooManyFindingsAreCountedAndNotKept(t *testing.T) {
	r := newRig(t, func(o *exposure.Options) { o.MaxFindings = 10 })
	out := r.scan(t, "a.csv", []byte("citizen_id,x\n"+strings.Join(valid(600), ",a\n")+",a\n"))
	assert.Len(t, out.Findings, 10)
	assert.Equal(t, 590, out.Omitted)
	assert.Equal(t, 600, out.Counts[detect.CitizenID])
	assert.Equal(t, 600, out.People)
	tally := exposure.NewTally()
	tally.Add(out)
	assert.Equal(t, 600, tally.Summary().People)
	assert.True(t, tally.Summary().PeopleEstimated)
}

func TestWorkContactsAreCountedAndNotReported(t *testing.T) {
	text := "ติดต่อ นายสมชาย ใจดี โทร 081-234-5679 somchai@banlat.go.th มือถือ 089-876-5432"
	out := newRig(t).scan(t, "a.txt", []byte(text))
	assert.Len(t, out.Findings, 4)
	r := newRig(t, func(o *exposure.Options) {
		o.Allow = exposure.Allow{Domains: []string{"banlat.go.th"}, Phones: []string{"081-234-5679", "0898*"}, Names: []string{"นาย สมชาย ใจดี"}}
	})
	out = r.scan(t, "a.txt", []byte(text))
	assert.Empty(t, out.Findings)
	assert.Equal(t, 4, out.Allowed)
	assert.Len(t, r.scan(t, "b.txt", []byte("someone@notbanlat.go.th")).Findings, 1, "a domain that only ends alike is another")
}

func TestAFingerprintIsOfTheValueAndTheAgencyKey(t *testing.T) {
	a, b := newRig(t), newRig(t)
	first := a.scan(t, "a.txt", []byte("เลขบัตร 1101700230708")).Findings[0]
	again := a.scan(t, "b.csv", []byte("cid,x\n๑-๑๐๑๗-๐๐๒๓๐-๗๐-๘,y\n")).Findings[0]
	other := b.scan(t, "a.txt", []byte("เลขบัตร 1101700230708")).Findings[0]
	assert.Equal(t, first.Fingerprint, again.Fingerprint, "however it is written, wherever it stands")
	assert.NotEqual(t, first.Fingerprint, other.Fingerprint)
	assert.Equal(t, "1-xxxx-xxxxx-70-8", first.Masked)
}
