package audit

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"time"
)

// The canonical bytes of an entry: a version, three numbers of 64 bits
// (number, microseconds since 1970, microseconds since the run began), then
// run, kind, class, actor, subject, session, then the number of attributes and
// each as name and value, by name. Texts have their length before them, in 32
// bits; all is big-endian. There is one encoding of an entry, and every byte of
// it is needed.
const encodingVersion = 1

// Encode gives the canonical bytes. Error: [ErrInvalid].
func (e Entry) Encode() ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, fmt.Errorf("encode entry: %w", err)
	}
	b := make([]byte, 0, 256)
	b = append(b, encodingVersion)
	b = binary.BigEndian.AppendUint64(b, uint64(e.Number))
	b = binary.BigEndian.AppendUint64(b, uint64(e.At.UnixMicro()))
	b = binary.BigEndian.AppendUint64(b, uint64(e.Monotonic.Microseconds()))
	for _, s := range []string{e.Run, string(e.Kind), string(e.Class), e.Actor, e.Subject, e.Session} {
		b = appendText(b, s)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(e.Attributes)))
	for _, name := range slices.Sorted(maps.Keys(e.Attributes)) {
		b = appendText(appendText(b, name), e.Attributes[name])
	}
	if len(b) > MaxPayload {
		return nil, fmt.Errorf("encode entry: %w: %d bytes", ErrInvalid, len(b))
	}
	return b, nil
}

func appendText(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
}

// ParseEntry reads canonical bytes, and nothing else: it fails on any that
// [Entry.Encode] would not have written. Error: [ErrInvalid].
func ParseEntry(payload []byte) (Entry, error) {
	var e Entry
	v, err := scan(payload, func(name, value []byte) {
		if e.Attributes == nil {
			e.Attributes = make(map[string]string)
		}
		e.Attributes[string(name)] = string(value)
	})
	if err != nil {
		return Entry{}, err
	}
	e.Number, e.At, e.Monotonic = v.number, time.UnixMicro(v.at).UTC(), time.Duration(v.monotonic)*time.Microsecond
	e.Run, e.Kind, e.Class = string(v.run), Kind(v.kind), Class(v.class)
	e.Actor, e.Subject, e.Session = string(v.actor), string(v.subject), string(v.session)
	return e, nil
}

// view is an entry whose texts are still in its payload. A verifier looks at a
// million of them and needs few as values.
type view struct {
	number, at, monotonic                     int64
	run, kind, class, actor, subject, session []byte
}

// scan checks everything about the form of a payload. attribute may be nil.
func scan(payload []byte, attribute func(name, value []byte)) (view, error) {
	c := cursor{rest: payload, ok: len(payload) <= MaxPayload}
	if c.number(1) != encodingVersion {
		c.ok = false
	}
	v := view{number: c.number(8), at: c.number(8), monotonic: c.number(8)}
	v.run, v.kind, v.class = c.text(), c.text(), c.text()
	v.actor, v.subject, v.session = c.text(), c.text(), c.text()
	n := c.number(4)
	var before []byte
	for i := int64(0); c.ok && i < n; i++ {
		name, value := c.text(), c.text()
		if !validName(name) || i > 0 && string(name) <= string(before) {
			c.ok = false
		}
		if before = name; c.ok && attribute != nil {
			attribute(name, value)
		}
	}
	const longestMonotonic = int64(1<<63-1) / int64(time.Microsecond)
	if !c.ok || len(c.rest) > 0 || n > MaxAttributes || v.number < 0 ||
		v.at < earliest || v.at > latest || v.monotonic < 0 || v.monotonic > longestMonotonic ||
		len(v.run) != 16 || !hexDigits(v.run) || !validName(v.kind) || !validName(v.class) {
		return view{}, fmt.Errorf("parse entry: %w", ErrInvalid)
	}
	return v, nil
}

// cursor reads from the front; after the first fault everything is empty.
type cursor struct {
	rest []byte
	ok   bool
}

func (c *cursor) take(n int) []byte {
	if !c.ok || n < 0 || len(c.rest) < n {
		c.ok = false
		return nil
	}
	out := c.rest[:n]
	c.rest = c.rest[n:]
	return out
}

func (c *cursor) number(bytes int) int64 {
	var n uint64
	for _, b := range c.take(bytes) {
		n = n<<8 | uint64(b)
	}
	return int64(n)
}

func (c *cursor) text() []byte {
	b := c.take(int(c.number(4)))
	if !validText(b) {
		c.ok = false
	}
	return b
}
