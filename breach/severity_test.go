package breach_test

import (
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/breach"
)

// Worked examples of assurance §3.7.
func TestTheFigureFollowsENISAsExamples(t *testing.T) {
	for _, row := range []struct {
		s    breach.Severity
		want string
		band breach.Band
	}{
		{breach.Severity{Context: breach.ContextSimple, Identification: 1}, "0.25", breach.BandLow},
		{breach.Severity{Context: breach.ContextSimple, Identification: 4, Confidentiality: 2, Malicious: 2}, "2", breach.BandMedium},
		{breach.Severity{Context: breach.ContextFinancial, Identification: 4}, "3", breach.BandHigh},
		{breach.Severity{Context: breach.ContextSensitive, Identification: 2, Confidentiality: 2, Integrity: 2}, "3", breach.BandHigh},
		{breach.Severity{Context: breach.ContextSensitive, Identification: 4}, "4", breach.BandVeryHigh},
		{breach.Severity{Context: breach.ContextSimple, Identification: 3, Availability: 2, Malicious: 2}, "1.75", breach.BandLow},
		{breach.Severity{Context: breach.ContextBehavioural, Identification: 4, Integrity: 2, Availability: 1}, "2.75", breach.BandMedium},
		{breach.Severity{Context: breach.ContextFinancial, Identification: 4, Confidentiality: 2, Integrity: 1}, "3.75", breach.BandHigh},
	} {
		figure := row.s.Figure()
		assert.Equal(t, row.want, figure.Score.String())
		assert.Equal(t, row.band, figure.Band, row.want)
	}
}

func TestTheContextIsRaisedAndLoweredWithinOneToFour(t *testing.T) {
	for adjust, want := range map[int]int{-3: 1, -1: 2, 0: 3, 1: 4, 3: 4} {
		s := breach.Severity{Context: breach.ContextFinancial, Adjust: adjust, Identification: 4}
		assert.Equal(t, want, s.Figure().DPC, "financial, adjusted by %d", adjust)
	}
}

func TestOnlyValuesOfTheMethodAreTaken(t *testing.T) {
	d := open(t).toConfirmed()
	for field, change := range map[string]func(*breach.Severity){
		"severity.context":         func(s *breach.Severity) { s.Context = "secret" },
		"severity.adjust":          func(s *breach.Severity) { s.Adjust = 4 },
		"severity.identification":  func(s *breach.Severity) { s.Identification = 0 },
		"severity.confidentiality": func(s *breach.Severity) { s.Confidentiality = 3 },
		"severity.integrity":       func(s *breach.Severity) { s.Integrity = 4 },
		"severity.availability":    func(s *breach.Severity) { s.Availability = 3 },
		"severity.malicious":       func(s *breach.Severity) { s.Malicious = 1 },
	} {
		b := assessed(breach.RiskSome)
		change(&b.Severity)
		d.refusesFields(b, field)
	}
}

func TestQuartersAreNumbersInJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := breach.Quarters(rapid.IntRange(0, 40).Draw(t, "quarters"))
		text, err := json.Marshal(q)
		require.NoError(t, err)
		assert.Equal(t, q.String(), string(text))
		var back breach.Quarters
		require.NoError(t, json.Unmarshal(text, &back))
		assert.Equal(t, q, back)
	})
	for _, bad := range []string{`0.1`, `"0.25"`, `-1`, `1e9`, `null`, `true`, `[]`, `0.3`} {
		var q breach.Quarters
		assert.Error(t, json.Unmarshal([]byte(bad), &q), bad)
	}
}
