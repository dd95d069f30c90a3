package apdu

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Lengths of ISO/IEC 7816-4 §5.2.
const (
	// MaxShortNc is the most command data a short Lc can announce.
	MaxShortNc = 255
	// MaxShortNe is the most response data a short Le can ask for (Le = 00).
	MaxShortNe = 256
	// MaxNc is the most command data an extended Lc can announce.
	MaxNc = 65535
	// MaxNe is the most response data an extended Le can ask for (Le = 0000).
	MaxNe = 65536
)

// ErrCommandInvalid is what [Command.Bytes] and [ParseCommand] return for
// lengths that no encoding of ISO/IEC 7816-4 can hold.
var ErrCommandInvalid = errors.New("command APDU invalid")

// Command is a command APDU (ISO/IEC 7816-4 §5.2).
type Command struct {
	CLA, INS, P1, P2 byte
	// Data is the command data field, 0 to [MaxNc] bytes.
	Data []byte
	// Ne is the number of response bytes wanted, 0 (no Le field) to [MaxNe].
	Ne int
	// Extended asks for extended length fields where short ones would do. It
	// changes nothing for a command without data and without Ne.
	Extended bool
}

// Bytes encodes c in the shortest of the seven forms that holds it, or, when
// Extended is set, in the extended one: case 1, cases 2 to 4 with short fields,
// cases 2 to 4 with extended fields.
// It returns [ErrCommandInvalid] for lengths out of range; nothing is ever cut.
func (c Command) Bytes() ([]byte, error) {
	if len(c.Data) > MaxNc {
		return nil, fmt.Errorf("encode command: %w: %d bytes of data", ErrCommandInvalid, len(c.Data))
	}
	if c.Ne < 0 || c.Ne > MaxNe {
		return nil, fmt.Errorf("encode command: %w: Ne %d", ErrCommandInvalid, c.Ne)
	}
	out := append(make([]byte, 0, 4+3+len(c.Data)+3), c.CLA, c.INS, c.P1, c.P2)
	if len(c.Data) == 0 && c.Ne == 0 {
		return out, nil
	}
	if c.Extended || len(c.Data) > MaxShortNc || c.Ne > MaxShortNe {
		return c.appendExtended(out), nil
	}
	return c.appendShort(out), nil
}

func (c Command) appendShort(out []byte) []byte {
	if len(c.Data) > 0 {
		out = append(append(out, byte(len(c.Data))), c.Data...)
	}
	if c.Ne > 0 {
		out = append(out, byte(c.Ne)) // 256 becomes 00
	}
	return out
}

// appendExtended writes the one leading 00 that marks extended fields: before
// Lc when there is data, before Le when there is none (ISO/IEC 7816-4 §5.2).
func (c Command) appendExtended(out []byte) []byte {
	out = append(out, 0)
	if len(c.Data) > 0 {
		out = binary.BigEndian.AppendUint16(out, uint16(len(c.Data)))
		out = append(out, c.Data...)
	}
	if c.Ne > 0 {
		out = binary.BigEndian.AppendUint16(out, uint16(c.Ne)) // 65536 becomes 0000
	}
	return out
}

// ParseCommand decodes exactly one command APDU. Length fields that disagree
// with the number of bytes are [ErrCommandInvalid]; no byte is ignored.
// The Data of the result is a copy.
func ParseCommand(raw []byte) (Command, error) {
	if len(raw) < 4 {
		return Command{}, fmt.Errorf("parse command: %w: %d bytes", ErrCommandInvalid, len(raw))
	}
	c := Command{CLA: raw[0], INS: raw[1], P1: raw[2], P2: raw[3]}
	body := raw[4:]
	switch {
	case len(body) == 0:
		return c, nil
	case len(body) == 1:
		c.Ne = shortNe(body[0])
		return c, nil
	case body[0] != 0:
		return c.parseShort(int(body[0]), body[1:])
	case len(body) < 3:
		return Command{}, fmt.Errorf("parse command: %w: short Lc of zero", ErrCommandInvalid)
	}
	c.Extended = true
	length := int(binary.BigEndian.Uint16(body[1:3]))
	if len(body) == 3 {
		c.Ne = extendedNe(length)
		return c, nil
	}
	return c.parseExtended(length, body[3:])
}

func (c Command) parseShort(nc int, rest []byte) (Command, error) {
	switch len(rest) {
	case nc:
	case nc + 1:
		c.Ne = shortNe(rest[nc])
	default:
		return Command{}, fmt.Errorf("parse command: %w: Lc %d with %d bytes behind it", ErrCommandInvalid, nc, len(rest))
	}
	c.Data = append([]byte(nil), rest[:nc]...)
	return c, nil
}

func (c Command) parseExtended(nc int, rest []byte) (Command, error) {
	switch {
	case nc == 0:
		return Command{}, fmt.Errorf("parse command: %w: extended Lc of zero", ErrCommandInvalid)
	case len(rest) == nc:
	case len(rest) == nc+2:
		c.Ne = extendedNe(int(binary.BigEndian.Uint16(rest[nc:])))
	default:
		return Command{}, fmt.Errorf("parse command: %w: Lc %d with %d bytes behind it", ErrCommandInvalid, nc, len(rest))
	}
	c.Data = append([]byte(nil), rest[:nc]...)
	return c, nil
}

func shortNe(le byte) int {
	if le == 0 {
		return MaxShortNe
	}
	return int(le)
}

func extendedNe(le int) int {
	if le == 0 {
		return MaxNe
	}
	return le
}
