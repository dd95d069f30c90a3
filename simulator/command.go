package simulator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ErrCommandInvalid is what [Machine.Command] returns for a line that says
// nothing it understands; the message says what would.
var ErrCommandInvalid = errors.New("command invalid")

// verb is one word of the terminal language.
type verb struct {
	name, usage, help string
	// run gets the words behind the verb.
	run func(m *Machine, words []string) (string, error)
}

func verbs() []verb {
	return []verb{
		{"deny", "deny", "let the service refuse this account, until start", serviceVerb((*Machine).DenyService)},
		{"fault", "fault READER PLAN | @FILE | clear", "let things go wrong, see `help fault`", runFault},
		{"help", "help [fault]", "this, or how a plan is written", runHelp},
		{"insert", "insert READER PERSON | @FILE | mute", "lay in a card: of a shipped person, of a person's YAML file, of a transcript, or one that doesn't answer", runInsert},
		{"list", "list", "the readers and what lies in them", runList},
		{"people", "people", "the shipped people", runPeople},
		{"plug", "plug READER", "plug in a reader, or one that was unplugged", runPlug},
		{"remove", "remove READER", "take the card out", readerVerb((*Machine).Remove)},
		{"reset", "reset READER", "reset the card, as another program would", readerVerb((*Machine).Reset)},
		{"start", "start", "start the service", serviceVerb((*Machine).StartService)},
		{"stop", "stop", "stop the service", serviceVerb((*Machine).StopService)},
		{"swap", "swap READER PERSON | @FILE", "put another card under an open connection", runSwap},
		{"unplug", "unplug READER", "pull the reader out", readerVerb((*Machine).Unplug)},
	}
}

// Command carries out one line typed by somebody who stands before the machine,
// and gives what to show for it; `help` lists the words. A reader is named, in
// quotes if the name has spaces, or given by its number in `list`; where there
// is one reader only, it can be left out. It returns [ErrCommandInvalid] and
// the errors of the methods that the words stand for.
func (m *Machine) Command(ctx context.Context, line string) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("run command: %w", err)
	}
	words, err := split(line)
	if err != nil || len(words) == 0 {
		return "", err
	}
	all := verbs()
	at := slices.IndexFunc(all, func(v verb) bool { return v.name == words[0] })
	if at < 0 {
		return "", fmt.Errorf("%w: no word %.40q, try help", ErrCommandInvalid, words[0])
	}
	shown, err := all[at].run(m, words[1:])
	if errors.Is(err, ErrCommandInvalid) {
		return "", fmt.Errorf("%w; usage: %s", err, all[at].usage)
	}
	return shown, err
}

// split cuts a line into words at spaces. Double quotes hold a word together,
// and so do braces and brackets, so that a plan can be typed as it is.
func split(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	quoted, begun, depth := false, false, 0
	for _, r := range line {
		switch {
		case r == '"' && depth == 0:
			quoted, begun = !quoted, true
			continue
		case (r == ' ' || r == '\t' || r == '\r' || r == '\n') && !quoted && depth == 0:
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
			continue
		case (r == '{' || r == '[') && !quoted:
			depth++
		case (r == '}' || r == ']') && !quoted:
			depth--
		}
		word.WriteRune(r)
		begun = true
	}
	if quoted || depth != 0 {
		return nil, fmt.Errorf("%w: a quote or brace is open", ErrCommandInvalid)
	}
	if begun {
		words = append(words, word.String())
	}
	return words, nil
}

// reader finds the reader that words begin with, by name or by number. With
// arguments words besides, it may be missing where there is one reader only.
func (m *Machine) reader(words []string, arguments int) (string, []string, error) {
	readers := m.Readers()
	if len(words) == arguments && len(readers) == 1 {
		return readers[0].Reader, words, nil
	}
	if len(words) != arguments+1 {
		return "", nil, fmt.Errorf("%w: which reader, and %d words behind it", ErrCommandInvalid, arguments)
	}
	if n, err := strconv.Atoi(words[0]); err == nil && n >= 1 && n <= len(readers) {
		return readers[n-1].Reader, words[1:], nil
	}
	return words[0], words[1:], nil // the machine knows whether it is there
}

func serviceVerb(do func(*Machine)) func(*Machine, []string) (string, error) {
	return func(m *Machine, words []string) (string, error) {
		if len(words) > 0 {
			return "", fmt.Errorf("%w: nothing comes behind this word", ErrCommandInvalid)
		}
		do(m)
		return "", nil
	}
}

func readerVerb(do func(*Machine, string) error) func(*Machine, []string) (string, error) {
	return func(m *Machine, words []string) (string, error) {
		reader, _, err := m.reader(words, 0)
		if err != nil {
			return "", err
		}
		return "", do(m, reader)
	}
}
