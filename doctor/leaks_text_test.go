package doctor_test

import (
	"net/http"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/doctor"
)

// everyPort is one port of each state, and a leak of each way.
func everyPort() []doctor.Port {
	return []doctor.Port{
		{Number: 3000, State: doctor.PortUnasked, Beyond: []netip.Addr{abroad}},
		{Number: 8080, State: doctor.PortSlow, Agents: []string{"one"}},
		{Number: 8182, State: doctor.PortUnasked, Agents: []string{"one", "two"}},
		{Number: 8189, State: doctor.PortOurs, Agents: []string{"one"}},
		{Number: 8765, State: doctor.PortQuiet, Agents: []string{"one"}},
		{Number: 9898, State: doctor.PortOpen, Agents: []string{"one"}, Beyond: []netip.Addr{abroad}, Leaks: []doctor.Leak{
			{Agent: "one", Call: "/ws", Way: doctor.AnyOrigin},
			{Agent: "one", Call: "/x", Way: doctor.AnyHost},
			{Agent: "one", Call: "/ws", Way: doctor.OtherAddresses},
		}},
		{Number: 9982, State: doctor.PortClosed},
	}
}

func TestEachPortThatIsOpenIsToldInBothLanguagesWithARemedy(t *testing.T) {
	checks := doctor.LeakChecks(everyPort())
	var states []doctor.State
	for _, c := range checks {
		assert.Equal(t, doctor.IDLeak, c.ID)
		assert.Contains(t, c.Found.EN, "ort "+c.Subject)
		assert.Contains(t, c.Found.TH, "พอร์ต "+c.Subject)
		assert.Equal(t, c.State == doctor.OK, c.Remedy.EN == "", c.Found.EN)
		assert.Equal(t, c.Remedy.EN == "", c.Remedy.TH == "", c.Found.EN)
		states = append(states, c.State)
	}
	assert.Equal(t, []doctor.State{
		doctor.Unknown, doctor.Unknown, doctor.Unknown, doctor.OK, doctor.OK, doctor.Failed, doctor.Failed, doctor.Failed,
	}, states)
	assert.Contains(t, checks[0].Found.EN, "not asked further. It is open at 192.0.2.7 too.")
	assert.Contains(t, checks[2].Found.EN, "one, two")
	assert.Contains(t, checks[5].Remedy.EN, "chipproof serve --compat go-thai-smartcard")
	assert.Contains(t, checks[7].Found.EN, "192.0.2.7")
	assert.Contains(t, checks[7].Remedy.EN, "firewall")
	assert.Equal(t, doctor.Wrong, doctor.Judge(checks))
}

func TestWhereNothingIsOpenThePortsAreListed(t *testing.T) {
	checks := doctor.LeakChecks([]doctor.Port{{Number: 8189, State: doctor.PortClosed}, {Number: 9898, State: doctor.PortClosed}})
	require.Len(t, checks, 1)
	assert.Equal(t, doctor.OK, checks[0].State)
	assert.Contains(t, checks[0].Found.EN, "(8189, 9898)")
	assert.Equal(t, doctor.Clean, doctor.Judge(checks))
}

// What a program says of itself is never repeated: it could be anything.
func TestNothingThatAProgramSaidIsTold(t *testing.T) {
	const said = "1101700230708"
	s := newStreet(t)
	s.opens(8189, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Said", said)
		lists("/api/smartcard/terminals", `[{"terminalName":"`+said+`"}]`, anybody)(w, r)
	}, home, abroad)
	ports := s.look()
	require.Len(t, ports[0].Leaks, 2)
	for _, c := range doctor.LeakChecks(ports) {
		assert.NotContains(t, c.Found.EN+c.Found.TH+c.Remedy.EN+c.Remedy.TH, said)
	}
	for _, l := range ports[0].Leaks {
		assert.NotContains(t, l.Sign+l.Agent+l.Call, said)
	}
}
