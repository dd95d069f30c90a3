package simulator

// jpegMask lets through how a JPEG is built: markers, the lengths of segments,
// the dimensions of its one frame, the padding behind the end. What the segments
// and the scan hold is kept as zeros, stuffed and restart bytes of the scan too:
// where they stand would tell one portrait from all others. (An FF that ends a
// block is kept, because the byte that tells what it is comes later.) It takes a photo in blocks, one
// after the other, and remembers in which place of the file it is.
type jpegMask struct {
	next  int // offset of the byte that is expected next
	state jpegState
	skip  int  // bytes left of a segment
	kind  byte // the marker of the segment
	begun bool // SOI was there
	frame int  // bytes of the frame header seen; above zero once there was one
}

type jpegState int

const (
	jpegMarker   jpegState = iota // FF of a marker is due, also at the start
	jpegKind                      // the byte behind FF
	jpegLengthHi                  // the length of a segment
	jpegLengthLo
	jpegSegment
	jpegScan   // entropy-coded data
	jpegScanFF // the byte behind FF in it
	jpegEnd    // behind the end of the image
	jpegLost   // no JPEG, or not from its beginning
)

// Markers (ISO/IEC 10918-1 table B.1).
const (
	jpegSOF0 = 0xC0 // to SOF15, CF; without DHT, JPG and DAC
	jpegRST0 = 0xD0 // to RST7, D7
	jpegSOI  = 0xD8
	jpegEOI  = 0xD9
	jpegSOS  = 0xDA
)

// What is kept of a frame header behind its length: precision, height, width
// (ISO/IEC 10918-1 §B.2.2), if they are what a photo on a card can have.
const (
	frameKept     = 1 + 2 + 2
	framePrecise  = 8 // bits
	frameMaxUpper = 4 // upper byte of height and width: below 1,280 pixels
)

// mask masks the block that begins at offset at of the photo. A block that
// doesn't follow the one before is zeros, unless it begins the photo anew.
func (j *jpegMask) mask(at int, original []byte) []byte {
	switch {
	case at == 0:
		*j = jpegMask{}
	case at != j.next:
		j.state = jpegLost
	}
	j.next = at + len(original)
	kept := make([]byte, len(original))
	for i, b := range original {
		before := j.state
		kept[i] = j.step(b)
		if before == jpegScanFF && j.state == jpegScan && i > 0 {
			kept[i-1] = 0 // that FF was data
		}
	}
	return kept
}

// step takes one byte and gives what is kept of it.
func (j *jpegMask) step(b byte) byte {
	switch j.state {
	case jpegMarker:
		return j.to(b == 0xFF, jpegKind, b)
	case jpegKind:
		return j.marker(b)
	case jpegLengthHi:
		j.skip = int(b) << 8
		return j.to(int(b) <= photoArea>>8, jpegLengthLo, b) // no segment is longer than the photo
	case jpegLengthLo:
		return j.begin(b)
	case jpegSegment:
		return j.segment(b)
	case jpegScan:
		if b == 0xFF {
			j.state = jpegScanFF
			return b
		}
		return 0
	case jpegScanFF:
		return j.inScan(b)
	case jpegEnd:
		if b == ' ' {
			return b
		}
	case jpegLost:
	}
	return 0
}

// to goes on if what is read is as it must be; else nothing more is kept.
func (j *jpegMask) to(right bool, next jpegState, b byte) byte {
	if !right {
		j.state = jpegLost
		return 0
	}
	j.state = next
	return b
}

func (j *jpegMask) marker(b byte) byte {
	j.kind = b
	switch {
	case b == jpegSOI || !j.begun:
		right := b == jpegSOI && !j.begun
		j.begun = true
		return j.to(right, jpegMarker, b)
	case b == 0xFF: // fill byte
		return b
	case b >= jpegRST0 && b <= jpegRST0+7:
		return j.to(true, jpegMarker, b)
	case b == jpegEOI:
		return j.to(true, jpegEnd, b)
	}
	return j.to(b >= jpegSOF0, jpegLengthHi, b)
}

func (j *jpegMask) begin(b byte) byte {
	j.skip = (j.skip | int(b)) - 2
	if j.isFrame() && j.frame > 0 {
		return j.to(false, jpegLost, b) // a second frame
	}
	if j.skip == 0 {
		return j.to(true, j.behind(), b)
	}
	return j.to(j.skip > 0, jpegSegment, b)
}

func (j *jpegMask) segment(b byte) byte {
	if j.skip--; j.skip == 0 {
		j.state = j.behind()
	}
	if j.isFrame() {
		return j.inFrame(b)
	}
	return 0
}

func (j *jpegMask) inFrame(b byte) byte {
	j.frame++
	switch {
	case j.frame > frameKept:
		return 0
	case j.frame == 1:
		return j.to(b == framePrecise, j.state, b)
	case j.frame%2 == 0: // upper byte of height or width
		return j.to(b <= frameMaxUpper, j.state, b)
	}
	return b
}

// isFrame tells frame headers from the tables that lie among their markers.
func (j *jpegMask) isFrame() bool {
	tables := j.kind == 0xC4 || j.kind == 0xC8 || j.kind == 0xCC
	return j.kind >= jpegSOF0 && j.kind <= jpegSOF0+0xF && !tables
}

// behind is what follows a segment.
func (j *jpegMask) behind() jpegState {
	if j.kind == jpegSOS {
		return jpegScan
	}
	return jpegMarker
}

// inScan tells a stuffed FF 00 from a marker.
func (j *jpegMask) inScan(b byte) byte {
	switch {
	case b == 0x00 || b >= jpegRST0 && b <= jpegRST0+7:
		return j.to(true, jpegScan, 0)
	case b == 0xFF:
		return b
	}
	return j.marker(b)
}
