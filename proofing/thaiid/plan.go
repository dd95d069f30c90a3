package thaiid

import "encoding/binary"

// maxRead is the most bytes one READ fetches. The length on the card has two
// bytes, of which the first may be a block number, so only 255 is right under
// every reading (thai-id-card §14.1).
const maxRead = 255

// plan says what is still to be read of one applet. It is made anew after each
// read from what is there by then, so that a photo's length, a refusal or the
// card's version changes what comes next.
type plan struct {
	layout []Segment
	fields Fields
	// single reads part by part, for a card that refused to be read across parts.
	single bool
}

// remaining is the reads to come, in order: text, then the photo.
func (p plan) remaining(mem *memory) []extent {
	if p.single {
		return append(p.singleReads(mem), photoReads(p.missingPhoto(mem))...)
	}
	reads := mergedReads(p.missingText(mem))
	rest, sure := p.missingPhoto(mem), p.photoSure(mem)
	for i := range reads {
		reads[i], rest = runOn(reads[i], rest)
		if sure {
			reads[i], rest = reachBack(reads[i], rest)
		}
	}
	return append(reads, photoReads(rest)...)
}

// wanted are the segments that were asked for, but for the photo. Version and
// citizen number always are: the one says what the card is, the other whether
// it is still the same.
func (p plan) wanted() []Segment {
	out := make([]Segment, 0, len(p.layout))
	for _, s := range p.layout {
		asked := s.Field == "" || s.Part == PartCitizenID || p.fields.Has(s.Field)
		if asked && s.Part != PartPhoto {
			out = append(out, s)
		}
	}
	return out
}

// segment is the part's row of the layout. ok is false when the card's version
// doesn't have the part.
func (p plan) segment(part Part) (s Segment, ok bool) {
	for _, s := range p.layout {
		if s.Part == part {
			return s, true
		}
	}
	return Segment{}, false
}

// part is what is there of a part, all of it once nothing remains.
func (p plan) part(mem *memory, part Part) []byte {
	s, ok := p.segment(part)
	if !ok {
		return nil
	}
	return mem.prefix(s.extent())
}

// merges says whether a read goes across parts.
func (p plan) merges(read extent) bool {
	for _, s := range p.layout {
		if read.within(s.extent()) {
			return false
		}
	}
	return true
}

// first is the first wanted part in a read, for an error to name.
func (p plan) first(read extent) Part {
	for _, s := range p.wanted() {
		if e := s.extent(); e.from < read.to && read.from < e.to {
			return s.Part
		}
	}
	return PartPhoto
}

func (p plan) missingText(mem *memory) []extent {
	out := make([]extent, 0, len(p.layout))
	for _, s := range p.wanted() {
		out = append(out, mem.missing(s.extent())...)
	}
	return out
}

func (p plan) singleReads(mem *memory) []extent {
	var out []extent
	for _, s := range p.wanted() {
		if e := s.extent(); len(mem.missing(e)) > 0 {
			out = append(out, e)
		}
	}
	return out
}

// missingPhoto is the run of the photo that is to be read next, empty when no
// photo was asked for or nothing of it is missing.
func (p plan) missingPhoto(mem *memory) extent {
	s, ok := p.segment(PartPhoto)
	if !ok || !p.fields.Has(FieldPhoto) {
		return extent{}
	}
	n, _ := photoNeeds(p.photoLength(mem), mem.prefix(s.extent()))
	missing := mem.missing(extent{s.extent().from, s.extent().from + n})
	if len(missing) == 0 {
		return extent{}
	}
	return missing[0]
}

// photoSure says whether it is known where the photo ends.
func (p plan) photoSure(mem *memory) bool {
	_, sure := photoNeeds(p.photoLength(mem), p.part(mem, PartPhoto))
	return sure
}

// photoLength is the length field, -1 when it was not read.
func (p plan) photoLength(mem *memory) int {
	field := p.part(mem, PartPhotoLength)
	if len(field) != 2 {
		return -1
	}
	return int(binary.BigEndian.Uint16(field))
}

// mergedReads covers the runs, which ascend, by as few reads as can be: each
// begins at the first byte that no read has yet. What lies between two runs is
// read on the way and not looked at.
func mergedReads(runs []extent) []extent {
	var reads []extent
	for _, run := range runs {
		for run.from < run.to {
			if n := len(reads); n > 0 && run.from < reads[n-1].from+maxRead {
				last := &reads[n-1]
				last.to = min(run.to, last.from+maxRead)
				run.from = last.to
				continue
			}
			reads = append(reads, extent{run.from, run.from})
		}
	}
	return reads
}

// runOn lets a text read that touches the photo bring as much of it as fits.
func runOn(read, photo extent) (extent, extent) {
	if photo.length() > 0 && read.to == photo.from {
		read.to = min(read.from+maxRead, photo.to)
		photo.from = read.to
	}
	return read, photo
}

// reachBack lets a text read behind the photo begin in its end, if that spares
// a read, and no further than it takes to spare it.
func reachBack(read, photo extent) (extent, extent) {
	gain := photo.to - (read.to - maxRead)
	if photo.length() == 0 || read.from < photo.to || gain <= 0 {
		return read, photo
	}
	left := readsFor(photo.length() - gain)
	if left == readsFor(photo.length()) {
		return read, photo
	}
	photo.to = min(photo.to, photo.from+left*maxRead)
	read.from = photo.to
	return read, photo
}

// readsFor is how many reads n bytes take.
func readsFor(n int) int { return (max(n, 0) + maxRead - 1) / maxRead }

// photoReads cuts a run of the photo into reads.
func photoReads(run extent) []extent {
	var reads []extent
	for run.from < run.to {
		to := min(run.from+maxRead, run.to)
		reads = append(reads, extent{run.from, to})
		run.from = to
	}
	return reads
}
