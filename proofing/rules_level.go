package proofing

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// readLevel reads one row of a table.
func readLevel(n *yaml.Node, unconfirmed bool, g grades) (level, error) {
	m, err := yamlMembers(n, "level", "candidate_level", "clause", "source", "attended", "onsite", "asserted", "where",
		"all", "any", "remote_adds", "evidence", "evidence_any", "verified_by", "validated_by", "pathway_any")
	if err != nil {
		return level{}, err
	}
	var l level
	if l.clause, err = yamlText(m["clause"]); err != nil {
		return level{}, fmt.Errorf("clause: %w", err)
	}
	if l.source, err = yamlText(m["source"]); err != nil {
		return level{}, fmt.Errorf("source: %w", err)
	}
	if l.name, err = readLevelName(m, unconfirmed, l.clause); err != nil {
		return level{}, err
	}
	attended, err := yamlFlag(m["attended"])
	if err != nil {
		return level{}, fmt.Errorf("%s: attended: %w", l.name, err)
	}
	onsite, err := yamlFlag(m["onsite"])
	if err != nil {
		return level{}, fmt.Errorf("%s: onsite: %w", l.name, err)
	}
	// Where no clerk is, nobody saw the person come to the site.
	l.present = attended || onsite
	if l.never, err = readNever(m["asserted"]); err != nil {
		return level{}, fmt.Errorf("%s: %w", l.name, err)
	}
	if l.attended, l.remote, err = readWays(m, g, l.never); err != nil {
		return level{}, fmt.Errorf("%s: %w", l.name, err)
	}
	return l, nil
}

// readLevelName reads the name under the one of the two members that the file
// may use: what nobody could check is no level (assurance §2.1).
func readLevelName(m map[string]*yaml.Node, unconfirmed bool, clause string) (string, error) {
	if m["level"] != nil && m["candidate_level"] != nil {
		return "", errors.New("level and candidate_level: one of them")
	}
	if m["level"] == nil {
		name, err := ruleName(m["candidate_level"], "candidate_level")
		if err == nil && !unconfirmed {
			err = fmt.Errorf("candidate_level %s: only in a file that says unconfirmed: true", name)
		}
		return name, err
	}
	name, err := ruleName(m["level"], "level")
	switch {
	case err != nil:
		return "", err
	case unconfirmed:
		return "", fmt.Errorf("level %s: under unconfirmed: true there are candidate levels only", name)
	case strings.TrimSpace(clause) == "":
		return "", fmt.Errorf("level %s: without the clause that it was compared with", name)
	}
	return name, nil
}

func readNever(n *yaml.Node) (bool, error) {
	word, err := yamlText(n)
	if err == nil && n != nil && word != "never" {
		err = fmt.Errorf("%.40q: the only word is never", word)
	}
	if err != nil {
		return false, fmt.Errorf("asserted: %w", err)
	}
	return n != nil, nil
}

// readWays works out every set of facts that reaches a row. The groups stand in
// the order in which answers list what was met.
func readWays(m map[string]*yaml.Node, g grades, never bool) (attended, remote []way, err error) {
	c, err := readClause(m)
	if err != nil {
		return nil, nil, err
	}
	groups := [][]way{together(c.all)}
	if c.anyOf != nil {
		groups = append(groups, apart(c.anyOf))
	}
	evidenced, err := g.evidenceGroups(m)
	if err != nil {
		return nil, nil, err
	}
	groups = append(groups, evidenced...)
	verified, err := readGroup(m, "verified_by")
	if err != nil {
		return nil, nil, err
	}
	groups = append(groups, verified...)
	validated, err := readGroup(m, "validated_by")
	if err != nil {
		return nil, nil, err
	}
	here, far, err := g.pathwayGroups(m)
	if err != nil {
		return nil, nil, err
	}
	if m["all"] == nil && len(groups)+len(validated)+len(here) == 1 && !never {
		return nil, nil, errors.New("says nothing of facts; write all: [] if it needs none")
	}
	adds := together(c.remoteAdds)
	if attended, err = combine(slices.Concat(groups, here, validated)...); err != nil {
		return nil, nil, err
	}
	if remote, err = combine(slices.Concat(groups, far, validated, [][]way{adds})...); err != nil {
		return nil, nil, err
	}
	if len(attended) == 0 && !never {
		return nil, nil, errors.New("no facts can meet it; say asserted: never")
	}
	if err := addConditions(m["where"], attended, remote); err != nil {
		return nil, nil, fmt.Errorf("where: %w", err)
	}
	return attended, remote, nil
}

// readGroup reads a list of facts, one of which is needed.
func readGroup(m map[string]*yaml.Node, member string) ([][]way, error) {
	kinds, err := ruleKinds(m, member)
	if err != nil || kinds == nil {
		return nil, err
	}
	return [][]way{apart(kinds)}, nil
}

// addConditions reads `where: {kind.member: value}` into each way that demands
// that kind. A condition on a fact that the row never names would be idle.
func addConditions(n *yaml.Node, ways ...[]way) error {
	if n == nil {
		return nil
	}
	entries, err := yamlSorted(n)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name, member, _ := strings.Cut(entry.name, ".")
		value, err := yamlText(entry.value)
		if err != nil {
			return err
		}
		if _, known := memberOf(Fact{}, member); !known || value == "" {
			return fmt.Errorf("line %d: %.60q: not a fact's reference, how or printed_expiry with its value", entry.value.Line, entry.name)
		}
		named := false
		for _, list := range ways {
			for _, w := range list {
				for i := range w {
					if w[i].kind == Kind(name) {
						w[i].where = append(w[i].where, condition{member, value})
						named = true
					}
				}
			}
		}
		if !named {
			return fmt.Errorf("line %d: %.60q: the row names no such fact", entry.value.Line, entry.name)
		}
	}
	return nil
}
