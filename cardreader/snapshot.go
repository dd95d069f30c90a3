package cardreader

import (
	"cmp"
	"slices"
	"strings"
)

// maxATR is the longest answer to reset in bytes (ISO 7816-3 §8.2.1, PC/SC
// MAX_ATR_SIZE). Longer ones have crashed others (Smart Card Connector #840).
const maxATR = 33

// clean is a copy of a driver's snapshot that this package can keep: sorted,
// one row a reader, an ATR only where a card answered. A card whose ATR is
// longer than any can be counts as mute, since nobody may read it. A reader that
// is simulated by its name is marked; a driver's own mark is never taken away.
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
		s.Simulated = s.Simulated || virtual(s.Reader)
		out[i] = s
	}
	slices.SortStableFunc(out, func(a, b State) int { return cmp.Compare(a.Reader, b.Reader) })
	return slices.CompactFunc(out, func(a, b State) bool { return a.Reader == b.Reader })
}

// virtual says whether a reader's cards are software, by its name: nothing else
// that PC/SC tells sets such a reader apart, and each system names it in its own
// way (docs/adr 0011). A reader of metal whose maker gave it such a name counts as
// simulated too, which errs to the safe side.
func virtual(reader string) bool {
	name := strings.ToLower(reader)
	return strings.HasPrefix(name, "/dev/null") || // vsmartcard on macOS: the device of the reader that isn't there
		strings.Contains(name, "virtual pcd") || // vsmartcard on Linux and Windows
		strings.Contains(name, "virtual smart card") ||
		strings.Contains(name, "vsmartcard") ||
		strings.Contains(name, "fabio ottavi") // the Windows driver that vsmartcard's comes from, and that jcardsim is used with
}

// find gives the row of one reader.
func find(states []State, reader string) (State, bool) {
	i := slices.IndexFunc(states, func(s State) bool { return s.Reader == reader })
	if i < 0 {
		return State{}, false
	}
	return states[i], true
}
