package proofing

import (
	"errors"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// evidenceGroups reads `evidence`, a list of strengths each of which must be
// shown, and `evidence_any`, several such lists one of which is enough.
func (g grades) evidenceGroups(m map[string]*yaml.Node) ([][]way, error) {
	var lists []*yaml.Node
	member := "evidence"
	switch {
	case m["evidence"] != nil && m["evidence_any"] != nil:
		return nil, errors.New("evidence and evidence_any: one of them")
	case m["evidence"] != nil:
		lists = []*yaml.Node{m["evidence"]}
	case m["evidence_any"] != nil:
		var err error
		member = "evidence_any"
		if lists, err = yamlList(m["evidence_any"]); err != nil {
			return nil, fmt.Errorf("evidence_any: %w", err)
		}
	default:
		return nil, nil
	}
	var group []way
	for _, list := range lists {
		wanted, err := g.readStrengths(list)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", member, err)
		}
		group = append(group, g.show(wanted, nil)...)
		if len(group) > waysLimit {
			return nil, errTooManyWays
		}
	}
	return [][]way{group}, nil
}

// readStrengths is a list in which a strength may stand more than once: two
// pieces of evidence of that strength.
func (g grades) readStrengths(n *yaml.Node) ([]int, error) {
	items, err := yamlList(n)
	if err != nil {
		return nil, err
	}
	var wanted []int
	for _, item := range items {
		name, err := yamlText(item)
		if err != nil {
			return nil, err
		}
		strength := slices.Index(g.strengths, name)
		if strength < 0 {
			return nil, fmt.Errorf("line %d: %.40q is not among strengths", item.Line, name)
		}
		wanted = append(wanted, strength)
	}
	if len(wanted) == 0 || len(wanted) > 3 {
		return nil, fmt.Errorf("line %d: not one to three strengths", n.Line)
	}
	return wanted, nil
}

// show gives every way to show those strengths, or better ones, each by a fact
// of its own.
func (g grades) show(wanted []int, shown way) []way {
	if len(wanted) == 0 {
		return []way{slices.Clone(shown)}
	}
	var ways []way
	for _, e := range g.evidence {
		if e.strength >= wanted[0] && !shown.has(e.shown.kind) {
			ways = append(ways, g.show(wanted[1:], append(slices.Clone(shown), e.shown))...)
		}
	}
	return ways
}

// pathwayGroups reads `pathway_any`: one of the named pathways, with a clerk
// and without.
func (g grades) pathwayGroups(m map[string]*yaml.Node) (here, far [][]way, err error) {
	names, err := yamlTexts(m["pathway_any"])
	if err != nil {
		return nil, nil, fmt.Errorf("pathway_any: %w", err)
	}
	if m["pathway_any"] == nil {
		return nil, nil, nil
	}
	var attended, remote []way
	for _, name := range names {
		c, known := g.pathways[name]
		if !known {
			return nil, nil, fmt.Errorf("line %d: pathway_any: %.40q is not among pathways", m["pathway_any"].Line, name)
		}
		groups := [][]way{together(c.all)}
		if c.anyOf != nil {
			groups = append(groups, apart(c.anyOf))
		}
		a, err := combine(groups...)
		if err != nil {
			return nil, nil, err
		}
		r, err := combine(append(groups, together(c.remoteAdds))...)
		if err != nil {
			return nil, nil, err
		}
		attended, remote = append(attended, a...), append(remote, r...)
	}
	if len(attended) == 0 {
		return nil, nil, fmt.Errorf("line %d: pathway_any: empty", m["pathway_any"].Line)
	}
	return [][]way{attended}, [][]way{remote}, nil
}
