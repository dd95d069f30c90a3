package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"

	"chipproof/exposure"
)

// Why a file that people write by hand is no good.
var (
	errAllowInvalid  = errors.New("list of work contacts invalid")
	errAssetsInvalid = errors.New("file of systems invalid")
)

// longestByHand is more than people write, in bytes.
const longestByHand = 4 << 20

// allowList is the file of --allow, in YAML or JSON.
type allowList struct {
	Domains []string `yaml:"domains"`
	Phones  []string `yaml:"phones"`
	Names   []string `yaml:"names"`
}

// allow are the work contacts that the agency publishes on purpose. Error:
// [errAllowInvalid].
func (f agencyFlags) allow() (exposure.Allow, error) {
	if f.Allow == "" {
		return exposure.Allow{}, nil
	}
	var list allowList
	if err := readByHand(f.Allow, &list); err != nil {
		return exposure.Allow{}, fmt.Errorf("read %s: %w: %w", f.Allow, errAllowInvalid, err)
	}
	for i, domain := range list.Domains {
		// "go.th" would let every agency's people through.
		if labels := strings.Split(domain, "."); len(labels) < 2 || len(labels) == 2 && labels[1] == "th" || domain != strings.TrimSpace(domain) {
			return exposure.Allow{}, fmt.Errorf("read %s: %w: domain %d", f.Allow, errAllowInvalid, i+1)
		}
	}
	for i, phone := range list.Phones {
		list.Phones[i] = strings.Map(digitOrStar, phone)
		if len(strings.TrimSuffix(list.Phones[i], "*")) < 4 { // three digits would let a whole province through
			return exposure.Allow{}, fmt.Errorf("read %s: %w: phone %d", f.Allow, errAllowInvalid, i+1)
		}
	}
	return exposure.Allow{Domains: list.Domains, Phones: list.Phones, Names: list.Names}, nil
}

// digitOrStar leaves out how a number is written.
func digitOrStar(r rune) rune {
	if r == '*' || r >= '0' && r <= '9' {
		return r
	}
	return -1
}

// readByHand reads one YAML document, of which JSON is a kind, and knows every
// member in it.
func readByHand(path string, into any) error {
	content, err := readInput(path, nil, longestByHand)
	if err != nil {
		return err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return errors.New("more than one document")
	}
	return nil
}

var errTooLong = errors.New("file too large")

// readInput reads a file, or stdin for "-" where there is one, of at most so many
// bytes.
func readInput(path string, stdin io.Reader, most int64) (content []byte, err error) {
	in := stdin
	if path != "-" || stdin == nil {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close() //nolint:errcheck // it was only read
		in = f
	}
	content, err = io.ReadAll(io.LimitReader(in, most+1))
	if err == nil && int64(len(content)) > most {
		err = errTooLong
	}
	return content, err
}
