package job

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"chipproof/exposure"
	"chipproof/exposure/detect"
	"chipproof/exposure/formats"
	"chipproof/exposure/report"
)

// Import is what one tool found, ready for the register: masked once more, and
// named by ids of this agency's key.
type Import struct {
	Tool    string
	Version string
	Rules   string
	Roots   []string
	RootIDs []string
	// Ours says that this installation's own scanner wrote it. Its findings are
	// taken, but a file proves nothing of them: only a scan does.
	Ours bool
	// Complete says that what is no longer in it is gone, for the same tool and
	// roots.
	Complete bool
	Items    []exposure.Outcome
	// Scanned are the targets that the tool has read to their end; nil where it
	// does not say and Complete speaks for all.
	Scanned []string
	NotRead []exposure.NotRead

	at map[string]int // of the items, by their ids
}

const maxImport = 64 << 20

// ourTool is how reports of this program call it.
const ourTool = "chipproof-office"

// elsewhere marks what an installation that isn't this one has found.
const elsewhere = " elsewhere"

// ParseImport reads the report of another tool: SARIF 2.1, of which each run's tool
// gives an import of its own, or JSON in the shape of assurance §4.8, as
// `chipproof doctor --leaks --json` prints it. source names what the tool was run
// over (a system, a counter), in the officer's words. JSON says by itself what it
// is about; without a source, the results of SARIF are added and never found gone.
// Error: [ErrImportInvalid].
func ParseImport(file []byte, key exposure.Key, source string) ([]Import, error) {
	p := &importer{key: key, mask: detect.New(), source: strings.TrimSpace(source)}
	if len(file) > maxImport {
		return nil, fmt.Errorf("parse import: %w: too large", ErrImportInvalid)
	}
	if newChecker(nil).personal(p.source) || len(p.source) > maxText {
		return nil, fmt.Errorf("parse import: %w: source", ErrImportInvalid)
	}
	if r, err := report.ParseJSON(file); err == nil {
		i, err := p.report(r)
		return []Import{i}, err
	}
	externals, err := report.ParseSARIF(file, key)
	if err != nil {
		return nil, fmt.Errorf("parse import: %w: %w", ErrImportInvalid, err)
	}
	return p.sarif(externals), nil
}

const (
	maxText     = 200
	maxFindings = 200_000
)

type importer struct {
	key    exposure.Key
	mask   *detect.Detector
	source string
}

// report takes a report in our own shape.
func (p *importer) report(r exposure.Report) (Import, error) {
	i := Import{Tool: p.name(r.Tool), Version: p.name(r.Version), Rules: p.name(r.Rules)}
	if i.Tool == "" || max(len(r.Findings), len(r.Scanned), len(r.NotRead)) > maxFindings {
		return i, fmt.Errorf("parse import: %w: no tool, or too much", ErrImportInvalid)
	}
	i.Ours = i.Tool == ourTool && p.areOurs(r.Roots, r.RootIDs)
	if i.Tool == ourTool && !i.Ours {
		i.Tool += elsewhere
	}
	i.Complete = r.Complete && !i.Ours
	for _, root := range r.Roots {
		shown, _ := p.mask.Plain(clip(root))
		i.Roots = append(i.Roots, shown)
		i.RootIDs = append(i.RootIDs, p.id(i, root))
	}
	p.root(&i)
	if i.Ours {
		i.RootIDs = r.RootIDs
	} else {
		i.Scanned = []string{}
		for _, id := range r.Scanned {
			i.Scanned = append(i.Scanned, p.id(i, id))
		}
		for _, n := range r.NotRead {
			shown, _ := p.mask.Plain(clip(n.Target))
			i.NotRead = append(i.NotRead, exposure.NotRead{Target: shown, TargetID: p.id(i, n.TargetID), Reason: formats.Reason(p.name(string(n.Reason)))})
		}
	}
	for n, f := range r.Findings {
		if !known(f) {
			return i, fmt.Errorf("parse import: %w: finding %d", ErrImportInvalid, n+1)
		}
		i.add(p.finding(i, f))
	}
	return i, nil
}

// areOurs says that the ids of roots were made with this installation's key.
func (p *importer) areOurs(roots, ids []string) bool {
	if len(roots) == 0 || len(ids) != len(roots) {
		return false
	}
	for n, root := range roots {
		if p.key.TargetID(root) != ids[n] {
			return false
		}
	}
	return true
}

// root names what an import is about, where the officer said it.
func (p *importer) root(i *Import) {
	if p.source != "" {
		i.Roots, i.RootIDs = append(i.Roots, p.source), append(i.RootIDs, p.id(*i, ""))
	}
	if i.Roots == nil {
		i.Roots, i.RootIDs = []string{}, []string{}
	}
}

// id is the same for the same thing of the same tool and source.
func (p *importer) id(i Import, parts ...string) string {
	return p.key.TargetID(strings.Join(append([]string{"import", i.Tool, p.source}, parts...), "\x00"))
}

