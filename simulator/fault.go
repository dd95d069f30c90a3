package simulator

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"chipproof/apdu"

	"go.yaml.in/yaml/v3"
)

// Act is what a fault does.
type Act string

// The acts. FAULTS.md shows each of them in a plan.
const (
	// DoRemove takes the card out.
	DoRemove Act = "remove"
	// DoUnplug pulls the reader out, card and all.
	DoUnplug Act = "unplug"
	// DoServiceStop ends the reader service.
	DoServiceStop Act = "service_stop"
	// DoReset is another program that resets the card.
	DoReset Act = "reset"
	// DoSharing is another program with the reader to itself; at connect only.
	DoSharing Act = "sharing"
	// DoTorn breaks the exchange off in the way pcsc-lite shows it.
	DoTorn Act = "torn"
	// DoSwap puts another person's card under the live connection.
	DoSwap Act = "swap"
	// DoStatus answers a status word and nothing else.
	DoStatus Act = "status"
	// DoAnswer answers any bytes, none and one included.
	DoAnswer Act = "answer"
	// DoError fails the exchange with an error of the reader.
	DoError Act = "error"
	// DoEndless61 offers more data for ever.
	DoEndless61 Act = "endless_61xx"
	// DoDelay answers, but late.
	DoDelay Act = "delay"
	// DoMute never answers; the caller's own deadline or cancel ends the wait.
	DoMute Act = "mute"
	// DoHang never answers and takes no notice of the caller's cancel, as a
	// Transmit in a bad driver; it ends when the card, the reader or the plan goes.
	DoHang Act = "hang"
	// DoTruncate cuts the data of an answer and keeps its status word.
	DoTruncate Act = "truncate"
	// DoGarbage replaces data by bytes that are no text, no digits and no JPEG.
	DoGarbage Act = "garbage"
	// DoFlip turns one bit of the data over.
	DoFlip Act = "flip"
)

// Fault is one thing that goes wrong: where, what, and for how long. The zero
// values of all members but Do are their defaults.
type Fault struct {
	// Exchange, Field and At say where; exactly one is given. Exchange counts
	// from 1 at the connection (a bare card: at its last reset), and the fault is
	// due from that exchange on.
	Exchange int `yaml:"exchange"`
	// Field is a [thaiid.Field], a [thaiid.Part] or `card.chip_number`: due
	// whenever a command asks for it, or an answer brings it where the act
	// changes data.
	Field string `yaml:"field"`
	// At is `connect`: due when a connection to the card is made.
	At Place `yaml:"at"`

	Do Act `yaml:"do"`

	// Word is what DoStatus answers, one after the other, round and round.
	Word Words `yaml:"word"`
	// Hex is what DoAnswer answers, status word included.
	Hex Bytes `yaml:"hex"`
	// Error is what DoError fails with, by the words of the public codes.
	Error string `yaml:"error"`
	// Milliseconds is how late DoDelay answers.
	Milliseconds int `yaml:"ms"`
	// Keep is how many bytes of data DoTruncate leaves, counted from the
	// beginning of the field or of the answer.
	Keep int `yaml:"keep"`
	// Length is how many bytes DoGarbage gives (0: as many as there were), and
	// how many DoEndless61 brings with each GET RESPONSE (0: 16).
	Length int `yaml:"length"`
	// Byte and Bit say which bit DoFlip turns: bit 0 to 7 of a byte counted from
	// 0 at the beginning of the field or of the answer's data.
	Byte int `yaml:"byte"`
	Bit  int `yaml:"bit"`
	// Person is whose card DoSwap puts in, one of the shipped ones.
	Person string `yaml:"person"`
	// Card is where the card is after DoTorn: gone (if empty), back, stays.
	Card Whereabouts `yaml:"card"`
	// Shows is how DoTorn and DoRemove look to the open connection.
	Shows Shape `yaml:"shows"`
	// Lag is for how many milliseconds the reader still says "present" after
	// DoTorn and DoRemove; if 0 the machine's.
	Lag int `yaml:"lag"`

	// Times is how often the fault happens: once if 0.
	Times int `yaml:"times"`
	// Until, instead of Times: `reset` (the card is reset, or taken out and put
	// back) or `cleared` (another plan takes this one's place).
	Until Until `yaml:"until"`
}

// Place is a moment that is no exchange.
type Place string

// AtConnect is the moment of connecting to the card.
const AtConnect Place = "connect"

// Until is an end that is no number of times.
type Until string

const (
	// UntilReset lasts until the card is reset or inserted again.
	UntilReset Until = "reset"
	// UntilCleared lasts until the plan is replaced.
	UntilCleared Until = "cleared"
)

// Whereabouts says where a card is after an exchange was torn.
type Whereabouts string

const (
	// CardGone: it was pulled out.
	CardGone Whereabouts = "gone"
	// CardBack: it was pulled out and is in the reader again.
	CardBack Whereabouts = "back"
	// CardStays: it never moved; only its contacts failed.
	CardStays Whereabouts = "stays"
)

// Shape is how a lost card looks to a connection that was open.
type Shape string

const (
	// ShowsRemoved: [cardreader.ErrCardRemoved], the plain truth.
	ShowsRemoved Shape = "removed"
	// ShowsEmpty: an empty answer and no error, as pcsc-lite 1.9.9.
	ShowsEmpty Shape = "empty"
	// ShowsTorn: [cardreader.ErrTorn], as SCARD_E_NOT_TRANSACTED.
	ShowsTorn Shape = "torn"
)

// Words are status words, in YAML as four hex digits or a list of them.
type Words []apdu.Status

// UnmarshalYAML reads one word or a list.
func (w *Words) UnmarshalYAML(node *yaml.Node) error {
	nodes := []*yaml.Node{node}
	if node.Kind == yaml.SequenceNode {
		nodes = node.Content
	}
	for _, n := range nodes {
		word, err := strconv.ParseUint(n.Value, 16, 16)
		if n.Kind != yaml.ScalarNode || err != nil || len(n.Value) != 4 {
			return fmt.Errorf("line %d: a status word is four hex digits", n.Line)
		}
		*w = append(*w, apdu.Status(word))
	}
	return nil
}

// Bytes are written in hex, with or without spaces.
type Bytes []byte

// UnmarshalYAML reads hex digits.
func (b *Bytes) UnmarshalYAML(node *yaml.Node) error {
	var digits []byte
	for _, c := range []byte(node.Value) {
		if c != ' ' {
			digits = append(digits, c)
		}
	}
	decoded, err := hex.DecodeString(string(digits))
	if node.Kind != yaml.ScalarNode || err != nil {
		return fmt.Errorf("line %d: bytes are written in hex", node.Line)
	}
	*b = decoded
	return nil
}

// ErrPlanInvalid is what [ParsePlan] and whatever takes a [Plan] return for one
// that can't be played. The message names line or entry.
var ErrPlanInvalid = errors.New("fault plan invalid")

// Plan is what goes wrong, in order: where two faults would answer the same
// exchange, the earlier one does, and the later waits for the next.
type Plan []Fault

func (f Fault) delay() time.Duration { return time.Duration(f.Milliseconds) * time.Millisecond }

// ends says after how many times f is over; 0 is never.
func (f Fault) ends() int {
	switch {
	case f.Until != "" || f.Times == 0 && f.Do == DoEndless61:
		return 0
	case f.Times == 0:
		return 1
	}
	return f.Times
}

// endsByReset says whether a reset of the card ends f.
func (f Fault) endsByReset() bool {
	return f.Until == UntilReset || f.Do == DoEndless61 && f.Until == "" && f.Times == 0
}
