package api

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestL1LocalhostIsBothLoopbackAddressesOnOnePort(t *testing.T) {
	l, err := Listen(t.Context(), "localhost:0")
	require.NoError(t, err)
	defer l.Close()
	require.Len(t, l.Addrs(), 2)
	assert.Equal(t, "127.0.0.1", l.Addrs()[0].Addr().String())
	assert.Equal(t, "::1", l.Addrs()[1].Addr().String())
	require.Len(t, l.Ports(), 1)
	assert.Equal(t, "http://localhost:"+strconv.Itoa(l.Ports()[0]), l.URL())
	assert.Empty(t, l.Notes)
}

func TestL1AnAddressThatIsNotLoopbackIsRefusedBeforeAnythingIsOpened(t *testing.T) {
	opened := func(context.Context, string, string) (net.Listener, error) {
		require.Fail(t, "opened")
		return nil, nil
	}
	for _, address := range []string{
		"0.0.0.0:8731", ":8731", "[::]:8731", "192.0.2.1:8731", "127.0.0.2:8731", "127.1:8731", "[::ffff:127.0.0.1]:8731", "example.com:8731",
		"LOCALHOST:8731", "localhost", "8731", "localhost:http", "localhost:65536", "localhost:-1", "localhost:08731", "[::1%lo]:8731", "",
	} {
		_, err := listen(t.Context(), opened, []string{address})
		assert.ErrorIs(t, err, ErrAddressRefused, address)
	}
	_, err := listen(t.Context(), opened, nil)
	assert.ErrorIs(t, err, ErrAddressRefused)
}

func TestL2ATakenPortNamesItsOwner(t *testing.T) {
	first, err := Listen(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	defer first.Close()
	_, err = Listen(t.Context(), "localhost:"+strconv.Itoa(first.Ports()[0]))
	require.ErrorIs(t, err, ErrPortTaken)
	taken, ok := errors.AsType[*PortTakenError](err)
	require.True(t, ok)
	assert.Equal(t, first.Addrs()[0].String(), taken.Address)
	if portOwner(first.Ports()[0]) != "" { // where the system tells
		assert.Contains(t, err.Error(), "process "+strconv.Itoa(os.Getpid()))
	}
}

func TestRow35ATakenIPv6PortIsAnErrorTooAndNothingStaysOpen(t *testing.T) {
	v6, err := Listen(t.Context(), "[::1]:0")
	require.NoError(t, err)
	defer v6.Close()
	port := strconv.Itoa(v6.Ports()[0])
	_, err = Listen(t.Context(), "localhost:"+port)
	require.ErrorIs(t, err, ErrPortTaken)
	v4, err := Listen(t.Context(), "127.0.0.1:"+port)
	require.NoError(t, err, "the half that was opened is closed again")
	assert.NoError(t, v4.Close())
}

func TestRow35WithIPv6SwitchedOffIPv4IsServedWithANote(t *testing.T) {
	var config net.ListenConfig
	for _, errno := range []error{familyUnknown, addressUnknown} {
		without := func(ctx context.Context, network, address string) (net.Listener, error) {
			if network == "tcp6" {
				return nil, &net.OpError{Op: "listen", Net: network, Err: &os.SyscallError{Syscall: "bind", Err: errno}}
			}
			return config.Listen(ctx, network, address)
		}
		l, err := listen(t.Context(), without, []string{"localhost:0"})
		require.NoError(t, err)
		require.Len(t, l.Addrs(), 1)
		require.Len(t, l.Notes, 1)
		assert.Contains(t, l.Notes[0], "IPv6")
		require.NoError(t, l.Close())

		_, err = listen(t.Context(), without, []string{"[::1]:0"})
		assert.Error(t, err, "asked for by name, it is no note")
	}
}

func TestWhatElseKeepsASocketFromOpeningIsAnError(t *testing.T) {
	denied := func(context.Context, string, string) (net.Listener, error) { return nil, syscall.EACCES }
	_, err := listen(t.Context(), denied, []string{"localhost:80"})
	assert.ErrorIs(t, err, syscall.EACCES)
}

func TestAPortThatIPv6CannotHaveIsTriedAgain(t *testing.T) {
	var config net.ListenConfig
	tries := 0
	stubborn := func(ctx context.Context, network, address string) (net.Listener, error) {
		if network == "tcp6" {
			if tries++; tries < 3 {
				return nil, addressInUse
			}
		}
		return config.Listen(ctx, network, address)
	}
	l, err := listen(t.Context(), stubborn, []string{"localhost:0"})
	require.NoError(t, err)
	assert.Len(t, l.Addrs(), 2)
	assert.NoError(t, l.Close())
}

// strange is a connection that came in on another address.
type strange struct {
	net.Conn
	local, remote net.Addr
}

func (s strange) LocalAddr() net.Addr  { return s.local }
func (s strange) RemoteAddr() net.Addr { return s.remote }

func TestL1AConnectionWithAForeignEndIsClosedUnread(t *testing.T) {
	foreign := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: testPort}
	for _, ends := range [][2]net.Addr{{foreign, localAddr}, {localAddr, foreign}} {
		inner := newPipeListener()
		capped := newCappedListener(inner, make(chan struct{}, 1))
		client, server := net.Pipe()
		go func() { inner.accept <- strange{server, ends[0], ends[1]} }()
		accepted := make(chan error, 1)
		go func() {
			_, err := capped.Accept()
			accepted <- err
		}()
		_, err := client.Read(make([]byte, 1))
		require.Error(t, err, "closed")
		require.NoError(t, capped.Close())
		require.ErrorIs(t, <-accepted, net.ErrClosed, "and never handed on")
	}
}

func TestAHandlerWithoutAKnownConnectionRefusesEveryHost(t *testing.T) {
	r, err := http.NewRequest(http.MethodGet, "http://localhost:8731/healthz", nil)
	require.NoError(t, err)
	assert.ErrorIs(t, checkHost(r), ErrRequestMalformed, "absolute form")
	r.URL.Scheme, r.URL.Host = "", ""
	assert.ErrorIs(t, checkHost(r), ErrHostRefused)
}
