package counter

import (
	"context"
	"encoding/hex"

	"chipproof/api"
	"chipproof/cardreader"
)

// Reader is a card reader as a web app sees it.
type Reader struct {
	Name string   `json:"name" doc:"As the system calls it; pass it on as reader of POST /v1/reads" example:"Generic Smart Card Reader 00 00"`
	Card presence `json:"card" doc:"Whether a card is in it. mute: something is in it that does not answer" example:"present"`
	ATR  string   `json:"atr" doc:"The card's answer to reset in hex; empty when there is none" example:"3b79180000544e494420313103"`
}

type readersAnswer struct {
	Body struct {
		Readers []Reader `json:"readers" doc:"Sorted by name; empty when no reader is connected" nullable:"false"`
	}
}

func (c *Counter) listReaders(ctx context.Context, _ *struct{}) (*readersAnswer, error) {
	caller := api.CallerOf(ctx)
	if err := c.noteUse(ctx, caller.Origin, caller.Person); err != nil {
		return nil, err
	}
	states, err := c.readers.List(ctx)
	if err != nil {
		return nil, err
	}
	var answer readersAnswer
	answer.Body.Readers = make([]Reader, 0, len(states))
	for _, s := range states {
		answer.Body.Readers = append(answer.Body.Readers, readerOf(s))
	}
	return &answer, nil
}

func readerOf(s cardreader.State) Reader {
	return Reader{Name: s.Reader, Card: presence(s.Card.String()), ATR: hex.EncodeToString(s.ATR)}
}
