package breach

// Effect is what happened to the data without authority or wrongfully (B01).
type Effect string

// The six effects of the law's definition: สูญหาย เข้าถึง ใช้ เปลี่ยนแปลง แก้ไข เปิดเผย.
const (
	EffectLoss       Effect = "loss"
	EffectAccess     Effect = "access"
	EffectUse        Effect = "use"
	EffectChange     Effect = "change"
	EffectAlteration Effect = "alteration"
	EffectDisclosure Effect = "disclosure"
)

// Effects are all effects.
func Effects() []Effect {
	return []Effect{EffectLoss, EffectAccess, EffectUse, EffectChange, EffectAlteration, EffectDisclosure}
}

// Cause is what brought the breach about (B02).
type Cause string

// The causes of the law's definition.
const (
	CauseIntent       Cause = "intent"
	CauseWilfulness   Cause = "wilfulness"
	CauseNegligence   Cause = "negligence"
	CauseUnauthorised Cause = "unauthorised_act"
	CauseOffence      Cause = "computer_offence"
	CauseThreat       Cause = "cyber_threat"
	CauseError        Cause = "error_or_defect"
	CauseAccident     Cause = "accident"
	CauseOther        Cause = "other" // only with a text
)

// Causes are all causes.
func Causes() []Cause {
	return []Cause{
		CauseIntent, CauseWilfulness, CauseNegligence, CauseUnauthorised, CauseOffence,
		CauseThreat, CauseError, CauseAccident, CauseOther,
	}
}

// Label is one of the three kinds of breach (B03); a case may have several.
type Label string

// The three kinds of breach.
const (
	Confidentiality Label = "confidentiality"
	Integrity       Label = "integrity"
	Availability    Label = "availability"
)

// Labels are all kinds of breach.
func Labels() []Label { return []Label{Confidentiality, Integrity, Availability} }

// Certainty says how well a number is known. A first notice tells what is known
// and the rest later, so that a number may be unknown (assurance §3.1).
type Certainty string

// How well a number is known.
const (
	Exact    Certainty = "exact"
	Estimate Certainty = "estimate"
	Unknown  Certainty = "unknown"
)

// Count is a number of people or records.
type Count struct {
	Number    int64     `json:"number" doc:"How many; 0 while unknown"`
	Certainty Certainty `json:"certainty" doc:"How well the number is known"`
}

func (n Count) valid() bool {
	known := n.Certainty == Exact || n.Certainty == Estimate
	return known && n.Number >= 0 || n.Certainty == Unknown && n.Number == 0
}

// Nature is what the breach is: effects, causes, kinds, and how much it touches
// (B01–B03, assurance §3.1). A later one takes the place of an earlier one.
type Nature struct {
	Description string   `json:"description" doc:"What happened"`
	Effects     []Effect `json:"effects" doc:"What befell the data, in the law's words"`
	Causes      []Cause  `json:"causes" doc:"What it came from, in the law's words"`
	OtherCause  string   `json:"other_cause,omitzero" doc:"Which other cause"`
	Labels      []Label  `json:"labels" doc:"Confidentiality, integrity or availability"`
	Data        string   `json:"data" doc:"Kinds of data; no values"`      // kinds of data, such as "ชื่อและเบอร์โทร"; no values
	Subjects    string   `json:"subjects" doc:"Kinds of people; no names"` // kinds of people, such as "ผู้ป่วยนอก"
	People      Count    `json:"people" doc:"How many people"`
	Records     Count    `json:"records" doc:"How many records"`
	// Consequences may come later; the notice to the Office needs them.
	Consequences string `json:"consequences,omitzero" doc:"What may come of it for them"`
}

// Kind is [KindNature].
func (Nature) Kind() Kind { return KindNature }

func (b Nature) check(_ *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.text("description", b.Description)
	f.require("effects", distinct(b.Effects, Effects()))
	f.require("causes", distinct(b.Causes, Causes()))
	if among(CauseOther, b.Causes) {
		f.text("other_cause", b.OtherCause)
	} else {
		f.require("other_cause", b.OtherCause == "")
	}
	f.require("labels", distinct(b.Labels, Labels()))
	f.text("data", b.Data)
	f.text("subjects", b.Subjects)
	f.require("people", b.People.valid())
	f.require("records", b.Records.valid())
	f.optional("consequences", b.Consequences)
	return f.err()
}

func (b Nature) apply(c *Case, _ Event) { c.Nature = &b }
