package proofing

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// yamlLimit is the most that a rule or policy file may have, in bytes; people
// write them by hand.
const yamlLimit = 256 << 10

// yamlRoot gives the one mapping of a file. The functions of this file read it
// strictly, since a misspelt rule must not count as no rule: nothing unknown,
// nothing twice, nothing empty, no anchors and no tags. Errors name the line.
func yamlRoot(content []byte) (*yaml.Node, error) {
	if len(content) > yamlLimit {
		return nil, fmt.Errorf("more than %d bytes", yamlLimit)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	var doc, second yaml.Node
	if err := decoder.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, errors.New("empty")
	} else if err != nil {
		return nil, fmt.Errorf("not YAML: %w", err)
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one YAML document")
	}
	return doc.Content[0], nil
}

// yamlMembers are the members of a mapping, all of which must be known.
func yamlMembers(n *yaml.Node, known ...string) (map[string]*yaml.Node, error) {
	members, err := yamlEntries(n)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("line %d: member %.40q is unknown, there are %s", members[name].Line, name, strings.Join(known, ", "))
		}
	}
	return members, nil
}

// yamlEntries are the members of a mapping whose names are data.
func yamlEntries(n *yaml.Node) (map[string]*yaml.Node, error) {
	if err := yamlPlain(n, yaml.MappingNode, "members of the form name: value"); err != nil {
		return nil, err
	}
	members := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		name, err := yamlText(key)
		if err != nil {
			return nil, err
		}
		if members[name] != nil {
			return nil, fmt.Errorf("line %d: member %.40q stands twice", key.Line, name)
		}
		members[name] = n.Content[i+1]
	}
	return members, nil
}

// yamlEntry is a member whose name is data.
type yamlEntry struct {
	name  string
	value *yaml.Node
}

// yamlSorted are the members of such a mapping, in the order of the file.
func yamlSorted(n *yaml.Node) ([]yamlEntry, error) {
	if _, err := yamlEntries(n); err != nil {
		return nil, err
	}
	var entries []yamlEntry
	for i := 0; i+1 < len(n.Content); i += 2 {
		entries = append(entries, yamlEntry{n.Content[i].Value, n.Content[i+1]})
	}
	return entries, nil
}

// yamlList is a list of anything.
func yamlList(n *yaml.Node) ([]*yaml.Node, error) {
	if err := yamlPlain(n, yaml.SequenceNode, "a list"); err != nil {
		return nil, err
	}
	return n.Content, nil
}

// yamlTexts is a list of texts, none of them twice. A nil node is none.
func yamlTexts(n *yaml.Node) ([]string, error) {
	if n == nil {
		return nil, nil
	}
	items, err := yamlList(n)
	if err != nil {
		return nil, err
	}
	texts := []string{}
	for _, item := range items {
		text, err := yamlText(item)
		if err != nil {
			return nil, err
		}
		if slices.Contains(texts, text) {
			return nil, fmt.Errorf("line %d: %.40q stands twice", item.Line, text)
		}
		texts = append(texts, text)
	}
	return texts, nil
}

// yamlText is one text. A number counts as it is written: version: 1.10 is "1.10".
// A nil node is empty.
func yamlText(n *yaml.Node) (string, error) {
	if n == nil {
		return "", nil
	}
	if err := yamlPlain(n, yaml.ScalarNode, "a text"); err != nil {
		return "", err
	}
	switch n.Tag {
	case "!!str", "!!int", "!!float", "!!timestamp":
		return n.Value, nil
	}
	return "", fmt.Errorf("line %d: %.40q is not a text", n.Line, n.Value)
}

// yamlFlag is true or false. A nil node is false.
func yamlFlag(n *yaml.Node) (bool, error) {
	if n == nil {
		return false, nil
	}
	if err := yamlPlain(n, yaml.ScalarNode, "true or false"); err != nil {
		return false, err
	}
	if n.Tag != "!!bool" {
		return false, fmt.Errorf("line %d: %.40q is not true or false", n.Line, n.Value)
	}
	return strings.EqualFold(n.Value, "true"), nil
}

func yamlPlain(n *yaml.Node, kind yaml.Kind, wanted string) error {
	switch {
	case n.Anchor != "" || n.Kind == yaml.AliasNode:
		return fmt.Errorf("line %d: anchors and aliases are not read", n.Line)
	case n.Style&yaml.TaggedStyle != 0:
		return fmt.Errorf("line %d: tags are not read", n.Line)
	case n.Kind != kind:
		return fmt.Errorf("line %d: not %s", n.Line, wanted)
	}
	return nil
}
