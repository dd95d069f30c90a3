//go:build cgo || windows

package pcsc

import (
	"errors"
	"fmt"

	"github.com/ebfe/scard"

	"chipproof/cardreader"
)

// client is one PC/SC context. One goroutine owns it; the only call that another
// may make meanwhile is Cancel. That matters beyond tidiness: pcsc-lite waits
// for a context in use while it holds a lock on all contexts of the process.
type client struct {
	pcsc *scard.Context
	slot int
}

func open() (*client, error) {
	pcsc, err := scard.EstablishContext()
	if errors.Is(err, scard.ErrSecurityViolation) {
		// pcsc-lite calls it that whenever the service hangs up on a newcomer. One
		// that refuses us does it again; one that was just dying is gone by now.
		pcsc, err = scard.EstablishContext()
	}
	if err != nil {
		return nil, meaning("open PC/SC context", opening, err)
	}
	return &client{pcsc: pcsc, slot: slots.take()}, nil
}

// close lets the context go. The library frees its side even when the service
// is gone and the call says so; so there is nothing to do about an error.
func (c *client) close() {
	_ = c.pcsc.Release()
	slots.giveBack(c.slot)
}

// looks is how often a look starts again because readers came or went in the
// middle of it.
const looks = 8

// look is every reader with its flags and ATR now; it does not wait. None is no error.
func (c *client) look() ([]scard.ReaderState, error) {
	for range looks {
		names, err := c.pcsc.ListReaders()
		switch {
		case errors.Is(err, scard.ErrNoReadersAvailable):
			return nil, nil
		case errors.Is(err, scard.ErrInsufficientBuffer): // one more since the size was asked
			continue
		case err != nil:
			return nil, meaning("list readers", asking, err)
		}
		seen := make([]scard.ReaderState, len(names))
		for i, name := range names {
			seen[i].Reader = pinned(name, c.slot)
		}
		err = c.pcsc.GetStatusChange(seen, 0)
		switch {
		case errors.Is(err, scard.ErrUnknownReader): // one fewer since they were listed
			continue
		case err != nil:
			return nil, meaning("ask for the readers' state", asking, err)
		}
		return seen, nil
	}
	return nil, fmt.Errorf("list readers: %w: they changed %d times meanwhile", cardreader.ErrServiceDown, looks)
}

// look is a look through a context of its own.
func look() ([]cardreader.State, error) {
	c, err := open()
	if err != nil {
		return nil, err
	}
	defer c.close()
	seen, err := c.look()
	if err != nil {
		return nil, err
	}
	return picture(seen), nil
}
