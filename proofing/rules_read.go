package proofing

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// grades are what the rows of one file may refer to.
type grades struct {
	strengths []string // weakest first
	evidence  []evidence
	pathways  map[string]clause
}

// evidence is something that a person shows, and the fact that it shows by.
// Several that show by one fact are told apart by the fact's reference.
type evidence struct {
	strength int // place in grades.strengths
	shown    demand
}

// evidenceLimit is how many kinds of evidence a file may name.
const evidenceLimit = 16

// clause is a set of facts as files write it.
type clause struct {
	all, anyOf, remoteAdds []Kind
}

func readScheme(content []byte) (Scheme, error) {
	root, err := yamlRoot(content)
	if err != nil {
		return Scheme{}, err
	}
	m, err := yamlMembers(root, "scheme", "version", "unconfirmed", "strengths", "evidence", "pathways", "levels")
	if err != nil {
		return Scheme{}, err
	}
	var s Scheme
	if s.Name, err = ruleName(m["scheme"], "scheme"); err != nil {
		return Scheme{}, err
	}
	if s.Version, err = ruleName(m["version"], "version"); err != nil {
		return Scheme{}, err
	}
	if s.Unconfirmed, err = yamlFlag(m["unconfirmed"]); err != nil {
		return Scheme{}, fmt.Errorf("unconfirmed: %w", err)
	}
	g, err := readGrades(m)
	if err != nil {
		return Scheme{}, err
	}
	if m["levels"] == nil {
		return Scheme{}, errors.New("levels: missing")
	}
	rows, err := yamlList(m["levels"])
	if err != nil {
		return Scheme{}, fmt.Errorf("levels: %w", err)
	}
	for _, row := range rows {
		l, err := readLevel(row, s.Unconfirmed, g)
		if err != nil {
			return Scheme{}, fmt.Errorf("line %d: row %d of levels: %w", row.Line, len(s.levels)+1, err)
		}
		if slices.ContainsFunc(s.levels, func(other level) bool { return other.name == l.name }) {
			return Scheme{}, fmt.Errorf("line %d: level %s stands twice", row.Line, l.name)
		}
		s.levels = append(s.levels, l)
	}
	if len(s.levels) == 0 {
		return Scheme{}, errors.New("levels: none")
	}
	return s, nil
}

// readGrades reads what rows refer to by name.
func readGrades(m map[string]*yaml.Node) (grades, error) {
	var g grades
	var err error
	if g.strengths, err = yamlTexts(m["strengths"]); err != nil {
		return g, fmt.Errorf("strengths: %w", err)
	}
	if m["evidence"] != nil {
		if g.evidence, err = readEvidence(m["evidence"], g.strengths); err != nil {
			return g, fmt.Errorf("evidence: %w", err)
		}
	}
	if m["pathways"] != nil {
		if g.pathways, err = readPathways(m["pathways"]); err != nil {
			return g, fmt.Errorf("pathways: %w", err)
		}
	}
	return g, nil
}

func readEvidence(n *yaml.Node, strengths []string) ([]evidence, error) {
	entries, err := yamlSorted(n)
	if err != nil {
		return nil, err
	}
	if len(entries) > evidenceLimit {
		return nil, fmt.Errorf("line %d: more than %d", n.Line, evidenceLimit)
	}
	var list []evidence
	for _, entry := range entries {
		m, err := yamlMembers(entry.value, "strength", "fact", "reference")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", entry.name, err)
		}
		strength, err := yamlText(m["strength"])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", entry.name, err)
		}
		e := evidence{strength: slices.Index(strengths, strength)}
		if e.strength < 0 {
			return nil, fmt.Errorf("line %d: %s: strength %.40q is not among strengths", entry.value.Line, entry.name, strength)
		}
		if e.shown.kind, err = ruleKind(m["fact"]); err != nil {
			return nil, fmt.Errorf("line %d: %s: fact: %w", entry.value.Line, entry.name, err)
		}
		reference, err := yamlText(m["reference"])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", entry.name, err)
		}
		if reference != "" {
			e.shown.where = []condition{{"reference", reference}}
		}
		list = append(list, e)
	}
	return list, nil
}

func readPathways(n *yaml.Node) (map[string]clause, error) {
	entries, err := yamlSorted(n)
	if err != nil {
		return nil, err
	}
	pathways := map[string]clause{}
	for _, entry := range entries {
		m, err := yamlMembers(entry.value, "all", "any", "remote_adds")
		if err == nil {
			pathways[entry.name], err = readClause(m)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", entry.name, err)
		}
		if c := pathways[entry.name]; len(c.all)+len(c.anyOf) == 0 {
			return nil, fmt.Errorf("line %d: %s: names no facts", entry.value.Line, entry.name)
		}
	}
	return pathways, nil
}

// readClause reads the members all, any and remote_adds.
func readClause(m map[string]*yaml.Node) (c clause, err error) {
	if c.all, err = ruleKinds(m, "all"); err != nil {
		return c, err
	}
	if c.anyOf, err = ruleKinds(m, "any"); err != nil {
		return c, err
	}
	c.remoteAdds, err = ruleKinds(m, "remote_adds")
	return c, err
}

// ruleKinds reads a list of facts. Only `all` may be empty: an `any` of nothing
// could never be met.
func ruleKinds(m map[string]*yaml.Node, member string) ([]Kind, error) {
	names, err := yamlTexts(m[member])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", member, err)
	}
	if m[member] != nil && len(names) == 0 && member != "all" {
		return nil, fmt.Errorf("line %d: %s: empty", m[member].Line, member)
	}
	var kinds []Kind
	for _, name := range names {
		if !slices.Contains(Kinds(), Kind(name)) {
			return nil, fmt.Errorf("line %d: %s: %.40q is no kind of fact", m[member].Line, member, name)
		}
		kinds = append(kinds, Kind(name))
	}
	return kinds, nil
}

func ruleKind(n *yaml.Node) (Kind, error) {
	name, err := yamlText(n)
	if err == nil && !slices.Contains(Kinds(), Kind(name)) {
		err = fmt.Errorf("%.40q is no kind of fact", name)
	}
	return Kind(name), err
}

// ruleName reads a name that answers and file names repeat.
func ruleName(n *yaml.Node, member string) (string, error) {
	name, err := yamlText(n)
	if err != nil {
		return "", fmt.Errorf("%s: %w", member, err)
	}
	odd := strings.ContainsFunc(name, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '.' && r != '_'
	})
	if name == "" || len(name) > 40 || odd {
		return "", fmt.Errorf("%s: %.40q is not 1 to 40 letters, digits, dots, dashes or underscores", member, name)
	}
	return name, nil
}
