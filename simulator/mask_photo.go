package simulator

// jpegMask lets through how a JPEG is built: markers, the lengths of segments,
// the frame header with its dimensions, the padding behind the end. What the
// segments and the scan hold is kept as zeros. It takes a photo in blocks, one
// after the other, and remembers in which place of the file it is.
type jpegMask struct {
	next  int // offset of the byte that is expected next
	state jpegState
	skip  int  // bytes left of a segment
	keep  int  // how many of them may be kept
	kind  byte // the marker of the segment
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

// frameHeader is what a frame header of three colours holds behind its length:
// precision, dimensions, and three bytes a colour.
const frameHeader = 1 + 2 + 2 + 1 + 3*3

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
		kept[i] = j.step(b)
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
	case b == 0xFF: // fill byte
		return b
	case b == jpegSOI || b >= jpegRST0 && b <= jpegRST0+7:
		return j.to(true, jpegMarker, b)
	case b == jpegEOI:
		return j.to(true, jpegEnd, b)
	}
	return j.to(b >= jpegSOF0, jpegLengthHi, b)
}

func (j *jpegMask) begin(b byte) byte {
	j.skip = (j.skip | int(b)) - 2
	j.keep = 0
	if j.isFrame() {
		j.keep = frameHeader
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
	if j.keep--; j.keep >= 0 {
		return b
	}
	return 0
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
		return j.to(true, jpegScan, b)
	case b == 0xFF:
		return b
	}
	return j.marker(b)
}
