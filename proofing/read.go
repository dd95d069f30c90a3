package proofing

import (
	"context"
	"errors"
	"fmt"

	"chipproof/apdu"
	"chipproof/cardreader"
	"chipproof/proofing/thaiid"
)

// ReadOptions say what [Read] reads and who watches.
type ReadOptions struct {
	// Fields are what is asked for; at least one.
	Fields thaiid.Fields
	// Progress, if set, is called after each block from the reading goroutine.
	Progress func(thaiid.Progress)
	// Text, if set, is told what the card says in text before the photo is read,
	// where both are asked for and the citizen number with them: a whole identity
	// without the photo, of the card that is in. It is told once, from the reading
	// goroutine, has 2 s for it, and its error ends the read. What it was told falls
	// with the read: an error of [Read] says that it may not be of the card that is in.
	Text func(context.Context, *thaiid.Identity) error
	// Wrap, if set, is put round the card for the length of the read: a tracer,
	// a recorder.
	Wrap func(card apdu.Transmitter, atr []byte) apdu.Transmitter
}

// Read reads one citizen's card. The reader is ours alone for that time: a
// second caller gets [cardreader.ErrReaderBusy] at once. A card that another
// program resets is read again from the start, once. An identity comes without
// an error only, and then it is of the one card that was in the reader from the
// first exchange to the last.
//
// Errors are those of [cardreader] and [thaiid]; whatever a swapped card made
// of the bytes, the answer to a swap is [cardreader.ErrCardChanged] or
// [thaiid.ErrChanged].
func Read(ctx context.Context, readers *cardreader.Readers, reader string, o ReadOptions) (*thaiid.Identity, error) {
	identity, _, err := readInsertion(ctx, readers, reader, o, func(*cardreader.Session) error { return nil })
	return identity, err
}

// readInsertion is [Read], and says which insertion was read. opened looks at the
// session before anything is sent to the card, and can refuse it.
func readInsertion(ctx context.Context, readers *cardreader.Readers, reader string, o ReadOptions, opened func(*cardreader.Session) error) (*thaiid.Identity, cardreader.Insertion, error) {
	session, err := readers.Open(ctx, reader)
	if err != nil {
		return nil, cardreader.Insertion{}, fmt.Errorf("read card: %w", err)
	}
	defer session.Close()
	if err := opened(session); err != nil {
		return nil, cardreader.Insertion{}, err
	}

	once := func(ctx context.Context, session *cardreader.Session) (*thaiid.Identity, error) {
		return readOnce(ctx, session, o)
	}
	if o.inParts() {
		once = (&parts{o: o}).read
	}
	identity, err := once(ctx, session)
	if errors.Is(err, cardreader.ErrCardReset) {
		if err = session.Reconnect(ctx); err == nil {
			identity, err = once(ctx, session)
		}
	}
	if err = settle(ctx, session, err); err != nil {
		return nil, cardreader.Insertion{}, fmt.Errorf("read card: %w", err)
	}
	return identity, session.Insertion(), nil
}

func readOnce(ctx context.Context, session *cardreader.Session, o ReadOptions) (*thaiid.Identity, error) {
	var card apdu.Transmitter = session
	if o.Wrap != nil {
		card = o.Wrap(card, session.ATR())
	}
	return thaiid.Read(ctx, card, session.ATR(), thaiid.Options{Fields: o.Fields, Progress: o.Progress})
}

// settle asks the reader whether the card is still the one that was opened. A
// card put in its place answers with refusals or odd bytes, so an error about
// what the card said gives way to the swap that explains it; an error of the
// reader already says what happened.
func settle(ctx context.Context, session *cardreader.Session, err error) error {
	if err != nil && !aboutContent(err) {
		return err
	}
	if moved := session.Unchanged(ctx); moved != nil {
		return moved
	}
	return err
}

func aboutContent(err error) bool {
	_, field := errors.AsType[*thaiid.ReadError](err)
	return field || errors.Is(err, thaiid.ErrUnsupported) || errors.Is(err, thaiid.ErrChanged)
}
