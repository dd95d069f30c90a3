package cardreader

import "bytes"

// changes are the events that lead from one clean snapshot to a later one. What
// happened in between need not have been seen: notifications come late, twice or
// never (Smart Card Connector #38, #67), so states are compared, not counted,
// and the event counter tells a card that was swapped unseen.
//
// What left comes first, then what came, each by the reader's name.
func changes(before, after []State) []Event {
	var left, came []Event
	for _, old := range before {
		now, there := find(after, old.Reader)
		if old.Card != Absent && !(there && stillIn(old, now)) {
			left = append(left, Event{Kind: CardRemoved, Reader: old.Reader, Counter: now.Counter})
		}
		if !there {
			left = append(left, Event{Kind: ReaderRemoved, Reader: old.Reader})
		}
	}
	for _, now := range after {
		old, there := find(before, now.Reader)
		if !there {
			came = append(came, Event{Kind: ReaderAdded, Reader: now.Reader, Counter: now.Counter})
		}
		if now.Card != Absent && !(there && old.Card == now.Card && stillIn(old, now)) {
			came = append(came, inserted(now))
		}
	}
	return append(left, came...)
}

// stillIn says whether what was in a reader is in it now, be it that a mute card
// answers by now. The ATR helps with a reader that was unplugged and plugged in
// between two snapshots, since its counter starts again.
func stillIn(old, now State) bool {
	return now.Card != Absent && now.Counter == old.Counter &&
		(len(old.ATR) == 0 || len(now.ATR) == 0 || bytes.Equal(old.ATR, now.ATR))
}

func inserted(s State) Event {
	if s.Card == Mute {
		return Event{Kind: CardMute, Reader: s.Reader, Counter: s.Counter}
	}
	return Event{Kind: CardInserted, Reader: s.Reader, ATR: s.ATR, Counter: s.Counter}
}
