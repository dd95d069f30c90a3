package thaiid

import "bytes"

// Photo is the holder's picture, a JPEG that is whole but was not decoded. It
// hides itself; Bytes shows it.
type Photo struct {
	// Width and Height are what the picture's header says, in pixels.
	Width, Height int
	hidden[[]byte]
}

// Bytes is a copy of the JPEG, nil when no photo was asked for.
func (p Photo) Bytes() []byte { return bytes.Clone(p.reveal()) }

const (
	minPhoto = 4    // SOI and EOI
	maxPhoto = 5118 // what the area holds (thai-id-card §4)
)

// photoNeeds says how many bytes of the photo area have to be read, given the
// length field and the bytes that are there already; sure is false when only
// the bytes to come can tell (thai-id-card §7). It says to stop where no byte
// to come could make a picture: [decodePhoto] finds out why.
func photoNeeds(declared int, area []byte) (n int, sure bool) {
	if len(area) >= 2 && wantSOI(area) != nil {
		return len(area), true
	}
	if inRange(declared) && len(area) < declared {
		return declared, true
	}
	if _, ok := byLength(declared, area); ok {
		return declared, true
	}
	switch p, err := scanJPEG(area); err {
	case nil:
		return p.end, true
	case errJPEGShort:
		return maxPhoto, false
	default:
		return len(area), true
	}
}

func inRange(declared int) bool { return declared >= minPhoto && declared <= maxPhoto }

// byLength is the picture that ends where the length field says. The field
// rules if it is in range and the picture, frame and scan in it, closes just
// there: an EOI in a comment, or one with more behind it, is no end.
func byLength(declared int, area []byte) (p picture, ok bool) {
	if !inRange(declared) || len(area) < declared {
		return picture{}, false
	}
	p, err := scanJPEG(area[:declared])
	return p, err == nil && p.end == declared && p.whole()
}

// decodePhoto cuts the picture out of the area and looks at its header.
func decodePhoto(declared int, area []byte) (Photo, error) {
	p, ok := byLength(declared, area)
	if !ok {
		var err error
		if p, err = scanJPEG(area); err != nil {
			return Photo{}, err
		}
		if !p.whole() {
			return Photo{}, errNotJPEG // no frame, or no scan, between SOI and EOI
		}
	}
	return Photo{Width: p.width, Height: p.height, hidden: hide(bytes.Clone(area[:p.end]))}, nil
}
