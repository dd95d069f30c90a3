package simulator_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"chipproof/apdu"
	"chipproof/simulator"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// planOf parses a plan, or ends the test.
func planOf(tb testing.TB, text string) simulator.Plan {
	tb.Helper()
	plan, err := simulator.ParsePlan([]byte(text))
	require.NoError(tb, err, text)
	return plan
}

func TestEveryPlanInTheManualCanBePlayed(t *testing.T) {
	manual, err := os.ReadFile("FAULTS.md")
	require.NoError(t, err)
	acts := map[simulator.Act]bool{}
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(manual), -1)
	require.NotEmpty(t, blocks)
	for _, block := range blocks {
		for _, f := range planOf(t, block[1]) {
			acts[f.Do] = true
		}
	}
	assert.Len(t, acts, 17, "it shows every act")
}

func TestAPlanIsReadAsItIsWritten(t *testing.T) {
	assert.Equal(t, simulator.Plan{
		{Exchange: 3, Do: simulator.DoRemove, Shows: simulator.ShowsEmpty, Lag: 400},
		{Field: "name", Do: simulator.DoStatus, Word: simulator.Words{0x6F00}, Times: 2},
		{Field: "card.chip_number", Do: simulator.DoStatus, Word: simulator.Words{apdu.StatusOK, 0x6E00}, Until: simulator.UntilReset},
		{At: simulator.AtConnect, Do: simulator.DoError, Error: "card_error", Until: simulator.UntilCleared},
		{Exchange: 1, Do: simulator.DoAnswer, Hex: simulator.Bytes{0x90, 0x00}},
	}, planOf(t, `
- {exchange: 3, do: remove, shows: empty, lag: 400}
- {field: name, do: status, word: 6F00, times: 2}
- {field: card.chip_number, do: status, word: [9000, 6E00], until: reset}
- {at: connect, do: error, error: card_error, until: cleared}
- {exchange: 1, do: answer, hex: 90 00}
`))
}

func TestJSONIsAPlanToo(t *testing.T) {
	assert.Equal(t, planOf(t, "- {exchange: 3, do: remove}"), planOf(t, `[{"exchange":3,"do":"remove"}]`))
}

func TestAPlanWithoutFaultsIsAnEmptyList(t *testing.T) {
	assert.Empty(t, planOf(t, "[]"))
}

