package thaiid

// extent is a run of bytes of an applet, [from, to). A position is the block in
// the upper 16 bits and the offset in the lower; no run crosses a block.
type extent struct{ from, to int }

func (e extent) length() int { return e.to - e.from }

// within says whether all of e lies in outer.
func (e extent) within(outer extent) bool { return e.from >= outer.from && e.to <= outer.to }

// extent is where s lies.
func (s Segment) extent() extent {
	from := s.Block<<16 + s.Offset
	return extent{from, from + s.Length}
}

// memory is what has been read of an applet so far, in the order of the reads.
type memory struct{ chunks []chunk }

type chunk struct {
	from int
	data []byte
}

func (c chunk) to() int { return c.from + len(c.data) }

// add puts data in. Where it goes on from what is there, it is joined to it, so
// that a part lies in one piece.
func (mem *memory) add(from int, data []byte) {
	for i, c := range mem.chunks {
		if c.to() == from {
			mem.chunks[i].data = append(c.data, data...)
			return
		}
	}
	mem.chunks = append(mem.chunks, chunk{from, data})
}

// at is the first chunk that holds pos.
func (mem *memory) at(pos int) (chunk, bool) {
	for _, c := range mem.chunks {
		if c.from <= pos && pos < c.to() {
			return c, true
		}
	}
	return chunk{}, false
}

// prefix is what is there of want, from its beginning to the first gap. It may
// share the memory of what was read.
func (mem *memory) prefix(want extent) []byte {
	var out []byte
	for pos := want.from; pos < want.to; {
		c, ok := mem.at(pos)
		if !ok {
			break
		}
		end := min(c.to(), want.to)
		piece := c.data[pos-c.from : end-c.from]
		if out == nil {
			out = piece[:len(piece):len(piece)]
		} else {
			out = append(out, piece...)
		}
		pos = end
	}
	return out
}

// missing is what is not there of want, in ascending runs.
func (mem *memory) missing(want extent) []extent {
	var out []extent
	for pos := want.from; pos < want.to; {
		if c, ok := mem.at(pos); ok {
			pos = c.to()
			continue
		}
		end := want.to
		for _, c := range mem.chunks {
			if c.from > pos {
				end = min(end, c.from)
			}
		}
		out = append(out, extent{pos, end})
		pos = end
	}
	return out
}
