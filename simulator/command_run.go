package simulator

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
)

func runPlug(m *Machine, words []string) (string, error) {
	if len(words) != 1 || words[0] == "" {
		return "", fmt.Errorf("%w: one reader's name", ErrCommandInvalid)
	}
	return "", m.Plug(words[0])
}

func runInsert(m *Machine, words []string) (string, error) {
	reader, rest, err := m.reader(words, 1)
	if err != nil {
		return "", err
	}
	if rest[0] == "mute" {
		return "", m.InsertMute(reader)
	}
	chip, err := m.chipCalled(rest[0])
	if err != nil {
		return "", err
	}
	return "", m.Insert(reader, chip)
}

func runSwap(m *Machine, words []string) (string, error) {
	reader, rest, err := m.reader(words, 1)
	if err != nil {
		return "", err
	}
	chip, err := m.chipCalled(rest[0])
	if err != nil {
		return "", err
	}
	return "", m.Swap(reader, chip)
}

func runFault(m *Machine, words []string) (string, error) {
	reader, rest, err := m.reader(words, 1)
	if err != nil {
		return "", err
	}
	content := []byte(rest[0])
	switch {
	case rest[0] == "clear":
		content = []byte("[]")
	case strings.HasPrefix(rest[0], "@"):
		if content, err = readFile(rest[0][1:], maxFile); err != nil {
			return "", err
		}
	case strings.HasPrefix(rest[0], "{"):
		content = []byte("[" + rest[0] + "]")
	}
	plan, err := ParsePlan(content)
	if err != nil {
		return "", err
	}
	return "", m.Faults(reader, plan)
}

func runList(m *Machine, _ []string) (string, error) {
	return table(func(row func(...string)) {
		for i, v := range m.Readers() {
			who := v.Card.String()
			if v.Person != "" {
				who = v.Person
			}
			faults := ""
			if v.Faults > 0 {
				faults = "faults planned: " + strconv.Itoa(v.Faults)
			}
			row(strconv.Itoa(i+1), strconv.Quote(v.Reader), who, faults)
		}
	}), nil
}

func runPeople(*Machine, []string) (string, error) {
	return table(func(row func(...string)) {
		for _, p := range People() {
			row(p.Key, p.About)
		}
	}), nil
}

func runHelp(_ *Machine, words []string) (string, error) {
	if len(words) > 0 && words[0] == "fault" {
		return faultsManual, nil
	}
	return table(func(row func(...string)) {
		for _, v := range verbs() {
			row(v.usage, v.help)
		}
	}), nil
}

// table lines up columns and cuts the spaces behind the last one.
func table(fill func(row func(...string))) string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fill(func(cells ...string) { fmt.Fprintln(w, strings.Join(cells, "\t")) })
	w.Flush()
	lines := strings.Split(text.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// chipCalled is the card of a shipped person, or of the file behind an @: a
// person's in YAML, a transcript in JSON.
func (m *Machine) chipCalled(name string) (Chip, error) {
	file, isFile := strings.CutPrefix(name, "@")
	if !isFile {
		p, err := PersonNamed(name)
		if err != nil {
			return nil, err
		}
		return m.newCard(p)
	}
	content, err := readFile(file, maxTranscript)
	if err != nil {
		return nil, err
	}
	if filepath.Ext(file) == ".json" {
		t, err := ParseTranscript(content)
		if err != nil {
			return nil, err
		}
		return NewReplay(t), nil
	}
	p, err := ParsePerson(content)
	if err != nil {
		return nil, err
	}
	p.Key = strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	return m.newCard(p)
}

func (m *Machine) newCard(p Person) (*Card, error) {
	m.mu.Lock()
	o := m.cards
	m.mu.Unlock()
	return NewCard(p, o)
}

func readFile(name string, longest int64) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > longest {
		return nil, fmt.Errorf("read file: %w: a file of at most %d bytes", ErrCommandInvalid, longest)
	}
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	return content, nil
}
