package doctor_test

import (
	"context"
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/doctor"
)

func TestADropInPortIsAWarningAsLongAsItIsOpen(t *testing.T) {
	for _, row := range []struct {
		answer doctor.Answer
		found  string
	}{
		{doctor.Ours, "--compat nhso"},
		{doctor.Other, "Another program"},
	} {
		m := healthy()
		m.DropIn = func(_ context.Context, port int) doctor.Answer {
			if port == 8189 {
				return row.answer
			}
			return doctor.Silence
		}
		check := examine(t, m, doctor.IDCompat)
		assert.Equal(t, doctor.Warning, check.State)
		assert.Equal(t, "8189", check.Subject)
		assert.Contains(t, check.Found.EN, row.found)
		assert.NotEmpty(t, check.Remedy.TH)
		assert.Equal(t, doctor.Clean, doctor.Judge(doctor.Examine(t.Context(), m)), "cards can be read")
	}
	m := healthy()
	m.DropIn = func(context.Context, int) doctor.Answer { return doctor.Ours }
	assert.Len(t, doctor.Examine(t.Context(), m), 9, "one check a port")
}

// Who listens is told by the answer to a name that is nobody's.
func TestWhoListensIsToldByHowItRefusesAStrangeName(t *testing.T) {
	look := doctor.Here(service{}, built).DropIn
	for says, want := range map[string]doctor.Answer{
		"HTTP/1.1 403 Forbidden\r\nContent-Length: 39\r\n\r\n{\"status\":403,\"code\":\"host_refused\"}\n": doctor.Ours,
		"HTTP/1.1 200 OK\r\n\r\n[]": doctor.Other,
		"":                          doctor.Other,
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		go func() {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 1024))
			_, _ = io.WriteString(conn, says)
			_ = conn.Close()
		}()
		port := l.Addr().(*net.TCPAddr).Port
		assert.Equal(t, want, look(t.Context(), port), says)
		require.NoError(t, l.Close())
		assert.Equal(t, doctor.Silence, look(t.Context(), port), "gone")
	}
}
