package doctor_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"chipproof/doctor"
)

func TestTheClockIsJudgedByTheBuildAndTheKernel(t *testing.T) {
	cases := []struct {
		name  string
		built time.Time
		sync  doctor.Sync
		want  doctor.State
	}{
		{"kept right", built, doctor.Synchronised, doctor.OK},
		{"kept by nobody", built, doctor.Unsynchronised, doctor.Warning},
		{"not said", built, doctor.SyncUnknown, doctor.Unknown},
		{"before the build", built.AddDate(1, 0, 0), doctor.SyncUnknown, doctor.Failed},
		{"before the build, whatever the kernel thinks", built.AddDate(1, 0, 0), doctor.Synchronised, doctor.Failed},
		{"build not known", time.Time{}, doctor.Synchronised, doctor.OK},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := healthy()
			m.Built, m.Sync = c.built, func() doctor.Sync { return c.sync }
			got := examine(t, m, doctor.IDClock)
			assert.Equal(t, c.want, got.State)
			assert.Contains(t, got.Found.EN, "2026-04-01T12:00:00Z")
		})
	}
}

func TestIPv6SwitchedOffIsANote(t *testing.T) {
	m := healthy()
	m.LoopbackV6 = func() error { return errors.New("address family not supported") }
	c := examine(t, m, doctor.IDIPv6)
	assert.Equal(t, doctor.Warning, c.State)
	assert.Contains(t, c.Found.EN, "127.0.0.1 only")
}

func TestASessionFromElsewhereIsRecognised(t *testing.T) {
	cases := []struct{ name, variable, value, kind string }{
		{"Remote Desktop", "SESSIONNAME", "RDP-Tcp#3", "Remote Desktop"},
		{"Citrix", "SESSIONNAME", "ICA-tcp#1", "Citrix"},
		{"xrdp", "XRDP_SESSION", "1", "xrdp"},
		{"ssh", "SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22", "ssh"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := healthy()
			m.Env = func(name string) string {
				if name == c.variable {
					return c.value
				}
				return ""
			}
			got := examine(t, m, doctor.IDTerminal)
			assert.Equal(t, doctor.Warning, got.State)
			assert.Equal(t, "This is a remote session ("+c.kind+").", got.Found.EN)
		})
	}
	m := healthy()
	m.Env = func(name string) string { return map[string]string{"SESSIONNAME": "Console"}[name] }
	assert.Equal(t, doctor.OK, examine(t, m, doctor.IDTerminal).State)
}
