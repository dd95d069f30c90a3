package compat

import (
	"chipproof/api"
	"chipproof/cardreader"
)

// message is a frame of version 1: an event and what it carries.
type message[T any] struct {
	Event   string `json:"event"`
	Payload T      `json:"payload"`
}

// said is what a frame without a person says. Error is ours: our code.
type said struct {
	Message string `json:"message"`
	Error   string `json:"error,omitzero"`
}

// frame is on its way to a page; done says whether it has left.
type frame struct {
	data []byte
	done func(left bool)
}

func plain(event string, s said) frame {
	data, err := document(message[said]{event, s})
	if err != nil {
		data = []byte(`{"event":"smc-error","payload":{"message":""}}`)
	}
	return frame{data: data, done: func(bool) {}}
}

// frameOf is what pages are told of a change at the readers: nothing of a card.
// "Disonnected" is how that agent spells it, and pages may compare it.
func frameOf(e cardreader.Event, table api.Table, lang api.Lang) (frame, bool) {
	switch e.Kind {
	case cardreader.CardInserted:
		return plain("smc-inserted", said{Message: "Connected to " + e.Reader}), true
	case cardreader.CardRemoved:
		return plain("smc-removed", said{Message: "Disonnected from " + e.Reader}), true
	case cardreader.CardMute:
		return errorFrame(table, cardreader.ErrCardError, lang), true
	case cardreader.ServiceLost:
		return errorFrame(table, e.Err, lang), true
	}
	return frame{}, false
}

func errorFrame(table api.Table, err error, lang api.Lang) frame {
	row := table.Find(err)
	return plain("smc-error", said{Message: row.Title.In(lang), Error: row.Code})
}
