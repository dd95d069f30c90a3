package program

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"
)

// parseYAML gives the one mapping of a file, nil for an empty file.
func parseYAML(content []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(strings.NewReader(string(content)))
	var doc, second yaml.Node
	if err := decoder.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one YAML document")
	}
	root := doc.Content[0]
	switch {
	case root.Kind == yaml.ScalarNode && root.Tag == "!!null":
		return nil, nil
	case root.Kind != yaml.MappingNode:
		return nil, errors.New("not a list of settings of the form name: value")
	}
	return root, nil
}

// section takes the settings that stand under one command.
func (c *config) section(mapping *yaml.Node, command *kong.Node, prefix string) []error {
	var problems []error
	seen := map[string]bool{}
	for i := 0; i < len(mapping.Content); i += 2 {
		key, value := mapping.Content[i], mapping.Content[i+1]
		if seen[key.Value] {
			problems = append(problems, c.wrong(key, "stands twice"))
			continue
		}
		seen[key.Value] = true

		child := childNamed(command, key.Value)
		flags := flagsNamed(command, key.Value)
		switch {
		case child != nil && value.Kind == yaml.MappingNode:
			problems = append(problems, c.section(value, child, prefix+key.Value+".")...)
		case child != nil:
			problems = append(problems, c.wrong(key, "is a command: its settings stand below it, indented"))
		case len(flags) == 0:
			problems = append(problems, c.wrong(key, "is no setting of "+command.FullPath()))
		default:
			plain, err := plainValue(value)
			if err == nil {
				err = fits(plain, flags)
			}
			if err != nil {
				problems = append(problems, c.wrong(key, err.Error()))
				continue
			}
			c.values[prefix+key.Value] = plain
		}
	}
	return problems
}

func (c *config) wrong(key *yaml.Node, what string) error {
	return fmt.Errorf("%s:%d: %q %s", c.path, key.Line, key.Value, what)
}

func childNamed(command *kong.Node, name string) *kong.Node {
	for _, child := range command.Children {
		if child.Name == name {
			return child
		}
	}
	return nil
}

// flagsNamed are the flags that a key could mean: the command's own, and those
// of every command below it. The file can't name another file, or ask for help.
func flagsNamed(command *kong.Node, name string) []*kong.Flag {
	if name == "config" || name == "help" {
		return nil
	}
	var found []*kong.Flag
	for _, flag := range command.Flags {
		if flag.Name == name {
			found = append(found, flag)
		}
	}
	for _, child := range command.Children {
		found = append(found, flagsNamed(child, name)...)
	}
	return found
}

// setting is a scalar as it is written, or a list of such.
type setting struct {
	scalar string
	list   []string // nil: it is the scalar
}

func plainValue(node *yaml.Node) (setting, error) {
	switch {
	case node.Kind == yaml.ScalarNode && node.Tag == "!!null":
		return setting{}, errors.New("has no value")
	case node.Kind == yaml.ScalarNode:
		return setting{scalar: node.Value}, nil
	case node.Kind == yaml.SequenceNode:
		s := setting{list: []string{}}
		for _, item := range node.Content {
			if item.Kind != yaml.ScalarNode || item.Tag == "!!null" {
				return setting{}, errors.New("is a list of something else than plain values")
			}
			s.list = append(s.list, item.Value)
		}
		return s, nil
	}
	return setting{}, errors.New("is neither a plain value nor a list of such")
}

// forKong is what a resolver answers for a value.
func (s setting) forKong() any {
	if s.list == nil {
		return s.scalar
	}
	list := make([]any, len(s.list))
	for i, item := range s.list {
		list[i] = item
	}
	return list
}

// fits says why a value can't be one of these flags', whichever command runs: a
// file that is wrong for another command is wrong today.
func fits(value setting, flags []*kong.Flag) error {
	for _, flag := range flags {
		if value.list != nil {
			if !flag.IsSlice() {
				return errors.New("takes one value, not a list")
			}
			continue
		}
		if flag.Enum != "" && !flag.EnumMap()[value.scalar] {
			return fmt.Errorf("must be one of %s", strings.TrimLeft(strings.Join(flag.EnumSlice(), ", "), ", "))
		}
		scan := kong.Scan().PushTyped(value.scalar, kong.FlagValueToken)
		target := reflect.New(flag.Target.Type()).Elem()
		if err := flag.Mapper.Decode(&kong.DecodeContext{Value: flag.Value, Scan: scan}, target); err != nil {
			return fmt.Errorf("can't be %q: %w", value.scalar, err)
		}
	}
	return nil
}
