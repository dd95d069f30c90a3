package breach

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Quarters counts quarters. Every value of ENISA's method is a multiple of 1/4;
// as whole numbers no boundary is missed by rounding (assurance §3.7).
type Quarters int

// String is the decimal number: 0.25, 2, 3.5.
func (q Quarters) String() string { return strconv.FormatFloat(float64(q)/4, 'f', -1, 64) }

// MarshalJSONTo writes a JSON number.
func (q Quarters) MarshalJSONTo(enc *jsontext.Encoder) error {
	return enc.WriteValue(jsontext.Value(q.String()))
}

// UnmarshalJSONFrom reads a JSON number that is a multiple of 1/4 from 0 to 10.
func (q *Quarters) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	text, err := dec.ReadValue()
	if err != nil {
		return ErrEventInvalid // the cause may quote the input
	}
	n, err := strconv.ParseFloat(string(text), 64)
	if err != nil || n < 0 || n > 10 || n*4 != float64(int(n*4)) {
		return ErrEventInvalid
	}
	*q = Quarters(n * 4)
	return nil
}

// Context is the kind of data that was breached, by ENISA's four classes.
type Context string

// ENISA's classes of data, worth 1 to 4.
const (
	ContextSimple      Context = "simple"
	ContextBehavioural Context = "behavioural"
	ContextFinancial   Context = "financial"
	ContextSensitive   Context = "sensitive"
)

var contexts = []Context{ContextSimple, ContextBehavioural, ContextFinancial, ContextSensitive}

// Severity is what ENISA's figure is computed from (2013; SE = DPC × EI + CB).
type Severity struct {
	Context Context `json:"context"`
	// Adjust is what circumstances add to or take from the class, -3 to 3.
	Adjust int `json:"adjust"`
	// Identification is how easily people are identified: 0.25, 0.5, 0.75, 1.
	// The 13-digit number with a name is 1.
	Identification Quarters `json:"identification"`
	// What the breach did to each: 0, 0.25, 0.5.
	Confidentiality Quarters `json:"confidentiality"`
	Integrity       Quarters `json:"integrity"`
	Availability    Quarters `json:"availability"`
	// Malicious is 0.5 for intent to harm, 0 otherwise.
	Malicious Quarters `json:"malicious"`
}

// Band is the figure in a word.
type Band string

// ENISA's bands.
const (
	BandLow      Band = "low"
	BandMedium   Band = "medium"
	BandHigh     Band = "high"
	BandVeryHigh Band = "very_high"
)

// Figure is ENISA's figure with its parts. It advises; the officer decides.
type Figure struct {
	DPC   int      `json:"dpc"`
	EI    Quarters `json:"ei"`
	CB    Quarters `json:"cb"`
	Score Quarters `json:"se"`
	Band  Band     `json:"band"`
	// Flags, which are shown and never counted.
	Over100        bool `json:"over_100_people"`
	Unintelligible bool `json:"unintelligible"`
}

func (s Severity) check(f *form) {
	f.require("severity.context", among(s.Context, contexts))
	f.require("severity.adjust", s.Adjust >= -3 && s.Adjust <= 3)
	f.require("severity.identification", s.Identification >= 1 && s.Identification <= 4)
	f.require("severity.confidentiality", s.Confidentiality >= 0 && s.Confidentiality <= 2)
	f.require("severity.integrity", s.Integrity >= 0 && s.Integrity <= 2)
	f.require("severity.availability", s.Availability >= 0 && s.Availability <= 2)
	f.require("severity.malicious", s.Malicious == 0 || s.Malicious == 2)
}

// Figure computes ENISA's figure, without flags.
func (s Severity) Figure() Figure {
	dpc := 1
	for i, c := range contexts {
		if c == s.Context {
			dpc = i + 1
		}
	}
	dpc = min(max(dpc+s.Adjust, 1), 4)
	cb := s.Confidentiality + s.Integrity + s.Availability + s.Malicious
	score := Quarters(dpc)*s.Identification + cb
	return Figure{DPC: dpc, EI: s.Identification, CB: cb, Score: score, Band: band(score)}
}

// band has the boundaries of the method: 2, 3 and 4. Code in the wild uses 1, 2
// and 3.
func band(score Quarters) Band {
	switch {
	case score < 2*4:
		return BandLow
	case score < 3*4:
		return BandMedium
	case score < 4*4:
		return BandHigh
	}
	return BandVeryHigh
}
