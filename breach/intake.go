package breach

// Role is which of the law's roles we have in a case (B27). The other two, the
// Office and the data subject, are never ours.
type Role string

// The roles that we can have.
const (
	RoleController Role = "controller"
	RoleProcessor  Role = "processor"
)

// Source is where the first information came from (B05).
type Source string

// The sources: anyone may report, and so may our own programs.
const (
	FromStaff     Source = "staff"
	FromPublic    Source = "public"
	FromProcessor Source = "processor"
	FromScanner   Source = "scanner"
	FromCERT      Source = "cert"
	FromSystem    Source = "system" // failed logins, a failed audit, a guard under attack
	FromOther     Source = "other"
)

var sources = []Source{FromStaff, FromPublic, FromProcessor, FromScanner, FromCERT, FromSystem, FromOther}

// Reported opens a case: first information of something abnormal (B05). It sets
// no clock of the law; [Aware] does.
type Reported struct {
	Title      string `json:"title"`
	Role       Role   `json:"role"`
	Source     Source `json:"source"`
	Summary    string `json:"summary,omitzero"`
	ReportedAt Moment `json:"reported_at"`
	// ProcessorAwareAt is when the processor that tells us knew of it itself;
	// our clock begins with our own awareness (assurance §3.5).
	ProcessorAwareAt Moment `json:"processor_aware_at,omitzero"`
	// Controller is whom we must tell, when we are the processor.
	Controller string `json:"controller,omitzero"`
}

// Kind is [KindReported].
func (Reported) Kind() Kind { return KindReported }

func (b Reported) check(c *Case, now Moment) error {
	if !c.ReportedAt.IsZero() {
		return &RefusedError{b.Kind(), WhyAlready}
	}
	f := form{kind: b.Kind(), now: now}
	f.text("title", b.Title)
	f.require("role", b.Role == RoleController || b.Role == RoleProcessor)
	f.require("source", among(b.Source, sources))
	f.optional("summary", b.Summary)
	f.past("reported_at", b.ReportedAt)
	f.pastOptional("processor_aware_at", b.ProcessorAwareAt)
	if b.Role == RoleProcessor {
		f.text("controller", b.Controller)
	}
	f.optional("controller", b.Controller)
	return f.err()
}

func (b Reported) apply(c *Case, _ Event) {
	c.Report, c.ReportedAt = b, b.ReportedAt
}

// ReportedCorrected puts the time of the report right; the first stays visible.
type ReportedCorrected struct {
	ReportedAt Moment `json:"reported_at"`
	Reason     string `json:"reason"`
}

// Kind is [KindReportedCorrected].
func (ReportedCorrected) Kind() Kind { return KindReportedCorrected }

func (b ReportedCorrected) check(_ *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.past("reported_at", b.ReportedAt)
	f.text("reason", b.Reason)
	return f.err()
}

func (b ReportedCorrected) apply(c *Case, _ Event) { c.ReportedAt = b.ReportedAt }

// Aware says when we knew that there was a breach: the law's clocks begin here.
// It is set once.
type Aware struct {
	AwareAt Moment `json:"aware_at"`
	Basis   string `json:"basis,omitzero"` // what the knowledge rests on
}

// Kind is [KindAware].
func (Aware) Kind() Kind { return KindAware }

func (b Aware) check(c *Case, now Moment) error {
	if !c.AwareAt.IsZero() {
		return &RefusedError{b.Kind(), WhyAlready}
	}
	f := form{kind: b.Kind(), now: now}
	f.past("aware_at", b.AwareAt)
	f.optional("basis", b.Basis)
	return f.err()
}

func (b Aware) apply(c *Case, _ Event) { c.AwareAt = b.AwareAt }

// AwareCorrected puts the time of awareness right, with a reason; both stay
// visible. Nothing else moves a clock of the law.
type AwareCorrected struct {
	AwareAt Moment `json:"aware_at"`
	Reason  string `json:"reason"`
}

// Kind is [KindAwareCorrected].
func (AwareCorrected) Kind() Kind { return KindAwareCorrected }

func (b AwareCorrected) check(c *Case, now Moment) error {
	if c.AwareAt.IsZero() {
		return &RefusedError{b.Kind(), WhyNotAware}
	}
	f := form{kind: b.Kind(), now: now}
	f.past("aware_at", b.AwareAt)
	f.text("reason", b.Reason)
	return f.err()
}

func (b AwareCorrected) apply(c *Case, _ Event) { c.AwareAt = b.AwareAt }

// LinkKind is what a link of a case leads to.
type LinkKind string

// What a case can be linked to.
const (
	LinkFinding  LinkKind = "finding"
	LinkTakedown LinkKind = "takedown"
	LinkAudit    LinkKind = "audit_entry"
	LinkIncident LinkKind = "incident"
)

// Linked ties evidence to the case: a finding, the takedown it led to, an entry
// of an audit log. It goes along into the notice. It holds no found value.
type Linked struct {
	To     LinkKind `json:"to" doc:"What kind of thing it is"`
	Ref    string   `json:"ref" doc:"Its id or number"`
	Digest string   `json:"digest,omitzero" doc:"SHA-256 of the evidence"`
	Note   string   `json:"note,omitzero" doc:"What it shows"`
}

// Kind is [KindLinked].
func (Linked) Kind() Kind { return KindLinked }

func (b Linked) check(_ *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.require("to", among(b.To, []LinkKind{LinkFinding, LinkTakedown, LinkAudit, LinkIncident}))
	f.text("ref", b.Ref)
	f.digestOptional("digest", b.Digest)
	f.optional("note", b.Note)
	return f.err()
}

func (b Linked) apply(c *Case, _ Event) { c.Links = append(c.Links, b) }
