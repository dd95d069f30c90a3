//go:build cgo && linux

package pcsc_test

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"chipproof/cardreader/pcsc/pcsctest"
)

// standIn takes pcscd's place on its socket and speaks its protocol (pcsc-lite,
// winscard_msg.h, version 4:4) to the real client library. It does what the
// virtual reader cannot: plug readers in and out, refuse, lie and hang.
type standIn struct {
	mu      sync.Mutex
	readers []reader
	results map[command][]uint32 // what to answer next; success when used up
	calls   map[command]int
	answer  []byte // to every command APDU
	active  uint32 // protocol of a connection
	hangs   bool
	holds   map[command]chan struct{} // not answered before the channel is closed
	hangsUp int                       // on so many newcomers
	onWait  func(registration int)    // called without mu
	answers func(*client) bool        // answers a registration itself, without mu

	contexts map[uint32]*client
	waiting  map[*client]bool
	clients  []*client
}

// reader is one row of pcscd's list.
type reader struct {
	name    string
	state   uint32
	counter uint32
	atr     []byte
}

type client struct {
	conn net.Conn
	out  sync.Mutex
}

// command is what a client asks for.
type command uint32

const (
	cmdEstablish   command = 0x01
	cmdRelease     command = 0x02
	cmdConnect     command = 0x04
	cmdReconnect   command = 0x05
	cmdDisconnect  command = 0x06
	cmdBegin       command = 0x07
	cmdEnd         command = 0x08
	cmdTransmit    command = 0x09
	cmdStatus      command = 0x0B
	cmdCancel      command = 0x0D
	cmdVersion     command = 0x11
	cmdStates      command = 0x12
	cmdWait        command = 0x13
	cmdStopWaiting command = 0x14
	cmdEvents      command = 0x15 // since 4:5
)

// Bits of a reader's state (pcsclite.h), and results that tests name.
const (
	stateAbsent, statePresent, stateSwallowed uint32 = 0x02, 0x04, 0x08

	resultCancelled        uint32 = 0x80100002
	resultSharingViolation uint32 = 0x8010000B
	resultNoSmartcard      uint32 = 0x8010000C
	resultCommError        uint32 = 0x80100013
	resultNotTransacted    uint32 = 0x80100016
	resultNoService        uint32 = 0x8010001D
	resultReset            uint32 = 0x80100068
	resultSecurity         uint32 = 0x8010006A
	resultInternal         uint32 = 0x80100001
)

// maxReaders is how many pcsc-lite has room for.
const maxReaders = 16

// standInFor replaces d, which it kills, until the test ends.
func standInFor(t *testing.T, d *pcsctest.Daemon) *standIn {
	t.Helper()
	require.NoError(t, d.Kill())
	require.NoError(t, os.RemoveAll(pcsctest.Socket))
	require.NoError(t, os.MkdirAll(filepath.Dir(pcsctest.Socket), 0o755))
	listener, err := net.Listen("unix", pcsctest.Socket)
	require.NoError(t, err)
	s := &standIn{
		results: map[command][]uint32{}, calls: map[command]int{}, contexts: map[uint32]*client{}, waiting: map[*client]bool{},
		answer: []byte{0x90, 0x00}, active: 1,
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			c := &client{conn: conn}
			s.mu.Lock()
			s.clients = append(s.clients, c)
			s.mu.Unlock()
			serving.Go(func() { s.serve(c) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		s.mu.Lock()
		for _, c := range s.clients {
			c.conn.Close()
		}
		s.mu.Unlock()
		serving.Wait()
	})
	return s
}

// change alters what the stand-in says of its readers and tells who waits.
func (s *standIn) change(alter func(*standIn)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	alter(s)
	for c := range s.waiting {
		delete(s.waiting, c)
		c.send(words(0, 0))
	}
}

// set says what the next calls of one kind answer; success comes after.
func (s *standIn) set(c command, results ...uint32) {
	s.change(func(s *standIn) { s.results[c] = results })
}

func (s *standIn) count(c command) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[c]
}

// serve answers one client until it leaves.
func (s *standIn) serve(c *client) {
	defer c.conn.Close()
	if s.hangUp(c) {
		return
	}
	for {
		var header [8]byte
		if _, err := io.ReadFull(c.conn, header[:]); err != nil {
			return
		}
		body := make([]byte, binary.NativeEndian.Uint32(header[:4]))
		if _, err := io.ReadFull(c.conn, body); err != nil {
			return
		}
		if err := s.do(c, command(binary.NativeEndian.Uint32(header[4:])), body); err != nil {
			return
		}
	}
}

