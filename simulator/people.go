package simulator

import (
	"embed"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// ErrPersonUnknown is what [PersonNamed] returns for a name that no shipped
// person has.
var ErrPersonUnknown = errors.New("person unknown")

//go:embed people/*.yaml
var peopleFiles embed.FS

// People is every shipped person, by name. Each call gives new values.
func People() []Person {
	var people []Person
	for _, key := range peopleKeys() {
		// The files are part of the program and a test parses each: there is
		// no error here that a caller could meet.
		if p, err := PersonNamed(key); err == nil {
			people = append(people, p)
		}
	}
	return people
}

// PersonNamed is the shipped person with that file name, without its `.yaml`.
// It returns [ErrPersonUnknown], and then says which there are.
func PersonNamed(name string) (Person, error) {
	keys := peopleKeys()
	if !slices.Contains(keys, name) {
		return Person{}, fmt.Errorf("find person: %w: %.40q, there are %s", ErrPersonUnknown, name, strings.Join(keys, ", "))
	}
	content, err := peopleFiles.ReadFile(path.Join("people", name+".yaml"))
	if err != nil {
		return Person{}, fmt.Errorf("find person: %w", err)
	}
	p, err := ParsePerson(content)
	if err != nil {
		return Person{}, fmt.Errorf("person %s: %w", name, err)
	}
	p.Key = name
	return p, nil
}

func peopleKeys() []string {
	var keys []string
	files, err := peopleFiles.ReadDir("people")
	if err != nil {
		return nil // the folder is embedded; a test counts who is in it
	}
	for _, f := range files {
		keys = append(keys, strings.TrimSuffix(f.Name(), ".yaml"))
	}
	return keys
}
