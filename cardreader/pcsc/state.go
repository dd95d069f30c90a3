//go:build cgo || windows

package pcsc

import (
	"bytes"
	"slices"
	"strings"

	"github.com/ebfe/scard"

	"chipproof/cardreader"
)

// maxATR is how long an answer to reset can be (ISO/IEC 7816-3 §8.2.1). PC/SC
// services have handed out longer ones (Smart Card Connector #840).
const maxATR = 33

// stateOf reads one reader's flags. A card whose answer to reset cannot be one
// counts as mute.
func stateOf(reader string, flags scard.StateFlag, atr []byte) cardreader.State {
	s := cardreader.State{Reader: reader, Card: presence(flags), Counter: uint16(flags >> 16)}
	switch {
	case s.Card != cardreader.Present || len(atr) == 0:
	case len(atr) > maxATR:
		s.Card = cardreader.Mute
	default:
		s.ATR = bytes.Clone(atr)
	}
	return s
}

// presence looks at mute first: PC/SC sets it beside present. Whatever is
// neither is absent: empty, and unavailable, which is how a reader shows for a
// moment after it was plugged in.
func presence(flags scard.StateFlag) cardreader.Presence {
	switch {
	case flags&scard.StateMute != 0:
		return cardreader.Mute
	case flags&scard.StatePresent != 0:
		return cardreader.Present
	}
	return cardreader.Absent
}

// picture is the sorted states of all readers that were seen.
func picture(seen []scard.ReaderState) []cardreader.State {
	states := make([]cardreader.State, 0, len(seen))
	for _, rs := range seen {
		// The library keeps an old ATR when there is no new one; so start from none.
		if rs.EventState&scard.StateUnknown == 0 {
			states = append(states, stateOf(unpinned(rs.Reader), rs.EventState, rs.Atr))
		}
	}
	slices.SortFunc(states, func(a, b cardreader.State) int { return strings.Compare(a.Reader, b.Reader) })
	return states
}

func same(a, b []cardreader.State) bool {
	return slices.EqualFunc(a, b, func(a, b cardreader.State) bool {
		return a.Reader == b.Reader && a.Card == b.Card && a.Counter == b.Counter && bytes.Equal(a.ATR, b.ATR)
	})
}
