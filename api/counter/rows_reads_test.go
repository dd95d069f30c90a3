package counter

import (
	"io"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/proofing"
	"chipproof/simulator"
)

func TestP8WhatWasNotGrantedIsRefusedAndNothingIsRead(t *testing.T) {
	d := newDesk(t)
	ask := func(purpose string, fields string) answer {
		return d.raw(post("/v1/reads", `{"purpose":"`+purpose+`","fields":[`+fields+`]}`, fromSite))
	}
	ask("shopping", `"name"`).says(t, 422, "purpose_unknown", "")
	ask("FORM_FILL", `"name"`).says(t, 422, "purpose_unknown", "")
	ask("identity_proofing", `"name"`).says(t, 403, "purpose_refused", "")
	ask("compat", `"name"`).says(t, 403, "purpose_refused", "")
	for _, f := range []string{"laser_code", "nhso"} {
		a := ask("form_fill", `"name","`+f+`"`)
		a.says(t, 403, "field_refused", f)
		assert.Contains(t, a.body, `"field":"`+f+`"`)
	}
	ask("shopping", `"laser_code"`).says(t, 422, "purpose_unknown", "purpose before field")
	d.origins.grant(site, api.Grant{Fields: []string{"name"}})
	ask("form_fill", `"name"`).says(t, 403, "purpose_refused", "an origin without form_fill")
	assert.Zero(t, d.card.Exchanges(), "nothing was read")

	d.origins.grant(site, api.Grant{Purposes: []string{proofing.FormFill}, Fields: []string{"laser_code", "nhso"}})
	doc := d.readCard("laser_code", "nhso").read(t)
	assert.Len(t, doc.Identity, 2)
}

// stalledRead begins a read that stands still in its middle, and gives its
// answer when there is one.
func stalledRead(t *testing.T, d *desk) (result chan answer) {
	t.Helper()
	events := d.follow(fromSite)
	fault(`[{exchange: 6, do: mute, until: cleared}]`)(t, d.machine)
	result = make(chan answer, 1)
	go func() { result <- d.readCard("citizen_id", "name", "birth_date", "sex", "address", "card", "photo") }()
	events.until("read_progress")
	_ = events.conn.Close()
	return result
}

func TestP4AndRow26OneReadAtATimeAndTheOtherIsToldSo(t *testing.T) {
	d := newDesk(t)
	d.origins.grant(other, DefaultGrant())
	result := stalledRead(t, d)
	for _, origin := range []string{site, other} {
		a := d.raw(post("/v1/reads", fill("name"), "Origin: "+origin))
		a.says(t, 409, "reader_busy", origin)
		assert.NotContains(t, a.body, site, "nothing about the other one")
	}
	// What comes before is told first, what comes behind is not reached.
	for _, row := range []struct{ body, code string }{
		{`{"purpose":"shopping","fields":["laser_code"],"x":1}`, "body_invalid"},
		{`{"purpose":"shopping","fields":["laser_code"]}`, "purpose_unknown"},
		{`{"purpose":"compat","fields":["laser_code"]}`, "purpose_refused"},
		{`{"purpose":"form_fill","fields":["laser_code"],"reader":"none"}`, "field_refused"},
		{`{"purpose":"form_fill","fields":["name"],"reader":"none"}`, "reader_busy"},
	} {
		assert.Equal(t, row.code, d.raw(post("/v1/reads", row.body, fromSite)).code(), row.body)
	}
	require.NoError(t, d.machine.Remove(reader))
	(<-result).says(t, 409, "card_removed", "")
	insert(t, d.machine, "default", simulator.Line{})
	require.NoError(t, d.machine.Faults(reader, nil))
	assert.Equal(t, 200, d.raw(post("/v1/reads", fill("name"), "Origin: "+other)).status, "the other gets its own answer afterwards")
}

func TestOfManyReadsAtOnceOneRunsAndTheOthersAreTold(t *testing.T) {
	machine := simulator.NewMachine(reader)
	insert(t, machine, "default", simulator.LineTA96)
	d := openDesk(t, machine)
	var mu sync.Mutex
	codes := map[string]int{}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			a := d.readCard("citizen_id", "name", "address")
			mu.Lock()
			defer mu.Unlock()
			codes[a.code()]++
		})
	}
	all.Wait()
	assert.Equal(t, 20, codes[""]+codes["reader_busy"], "%v", codes)
	assert.NotZero(t, codes[""])
}

func TestRow25AClientThatLeavesEndsItsReadAndTheCardIsReleased(t *testing.T) {
	d := newDesk(t)
	total := exchangesOfOneRead(t, d)
	require.Greater(t, total, 10)
	for index := 1; index <= total; index++ {
		fault(`[{exchange: `+itoa(index)+`, do: mute, until: cleared}]`)(t, d.machine)
		before := d.card.Exchanges()
		d.again()
		conn := d.dial()
		_, err := io.WriteString(conn, d.wire(post("/v1/reads", fill("citizen_id", "name", "photo"), fromSite)))
		require.NoError(t, err)
		d.until(func() bool { return d.reading() && d.card.Exchanges()-before == index-1 })
		require.NoError(t, conn.Close())
		// The card's own limit is 5 s: it is the leaving that ends the read.
		d.until(func() bool { return !d.reading() })
		require.NoError(t, d.machine.Faults(reader, nil))
		assert.Equal(t, "1101700230708", d.readCard("citizen_id").read(t).Identity["citizen_id"], "after leaving at exchange %d", index)
	}
	assert.NotContains(t, d.log.String(), "level=ERROR", "a client that leaves is no failure of ours")
}

func exchangesOfOneRead(t *testing.T, d *desk) int {
	t.Helper()
	before := d.card.Exchanges()
	d.readCard("citizen_id", "name", "photo").read(t)
	return d.card.Exchanges() - before
}

func (d *desk) reading() bool { return d.counter.turns.busy() }

// until waits for what must come soon.
func (d *desk) until(soon func() bool) {
	d.t.Helper()
	require.Eventually(d.t, soon, 20*time.Second, 200*time.Microsecond)
}

func TestStoppingEndsAReadThatTakesTooLong(t *testing.T) {
	machine := simulator.NewMachine(reader)
	insert(t, machine, "default", simulator.Line{})
	d := openDesk(t, machine, func(o *api.Options) { o.Limits.Stop = 50 * time.Millisecond })
	result := stalledRead(t, d)
	d.stop()
	(<-result).says(t, 503, "agent_stopping", "")
}
