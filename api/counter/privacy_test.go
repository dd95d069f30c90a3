package counter

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/proofing"
	"chipproof/simulator"
)

// Every person is read, whole, with faults, over and over, at debug level; then
// the log and the events are searched for what the card says.
func TestNothingOfAnyCardIsEverLoggedOrToldToAStream(t *testing.T) {
	for _, p := range simulator.People() {
		t.Run(p.Key, func(t *testing.T) {
			machine := simulator.NewMachine(reader)
			insert(t, machine, p.Key, simulator.Line{})
			d := openDesk(t, machine)
			all := append(DefaultGrant().Fields, "laser_code", "nhso")
			d.origins.grant(site, api.Grant{Purposes: []string{proofing.FormFill}, Fields: all})
			events := d.follow(fromSite)

			values := personal(t, d.readCard(all...))
			for _, plan := range []string{
				`[{field: name, do: garbage}]`, `[{field: citizen_id, do: flip, byte: 3, bit: 4}]`, `[{exchange: 9, do: remove}]`,
				`[{field: birth_date, do: truncate, keep: 4}]`, `[{exchange: 5, do: swap, person: year-only}]`, `[{field: address, do: status, word: 6F00}]`,
			} {
				fault(plan)(t, d.machine)
				d.readCard(all...)
			}
			d.stop()
			told := d.log.String() + everything(events)
			for _, v := range values {
				assert.NotContains(t, told, v, "a value of the card, %d bytes long", len(v))
			}
		})
	}
}

// personal is every text of an identity that is long enough to be recognised.
func personal(t testing.TB, a answer) []string {
	t.Helper()
	var doc map[string]any
	require.NoError(t, json.Unmarshal([]byte(a.body), &doc))
	identity, _ := doc["identity"].(map[string]any)
	var values []string
	var collect func(any)
	collect = func(v any) {
		switch v := v.(type) {
		case string:
			if text := strings.TrimSpace(v); len(text) >= 5 && !unremarkable[text] {
				values = append(values, text)
			}
		case map[string]any:
			for key, inner := range v {
				if key != "findings" && key != "media_type" {
					collect(inner)
				}
			}
		case []any:
			for _, inner := range v {
				collect(inner)
			}
		}
	}
	collect(identity)
	if photo, ok := identity["photo"].(map[string]any); ok {
		jpeg, err := base64.StdEncoding.DecodeString(photo["data"].(string))
		require.NoError(t, err)
		values = append(values, string(jpeg[:64]))
	}
	return values
}

// unremarkable are words of the interface and no one's own.
var unremarkable = map[string]bool{"female": true, "month": true, "unspecified": true, "unknown": true}

// everything reads a stream to its end.
func everything(s *stream) string {
	var told strings.Builder
	for e := s.next(); e.name != ""; e = s.next() {
		told.WriteString(e.name + e.data + "\n")
	}
	return told.String()
}
