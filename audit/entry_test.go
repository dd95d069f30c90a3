package audit_test

import (
	"crypto/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/audit"
)

var clock = audit.Clock{Now: noon, Monotonic: time.Second, Run: run}

func TestTheTableOfKindsIsSortedAndWhole(t *testing.T) {
	kinds := audit.Kinds()
	assert.True(t, slices.IsSortedFunc(kinds, func(a, b audit.KindInfo) int { return strings.Compare(string(a.Kind), string(b.Kind)) }))
	used := map[audit.Class]bool{}
	for i, k := range kinds {
		if i > 0 {
			assert.NotEqual(t, kinds[i-1].Kind, k.Kind)
		}
		class, ok := k.Kind.Class()
		assert.True(t, ok, k.Kind)
		assert.Equal(t, k.Class, class)
		used[class] = true
		_, err := audit.NewEntry(0, clock, audit.Event{Kind: k.Kind})
		assert.NoError(t, err, k.Kind)
	}
	for _, class := range audit.Classes() {
		assert.True(t, used[class], class)
		delete(used, class)
	}
	assert.Empty(t, used)
	_, ok := audit.Kind("unheard_of").Class()
	assert.False(t, ok)
	_, err := audit.NewEntry(0, clock, audit.Event{Kind: "unheard_of"})
	assert.ErrorIs(t, err, audit.ErrInvalid)
}

func TestAnEntryAndItsBytesAreOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-z][a-z0-9_]{0,10}`)
		e, err := audit.NewEntry(rapid.Int64Min(0).Draw(t, "number"),
			audit.Clock{
				Now:       time.UnixMicro(rapid.Int64Range(0, 1<<47).Draw(t, "now")),
				Monotonic: time.Duration(rapid.Int64Min(0).Draw(t, "monotonic")), Run: run,
			},
			audit.Event{
				Kind: rapid.SampledFrom(audit.Kinds()).Draw(t, "kind").Kind, Actor: rapid.String().Draw(t, "actor"),
				Subject: rapid.String().Draw(t, "subject"), Session: rapid.String().Draw(t, "session"),
				Attributes: rapid.MapOfN(word, rapid.String(), 0, audit.MaxAttributes).Draw(t, "attributes"),
			})
		require.NoError(t, err, "whatever comes from outside can be logged")
		b, err := e.Encode()
		require.NoError(t, err)
		again, err := audit.ParseEntry(b)
		require.NoError(t, err)
		if len(e.Attributes) == 0 {
			e.Attributes = nil
		}
		require.Equal(t, e, again)

		changed := slices.Clone(b)
		at := rapid.IntRange(0, len(b)-1).Draw(t, "at")
		changed[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if other, err := audit.ParseEntry(changed); err == nil {
			back, err := other.Encode()
			require.NoError(t, err)
			require.Equal(t, changed, back, "every byte counts")
		}
		_, err = audit.ParseEntry(append(b, 0))
		require.ErrorIs(t, err, audit.ErrInvalid)
		_, err = audit.ParseEntry(b[:at])
		require.ErrorIs(t, err, audit.ErrInvalid)
	})
}

func TestWhatComesFromOutsideIsCutAndEscaped(t *testing.T) {
	for given, kept := range map[string]string{
		"line\nbreak\x00\x7f":     "line\uFFFDbreak\uFFFD\uFFFD",
		"not utf-8 \xff\xfe":      "not utf-8 \uFFFD",
		"turn\u202eround":         "turn\uFFFDround",
		"ที่เคาน์เตอร์":           "ที่เคาน์เตอร์",
		strings.Repeat("ก", 1000): strings.Repeat("ก", 341), // 1,023 bytes: no letter is cut in two
	} {
		e, err := audit.NewEntry(0, clock, audit.Event{Kind: audit.KindRead, Actor: given, Attributes: map[string]string{"origin": given}})
		require.NoError(t, err)
		assert.Equal(t, kept, e.Actor)
		assert.Equal(t, kept, e.Attributes["origin"])
	}
}

// The numbers are synthetic.
func TestNoCitizenNumberGetsIntoTheLog(t *testing.T) {
	const masked = "[13 digits]"
	for given, kept := range map[string]string{
		"1101700230708":                  masked,
		"1-1017-00230-70-8":              masked,
		"1 1017 00230 70 8":              masked,
		"๑๑๐๑๗๐๐๒๓๐๗๐๘":                  masked,
		"เลข1234567890121บาท":            "เลข" + masked + "บาท",
		"id=0123456789016&x=1":           "id=" + masked + "&x=1",
		"8123456789011 1101700230708":    masked + " " + masked,
		"110170023070":                   "110170023070",   // twelve
		"11017002307081":                 "11017002307081", // fourteen
		"a1101700230708":                 "a1101700230708", // in a longer word, as in a hash
		"1101700230708f":                 "1101700230708f",
		"2026-11-25T12:00:00Z":           "2026-11-25T12:00:00Z",
		"https://hospital.example:8443/": "https://hospital.example:8443/",
		"":                               "",
	} {
		e, err := audit.NewEntry(0, clock, audit.Event{Kind: audit.KindRead, Subject: given, Attributes: map[string]string{"a": given}})
		require.NoError(t, err)
		assert.Equal(t, kept, e.Subject)
		assert.Equal(t, kept, e.Attributes["a"])
	}
}

func TestAnEntryThatBreaksItsFormIsRefused(t *testing.T) {
	good, err := audit.NewEntry(7, clock, audit.Event{Kind: audit.KindRead, Actor: "clerk"})
	require.NoError(t, err)
	_, err = good.Encode()
	require.NoError(t, err)
	long := strings.Repeat("x", audit.MaxText)
	for name, spoil := range map[string]func(*audit.Entry){
		"number below zero":     func(e *audit.Entry) { e.Number = -1 },
		"before 1970":           func(e *audit.Entry) { e.At = time.Unix(-1, 0) },
		"after 9999":            func(e *audit.Entry) { e.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) },
		"nanoseconds":           func(e *audit.Entry) { e.At = e.At.Add(1) },
		"monotonic backwards":   func(e *audit.Entry) { e.Monotonic = -time.Second },
		"no run":                func(e *audit.Entry) { e.Run = "" },
		"run of capitals":       func(e *audit.Entry) { e.Run = strings.ToUpper(run) },
		"no kind":               func(e *audit.Entry) { e.Kind = "" },
		"kind of two words":     func(e *audit.Entry) { e.Kind = "two words" },
		"no class":              func(e *audit.Entry) { e.Class = "" },
		"control character":     func(e *audit.Entry) { e.Actor = "a\nb" },
		"not utf-8":             func(e *audit.Entry) { e.Session = "\xff" },
		"too long a text":       func(e *audit.Entry) { e.Subject = long + "x" },
		"attribute in capitals": func(e *audit.Entry) { e.Attributes = map[string]string{"Name": ""} },
		"too large in all":      func(e *audit.Entry) { e.Attributes = map[string]string{"a": long, "b": long} },
		"too many attributes": func(e *audit.Entry) {
			e.Attributes = map[string]string{}
			for i := range audit.MaxAttributes + 1 {
				e.Attributes["a"+strings.Repeat("x", i)] = ""
			}
		},
	} {
		bad := good
		spoil(&bad)
		_, err := bad.Encode()
		assert.ErrorIs(t, err, audit.ErrInvalid, name)
	}
}

func TestALeafHidesItsEntryOnceTheSaltIsGone(t *testing.T) {
	payload := []byte("the same entry")
	salts := map[string]bool{}
	leaves := map[string]bool{}
	for range 100 {
		salt, err := audit.NewSalt(rand.Reader)
		require.NoError(t, err)
		require.Len(t, salt, audit.SaltBytes)
		salts[string(salt)] = true
		leaves[audit.Leaf(salt, payload).String()] = true
	}
	assert.Len(t, salts, 100)
	assert.Len(t, leaves, 100)
}

func TestRetentionKeepsWhatMustBeKept(t *testing.T) {
	day := 24 * time.Hour
	assert.NoError(t, audit.Policy{}.Check())
	assert.NoError(t, audit.Policy{audit.ClassRead: audit.LeastRetention, audit.ClassProofing: 3650 * day}.Check())
	assert.ErrorIs(t, audit.Policy{audit.ClassRead: audit.LeastRetention - 1}.Check(), audit.ErrKept)
	assert.ErrorIs(t, audit.Policy{audit.ClassLog: 3650 * day}.Check(), audit.ErrKept)
	assert.ErrorIs(t, audit.Policy{"gossip": 3650 * day}.Check(), audit.ErrInvalid)

	p := audit.Policy{audit.ClassRead: 100 * day, audit.ClassLog: 100 * day}
	e := audit.Entry{Class: audit.ClassRead, At: noon}
	assert.False(t, p.Due(e, noon.Add(100*day)))
	assert.True(t, p.Due(e, noon.Add(100*day+1)))
	assert.False(t, p.Due(audit.Entry{Class: audit.ClassLog, At: noon}, noon.Add(1000*day)))
	assert.False(t, p.Due(audit.Entry{Class: audit.ClassBreach, At: noon}, noon.Add(1000*day)))
}

func TestNumbersAsRanges(t *testing.T) {
	for text, numbers := range map[string][]int64{"0": {0}, "3,7-9": {3, 7, 8, 9}, "0-1,5,100-102": {0, 1, 5, 100, 101, 102}} {
		got, taken := audit.FormatNumbers(numbers, 100)
		assert.Equal(t, text, got)
		assert.Len(t, numbers, taken)
	}
	got, taken := audit.FormatNumbers([]int64{1, 3, 5, 6, 7, 9}, 7)
	assert.Equal(t, "1,3,5-7", got)
	assert.Equal(t, 5, taken)
}
