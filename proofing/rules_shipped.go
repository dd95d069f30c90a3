package proofing

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
)

// ErrSchemeUnknown is what [SchemeOf] and [Recompute] return for rules that this
// program doesn't have.
var ErrSchemeUnknown = errors.New("scheme unknown")

// rules/ keeps every version that was ever in force, so that what was decided by
// it comes out the same years later.
//
//go:embed rules/*.yaml
var ruleFiles embed.FS

// rulebook is every version of every scheme, and which are in force.
type rulebook struct {
	current, all []Scheme
}

// CurrentSchemes are the schemes in force, in the order of answers.
func CurrentSchemes() []Scheme {
	// The files are part of the program and a test reads each: there is no error
	// here that a caller could meet.
	book, _ := openRulebook(ruleFiles)
	return book.current
}

// SchemeOf is that version of a scheme, in force or not; [ErrSchemeUnknown] for
// one that this program doesn't have.
func SchemeOf(name, version string) (Scheme, error) {
	book, err := openRulebook(ruleFiles)
	if err != nil {
		return Scheme{}, err
	}
	return book.scheme(name, version)
}

// VersionsOf are the versions of schemes by name, for [Record.SchemeVersions].
func VersionsOf(schemes []Scheme) map[string]string {
	versions := make(map[string]string, len(schemes))
	for _, s := range schemes {
		versions[s.Name] = s.Version
	}
	return versions
}

func (b rulebook) scheme(name, version string) (Scheme, error) {
	i := slices.IndexFunc(b.all, func(s Scheme) bool { return s.Name == name && s.Version == version })
	if i < 0 {
		return Scheme{}, fmt.Errorf("find rules: %w: %.40q version %.40q", ErrSchemeUnknown, name, version)
	}
	return b.all[i], nil
}

// openRulebook reads rules/schemes.yaml and the file of each version beside it.
func openRulebook(files fs.FS) (rulebook, error) {
	names, err := fs.Glob(files, "rules/*.yaml")
	if err != nil {
		return rulebook{}, fmt.Errorf("open rules: %w", err)
	}
	var book rulebook
	for _, name := range names {
		if name == indexFile {
			continue
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return rulebook{}, fmt.Errorf("open rules: %w", err)
		}
		s, err := ParseScheme(content)
		if err != nil {
			return rulebook{}, fmt.Errorf("%s: %w", name, err)
		}
		if want := "rules/" + s.Name + "-" + s.Version + ".yaml"; name != want {
			return rulebook{}, fmt.Errorf("%s: %w: the file of this scheme and version is %s", name, ErrRulesInvalid, want)
		}
		book.all = append(book.all, s)
	}
	index, err := fs.ReadFile(files, indexFile)
	if err != nil {
		return rulebook{}, fmt.Errorf("open rules: %w", err)
	}
	if book.current, err = book.inForce(index); err != nil {
		return rulebook{}, fmt.Errorf("%s: %w: %w", indexFile, ErrRulesInvalid, err)
	}
	return book, nil
}

const indexFile = "rules/schemes.yaml"

// inForce reads which version of which scheme applies.
func (b rulebook) inForce(index []byte) ([]Scheme, error) {
	root, err := yamlRoot(index)
	if err != nil {
		return nil, err
	}
	m, err := yamlMembers(root, "schemes")
	if err != nil {
		return nil, err
	}
	if m["schemes"] == nil {
		return nil, errors.New("schemes: missing")
	}
	rows, err := yamlList(m["schemes"])
	if err != nil {
		return nil, err
	}
	var current []Scheme
	for _, row := range rows {
		m, err := yamlMembers(row, "scheme", "version")
		if err != nil {
			return nil, err
		}
		name, err := ruleName(m["scheme"], "scheme")
		if err != nil {
			return nil, err
		}
		version, err := ruleName(m["version"], "version")
		if err != nil {
			return nil, err
		}
		s, err := b.scheme(name, version)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(current, func(other Scheme) bool { return other.Name == name }) {
			return nil, fmt.Errorf("line %d: scheme %s stands twice", row.Line, name)
		}
		current = append(current, s)
	}
	return current, nil
}
