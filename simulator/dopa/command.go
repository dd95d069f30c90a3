package dopa

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"
)

// ErrCommandInvalid is what [Service.Command] returns for a line that says
// nothing it understands; the message says what would.
var ErrCommandInvalid = errors.New("command invalid")

const usage = `state PERSON STATE           what the service knows of a card: normal, moved, lost, cancelled, not_found, incomplete
delay 3s | none              how much later every answer comes
fault PLAN | @FILE | clear   let things go wrong, see ` + "`help fault`" + `
list                         the people and their cards' states, and how often the service was asked
help [fault]                 this, or how a plan is written`

// Command carries out one line typed at a terminal, and gives what to show for
// it. It returns [ErrCommandInvalid] and the errors of the methods and of
// [ParsePlan].
func (s *Service) Command(ctx context.Context, line string) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("run command: %w", err)
	}
	word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	rest = strings.TrimSpace(rest)
	switch word {
	case "":
		return "", nil
	case "help":
		if rest == "fault" {
			return faultsManual, nil
		}
		return usage, nil
	case "list":
		return s.list(), nil
	case "state":
		return "", s.commandState(rest)
	case "delay":
		return "", s.commandDelay(rest)
	case "fault":
		return "", s.commandFault(rest)
	}
	return "", fmt.Errorf("%w: no word %.40q, try help", ErrCommandInvalid, word)
}

func (s *Service) commandState(rest string) error {
	words := strings.Fields(rest)
	if len(words) != 2 {
		return fmt.Errorf("%w; usage: state PERSON STATE", ErrCommandInvalid)
	}
	return s.SetState(words[0], State(words[1]))
}

func (s *Service) commandDelay(rest string) error {
	if rest == "none" {
		rest = "0s"
	}
	d, err := time.ParseDuration(rest)
	if err != nil || d < 0 || d > maxMilliseconds*time.Millisecond {
		return fmt.Errorf("%w; usage: delay 3s | none", ErrCommandInvalid)
	}
	s.SetDelay(d)
	return nil
}

func (s *Service) commandFault(rest string) error {
	content := []byte(rest)
	switch file, isFile := strings.CutPrefix(rest, "@"); {
	case rest == "":
		return fmt.Errorf("%w; usage: fault PLAN | @FILE | clear", ErrCommandInvalid)
	case rest == "clear":
		content = []byte("[]")
	case isFile:
		info, err := os.Stat(file)
		if err != nil || !info.Mode().IsRegular() || info.Size() > maxPlan {
			return fmt.Errorf("%w: no file of at most %d bytes", ErrCommandInvalid, maxPlan)
		}
		if content, err = os.ReadFile(file); err != nil {
			return fmt.Errorf("read fault plan: %w", err)
		}
	}
	plan, err := ParsePlan(content)
	if err != nil {
		return err
	}
	return s.SetPlan(plan)
}

// list shows people by their keys, and of other numbers how many there are.
func (s *Service) list() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	known := map[string]bool{}
	for _, p := range s.people {
		state, set := s.states[p.CitizenID]
		if !set {
			state = Normal
		}
		known[p.CitizenID] = true
		fmt.Fprintf(table, "%s\t%s\n", p.Key, state)
	}
	strangers := 0
	for number := range s.states {
		if !known[number] {
			strangers++
		}
	}
	table.Flush()
	if strangers > 0 {
		fmt.Fprintf(&text, "and %d numbers of nobody in the register\n", strangers)
	}
	fmt.Fprintf(&text, "asked: %d", s.asked)
	return text.String()
}
