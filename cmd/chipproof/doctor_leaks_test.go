package main

import (
	"bytes"
	"net/netip"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cmd/internal/program"
	"chipproof/doctor"
	"chipproof/exposure"
	"chipproof/exposure/report"
)

func leaky(ways ...doctor.Way) []doctor.Port {
	p := doctor.Port{Number: 8189, State: doctor.PortOpen, Beyond: []netip.Addr{netip.MustParseAddr("192.0.2.7")}}
	for _, way := range ways {
		p.Leaks = append(p.Leaks, doctor.Leak{
			Agent: "NHSO Secure SmartCard Agent", Call: "/api/smartcard/terminals", Way: way, Sign: "Access-Control-Allow-Origin: *", Score: 95,
		})
	}
	if len(ways) == 0 {
		p.State = doctor.PortClosed
	}
	return []doctor.Port{p, {Number: 8182, State: doctor.PortUnasked}, {Number: 8765, State: doctor.PortSlow}, {Number: 9898, State: doctor.PortClosed}}
}

// asOffice gives a report to the parser of the office.
func asOffice(t *testing.T, ports []doctor.Port, machine string) exposure.Report {
	t.Helper()
	var out bytes.Buffer
	now := time.Date(2026, 11, 25, 9, 0, 0, 123, time.UTC)
	require.NoError(t, program.PrintJSON(&out, leaksReport(ports, machine, now, now)))
	r, err := report.ParseJSON(out.Bytes())
	require.NoError(t, err, out.String())
	return r
}

func TestTheOfficeTakesWhatTheCounterFound(t *testing.T) {
	r := asOffice(t, leaky(doctor.AnyOrigin, doctor.OtherAddresses), "counter-3")
	require.Len(t, r.Findings, 2)
	f := r.Findings[0]
	assert.EqualValues(t, "open_agent", f.Class)
	assert.Equal(t, "tcp://counter-3:8189", f.Target)
	assert.Equal(t, "/api/smartcard/terminals", f.Locator.Path)
	assert.Equal(t, "NHSO Secure SmartCard Agent", f.Masked)
	assert.Equal(t, "any_origin", f.Rule)
	assert.Equal(t, exposure.Anonymous, f.Reachability)
	assert.Equal(t, exposure.Internal, r.Findings[1].Reachability)
	assert.Equal(t, exposure.Critical, f.Severity)
	assert.Positive(t, f.Rank())
	assert.NotEqual(t, f.ID(), r.Findings[1].ID(), "two ways, two findings")

	assert.True(t, r.Complete)
	assert.Equal(t, 2, r.Summary.Findings)
	assert.Equal(t, map[exposure.Class]int{"open_agent": 2}, r.Summary.Classes)
	assert.Equal(t, 3, r.Summary.Files)
	require.Len(t, r.NotRead, 2)
	assert.EqualValues(t, "not_asked", r.NotRead[0].Reason)
	assert.EqualValues(t, "timed_out", r.NotRead[1].Reason)
	assert.Len(t, r.Scanned, 2, "what was not asked is not scanned")
	assert.NoError(t, report.JSON(&bytes.Buffer{}, r), "and writes it out again")
}

// The same agent on two machines is two findings, and one that is gone is fixed
// on its own machine alone.
func TestAnAgentThatIsGoneIsFixedOnItsMachine(t *testing.T) {
	before := asOffice(t, leaky(doctor.AnyOrigin, doctor.OtherAddresses), "counter-3")
	change := func(after exposure.Report) (changes []exposure.Change) {
		for _, c := range exposure.Compare(before, after) {
			changes = append(changes, c.Change)
		}
		return changes
	}
	assert.Equal(t, []exposure.Change{exposure.Still, exposure.Still}, change(asOffice(t, leaky(doctor.AnyOrigin, doctor.OtherAddresses), "counter-3")))
	assert.Equal(t, []exposure.Change{exposure.Still, exposure.Fixed}, change(asOffice(t, leaky(doctor.AnyOrigin), "counter-3")))
	assert.Equal(t, []exposure.Change{exposure.Fixed, exposure.Fixed}, change(asOffice(t, leaky(), "counter-3")))
	assert.Equal(t, []exposure.Change{exposure.Unchecked, exposure.Unchecked}, change(asOffice(t, leaky(), "counter-4")))

	slow := leaky()
	slow[0].State = doctor.PortSlow
	assert.Equal(t, []exposure.Change{exposure.Unchecked, exposure.Unchecked}, change(asOffice(t, slow, "counter-3")), "no answer proves nothing")
}

func TestAReportWithoutFindingsIsWhole(t *testing.T) {
	r := asOffice(t, nil, "counter-3")
	assert.Empty(t, r.Findings)
	assert.Equal(t, exposure.Summary{Classes: map[exposure.Class]int{}}, r.Summary)
}

func TestTheNameOfAMachineIsMadeFitForAReport(t *testing.T) {
	for name, want := range map[string]string{
		"COUNTER-3":         "counter-3",
		"pc.banlat.go.th":   "pc.banlat.go.th",
		"":                  "this-machine",
		"เคาน์เตอร์":        "this-machine",
		"a\x1b[31m b/c:d":   "a31mbcd",
		"pc-1101700230708":  "this-machine",
		"1-10170-02307-0-8": "this-machine",
	} {
		assert.Equal(t, want, machineNamed(name), "%q", name)
	}
}

func TestTheCounterLinksNoScanner(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	assert.Contains(t, string(out), "chipproof/doctor\n")
	assert.NotContains(t, string(out), "chipproof/exposure")
	assert.NotContains(t, string(out), "pdfium")
}
