package thaiid

import (
	"bytes"
	"context"
	"encoding/binary"
)

// testCard is a card over memory images that were laid out by hand, with the
// manners of T=0: it says 61xx and keeps its answer for GET RESPONSE. It shares
// no code with the simulator, nor with what it tests.
type testCard struct {
	moi, nhso blocks // nil: no such applet
	adm       []byte // what the laser command gives; nil: no such applet
	cplc      []byte // what GET DATA 9F7F gives; nil: refused

	responseP2 byte // the form of GET RESPONSE that it takes
	direct     bool // data at once, as from readers that fetch by themselves
	noManager  bool // the default SELECT is refused
	// refuse, if set, gives the status word for a READ, 0 to answer it.
	refuse func(block, from, to int) uint16
	// on, if set, may answer the exchange (counted from 0) in the card's place.
	on func(n int, command []byte) (answer []byte, taken bool)
	// fail is returned as the transmitter's error at exchange failAt.
	fail   error
	failAt int

	applet   string
	pending  []byte
	commands [][]byte
	answers  [][]byte
}

// blocks are an applet's memory, read with INS B0 and B1.
type blocks [2][]byte

const (
	moiAID     = "\xA0\x00\x00\x00\x54\x48\x00\x01"
	nhsoAID    = "\xA0\x00\x00\x00\x54\x48\x00\x83"
	admAID     = "\xA0\x00\x00\x00\x84\x06\x00\x02"
	managerAID = ""
)

func (c *testCard) Transmit(_ context.Context, command []byte) ([]byte, error) {
	n := len(c.commands)
	c.commands = append(c.commands, bytes.Clone(command))
	if c.fail != nil && n == c.failAt {
		return nil, c.fail
	}
	answer := c.play(n, command)
	c.answers = append(c.answers, bytes.Clone(answer))
	return answer, nil
}

func (c *testCard) play(n int, command []byte) []byte {
	if c.on != nil {
		if answer, taken := c.on(n, command); taken {
			return answer
		}
	}
	if len(command) < 4 {
		return word(0x6700)
	}
	switch cla, ins := command[0], command[1]; {
	case cla == 0x00 && ins == 0xC0:
		return c.getResponse(command)
	case cla == 0x00 && ins == 0xA4:
		return c.selectApplet(command)
	case cla == 0x80 && (ins == 0xB0 || ins == 0xB1):
		return c.read(command)
	case cla == 0x80 && ins == 0xCA && c.applet == managerAID:
		return c.getData(command)
	case cla == 0x80 && ins == 0x00 && c.applet == admAID:
		return withLe(command, c.adm)
	}
	return word(0x6D00)
}

func (c *testCard) selectApplet(command []byte) []byte {
	aid := managerAID
	if len(command) > 5 {
		aid = string(command[5:])
	}
	there := map[string]bool{
		moiAID: c.moi[0] != nil, nhsoAID: c.nhso[0] != nil, admAID: c.adm != nil, managerAID: true,
	}
	if len(command) == 5 || len(command) == 4 { // the default SELECT, with Le or without
		if c.noManager {
			return word(0x6985)
		}
		c.applet = managerAID
		return withLe(command, bytes.Repeat([]byte{0x6F}, 0x12))
	}
	if !there[aid] {
		return word(0x6A82)
	}
	c.applet = aid
	return c.offer(bytes.Repeat([]byte{0x6F}, 10))
}

func (c *testCard) read(command []byte) []byte {
	memory := map[string]blocks{moiAID: c.moi, nhsoAID: c.nhso}[c.applet]
	block := int(command[1] - 0xB0)
	if len(command) != 7 || command[4] != 2 || command[5] != 0 {
		return word(0x6700)
	}
	from := int(binary.BigEndian.Uint16(command[2:]))
	to := from + int(command[6])
	if memory[block] == nil || to > len(memory[block]) {
		return word(0x6B00)
	}
	if c.refuse != nil {
		if status := c.refuse(block, from, to); status != 0 {
			return word(status)
		}
	}
	return c.offer(memory[block][from:to])
}

// offer keeps data back behind 61xx.
func (c *testCard) offer(data []byte) []byte {
	if c.direct {
		return append(bytes.Clone(data), 0x90, 0x00)
	}
	c.pending = data
	return []byte{0x61, byte(len(data))}
}

func (c *testCard) getResponse(command []byte) []byte {
	if command[3] != c.responseP2 {
		return word(0x6A86)
	}
	if c.pending == nil {
		return word(0x6985)
	}
	if int(command[4]) != len(c.pending)&0xFF {
		return []byte{0x6C, byte(len(c.pending))}
	}
	data := c.pending
	c.pending = nil
	return append(bytes.Clone(data), 0x90, 0x00)
}

func (c *testCard) getData(command []byte) []byte {
	if c.cplc == nil {
		return word(0x6A88)
	}
	return withLe(command, c.cplc)
}

// withLe answers a case 2 command: 6Cxx unless Le is right.
func withLe(command, data []byte) []byte {
	if len(command) != 5 || int(command[4]) != len(data) {
		return []byte{0x6C, byte(len(data))}
	}
	return append(bytes.Clone(data), 0x90, 0x00)
}

func word(status uint16) []byte { return binary.BigEndian.AppendUint16(nil, status) }

// sinceMOI is the number of exchanges from the SELECT of MOI to the end.
func (c *testCard) sinceMOI() int {
	for i, command := range c.commands {
		if bytes.HasSuffix(command, []byte(moiAID)) {
			return len(c.commands) - i
		}
	}
	return 0
}

// reads are the READ commands, as block, offset and length.
func (c *testCard) reads() (out [][3]int) {
	for _, command := range c.commands {
		if command[0] == 0x80 && command[1]&0xFE == 0xB0 {
			out = append(out, [3]int{int(command[1] - 0xB0), int(binary.BigEndian.Uint16(command[2:])), int(command[6])})
		}
	}
	return out
}
