package dopa

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Bounds of a plan.
const (
	maxPlan         = 64 << 10 // bytes
	maxFaults       = 1000
	maxCount        = 1_000_000
	maxMilliseconds = 10 * 60 * 1000
	maxBytes        = 16 << 20
)

// actRule says what an act may be told, and what it can't do without.
type actRule struct {
	act  Act
	may  []string
	must []string
}

var actRules = []actRule{
	{act: ActAnswer, may: []string{"desc"}, must: []string{"is_error", "code"}},
	{act: ActClose},
	{act: ActContradiction},
	{act: ActCut},
	{act: ActDelay, must: []string{"ms"}},
	{act: ActEmpty},
	{act: ActEntities},
	{act: ActHalf},
	{act: ActHang},
	{act: ActHTML},
	{act: ActHuge, may: []string{"bytes"}},
	{act: ActOther},
	{act: ActRedirect},
	{act: ActReset},
	{act: ActSlow, must: []string{"ms"}},
	{act: ActSOAPFault, may: []string{"desc"}},
	{act: ActStatus, must: []string{"status"}},
}

// common is what every fault may be told.
var common = []string{"from", "person", "operation", "act", "times", "until"}

// ParsePlan reads a plan from YAML: a list of faults, or one fault. JSON is YAML
// too. Unknown and repeated keys are refused, and so is a key that does nothing
// for its act. It returns [ErrPlanInvalid].
func ParsePlan(content []byte) (Plan, error) {
	plan, err := parsePlan(content)
	if err != nil {
		return nil, fmt.Errorf("parse fault plan: %w: %w", ErrPlanInvalid, err)
	}
	return plan, nil
}

func parsePlan(content []byte) (Plan, error) {
	if len(content) > maxPlan {
		return nil, fmt.Errorf("more than %d bytes", maxPlan)
	}
	if text := bytes.TrimSpace(content); bytes.HasPrefix(text, []byte("{")) && bytes.HasSuffix(text, []byte("}")) {
		content = slices.Concat([]byte("["), text, []byte("]"))
	}
	var entries []map[string]yaml.Node
	if err := decode(content, &entries); err != nil {
		return nil, err
	}
	var plan Plan
	if err := decode(content, &plan); err != nil {
		return nil, err
	}
	if len(plan) > maxFaults || len(plan) != len(entries) {
		return nil, fmt.Errorf("at most %d faults", maxFaults)
	}
	for i, f := range plan {
		if err := f.check(entries[i]); err != nil {
			return nil, fmt.Errorf("fault %d: %w", i+1, err)
		}
	}
	return plan, nil
}

func decode[T any](content []byte, into *T) error {
	dec := yaml.NewDecoder(bytes.NewReader(content))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil {
		if errors.Is(err, io.EOF) {
			return errors.New("nothing in it; a plan without faults is []")
		}
		return err
	}
	var second yaml.Node
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		return errors.New("more than one document")
	}
	return nil
}

// check says what is wrong with a fault; keys are those that were written.
func (f Fault) check(keys map[string]yaml.Node) error {
	at := slices.IndexFunc(actRules, func(r actRule) bool { return r.act == f.Act })
	if at < 0 {
		var names []string
		for _, r := range actRules {
			names = append(names, string(r.act))
		}
		return fmt.Errorf("act: no act is called %.40q, there are %s", string(f.Act), strings.Join(names, ", "))
	}
	rule := actRules[at]
	for key := range keys {
		if !slices.Contains(common, key) && !slices.Contains(rule.may, key) && !slices.Contains(rule.must, key) {
			return fmt.Errorf("%s: says nothing about %s", key, f.Act)
		}
	}
	for _, key := range rule.must {
		if _, there := keys[key]; !there {
			return fmt.Errorf("%s: missing, %s needs it", key, f.Act)
		}
	}
	return f.checkValues()
}

func (f Fault) checkValues() error {
	switch {
	case f.From < 0 || f.From > maxCount || f.Times < 0 || f.Times > maxCount:
		return fmt.Errorf("from and times: 1 to %d", maxCount)
	case f.Times > 0 && f.Until != "":
		return errors.New("times and until: one of them")
	case f.Until != "" && f.Until != UntilCleared:
		return errors.New("until: cleared")
	case f.Operation != "" && fieldsOf(f.Operation) == nil:
		return fmt.Errorf("operation: %s or %s", byCID, byLaser)
	case f.Milliseconds < 0 || f.Milliseconds > maxMilliseconds || f.Milliseconds == 0 && (f.Act == ActDelay || f.Act == ActSlow):
		return fmt.Errorf("ms: 1 to %d", maxMilliseconds)
	case f.Act == ActStatus && (f.Status < 400 || f.Status > 599):
		return errors.New("status: 400 to 599")
	case f.Bytes < 0 || f.Bytes > maxBytes:
		return fmt.Errorf("bytes: 1 to %d", maxBytes)
	}
	return nil
}