var errUnknownCommand = errors.New("unknown command")

// hangUp says whether the client is one to hang up on. It waits for what that
// one says and leaves it unread, as pcscd does when polkit refuses.
func (s *standIn) hangUp(c *client) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hangsUp == 0 {
		return false
	}
	s.hangsUp--
	raw, err := c.conn.(*net.UnixConn).SyscallConn()
	if err != nil {
		return true
	}
	greeting := make([]byte, 8+12) // header and struct version_struct
	_ = raw.Read(func(fd uintptr) bool {
		n, _, err := syscall.Recvfrom(int(fd), greeting, syscall.MSG_PEEK)
		return n == len(greeting) || err != nil && err != syscall.EAGAIN
	})
	return true
}

// do answers one request. Bodies are structs of 32-bit words, the result last;
// the answer is the same struct.
func (s *standIn) do(c *client, cmd command, body []byte) error {
	var apdu []byte
	if cmd == cmdTransmit {
		apdu = make([]byte, binary.NativeEndian.Uint32(body[12:]))
		if _, err := io.ReadFull(c.conn, apdu); err != nil {
			return err
		}
	}
	s.mu.Lock()
	s.calls[cmd]++
	hangs, onWait, answers, registration := s.hangs, s.onWait, s.answers, s.calls[cmdWait]
	held := s.holds[cmd]
	s.mu.Unlock()
	if held != nil {
		<-held
	}
	if hangs {
		return nil
	}
	if cmd == cmdWait && onWait != nil {
		onWait(registration)
	}
	if cmd == cmdWait && answers != nil && answers(c) {
		return nil
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	result := s.next(cmd)
	switch cmd {
	case cmdVersion:
		return c.send(body)
	case cmdEstablish:
		id := uint32(len(s.contexts) + 1)
		s.contexts[id] = c
		put(body, 1, id)
	case cmdStates:
		return c.send(s.states())
	case cmdWait:
		s.waiting[c] = true
		return c.send(s.states())
	case cmdStopWaiting:
		if !s.waiting[c] {
			return nil // it was told already, and that was the last word
		}
		delete(s.waiting, c)
		return c.send(words(0, result))
	case cmdEvents:
		return c.send(words(0, result))
	case cmdCancel:
		if waiter := s.contexts[binary.NativeEndian.Uint32(body)]; s.waiting[waiter] {
			delete(s.waiting, waiter)
			waiter.send(words(0, resultCancelled))
		}
	case cmdConnect:
		put(body, len(body)/4-3, 1) // the handle
		put(body, len(body)/4-2, s.active)
	case cmdReconnect:
		put(body, 4, s.active)
	case cmdTransmit:
		put(body, 6, uint32(len(s.answer)))
		put(body, 7, result)
		if result == 0 {
			body = append(body, s.answer...)
		}
		return c.send(body)
	case cmdRelease, cmdDisconnect, cmdBegin, cmdEnd, cmdStatus:
	default:
		return errUnknownCommand
	}
	put(body, len(body)/4-1, result)
	return c.send(body)
}

// next is the result that a call gets.
func (s *standIn) next(cmd command) uint32 {
	queue := s.results[cmd]
	if len(queue) == 0 {
		return 0
	}
	s.results[cmd] = queue[1:]
	return queue[0]
}

// states is the array of struct pubReaderStatesList.
func (s *standIn) states() []byte {
	const size = 184
	out := make([]byte, maxReaders*size)
	for i, r := range s.readers {
		row := out[i*size:]
		copy(row, r.name)
		put(row, 32, r.counter)
		put(row, 33, r.state)
		copy(row[140:], r.atr)
		put(row, 44, uint32(len(r.atr)))
		put(row, 45, 1)
	}
	return out
}

func (c *client) send(message []byte) error {
	c.out.Lock()
	defer c.out.Unlock()
	_, err := c.conn.Write(message)
	return err
}

func put(body []byte, word int, value uint32) {
	binary.NativeEndian.PutUint32(body[4*word:], value)
}

func words(values ...uint32) []byte {
	out := make([]byte, 4*len(values))
	for i, v := range values {
		put(out, i, v)
	}
	return out
}

// plug and unplug are for [standIn.change].
func plug(names ...string) func(*standIn) {
	return func(s *standIn) {
		for _, name := range names {
			s.readers = append(s.readers, reader{name: name, state: stateAbsent})
		}
	}
}

func unplug(name string) func(*standIn) {
	return func(s *standIn) {
		s.readers = slices.DeleteFunc(s.readers, func(r reader) bool { return r.name == name })
	}
}
