package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"chipproof/simulator"
)

// stage is what flags say of simulated readers: which there are, who is in them
// and what goes wrong.
type stage struct {
	readers []string
	persons []string // by reader; "" is the default person. Readers beyond are empty
	faults  string   // file, for every reader
	replay  string   // file; takes the place of the first person
	line    string   // none, ta96, ta18
}

// machine sets the stage. Its error holds everything that is wrong with it.
func (s stage) machine() (*simulator.Machine, error) {
	m := simulator.NewMachine(s.readers...)
	options := simulator.CardOptions{Line: lineNamed(s.line)}
	m.Cards(options)

	var problems []error
	for i, reader := range s.readers {
		if i < len(s.persons) {
			chip, err := s.chip(i, options)
			if err == nil {
				err = m.Insert(reader, chip)
			}
			problems = append(problems, err)
		}
	}
	if s.faults != "" {
		problems = append(problems, s.plan(m))
	}
	return m, errors.Join(problems...)
}

// chip is what lies in the ith reader.
func (s stage) chip(i int, o simulator.CardOptions) (simulator.Chip, error) {
	if i == 0 && s.replay != "" {
		content, err := os.ReadFile(s.replay)
		if err != nil {
			return nil, fmt.Errorf("--replay: %w", err)
		}
		transcript, err := simulator.ParseTranscript(content)
		if err != nil {
			return nil, fmt.Errorf("--replay %s: %w", s.replay, err)
		}
		pace := simulator.AtOnce
		if s.line != "" && s.line != "none" {
			pace = simulator.AsRecorded
		}
		return simulator.NewPacedReplay(transcript, pace), nil
	}
	person, err := personOf(s.persons[i])
	if err != nil {
		return nil, fmt.Errorf("--person: %w", err)
	}
	return simulator.NewCard(person, o)
}

func (s stage) plan(m *simulator.Machine) error {
	content, err := os.ReadFile(s.faults)
	if err != nil {
		return fmt.Errorf("--faults: %w", err)
	}
	plan, err := simulator.ParsePlan(content)
	if err != nil {
		return fmt.Errorf("--faults %s: %w", s.faults, err)
	}
	for _, reader := range s.readers {
		if err := m.Faults(reader, plan); err != nil {
			return fmt.Errorf("--faults %s: %w", s.faults, err)
		}
	}
	return nil
}

// personOf is a shipped person, or the one in the file behind an @.
func personOf(name string) (simulator.Person, error) {
	if name == "" {
		name = defaultPerson
	}
	file, isFile := strings.CutPrefix(name, "@")
	if !isFile {
		return simulator.PersonNamed(name)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return simulator.Person{}, err
	}
	person, err := simulator.ParsePerson(content)
	if err != nil {
		return simulator.Person{}, fmt.Errorf("%s: %w", file, err)
	}
	person.Key = strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	return person, nil
}

func lineNamed(name string) simulator.Line {
	switch name {
	case "ta96":
		return simulator.LineTA96
	case "ta18":
		return simulator.LineTA18
	}
	return simulator.Line{}
}
