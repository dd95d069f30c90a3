package audit

import (
	"iter"
	"maps"
	"math/bits"
	"slices"
)

// numberSet is a set of entry numbers: one bit for each of the 65,536 entries
// around a member, and nothing elsewhere. A million members in a row take 128 KiB.
type numberSet map[int64]*[chunkBits / 64]uint64

const chunkBits = 1 << 16

func (s numberSet) add(from, to int64) {
	for n := from; n <= to; n++ {
		chunk := s[n/chunkBits]
		if chunk == nil {
			chunk = new([chunkBits / 64]uint64)
			s[n/chunkBits] = chunk
		}
		chunk[n%chunkBits/64] |= 1 << (n % 64)
	}
}

// without are the members that other doesn't have, as ranges.
func (s numberSet) without(other numberSet) iter.Seq[span] {
	return func(yield func(span) bool) {
		open := span{-1, -1}
		for _, c := range slices.Sorted(maps.Keys(s)) {
			for word, set := range s[c] {
				if o := other[c]; o != nil {
					set &^= o[word]
				}
				for ; set != 0; set &= set - 1 {
					n := c*chunkBits + int64(word)*64 + int64(bits.TrailingZeros64(set))
					switch {
					case open.from >= 0 && n == open.to+1:
						open.to = n
						continue
					case open.from >= 0 && !yield(open):
						return
					}
					open = span{n, n}
				}
			}
		}
		if open.from >= 0 {
			yield(open)
		}
	}
}
