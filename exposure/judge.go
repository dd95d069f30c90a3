package exposure

import (
	"slices"

	"chipproof/exposure/detect"
	"chipproof/exposure/formats"
)

const (
	// batch is how many records wait until their columns are judged, so that
	// the first rows of a table profit from the later ones.
	batch     = 512
	batchHits = 4096
	// together is how far two findings of flowing text may be apart, in bytes,
	// to be of one record.
	together = 400
	// columnFrom is how many numbers of a column are needed to judge it.
	columnFrom = 5
	maxColumns = 8192
)

// candidate is a hit with everything that must be kept of it, and no value.
type candidate struct {
	finding Finding
	firm    bool
	odd     bool
	allowed bool
	column  uint64
}

// record is what stands together.
type record struct {
	id   uint64
	hits []candidate
	last int64 // where in flowing text the last hit ended
}

// column counts the numbers of 13 digits under one header.
type column struct{ right, wrong int }

// judge takes the pieces of one item, and gives its outcome.
type judge struct {
	scanner *Scanner
	det     *detect.Detector
	side    *detect.Detector // for names and snippets, while det is at work
	item    Item
	out     *Outcome
	people  *people
	columns map[uint64]*column
	waiting []record
	hits    int
	piece   *formats.Piece
	flow    int64 // bytes of flowing text before the piece
	number  int   // of records
	names   map[string]target
	cache   map[string]string // masked paths and cells
}

// target is the name of an item or archive member as it stands in findings.
type target struct{ shown, id string }

// Piece looks through a piece.
func (j *judge) Piece(p *formats.Piece) error {
	j.piece = p
	j.det.Find(&p.Text, j)
	j.flow += int64(len(p.Bytes) - p.Skip)
	return nil
}

// NotRead notes what could not be read.
func (j *judge) NotRead(inner string, why formats.Reason) {
	t := j.target(inner)
	j.out.NotRead = append(j.out.NotRead, NotRead{Target: t.shown, TargetID: t.id, Reason: why})
}

// Miss counts a number that is none.
func (j *judge) Miss(m detect.Miss) {
	if m.Explained && j.piece.Column == 0 {
		return // what words explain says nothing about what they don't
	}
	if c := j.column(j.piece.Column); c != nil {
		c.wrong++
	}
}

func (j *judge) column(id uint64) *column {
	c := j.columns[id]
	if c == nil && len(j.columns) < maxColumns {
		c = &column{}
		j.columns[id] = c
	}
	return c
}

// Hit keeps a candidate until its column and record are known.
func (j *judge) Hit(h detect.Hit) {
	p := j.piece
	if h.Class == detect.CitizenID && h.Checked && !h.Odd && (h.Bare && h.Score >= detect.Threshold || p.Column != 0) {
		if c := j.column(p.Column); c != nil {
			c.right++
		}
	}
	j.keep(j.candidate(h), p.Record, j.flow+int64(h.Start-p.Skip))
}

func (j *judge) candidate(h detect.Hit) candidate {
	p := j.piece
	t := j.target(p.Inner)
	masked := detect.Masked(h.Class, h.Value.Reveal(), h.Rule)
	at := p.Place.Locate(h.Start)
	at.Cell, at.Path = j.plain(at.Cell), j.plain(at.Path)
	return candidate{
		finding: Finding{
			Class: h.Class, Target: t.shown, TargetID: t.id, Locator: at, Masked: masked,
			Fingerprint: j.scanner.key.Fingerprint(h.Class, h.Value), Score: h.Score,
			Reachability: j.item.Reachability, Rule: h.Rule, Snippet: j.side.Snippet(&p.Text, h, masked),
			Seen: j.scanner.now(), Rules: Rules,
		},
		firm: h.Firm, odd: h.Odd, column: p.Column,
		allowed: j.scanner.allow.allowed(h.Class, h.Value),
	}
}

const maxCache = 512

// plain masks what is personal in a path or cell name.
func (j *judge) plain(s string) string {
	if s == "" {
		return ""
	}
	shown, known := j.cache[s]
	if !known {
		if len(j.cache) >= maxCache {
			clear(j.cache)
		}
		shown, _ = j.side.Plain(s)
		j.cache[s] = shown
	}
	return shown
}

// target gives the masked name of the item or of a member in it.
func (j *judge) target(inner string) target {
	t, known := j.names[inner]
	if known {
		return t
	}
	whole := j.item.Target
	if inner != "" {
		whole += "!" + inner
	}
	shown, hits := j.side.Plain(whole)
	t = target{shown, j.scanner.key.TargetID(whole)}
	if len(j.names) < maxCache*16 {
		j.names[inner] = t
	}
	j.nameFindings(t, whole, inner, hits)
	return t
}

