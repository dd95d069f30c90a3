package breach

// Area is one of the three checklists of step 1.
type Area string

// The areas: organisational (B07), technical (B08), physical (B09).
const (
	Organisational Area = "organisational"
	Technical      Area = "technical"
	Physical       Area = "physical"
)

// Areas are all areas.
func Areas() []Area { return []Area{Organisational, Technical, Physical} }

// Items are what each checklist asks about, in order.
func (a Area) Items() []string {
	switch a {
	case Organisational:
		return []string{"policy", "risk_assessment", "awareness", "training"}
	case Technical:
		return []string{"encryption", "pseudonymisation", "access_control", "two_factors", "logging", "patching"}
	case Physical:
		return []string{"entry_control", "cctv", "server_room"}
	}
	return nil
}

// InPlace says how a measure stood at the time of the breach.
type InPlace string

// How a measure stood; who doesn't know says so.
const (
	InPlaceYes     InPlace = "yes"
	InPlacePartly  InPlace = "partly"
	InPlaceNo      InPlace = "no"
	InPlaceUnknown InPlace = "unknown"
)

// Measure is one answered item of a checklist.
type Measure struct {
	Item     string  `json:"item" doc:"Which one of the list"`
	InPlace  InPlace `json:"in_place" doc:"Whether it was in place"`
	Evidence string  `json:"evidence,omitzero" doc:"What shows that"` // needed unless unknown
}

// Answer is yes, no or unknown.
type Answer string

// The answers.
const (
	Yes      Answer = "yes"
	No       Answer = "no"
	NotKnown Answer = "unknown"
)

// Checklist is one area with every item answered or marked unknown, as it stood
// at the time of the breach.
type Checklist struct {
	Area  Area      `json:"area" doc:"Which of the three areas"`
	Items []Measure `json:"items" doc:"Every item of the area"`
	// Unintelligible and KeyLost belong to the technical list: could whoever
	// got the data not read it, and was the key to it lost as well. They reach
	// the risk assessment (B08).
	Unintelligible Answer `json:"unintelligible,omitzero" doc:"Whether the data was of no use to others, as when encrypted"`
	KeyLost        Answer `json:"key_lost,omitzero" doc:"Whether the key went with it"`
}

// Kind is [KindChecklist].
func (Checklist) Kind() Kind { return KindChecklist }

func (b Checklist) check(_ *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	asked := b.Area.Items()
	f.require("area", asked != nil)
	answered := map[string]bool{}
	for _, m := range b.Items {
		f.require("items", among(m.Item, asked) && !answered[m.Item])
		answered[m.Item] = true
		f.require(m.Item, among(m.InPlace, []InPlace{InPlaceYes, InPlacePartly, InPlaceNo, InPlaceUnknown}))
		if m.InPlace != InPlaceUnknown {
			f.text(m.Item, m.Evidence)
		}
		f.optional(m.Item, m.Evidence)
	}
	for _, item := range asked {
		f.require(item, answered[item])
	}
	answers := []Answer{Yes, No, NotKnown}
	if b.Area != Technical {
		answers = []Answer{""}
	}
	f.require("unintelligible", among(b.Unintelligible, answers))
	f.require("key_lost", among(b.KeyLost, answers))
	return f.err()
}

func (b Checklist) apply(c *Case, e Event) {
	if c.Checklists == nil {
		c.Checklists = map[Area]Checklist{}
		c.checkedAt = map[Area]Moment{}
	}
	c.Checklists[b.Area] = b
	if c.checkedAt[b.Area].IsZero() {
		c.checkedAt[b.Area] = e.At
	}
}

// unreadable says that the data was unintelligible and the key not lost. What
// nobody knows is no comfort.
func (b Checklist) unreadable() bool { return b.Unintelligible == Yes && b.KeyLost == No }
