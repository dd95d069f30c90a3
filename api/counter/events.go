package counter

import (
	"context"
	"encoding/hex"
	"reflect"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"chipproof/api"
	"chipproof/cardreader"
)

// Events that are not a [cardreader.EventKind].
const (
	readProgress    = "read_progress"
	proofingWaiting = "proofing_waiting"
	proofingEnded   = "proofing_ended"
	textRead        = "text_read"
	readAlready     = "read_already"
)

// ReaderEvent is the data of what happens at one reader.
type ReaderEvent struct {
	Reader string `json:"reader" doc:"The reader's name"`
	ATR    string `json:"atr,omitzero" doc:"The answer to reset of a card that came, in hex"`
}

// ServiceEvent is the data of what happens to the reader service.
type ServiceEvent struct {
	Code string `json:"code,omitzero" doc:"Why it went: the code that a read would get now" example:"reader_service_down"`
}

// ProofingEvent is what becomes of a proofing, for our own console alone. It holds
// nothing of a card.
type ProofingEvent struct {
	ID         string   `json:"id" doc:"The proofing's"`
	Origin     string   `json:"origin" doc:"The site that asked, exactly as it is listed; empty for our own console"`
	Purpose    string   `json:"purpose" doc:"What it is for"`
	WaitingFor []string `json:"waiting_for,omitempty" nullable:"false" doc:"What a person has to do"`
}

// TextEvent says, to our own console alone, that the text of a card can be asked
// for while its photo is read. It holds nothing of it.
type TextEvent struct {
	ID       string `json:"id" doc:"The read's or the proofing's: for POST /v1/reads/{id}/text or POST /v1/proofings/{id}/view"`
	Proofing bool   `json:"proofing,omitzero" doc:"It is a proofing's"`
}

// AlreadyEvent says, to our own console alone, that a site was refused a second
// answer of a card that is in: only the clerk's click gives it one.
type AlreadyEvent struct {
	Origin string `json:"origin" doc:"The site, exactly as it is listed: for POST /v1/reads/again"`
	Reader string `json:"reader" doc:"Where the card is"`
}

// ProgressEvent is how far the asking origin's own read has come.
type ProgressEvent struct {
	ID   string `json:"id,omitzero" doc:"The id that the answer of a read will have; a proofing's comes with no event"`
	Step int    `json:"step" doc:"Blocks read"`
	Of   int    `json:"of" doc:"Blocks to read, as far as it is known; it may shrink when the photo turns out to be short"`
}

// eventTypes is every event of the stream with the type of its data.
func eventTypes() api.StreamDoc {
	reader, service := reflect.TypeFor[ReaderEvent](), reflect.TypeFor[ServiceEvent]()
	return api.StreamDoc{
		string(cardreader.ReaderAdded):   reader,
		string(cardreader.ReaderRemoved): reader,
		string(cardreader.CardInserted):  reader,
		string(cardreader.CardMute):      reader,
		string(cardreader.CardRemoved):   reader,
		string(cardreader.ServiceLost):   service,
		string(cardreader.ServiceBack):   service,
		readProgress:                     reflect.TypeFor[ProgressEvent](),
		proofingWaiting:                  reflect.TypeFor[ProofingEvent](),
		proofingEnded:                    reflect.TypeFor[ProofingEvent](),
		textRead:                         reflect.TypeFor[TextEvent](),
		readAlready:                      reflect.TypeFor[AlreadyEvent](),
	}
}

// message is an event on its way to a stream.
type message struct {
	name string
	data []byte
}

func newMessage[T ReaderEvent | ServiceEvent | ProgressEvent | ProofingEvent | TextEvent | AlreadyEvent](name string, v T) message {
	// A reader's name that is no UTF-8 must not cost the event.
	data, err := json.Marshal(v, jsontext.AllowInvalidUTF8(true))
	if err != nil {
		data = []byte("{}")
	}
	return message{name: name, data: data}
}

// messageOf is a change at the readers as a stream tells it.
func messageOf(e cardreader.Event) message {
	switch e.Kind {
	case cardreader.ServiceLost:
		return newMessage(string(e.Kind), ServiceEvent{Code: Problems().Find(e.Err).Code})
	case cardreader.ServiceBack:
		return newMessage(string(e.Kind), ServiceEvent{})
	}
	return newMessage(string(e.Kind), ReaderEvent{Reader: e.Reader, ATR: hex.EncodeToString(e.ATR)})
}

// followEvents sends what is there, and then what happens, until the stream ends.
func (c *Counter) followEvents(ctx context.Context, stream *api.Stream) error {
	caller := api.CallerOf(ctx)
	if err := c.noteUse(ctx, caller.Origin, caller.Person); err != nil {
		return err
	}
	s := c.hub.subscribe(caller.Origin)
	defer c.hub.leave(s)
	if err := stream.Start(); err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case m, more := <-s.queue:
			if !more {
				return nil
			}
			if err := stream.Send(m.name, m.data); err != nil {
				return err
			}
		}
	}
}
