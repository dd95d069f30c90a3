package apdu_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"chipproof/apdu"
)

// Seeds of all targets lie in testdata/fuzz: commands of each form, answers of
// each kind, and scripts of a card.

func FuzzParseCommand(f *testing.F) {
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := apdu.ParseCommand(raw)
		if err != nil {
			if !errors.Is(err, apdu.ErrCommandInvalid) {
				t.Fatalf("another error: %v", err)
			}
			return
		}
		again, err := c.Bytes()
		if err != nil || !bytes.Equal(raw, again) {
			t.Fatalf("parsed %X, encoded %X, %v", raw, again, err)
		}
	})
}

func FuzzParseResponse(f *testing.F) {
	f.Fuzz(func(t *testing.T, raw []byte) {
		res, err := apdu.ParseResponse(raw)
		if (err != nil) != (len(raw) < 2 || len(raw) > apdu.MaxResponse) {
			t.Fatalf("%d bytes: %v", len(raw), err)
		}
		if err == nil && !bytes.Equal(raw, res.Bytes()) {
			t.Fatalf("parsed %X, encoded %X", raw, res.Bytes())
		}
	})
}

// FuzzChannel plays the fuzzer's bytes as a card's answers: a length byte, then
// so many bytes. The channel must end within its limits, give data or an error
// and never both, and send well-formed commands only.
func FuzzChannel(f *testing.F) {
	limits := apdu.Limits{Rounds: 6, ResponseBytes: 600, Exchanges: 20, TotalBytes: 2000}
	f.Fuzz(func(t *testing.T, played []byte) {
		sent := 0
		card := apdu.TransmitterFunc(func(_ context.Context, command []byte) ([]byte, error) {
			sent++
			if _, err := apdu.ParseCommand(command); err != nil {
				t.Fatalf("sent %X: %v", command, err)
			}
			if len(played) == 0 {
				return nil, io.ErrUnexpectedEOF
			}
			n := min(int(played[0]), len(played)-1)
			answer := played[1 : 1+n]
			played = played[1+n:]
			return answer, nil
		})
		ch := apdu.NewChannel(card, apdu.Form{P2: 1}, limits)
		for range 5 {
			before := sent
			data, err := ch.Do(context.Background(), apdu.Command{CLA: 0x80, INS: 0xB0, Data: []byte{0, 200}})
			if err != nil && data != nil {
				t.Fatalf("data and an error: %v", err)
			}
			if err == nil && len(data) > limits.ResponseBytes {
				t.Fatalf("%d bytes", len(data))
			}
			if sent-before > limits.Rounds+1 {
				t.Fatalf("%d exchanges for one command", sent-before)
			}
		}
		if sent > limits.Exchanges || ch.Exchanges() != sent {
			t.Fatalf("%d exchanges sent, %d counted", sent, ch.Exchanges())
		}
	})
}
