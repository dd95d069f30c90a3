//go:build cgo || windows

package pcsc

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestASlotBelongsToOneContextAtATime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p pins
		var taken []int
		t.Repeat(map[string]func(*rapid.T){
			"take": func(t *rapid.T) {
				slot := p.take()
				if slices.Contains(taken, slot) {
					t.Fatalf("slot %d is taken twice", slot)
				}
				taken = append(taken, slot)
			},
			"give back": func(t *rapid.T) {
				if len(taken) > 0 {
					i := rapid.IntRange(0, len(taken)-1).Draw(t, "which")
					p.giveBack(taken[i])
					taken = slices.Delete(taken, i, i+1)
				}
			},
			"": func(t *rapid.T) {
				if p.next != len(taken)+len(p.free) {
					t.Fatalf("%d slots were made for %d in use and %d free", p.next, len(taken), len(p.free))
				}
			},
		})
	})
}

func TestAPinnedNameIsTheSlotsOwnAndCSeesTheReader(t *testing.T) {
	assert.Equal(t, "Virtual PCD 00 00", unpinned(pinned("Virtual PCD 00 00", 12)))
	assert.Equal(t, "bare", unpinned("bare"))
}
