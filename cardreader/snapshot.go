package cardreader

import (
	"cmp"
	"slices"
)

// maxATR is the longest answer to reset in bytes (ISO 7816-3 §8.2.1, PC/SC
// MAX_ATR_SIZE). Longer ones have crashed others (Smart Card Connector #840).
const maxATR = 33

// clean is a copy of a driver's snapshot that this package can keep: sorted,
// one row a reader, an ATR only where a card answered. A card whose ATR is
// longer than any can be counts as mute, since nobody may read it.
func clean(states []State) []State {
	out := make([]State, len(states))
	for i, s := range states {
		if s.Card == Present && len(s.ATR) > maxATR {
			s.Card = Mute
		}
		if s.Card != Present {
			s.ATR = nil
		}
		s.ATR = slices.Clone(s.ATR)
		out[i] = s
	}
	slices.SortStableFunc(out, func(a, b State) int { return cmp.Compare(a.Reader, b.Reader) })
	return slices.CompactFunc(out, func(a, b State) bool { return a.Reader == b.Reader })
}

// find gives the row of one reader.
func find(states []State, reader string) (State, bool) {
	i := slices.IndexFunc(states, func(s State) bool { return s.Reader == reader })
	if i < 0 {
		return State{}, false
	}
	return states[i], true
}
