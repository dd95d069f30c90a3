package simulator

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"chipproof/apdu"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Bounds of a transcript file. A read has fewer than 100 exchanges.
const (
	maxTranscript = 4 << 20
	maxRecorded   = 4096
	maxATR        = 255
)

// transcriptFormat and transcriptVersion name the file format; another version
// is another reader of it.
const (
	transcriptFormat  = "chipproof transcript"
	transcriptVersion = 1
)

// ErrTranscriptInvalid is what [ParseTranscript] returns for a file that is no
// transcript of this version.
var ErrTranscriptInvalid = errors.New("transcript invalid")

// Transcript is a conversation with a card, without anything personal in it:
// what a [Recorder] keeps and a [Replay] answers from.
type Transcript struct {
	// ATR is the card's answer to reset, which names the kind of card and is
	// told to every program that asks.
	ATR       []byte
	Exchanges []Exchange
}

// Exchange is one command and what came of it.
type Exchange struct {
	Command []byte
	// Answer is data and status word. It may be shorter than a status word if
	// the reader gave so little.
	Answer []byte
	// Error, if not empty, says instead of Answer how the exchange failed, by
	// the words of the public codes: card_removed, card_timeout, …
	Error string
	// Took is the time from command to answer, in whole microseconds.
	Took time.Duration
}

// wireTranscript is the file, version 1.
type wireTranscript struct {
	Format    string         `json:"format"`
	Version   int            `json:"version"`
	ATR       string         `json:"atr"`
	Exchanges []wireExchange `json:"exchanges"`
}

type wireExchange struct {
	Command      string  `json:"command"`
	Answer       *string `json:"answer,omitzero"`
	Error        *string `json:"error,omitzero"`
	Microseconds int64   `json:"us"`
}

// Encode is t as a file: JSON, one exchange after the other, bytes in hex.
func (t Transcript) Encode() ([]byte, error) {
	wire := wireTranscript{Format: transcriptFormat, Version: transcriptVersion, ATR: hex.EncodeToString(t.ATR), Exchanges: []wireExchange{}}
	for _, e := range t.Exchanges {
		w := wireExchange{Command: hex.EncodeToString(e.Command), Microseconds: e.Took.Microseconds()}
		if e.Error != "" {
			w.Error = &e.Error
		} else {
			answer := hex.EncodeToString(e.Answer)
			w.Answer = &answer
		}
		wire.Exchanges = append(wire.Exchanges, w)
	}
	encoded, err := json.Marshal(wire, json.Deterministic(true), jsontext.WithIndent(" "))
	if err != nil {
		return nil, fmt.Errorf("encode transcript: %w", err)
	}
	return append(encoded, '\n'), nil
}

// ParseTranscript reads a file, strictly: unknown and repeated members, another
// format or version, and exchanges that say both or neither of answer and error
// are [ErrTranscriptInvalid].
func ParseTranscript(content []byte) (Transcript, error) {
	t, err := parseTranscript(content)
	if err != nil {
		return Transcript{}, fmt.Errorf("parse transcript: %w: %w", ErrTranscriptInvalid, err)
	}
	return t, nil
}

func parseTranscript(content []byte) (Transcript, error) {
	if len(content) > maxTranscript {
		return Transcript{}, fmt.Errorf("%d bytes, at most %d are read", len(content), maxTranscript)
	}
	var wire wireTranscript
	if err := json.Unmarshal(bytes.TrimSpace(content), &wire, json.RejectUnknownMembers(true)); err != nil {
		return Transcript{}, err
	}
	if wire.Format != transcriptFormat || wire.Version != transcriptVersion {
		return Transcript{}, fmt.Errorf("format %.40q version %d, this program reads %q version %d", wire.Format, wire.Version, transcriptFormat, transcriptVersion)
	}
	if len(wire.Exchanges) > maxRecorded {
		return Transcript{}, fmt.Errorf("%d exchanges, at most %d are read", len(wire.Exchanges), maxRecorded)
	}
	var t Transcript
	var err error
	if t.ATR, err = parseHex(wire.ATR, maxATR); err != nil {
		return Transcript{}, fmt.Errorf("atr: %w", err)
	}
	for i, w := range wire.Exchanges {
		e, err := w.parse()
		if err != nil {
			return Transcript{}, fmt.Errorf("exchange %d: %w", i+1, err)
		}
		t.Exchanges = append(t.Exchanges, e)
	}
	return t, nil
}

func (w wireExchange) parse() (Exchange, error) {
	if (w.Answer == nil) == (w.Error == nil) {
		return Exchange{}, errors.New("answer and error: exactly one of them")
	}
	if w.Microseconds < 0 || w.Microseconds > maxMilliseconds*1000 {
		return Exchange{}, fmt.Errorf("us: 0 to %d", maxMilliseconds*1000)
	}
	e := Exchange{Took: time.Duration(w.Microseconds) * time.Microsecond}
	var err error
	if e.Command, err = parseHex(w.Command, 4+3+apdu.MaxNc+2); err != nil {
		return Exchange{}, fmt.Errorf("command: %w", err)
	}
	if w.Error != nil {
		if errorOf(*w.Error) == nil {
			return Exchange{}, fmt.Errorf("error: no error is called %.40q", *w.Error)
		}
		e.Error = *w.Error
		return e, nil
	}
	if e.Answer, err = parseHex(*w.Answer, apdu.MaxResponse+maxGarbage); err != nil {
		return Exchange{}, fmt.Errorf("answer: %w", err)
	}
	return e, nil
}

// parseHex decodes lower-case hex, which is what Encode writes.
func parseHex(digits string, longest int) ([]byte, error) {
	decoded, err := hex.DecodeString(digits)
	if err != nil || hex.EncodeToString(decoded) != digits {
		return nil, errors.New("not lower-case hex")
	}
	if len(decoded) > longest {
		return nil, fmt.Errorf("%d bytes, at most %d", len(decoded), longest)
	}
	return decoded, nil
}
