package simulator

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// actRule says what an act may be told, and what it can't do without.
type actRule struct {
	act  Act
	may  []string
	must string
}

var actRules = []actRule{
	{act: DoRemove, may: []string{"shows", "lag"}},
	{act: DoUnplug},
	{act: DoServiceStop},
	{act: DoReset},
	{act: DoSharing},
	{act: DoTorn, may: []string{"card", "shows", "lag"}},
	{act: DoSwap, must: "person"},
	{act: DoStatus, must: "word"},
	{act: DoAnswer, must: "hex"},
	{act: DoError, must: "error"},
	{act: DoEndless61, may: []string{"length"}},
	{act: DoDelay, must: "ms"},
	{act: DoMute},
	{act: DoHang},
	{act: DoTruncate, may: []string{"keep"}},
	{act: DoGarbage, may: []string{"length"}},
	{act: DoFlip, may: []string{"byte", "bit"}},
}

// common is what every fault may be told.
var common = []string{"exchange", "field", "at", "do", "times", "until"}

// ParsePlan reads a plan from YAML: a list of faults, see FAULTS.md. JSON is
// YAML too. Unknown and repeated keys are refused, and so is a key that does
// nothing for its act. It returns [ErrPlanInvalid].
func ParsePlan(content []byte) (Plan, error) {
	if len(bytes.TrimSpace(content)) == 0 {
		return nil, fmt.Errorf("parse fault plan: %w: nothing in it; a plan without faults is []", ErrPlanInvalid)
	}
	var plan Plan
	if err := decodeYAML(content, &plan); err != nil {
		return nil, fmt.Errorf("parse fault plan: %w: %w", ErrPlanInvalid, err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(content, &doc); err != nil || len(doc.Content) != 1 {
		return nil, fmt.Errorf("parse fault plan: %w: not one document", ErrPlanInvalid)
	}
	root := doc.Content[0]
	if root.Kind != yaml.SequenceNode || len(root.Content) != len(plan) {
		return nil, fmt.Errorf("parse fault plan: %w: line %d: a plan is a list of faults", ErrPlanInvalid, root.Line)
	}
	for i, entry := range root.Content {
		if err := checkKeys(plan[i], entry); err != nil {
			return nil, fmt.Errorf("parse fault plan: %w: line %d: fault %d: %w", ErrPlanInvalid, entry.Line, i+1, err)
		}
	}
	if err := plan.check(); err != nil {
		return nil, fmt.Errorf("parse fault plan: %w", err)
	}
	return plan, nil
}

// checkKeys refuses keys that say nothing about the act, and demands those
// without which it is not said what happens.
func checkKeys(f Fault, entry *yaml.Node) error {
	if entry.Kind == yaml.AliasNode {
		entry = entry.Alias
	}
	if entry.Kind != yaml.MappingNode {
		return errors.New("a fault is a mapping of where, what and how long")
	}
	at := slices.IndexFunc(actRules, func(a actRule) bool { return a.act == f.Do })
	if at < 0 {
		return noSuchAct(f.Do)
	}
	rule := actRules[at]
	var keys []string
	for i := 0; i < len(entry.Content); i += 2 {
		keys = append(keys, entry.Content[i].Value)
	}
	for _, key := range keys {
		if !slices.Contains(common, key) && !slices.Contains(rule.may, key) && key != rule.must {
			return fmt.Errorf("%s: says nothing about %s", key, f.Do)
		}
	}
	if rule.must != "" && !slices.Contains(keys, rule.must) {
		return fmt.Errorf("%s: missing, %s needs it", rule.must, f.Do)
	}
	return nil
}

func noSuchAct(act Act) error {
	var names []string
	for _, rule := range actRules {
		names = append(names, string(rule.act))
	}
	return fmt.Errorf("do: no act is called %.40q, there are %s", string(act), strings.Join(names, ", "))
}
