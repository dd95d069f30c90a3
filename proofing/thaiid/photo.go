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
	if ruled, ok := byLength(declared, area); ok || ruled > len(area) {
		return ruled, true
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

// byLength is the length field's word on where the picture ends. ok says that
// the bytes agree: the field rules if it is in range and EOI stands there.
func byLength(declared int, area []byte) (n int, ok bool) {
	if declared < minPhoto || declared > maxPhoto {
		return 0, false
	}
	return declared, len(area) >= declared && bytes.HasSuffix(area[:declared], []byte{0xFF, markerEOI})
}

// decodePhoto cuts the picture out of the area and looks at its header.
func decodePhoto(declared int, area []byte) (Photo, error) {
	if n, ok := byLength(declared, area); ok {
		area = area[:n]
		// The length rules, so only the header has to be good. A quirk behind it is
		// for whoever shows the picture.
		if p, err := scanJPEG(area); p.width != 0 {
			return newPhoto(p, area), nil
		} else if err != nil {
			return Photo{}, err
		}
		return Photo{}, errNotJPEG
	}
	p, err := scanJPEG(area)
	if err != nil {
		return Photo{}, err
	}
	if p.width == 0 {
		return Photo{}, errNotJPEG // no frame between SOI and EOI
	}
	return newPhoto(p, area[:p.end]), nil
}

func newPhoto(p picture, jpeg []byte) Photo {
	return Photo{Width: p.width, Height: p.height, hidden: hide(bytes.Clone(jpeg))}
}