// nameFindings are what the name itself gives away (assurance §4.7).
func (j *judge) nameFindings(t target, whole, inner string, hits []detect.Hit) {
	from := len(whole) - len(inner)
	for _, h := range hits {
		if inner != "" && h.Start < from {
			continue // of the archive's own name, which has its own finding
		}
		masked := detect.Masked(h.Class, h.Value.Reveal(), h.Rule)
		c := candidate{
			finding: Finding{
				Class: h.Class, Target: t.shown, TargetID: t.id, Masked: masked, Locator: Locator{Path: "name"},
				Fingerprint: j.scanner.key.Fingerprint(h.Class, h.Value), Score: h.Score,
				Reachability: j.item.Reachability, Rule: h.Rule, Snippet: t.shown, Seen: j.scanner.now(), Rules: Rules,
			},
			firm: true, allowed: j.scanner.allow.allowed(h.Class, h.Value),
		}
		j.keep(c, 0, j.flow)
	}
}

// keep puts a candidate into its record.
func (j *judge) keep(c candidate, id uint64, at int64) {
	if n := len(j.waiting); n == 0 || !j.waiting[n-1].takes(c, id, at) {
		if n >= batch || j.hits >= batchHits {
			j.settle()
		}
		j.waiting = append(j.waiting, record{id: id})
	}
	r := &j.waiting[len(j.waiting)-1]
	r.hits = append(r.hits, c)
	r.last = at
	j.hits++
}

// takes says whether a candidate belongs to the record: the same row or object;
// in flowing text what stands close by, unless its class is there already, which
// means that the next person begins.
func (r *record) takes(c candidate, id uint64, at int64) bool {
	if r.id != id || r.hits[0].finding.TargetID != c.finding.TargetID {
		return false
	}
	if id != 0 {
		return true
	}
	if at-r.last > together {
		return false
	}
	return !slices.ContainsFunc(r.hits, func(o candidate) bool { return o.finding.Class == c.finding.Class })
}

// settle judges all records that wait.
func (j *judge) settle() {
	for i := range j.waiting {
		j.record(&j.waiting[i])
	}
	j.waiting, j.hits = j.waiting[:0], 0
}

// record adds what column and record say, and keeps what passes.
func (j *judge) record(r *record) {
	for i := range r.hits {
		c := &r.hits[i]
		c.finding.Score += j.table(c)
	}
	classes := map[Class]bool{}
	for i := range r.hits {
		c := &r.hits[i]
		c.finding.Score = min(100, max(0, c.finding.Score+company(r, i)))
		if c.finding.Score >= detect.Threshold && !c.allowed {
			classes[c.finding.Class] = true
		}
	}
	severity := severityOf(classes)
	var marks []mark
	for i := range r.hits {
		c := &r.hits[i]
		switch {
		case c.finding.Score < detect.Threshold:
			j.out.Suppressed++
		case c.allowed:
			j.out.Allowed++
		default:
			c.finding.Severity = severity
			marks = append(marks, mark{c.finding.Class, c.finding.Fingerprint})
		}
	}
	if len(marks) == 0 {
		return
	}
	j.number++
	j.people.record(marks)
	for i := range r.hits {
		if c := &r.hits[i]; c.finding.Severity != "" {
			c.finding.Record = j.number
			j.add(c.finding)
		}
	}
}

func (j *judge) add(f Finding) {
	j.out.Counts[f.Class]++
	if len(j.out.Findings) >= j.scanner.maxFindings {
		j.out.Omitted++
		return
	}
	j.out.Findings = append(j.out.Findings, f)
}

// table is what the share of right check digits among a column's numbers says
// (assurance §4.4). By chance a tenth of them is right: with a share s, about
// (s−0.1)/0.9 of all are citizen numbers, and that over s of those that are
// right. In flowing text the same is asked of numbers for which nothing speaks.
func (j *judge) table(c *candidate) int {
	stat := j.columns[c.column]
	if c.finding.Class != detect.CitizenID || c.odd || stat == nil || stat.right+stat.wrong < columnFrom {
		return 0
	}
	share := float64(stat.right) / float64(stat.right+stat.wrong)
	if share >= 0.8 {
		if c.column != 0 {
			return 30
		}
		return 0
	}
	real := max(0, (share-0.1)/0.9) / max(share, 0.01)
	least := 0.5
	if c.column != 0 {
		least = 0.9 // one key has one meaning: it holds citizen numbers or none
	}
	if real < least && !c.firm {
		return -40
	}
	return 0
}

// company is what the others in the record say: a phone beside a name or a
// citizen number is a person's, and a laser code beside a number is one.
func company(r *record, i int) int {
	c := &r.hits[i]
	if c.finding.Score >= detect.Threshold || c.finding.Score < 33 {
		return 0
	}
	switch c.finding.Class {
	case detect.Phone, detect.Name, detect.LaserCode, detect.Address, detect.BankAccount, detect.BirthDate:
	default:
		return 0
	}
	for k := range r.hits {
		o := &r.hits[k]
		if k == i || o.finding.Class == c.finding.Class || o.finding.Score < detect.Threshold {
			continue
		}
		switch o.finding.Class {
		case detect.CitizenID, detect.Name, detect.Email, detect.Passport, detect.BirthDate, detect.Health:
			return 17
		}
	}
	return 0
}