// known says that a finding is one of those that the register can hold.
func known(f exposure.Finding) bool {
	classes := append(detect.Classes(), exposure.OpenAgent, exposure.Weakness)
	return slices.Contains(classes, f.Class) && f.Target != "" && f.Score >= 0 && f.Score <= 100 && isPlace(f.Locator) &&
		slices.Contains([]exposure.Severity{exposure.Critical, exposure.High, exposure.Medium, exposure.Low}, f.Severity) &&
		slices.Contains([]exposure.Reachability{exposure.Anonymous, exposure.LinkOnly, exposure.Login, exposure.Internal}, f.Reachability)
}

// longest is more lines and bytes than any file has, and shorter than a citizen
// number, which must not come in as one either.
const longest = 999_999_999_999

func isPlace(at formats.Locator) bool {
	return at.Line >= 0 && at.Line <= longest && (at.Offset == nil || *at.Offset >= 0 && *at.Offset <= longest)
}

// ourFingerprint is what one of ours looks like; manyDigits would be a number in
// the place of one.
var (
	ourFingerprint = regexp.MustCompile(`^[A-Za-z0-9_-]{22}$`)
	manyDigits     = regexp.MustCompile(`[0-9]{13}`)
)

func isFingerprint(s string) bool { return ourFingerprint.MatchString(s) && !manyDigits.MatchString(s) }

// finding is one with nothing personal left in any of its texts, whoever wrote it.
func (p *importer) finding(i Import, f exposure.Finding) exposure.Finding {
	if !i.Ours || p.key.TargetID(f.Target) != f.TargetID || !isFingerprint(f.Fingerprint) {
		where := f.TargetID
		if where == "" {
			where = f.Target
		}
		what := f.Fingerprint
		if what == "" {
			what = strings.Join([]string{f.Masked, f.Locator.Path, f.Locator.Cell, f.Rule}, "\x00")
		}
		f.TargetID = p.id(i, where)
		f.Fingerprint = p.id(i, string(f.Class), what)
	}
	f.Target, _ = p.mask.Plain(clip(f.Target))
	if !digitsAndMasks.MatchString(f.Masked) || digits(f.Masked) > mostDigits {
		f.Masked = p.mask.Veiled(clip(f.Masked))
	}
	f.Snippet = p.mask.Veiled(clip(f.Snippet))
	f.Rule = p.mask.Veiled(clip(f.Rule))
	f.Rules = p.name(f.Rules)
	f.Locator.Cell, _ = p.mask.Plain(clip(f.Locator.Cell))
	f.Locator.Path, _ = p.mask.Plain(clip(f.Locator.Path))
	return f
}

// digitsAndMasks is a value as ours are masked: with few of its digits left.
var digitsAndMasks = regexp.MustCompile(`^[0-9x/.\-]{1,25}$`)

const mostDigits = 6

func digits(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}

// name is a short text such as a version.
func (p *importer) name(s string) string {
	s = strings.TrimSpace(clip(s))
	shown, _ := p.mask.Plain(s)
	return shown
}

// clip cuts a text to what a register needs of it.
func clip(s string) string {
	if len(s) <= maxText {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	cut := maxText
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strings.ToValidUTF8(s[:cut], "\uFFFD")
}

// add puts a finding to the item that it belongs to.
func (i *Import) add(f exposure.Finding) {
	at, there := i.at[f.TargetID]
	if !there {
		if i.at == nil {
			i.at = map[string]int{}
		}
		at = len(i.Items)
		i.at[f.TargetID] = at
		i.Items = append(i.Items, exposure.Outcome{
			Target: f.Target, TargetID: f.TargetID, Findings: []exposure.Finding{}, NotRead: []exposure.NotRead{}, Counts: map[exposure.Class]int{},
		})
	}
	f.Record = len(i.Items[at].Findings) + 1
	i.Items[at].Findings = append(i.Items[at].Findings, f)
	i.Items[at].Counts[f.Class]++
}

// levels of SARIF (§3.27.10) as severities.
var levels = map[string]exposure.Severity{"error": exposure.High, "warning": exposure.Medium, "note": exposure.Low, "none": exposure.Low}

// sarif takes the results of each tool.
func (p *importer) sarif(list []report.External) []Import {
	var out []Import
	for _, x := range list {
		tool := p.name(x.Tool)
		if tool == ourTool { // a log never proves that this installation wrote it
			tool += elsewhere
		}
		at := slices.IndexFunc(out, func(i Import) bool { return i.Tool == tool })
		if at < 0 {
			i := Import{Tool: tool, Rules: "sarif-2.1.0", Complete: p.source != ""}
			p.root(&i)
			at, out = len(out), append(out, i)
		}
		i := &out[at]
		severity, ok := levels[x.Level]
		if !ok {
			severity = exposure.Medium
		}
		target := x.Target
		if target == "" {
			target = tool
		}
		f := exposure.Finding{
			Class: exposure.Weakness, Target: target, TargetID: target, Fingerprint: x.ID, Masked: x.Message, Rule: x.Rule,
			Score: 100, Severity: severity, Reachability: exposure.Internal, Rules: i.Rules,
		}
		if at := (formats.Locator{Line: int64(x.Line)}); isPlace(at) {
			f.Locator = at
		}
		i.add(p.finding(*i, f))
	}
	return out
}
