package main

import (
	"regexp"
	"strings"
)

// idArg is a finding's id as an argument. One in sixty-four begins with a
// hyphen, and must be no flag.
type idArg string

// idMark stands in front of such an id.
const idMark = "id:"

var hyphenID = regexp.MustCompile(`^-[A-Za-z0-9_-]{21}\.[A-Za-z0-9_-]{22}$`)

// markIDs marks ids that would be taken for flags.
func markIDs(args []string) []string {
	marked := make([]string, len(args))
	for i, arg := range args {
		if marked[i] = arg; hyphenID.MatchString(arg) {
			marked[i] = idMark + arg
		}
	}
	return marked
}

// UnmarshalText implements [encoding.TextUnmarshaler], for kong.
func (id *idArg) UnmarshalText(text []byte) error {
	*id = idArg(strings.TrimPrefix(string(text), idMark))
	return nil
}
