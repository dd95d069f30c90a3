package main

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/cardreader"
	"chipproof/cmd/internal/program"
	"chipproof/proofing/thaiid"
)

// The codes are taken from the document's own list, so one that is new fails here.
func TestEveryFindingHasWords(t *testing.T) {
	member, ok := reflect.TypeFor[thaiid.Finding]().FieldByName("Code")
	require.True(t, ok)
	codes := strings.Split(member.Tag.Get("enum"), ",")
	require.NotEmpty(t, codes)
	unknown := findingText("no such code")
	for _, code := range codes {
		assert.NotEqual(t, unknown, findingText(thaiid.FindingCode(code)), code)
	}
}

func TestEverySexHasWords(t *testing.T) {
	seen := map[api.Text]bool{}
	for _, word := range []string{thaiid.SexMale, thaiid.SexFemale, thaiid.SexUnspecified, thaiid.SexUnknown} {
		seen[sexText(word)] = true
	}
	assert.Len(t, seen, 4)
}

func TestEveryPresenceHasWords(t *testing.T) {
	seen := map[api.Text]bool{}
	for _, p := range []cardreader.Presence{cardreader.Absent, cardreader.Present, cardreader.Mute, -1} {
		seen[presence(p)] = true
	}
	assert.Len(t, seen, 4)
}

func TestACitizenNumberIsGroupedAsOnTheCard(t *testing.T) {
	assert.Equal(t, "1 1017 00230 70 8", grouped("1101700230708"))
	assert.Empty(t, grouped(""))
}

func TestNamesOfDevicesCannotSteerATerminal(t *testing.T) {
	assert.Equal(t, "Reader[31m ๑", program.Shown("Reader\x1b[31m\r\n ๑"))
}