func TestAPlanIsReadStrictly(t *testing.T) {
	for name, row := range map[string]struct{ plan, says string }{
		"nothing":                {"", "nothing in it"},
		"only a comment":         {"# later", "nothing in it"},
		"no list":                {"exchange: 3", "line 1"},
		"a word":                 {"remove", "line 1"},
		"null":                   {"null", "a plan is a list"},
		"an empty fault":         {"- ", "line 1"},
		"two plans":              {"[]\n---\n[]", "more than one document"},
		"a word for a fault":     {"- remove", "line 1"},
		"an unknown key":         {"- {exchange: 3, do: remove}\n- {exchange: 3, doo: remove}", "line 2: field doo not found"},
		"a key twice":            {"- {exchange: 3, exchange: 4, do: remove}", "already defined"},
		"an unknown act":         {"- {exchange: 3, do: explode}", `line 1: fault 1: do: no act is called "explode", there are remove, unplug`},
		"no act":                 {"- {exchange: 3}", "no act is called"},
		"no place":               {"- {do: remove}", "fault 1: where: exactly one of"},
		"two places":             {"- {exchange: 3, field: name, do: remove}", "exactly one of"},
		"a negative exchange":    {"- {exchange: -1, do: remove}", "exchange: 1 to"},
		"exchange three":         {"- {exchange: three, do: remove}", "line 1"},
		"an unknown field":       {"- {field: religion, do: remove}", `no field or part is called "religion"`},
		"at dawn":                {"- {at: dawn, do: mute}", "at: connect"},
		"a flip at connect":      {"- {at: connect, do: flip}", "can't happen at connect"},
		"sharing in a read":      {"- {exchange: 3, do: sharing}", "sharing happens at connect"},
		"a key of another act":   {"\n- {exchange: 3, do: remove}\n- {exchange: 3, do: remove, word: 6F00}", "line 3: fault 2: word: says nothing about remove"},
		"no status word":         {"- {exchange: 3, do: status}", "word: missing, status needs it"},
		"no status words":        {"- {exchange: 3, do: status, word: []}", "at least one"},
		"a status word in words": {"- {exchange: 3, do: status, word: okay}", "four hex digits"},
		"three digits":           {"- {exchange: 3, do: status, word: 900}", "four hex digits"},
		"a list of lists":        {"- {exchange: 3, do: status, word: [[9000]]}", "four hex digits"},
		"bytes not in hex":       {"- {exchange: 3, do: answer, hex: zz}", "in hex"},
		"bytes in a list":        {"- {exchange: 3, do: answer, hex: [90]}", "in hex"},
		"no delay":               {"- {exchange: 3, do: delay}", "ms: missing"},
		"a delay of nothing":     {"- {exchange: 3, do: delay, ms: 0}", "ms: 1 to"},
		"a delay of a day":       {"- {exchange: 3, do: delay, ms: 86400000}", "ms: 1 to"},
		"a stranger":             {"- {exchange: 3, do: swap, person: nobody}", "person unknown"},
		"an unknown error":       {"- {exchange: 3, do: error, error: oops}", "no error is called"},
		"the card in Bangkok":    {"- {exchange: 3, do: torn, card: bangkok}", "gone, back or stays"},
		"shows nothing":          {"- {exchange: 3, do: torn, shows: nothing}", "removed, empty or torn"},
		"a lag of a day":         {"- {exchange: 3, do: torn, lag: 86400000}", "lag: 0 to"},
		"keep -1":                {"- {exchange: 3, do: truncate, keep: -1}", "not below 0"},
		"bit 8":                  {"- {exchange: 3, do: flip, bit: 8}", "bit: 0 to 7"},
		"a gigabyte of garbage":  {"- {exchange: 3, do: garbage, length: 1000000000}", "length: 0 to"},
		"300 bytes behind 61xx":  {"- {exchange: 3, do: endless_61xx, length: 300}", "length: 0 to 256"},
		"minus once":             {"- {exchange: 3, do: remove, times: -1}", "times: 1 to"},
		"times and until":        {"- {exchange: 3, do: remove, times: 2, until: reset}", "one of them"},
		"until tomorrow":         {"- {exchange: 3, do: remove, until: tomorrow}", "reset or cleared"},
		"a thousand and one":     {strings.Repeat("- {exchange: 3, do: mute}\n", 1001), "at most 1000"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := simulator.ParsePlan([]byte(row.plan))
			require.ErrorIs(t, err, simulator.ErrPlanInvalid)
			assert.ErrorContains(t, err, row.says)
		})
	}
}

func TestAPlanMadeInCodeIsCheckedWhereItIsPlayed(t *testing.T) {
	bad := simulator.Plan{{Do: simulator.DoRemove}}
	_, err := simulator.NewFaulty(cardOf(t, "default", simulator.CardOptions{}), bad)
	require.ErrorIs(t, err, simulator.ErrPlanInvalid)
	assert.ErrorIs(t, simulator.NewMachine("A").Faults("A", bad), simulator.ErrPlanInvalid)
}

func FuzzParsePlan(f *testing.F) {
	manual, err := os.ReadFile("FAULTS.md")
	require.NoError(f, err)
	for line := range strings.Lines(string(manual)) {
		if strings.HasPrefix(line, "- ") {
			f.Add([]byte(line))
		}
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		plan, err := simulator.ParsePlan(content)
		if err != nil {
			require.ErrorIs(t, err, simulator.ErrPlanInvalid)
			return
		}
		_, err = simulator.NewFaulty(cardOf(t, "default", simulator.CardOptions{}), plan)
		assert.NoError(t, err, "what is parsed can be played")
	})
}
