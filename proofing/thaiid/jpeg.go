package thaiid

import (
	"encoding/binary"
	"errors"
)

var (
	// errJPEGShort: what is there is good, but the picture goes on.
	errJPEGShort = errors.New("picture is cut off")
	// errNotJPEG: no bytes that follow could make this a picture.
	errNotJPEG = errors.New("not a JPEG")
	// errJPEGSize: a decoder would be made to allocate for nothing.
	errJPEGSize = errors.New("picture claims impossible dimensions")
)

// maxPhotoSide bounds what a header may claim. Cards hold 148 × 178.
const maxPhotoSide = 1024

// Markers of ITU-T T.81 table B.1.
const (
	markerTEM   = 0x01
	markerSOF0  = 0xC0
	markerDHT   = 0xC4
	markerJPG   = 0xC8
	markerDAC   = 0xCC
	markerSOF15 = 0xCF
	markerRST0  = 0xD0
	markerRST7  = 0xD7
	markerSOI   = 0xD8
	markerEOI   = 0xD9
	markerSOS   = 0xDA
)

// picture is what a JPEG's markers tell. Nothing here decodes an image, and no
// memory is taken by what a header claims.
type picture struct {
	width, height int // in pixels, zero until the frame header was seen
	end           int // the length in bytes, up to and with the EOI that closes it
	scans         int // runs of entropy-coded data behind a frame
}

// whole says whether there is something to see: a frame and a scan of it.
func (p picture) whole() bool { return p.width != 0 && p.scans > 0 }

// scanJPEG walks the markers from SOI to EOI. FF D9 inside a segment (a
// thumbnail has its own) closes nothing. With an error, picture holds what was
// seen before it.
func scanJPEG(b []byte) (picture, error) {
	var p picture
	if err := wantSOI(b); err != nil {
		return p, err
	}
	for at := 2; ; {
		marker, next, err := nextMarker(b, at)
		if err != nil {
			return p, err
		}
		at = next
		if marker == markerEOI {
			p.end = at
			return p, nil
		}
		if marker == markerTEM || marker >= markerRST0 && marker <= markerRST7 {
			continue // stand alone
		}
		payload, next, err := segment(b, at)
		if err != nil {
			return p, err
		}
		at = next
		if isFrame(marker) {
			if p.width, p.height, err = dimensions(payload, p); err != nil {
				return p, err
			}
		}
		if marker == markerSOS {
			begun := at
			if at = skipScan(b, at); at > begun && p.width != 0 {
				p.scans++
			}
		}
	}
}

func wantSOI(b []byte) error {
	for i, want := range []byte{0xFF, markerSOI} {
		if i >= len(b) {
			return errJPEGShort
		}
		if b[i] != want {
			return errNotJPEG
		}
	}
	return nil
}

// nextMarker reads FF, any fill bytes FF, and the marker (T.81 §B.1.1.2).
func nextMarker(b []byte, at int) (marker byte, next int, err error) {
	start := at
	for at < len(b) && b[at] == 0xFF {
		at++
	}
	if at >= len(b) {
		return 0, at, errJPEGShort
	}
	if at == start || b[at] == 0x00 || b[at] == markerSOI {
		return 0, at, errNotJPEG
	}
	return b[at], at + 1, nil
}

// segment reads the length, which counts itself, and the payload.
func segment(b []byte, at int) (payload []byte, next int, err error) {
	if at+2 > len(b) {
		return nil, at, errJPEGShort
	}
	length := int(binary.BigEndian.Uint16(b[at:]))
	if length < 2 {
		return nil, at, errNotJPEG
	}
	if at+length > len(b) {
		return nil, at, errJPEGShort
	}
	return b[at+2 : at+length], at + length, nil
}

// skipScan passes over entropy-coded data to the next marker, or to the end of
// what is there. FF 00 is data, restart markers belong to it (T.81 §B.1.1.5).
func skipScan(b []byte, at int) int {
	for ; at+1 < len(b); at++ {
		if c := b[at+1]; b[at] == 0xFF && c != 0x00 && c != 0xFF && (c < markerRST0 || c > markerRST7) {
			return at
		}
	}
	return len(b)
}

func isFrame(marker byte) bool {
	return marker >= markerSOF0 && marker <= markerSOF15 &&
		marker != markerDHT && marker != markerJPG && marker != markerDAC
}

// dimensions reads a frame header: precision, height, width (T.81 §B.2.2). A
// second frame would leave open which one a decoder believes.
func dimensions(payload []byte, seen picture) (width, height int, err error) {
	if len(payload) < 6 || seen.width != 0 {
		return 0, 0, errNotJPEG
	}
	height = int(binary.BigEndian.Uint16(payload[1:]))
	width = int(binary.BigEndian.Uint16(payload[3:]))
	if width < 1 || height < 1 || width > maxPhotoSide || height > maxPhotoSide {
		return 0, 0, errJPEGSize
	}
	return width, height, nil
}
