package counter

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/mfa"
	"chipproof/proofing"
	"chipproof/simulator"
)

// spoiled is a good read of a site, until it is spoiled; the desk with it.
type spoiled struct {
	target, host, origin, mode, media string
	method                            string
	body                              map[string]any
	pad                               int
	arrange                           []func(*desk)
	often                             bool
}

// wrongs are the steps of agent-security §4 in their order, and what comes after
// the ten, each as something that is wrong with a request or at the desk.
var wrongs = []struct {
	code  string
	apply func(*spoiled)
}{
	{"request_malformed", func(q *spoiled) { q.target = "http://localhost:PORT" + q.target }},
	{"host_refused", func(q *spoiled) { q.host = "evil.example:PORT" }},
	{"not_found", func(q *spoiled) { q.target = strings.Replace(q.target, "/v1/reads", "/v1/nothing", 1) }},
	{"method_refused", func(q *spoiled) { q.method = "PUT" }},
	{"origin_refused", func(q *spoiled) { q.origin = "https://evil.example" }},
	{"request_context_refused", func(q *spoiled) { q.mode = "no-cors" }},
	{"media_type_refused", func(q *spoiled) { q.media = "text/plain" }},
	{"mfa_required", func(q *spoiled) {
		q.at(func(d *desk) {
			held, err := d.office.MFA.Holder(d.t.Context())
			require.NoError(d.t, err)
			require.NoError(d.t, d.office.MFA.DisableUser(d.t.Context(), mfa.ByOS("0"), held.User.Name))
		})
	}},
	{"role_refused", func(q *spoiled) {
		q.arrange = append([]func(*desk){func(d *desk) { d.office.Enrolled("dpo", mfa.RoleDPO).Login() }}, q.arrange...)
	}},
	{"throttled", func(q *spoiled) { q.often = true }},
	{"body_too_large", func(q *spoiled) { q.pad = 64 << 10 }},
	{"body_invalid", func(q *spoiled) { q.body["other"] = 1 }},
	{"purpose_unknown", func(q *spoiled) { q.body["purpose"] = "shopping" }},
	{"purpose_refused", func(q *spoiled) {
		if q.body["purpose"] == proofing.FormFill {
			q.body["purpose"] = proofing.Compat
		}
	}},
	{"field_refused", func(q *spoiled) { q.body["fields"] = []string{"sex", "laser_code"} }},
	{"reader_busy", func(q *spoiled) {
		q.at(func(d *desk) {
			_, _, err := d.counter.turns.take(asked{origin: other})
			require.NoError(d.t, err)
		})
	}},
	{"approval_timeout", func(q *spoiled) { q.at(func(d *desk) { d.origins.save(site, DefaultGrant(), proofing.AskAlways) }) }},
	{"read_already", func(q *spoiled) {
		q.at(func(d *desk) {
			counter, err := d.counter.insertionIn(d.t.Context(), reader)
			require.NoError(d.t, err)
			d.counter.insertions.claim(stay{reader, counter}, site)
		})
	}},
	{"card_error", func(q *spoiled) {
		q.at(func(d *desk) {
			plan, err := simulator.ParsePlan([]byte(`[{field: citizen_id, do: status, word: 6F00, until: cleared}]`))
			require.NoError(d.t, err)
			require.NoError(d.t, d.machine.Faults(reader, plan))
		})
	}},
}

func (q *spoiled) at(f func(*desk)) { q.arrange = append(q.arrange, f) }

// Pairs that can't be wrong at once: an unknown path has no method, and a
// purpose is unknown or refused.
var exclusive = map[string]bool{"not_found method_refused": true}

func TestOfTwoWrongsOfARead_TheEarlierIsNamed(t *testing.T) {
	plain := wrongDesk(t, 1<<30)
	defer plain.close()
	send := func(apply ...func(*spoiled)) string {
		q := newSpoiled()
		for _, f := range apply {
			f(q)
		}
		if q.often || len(q.arrange) > 0 {
			return q.sendAlone(t)
		}
		return q.send(t, plain) // nothing is wrong with the desk
	}
	assert.Empty(t, send(), "without a wrong it is answered")
	plain.reinsert()
	for i, earlier := range wrongs {
		assert.Equal(t, earlier.code, send(earlier.apply), "alone")
		for _, later := range wrongs[i+1:] {
			if !exclusive[earlier.code+" "+later.code] {
				assert.Equal(t, earlier.code, send(later.apply, earlier.apply), "with %s", later.code)
			}
		}
	}
}

func newSpoiled() *spoiled {
	return &spoiled{
		method: "POST", target: "/v1/reads", host: "localhost:PORT", origin: site, mode: "cors", media: "application/json",
		body: map[string]any{"purpose": proofing.FormFill, "fields": []string{"sex"}},
	}
}

// wrongDesk is a desk with a clerk, where much can be wrong.
func wrongDesk(t *testing.T, rate int) *desk {
	t.Helper()
	machine := simulator.NewMachine(reader)
	card := insert(t, machine, "default", simulator.Line{})
	d := prepareDesk(t, machine, Patience{Answer: time.Millisecond, Look: time.Millisecond}, func(o *api.Options) { o.Limits.Rate = rate })
	d.card, d.once = card, true
	d.clerk = d.office.Enrolled("malee", mfa.RoleStaff)
	d.login = d.clerk.Login()
	return d
}

// sendAlone sends to a desk of its own, where that is wrong which is to be.
func (q *spoiled) sendAlone(t *testing.T) string {
	t.Helper()
	d := wrongDesk(t, 120)
	defer d.close()
	if q.often {
		d.spendRate()
	}
	for _, f := range q.arrange {
		f(d)
	}
	return q.send(t, d)
}

func (q *spoiled) send(t *testing.T, d *desk) string {
	t.Helper()
	body, err := json.Marshal(q.body)
	require.NoError(t, err)
	text := string(body) + strings.Repeat(" ", q.pad)
	return d.raw(fmt.Sprintf("%s %s HTTP/1.1\nHost: %s\nOrigin: %s\nSec-Fetch-Site: cross-site\nSec-Fetch-Mode: %s\nSec-Fetch-Dest: empty\nContent-Type: %s\nContent-Length: %d\n\n",
		q.method, q.target, q.host, q.origin, q.mode, q.media, len(text)) + text).code()
}

// spendRate asks until the site has no request left in this minute.
func (d *desk) spendRate() {
	d.t.Helper()
	for range 200 {
		if d.raw(get("/v1/readers", fromSite)).status != 200 {
			return
		}
	}
	d.t.Fatal("the rate is not spent")
}

// close ends everything of a desk before the test does.
func (d *desk) close() {
	d.stop()
	d.office.Close()
}
