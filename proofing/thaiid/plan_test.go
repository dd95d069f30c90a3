package thaiid

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// agreement of the table with itself: rows ascend and don't overlap, parts are
// named once, and length field and photo fill the gap to the address exactly
// (thai-id-card §4).
func TestTheLayoutTablesHoldTogether(t *testing.T) {
	for name, layout := range map[string][]Segment{"0003": MOI, "0002": MOI0002, "NHSO": NHSO} {
		t.Run(name, func(t *testing.T) {
			seen := map[Part]bool{}
			end := 0
			for _, s := range layout {
				assert.GreaterOrEqual(t, s.extent().from, end, "%s", s.Part)
				assert.False(t, seen[s.Part], "%s", s.Part)
				assert.Positive(t, s.Length)
				assert.True(t, s.Part == PartPhoto || s.Length <= maxRead, "%s is one read", s.Part)
				seen[s.Part], end = true, s.extent().to
			}
		})
	}
	photo, _ := plan{layout: MOI}.segment(PartPhoto)
	length, _ := plan{layout: MOI}.segment(PartPhotoLength)
	address, _ := plan{layout: MOI}.segment(PartAddress)
	assert.Equal(t, maxPhoto, photo.Length)
	assert.Equal(t, length.End(), photo.Offset)
	assert.Equal(t, photo.End(), address.Offset)
	assert.Equal(t, 0x1579, address.Offset)
}

// thai-id-card §5: 377 bytes of text, 5,120 of photo with its length in block 1,
// 150 bytes of address at 4 in block 0.
func TestTheLayoutOf0002IsTheOneOfThePage(t *testing.T) {
	p := plan{layout: MOI0002}
	kind, _ := p.segment(PartCardType)
	photo, _ := p.segment(PartPhoto)
	address, _ := p.segment(PartAddress)
	assert.Equal(t, 377, kind.End())
	assert.Equal(t, 377+5120, photo.End())
	assert.Equal(t, Segment{Part: PartAddress, Field: FieldAddress, Offset: 4, Length: 150}, address)
	for _, s := range MOI0002 {
		if s.Block == 1 {
			same, ok := plan{layout: MOI}.segment(s.Part)
			require.True(t, ok)
			assert.Equal(t, same.Offset, s.Offset, "%s", s.Part)
			assert.Equal(t, same.Length, s.Length, "%s", s.Part)
		}
	}
}

// run plays a plan to its end over a card and gives the reads it took.
func (p plan) run(card map[int][]byte) (mem memory, reads []extent) {
	for {
		next := p.remaining(&mem)
		if len(next) == 0 {
			return mem, reads
		}
		e := next[0]
		reads = append(reads, e)
		offset := e.from & 0xFFFF
		mem.add(e.from, card[e.from>>16][offset:offset+e.length()])
	}
}

func TestAnyPlanBringsAllThatWasAskedForInFewReads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fields := Fields(rapid.SliceOfNDistinct(rapid.SampledFrom(AllFields()[:7]), 1, 7, rapid.ID).Draw(t, "fields"))
		size := rapid.IntRange(len(jpegHead(1, 1))+2, maxPhoto).Draw(t, "photo")
		single := rapid.Bool().Draw(t, "single")
		memory := newMOI()
		putPhoto(memory, jpegOf(size))

		p := plan{layout: MOI, fields: fields, single: single}
		mem, reads := p.run(map[int][]byte{0: memory})

		var needed []extent
		for _, s := range p.wanted() {
			needed = append(needed, s.extent())
			assert.Equal(t, memory[s.Offset:s.End()], p.part(&mem, s.Part), "%s", s.Part)
		}
		if fields.Has(FieldPhoto) {
			needed = append(needed, extent{0x17B, 0x17B + size})
			assert.Equal(t, memory[0x17B:0x17B+size], mem.prefix(extent{0x17B, 0x17B + size}))
		}
		for _, r := range reads {
			assert.Positive(t, r.length())
			assert.LessOrEqual(t, r.length(), maxRead)
			assert.True(t, !single || !p.merges(r), "part by part")
		}
		if single {
			return
		}
		// With the whole table known beforehand, taking 255 bytes at the first byte
		// that is missing is the best there is. Reading the length before the photo
		// may cost one read more, and no more.
		slices.SortFunc(needed, func(a, b extent) int { return a.from - b.from })
		best := len(mergedReads(needed))
		assert.GreaterOrEqual(t, len(reads), best)
		assert.LessOrEqual(t, len(reads), best+1)
		if !fields.Has(FieldPhoto) {
			assert.Len(t, reads, best)
		}
	})
}

func TestMergedReadsCoverEveryRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var runs []extent
		at := 0
		for range rapid.IntRange(0, 8).Draw(t, "runs") {
			at += rapid.IntRange(0, 400).Draw(t, "gap")
			to := at + rapid.IntRange(1, 600).Draw(t, "length")
			runs = append(runs, extent{at, to})
			at = to
		}
		reads := mergedReads(slices.Clone(runs))
		var mem memory
		for i, r := range reads {
			assert.True(t, r.length() > 0 && r.length() <= maxRead)
			assert.True(t, i == 0 || reads[i-1].to <= r.from, "in order, nothing twice")
			mem.add(r.from, make([]byte, r.length()))
		}
		for _, run := range runs {
			assert.Empty(t, mem.missing(run))
		}
	})
}

func TestAnImageKnowsWhatIsThere(t *testing.T) {
	var mem memory
	mem.add(10, []byte("abc"))
	mem.add(20, []byte("xyz"))
	assert.Equal(t, []byte("bc"), mem.prefix(extent{11, 25}))
	assert.Empty(t, mem.prefix(extent{9, 25}))
	assert.Equal(t, []extent{{5, 10}, {13, 20}, {23, 30}}, mem.missing(extent{5, 30}))
	mem.add(13, []byte("defghij"))
	assert.Equal(t, []byte("abcdefghijxyz"), mem.prefix(extent{10, 30}))
	assert.Empty(t, mem.missing(extent{10, 23}))
}
