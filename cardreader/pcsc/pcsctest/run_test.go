//go:build linux

package pcsctest_test

import (
	"context"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader/pcsc/pcsctest"
)

func TestTheBodyRunsWhereNobodyElseIs(t *testing.T) {
	t.Parallel()
	outside := map[string]string{}
	for _, ns := range []string{"mnt", "net", "pid"} {
		link, err := os.Readlink("/proc/self/ns/" + ns)
		require.NoError(t, err)
		outside[ns] = link
	}
	parent, inherited := os.LookupEnv("PCSCTEST_OUTSIDE")
	if !inherited {
		require.NoError(t, os.Setenv("PCSCTEST_OUTSIDE", outside["mnt"]+outside["net"]+outside["pid"]))
	}
	pcsctest.Run(t, func(t *testing.T, _ *pcsctest.Daemon) {
		require.True(t, inherited, "the body runs in a process of its own")
		for ns, link := range outside {
			assert.NotContains(t, parent, link, "namespace %s is shared", ns)
		}
		interfaces, err := net.Interfaces()
		require.NoError(t, err)
		require.Len(t, interfaces, 1)
		assert.Equal(t, "lo", interfaces[0].Name)
	})
}

func TestTheDaemonServesProgramsAsSoonAsItHasStarted(t *testing.T) {
	t.Parallel()
	pcsctest.Run(t, func(t *testing.T, d *pcsctest.Daemon) {
		for range 10 {
			assert.True(t, answers(pcsctest.Socket), "the socket is not served")
			assert.ElementsMatch(t, []string{"0100007F:8C7B", "0100007F:8C7C"}, listening(t), "vpcd does not listen")
			require.NoError(t, d.Restart(t.Context()))
		}
	})
}

func TestKillAndStopEndTheDaemonAndStartBringsItBack(t *testing.T) {
	t.Parallel()
	pcsctest.Run(t, func(t *testing.T, d *pcsctest.Daemon) {
		assert.Error(t, d.Start(t.Context()), "it runs already")
		for _, end := range []func() error{d.Kill, d.Stop} {
			require.NoError(t, end())
			assert.False(t, answers(pcsctest.Socket))
			assert.Empty(t, listening(t))
			require.NoError(t, end(), "twice is no error")
			assert.Error(t, d.Freeze(), "it does not run")
			require.NoError(t, d.Start(t.Context()))
			assert.True(t, answers(pcsctest.Socket))
		}
	})
}

func TestAStartThatTakesTooLongEndsWithItsContext(t *testing.T) {
	t.Parallel()
	pcsctest.Run(t, func(t *testing.T, d *pcsctest.Daemon) {
		require.NoError(t, d.Kill())
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		assert.ErrorIs(t, d.Start(ctx), context.Canceled)
		assert.False(t, answers(pcsctest.Socket), "what was started is ended")
		require.NoError(t, d.Start(t.Context()))
	})
}

func TestReadersCanBeNoneOrAsManyAsTheServiceTakes(t *testing.T) {
	t.Parallel()
	pcsctest.Run(t, func(t *testing.T, d *pcsctest.Daemon) {
		for _, pairs := range []int{0, 1, 8} {
			d.Equip(pairs)
			require.NoError(t, d.Restart(t.Context()))
			assert.Len(t, d.Slots(), 2*pairs)
			assert.Len(t, listening(t), 2*pairs)
		}
	})
}

func TestACardConnectedToASlotIsAskedForItsATR(t *testing.T) {
	t.Parallel()
	pcsctest.Run(t, func(t *testing.T, d *pcsctest.Daemon) {
		for _, slot := range d.Slots() {
			conn, err := net.Dial("tcp", slot.Addr)
			require.NoError(t, err)
			defer conn.Close()
			require.NoError(t, conn.SetReadDeadline(time.Now().Add(5*time.Second)))
			message := make([]byte, 3)
			_, err = io.ReadFull(conn, message)
			require.NoError(t, err)
			assert.Equal(t, []byte{0, 1, 4}, message, "length 1, control byte 4")
		}
	})
}

func TestASubtestCanHaveADaemonToo(t *testing.T) {
	t.Run("of (its) own", func(t *testing.T) {
		pcsctest.Run(t, func(t *testing.T, _ *pcsctest.Daemon) {
			assert.True(t, answers(pcsctest.Socket))
		})
	})
}

func answers(socket string) bool {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}

// listening are the local addresses on which this namespace listens, in the
// notation of /proc/net/tcp; vpcd's 0.0.0.0 is given as loopback, the only
// address there is.
func listening(t *testing.T) []string {
	t.Helper()
	table, err := os.ReadFile("/proc/self/net/tcp")
	require.NoError(t, err)
	var found []string
	for line := range strings.Lines(string(table)) {
		if fields := strings.Fields(line); len(fields) > 3 && fields[3] == "0A" {
			found = append(found, strings.Replace(fields[1], "00000000:", "0100007F:", 1))
		}
	}
	return found
}
