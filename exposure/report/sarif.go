package report

import (
	"bytes"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"chipproof/exposure"
	"chipproof/exposure/detect"
)

const (
	toolName        = "chipproof-office"
	fingerprintName = "chipproof/hmac-sha256/v1"
)

// levels of SARIF (§3.27.10) for our severities.
var levels = map[exposure.Severity]string{
	exposure.Critical: "error", exposure.High: "error", exposure.Medium: "warning", exposure.Low: "note",
}

// baselineStates of SARIF (§3.27.24).
var baselineStates = map[exposure.Change]string{
	exposure.New: "new", exposure.Still: "unchanged", exposure.Fixed: "absent", exposure.Unchecked: "unchanged",
}

// SARIF writes findings as a SARIF 2.1.0 log. Error: [ErrUnsafe].
func SARIF(w io.Writer, r exposure.Report, findings []exposure.Compared) error {
	log := sarif.NewReport()
	run := sarif.NewRun().WithTool(sarif.NewTool().WithDriver(sarif.NewToolComponent().WithName(toolName).WithVersion(r.Version)))
	for _, c := range detect.Classes() {
		run.AddRule(string(c)).WithDescription(classNames[c])
	}
	for _, f := range findings {
		if hasRun([]byte(f.Target)) { // before it is escaped
			return fmt.Errorf("write SARIF: %w", ErrUnsafe)
		}
		result := run.CreateResultForRule(string(f.Class)).
			WithLevel(levels[f.Severity]).
			WithMessage(sarif.NewTextMessage(fmt.Sprintf("%s: %s", classNames[f.Class], f.Masked))).
			WithPartialFingerprints(map[string]string{fingerprintName: f.ID()}).
			WithRank(float64(f.Score))
		if state := baselineStates[f.Change]; state != "" {
			result.WithBaselineState(state)
		}
		result.WithLocations([]*sarif.Location{location(f.Finding)})
		properties := sarif.NewPropertyBag()
		properties.Add("reachability", string(f.Reachability))
		properties.Add("severity", string(f.Severity))
		properties.Add("rules", f.Rules)
		result.WithProperties(properties)
	}
	log.AddRun(run)
	var out bytes.Buffer
	if err := log.PrettyWrite(&out); err != nil {
		return fmt.Errorf("write SARIF: %w", err)
	}
	return give(w, "SARIF", out.Bytes())
}

func location(f exposure.Finding) *sarif.Location {
	physical := sarif.NewPhysicalLocation().WithArtifactLocation(sarif.NewSimpleArtifactLocation(uri(f.Target)))
	if f.Locator.Line > 0 {
		region := sarif.NewRegion().WithStartLine(int(f.Locator.Line))
		if f.Locator.Offset != nil {
			region.WithByteOffset(int(*f.Locator.Offset))
		}
		physical.WithRegion(region)
	}
	at := sarif.NewLocationWithPhysicalLocation(physical)
	if name := f.Locator.Cell + f.Locator.Path; name != "" {
		at.WithLogicalLocations([]*sarif.LogicalLocation{sarif.NewLogicalLocation().WithFullyQualifiedName(name)})
	}
	return at
}

// uri is a target as SARIF wants it: a URL as it is, a path with its signs
// escaped (§3.4.3).
func uri(target string) string {
	if strings.Contains(target, "://") {
		return strings.ReplaceAll(target, " ", "%20")
	}
	return (&url.URL{Path: strings.ReplaceAll(target, "\\", "/")}).EscapedPath()
}

// External is a finding of another tool (A06). Its message is masked: others
// print what they find.
type External struct {
	Tool    string `json:"tool"`
	Rule    string `json:"rule"`
	Level   string `json:"level"` // error, warning, note, none
	Target  string `json:"target"`
	Line    int    `json:"line,omitzero"`
	Message string `json:"message"`
	// ID is the same for the same finding imported again.
	ID string `json:"id"`
}

const maxSARIF = 64 << 20

// ParseSARIF reads another tool's log; what is there twice is given once. Error:
// [ErrInvalid].
func ParseSARIF(file []byte, key exposure.Key) ([]External, error) {
	if len(file) > maxSARIF {
		return nil, fmt.Errorf("parse SARIF: %w: too large", ErrInvalid)
	}
	log, err := sarif.FromBytes(file)
	if err != nil || log.Version != "2.1.0" {
		return nil, fmt.Errorf("parse SARIF: %w", ErrInvalid)
	}
	mask := detect.New()
	var out []External
	seen := map[string]bool{}
	for _, run := range log.Runs {
		if run == nil || run.Tool == nil || run.Tool.Driver == nil || run.Tool.Driver.Name == nil {
			return nil, fmt.Errorf("parse SARIF: %w: a run without a tool", ErrInvalid)
		}
		for _, r := range run.Results {
			if r == nil {
				continue
			}
			x := external(*run.Tool.Driver.Name, r)
			x.ID = key.TargetID(strings.Join([]string{x.Tool, x.Rule, x.Target, fmt.Sprint(x.Line), x.ID}, "\x00"))
			x.Target, _ = mask.Plain(x.Target)
			x.Message = mask.Veiled(x.Message)
			if !seen[x.ID] {
				seen[x.ID] = true
				out = append(out, x)
			}
		}
	}
	return out, nil
}

func external(tool string, r *sarif.Result) External {
	x := External{Tool: tool, Level: r.Level}
	if x.Level == "" {
		x.Level = "warning" // the default of §3.27.10
	}
	if r.RuleID != nil {
		x.Rule = *r.RuleID
	}
	if r.Message != nil && r.Message.Text != nil {
		x.Message = *r.Message.Text
	}
	for name, value := range r.PartialFingerprints {
		x.ID = max(x.ID, name+"="+value)
	}
	if len(r.Locations) > 0 && r.Locations[0] != nil && r.Locations[0].PhysicalLocation != nil {
		at := r.Locations[0].PhysicalLocation
		if at.ArtifactLocation != nil && at.ArtifactLocation.URI != nil {
			x.Target = *at.ArtifactLocation.URI
		}
		if at.Region != nil && at.Region.StartLine != nil {
			x.Line = *at.Region.StartLine
		}
	}
	return x
}
