package simulator

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
)

// Width and height of a card's photo in pixels (thai-id-card §7).
const (
	photoWidth  = 148
	photoHeight = 178
)

// jfif is the segment that a card's photo has and Go's encoder doesn't write:
// JFIF 1.01, 96 dots an inch, no thumbnail.
var jfif = []byte{0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 1, 0, 96, 0, 96, 0, 0}

// JPEG is the person's photo: a drawn head with the word SYNTHETIC over it,
// 148 × 178 pixels, always the same bytes for the same person. A photo that is
// padded holds a comment of spaces near its beginning, so that any way to cut
// it into blocks meets some that end in 0x20. It returns an error if
// p.Photo.Bytes is less than the drawing needs.
func (p Person) JPEG() ([]byte, error) {
	var drawn bytes.Buffer
	if err := jpeg.Encode(&drawn, p.portrait(), &jpeg.Options{Quality: 60}); err != nil {
		return nil, fmt.Errorf("encode photo: %w", err)
	}
	soi, rest := drawn.Bytes()[:2], drawn.Bytes()[2:]
	natural := len(soi) + len(jfif) + len(rest)

	photo := append(append(make([]byte, 0, photoArea), soi...), jfif...)
	if pad := p.Photo.Bytes - natural; p.Photo.Bytes > 0 && pad != 0 {
		comment, err := spaces(pad)
		if err != nil {
			return nil, err
		}
		photo = append(photo, comment...)
	}
	return append(photo, rest...), nil
}

// spaces is a comment segment of n bytes in all, filled by 0x20.
func spaces(n int) ([]byte, error) {
	if n < 4 {
		return nil, errors.New("photo.bytes: too few for the drawing")
	}
	segment := append(binary.BigEndian.AppendUint16([]byte{0xFF, 0xFE}, uint16(n-2)), make([]byte, n-4)...)
	for i := range segment[4:] {
		segment[4+i] = ' '
	}
	return segment, nil
}

// portrait draws head and shoulders in colours that depend on the person, so
// that two people are told apart at a glance.
func (p Person) portrait() image.Image {
	hue := noise(6, "portrait "+p.CitizenID)
	background := color.RGBA{200 + hue[0]%50, 205 + hue[1]%50, 215 + hue[2]%40, 255}
	figure := color.RGBA{60 + hue[3]%80, 60 + hue[4]%80, 70 + hue[5]%80, 255}

	img := image.NewRGBA(image.Rect(0, 0, photoWidth, photoHeight))
	for y := range photoHeight {
		for x := range photoWidth {
			c := background
			if inEllipse(x, y, 74, 68, 30, 38) || inEllipse(x, y, 74, 170, 82, 52) {
				c = figure
			}
			img.SetRGBA(x, y, c)
		}
	}
	stamp(img, "SYNTHETIC", 8, 146)
	return img
}

func inEllipse(x, y, cx, cy, rx, ry int) bool {
	dx, dy := float64(x-cx)/float64(rx), float64(y-cy)/float64(ry)
	return math.Hypot(dx, dy) <= 1
}

// letters are 5 × 7 pixels, a row a byte, the leftmost pixel is 16.
var letters = map[rune][7]byte{
	'S': {14, 17, 16, 14, 1, 17, 14},
	'Y': {17, 17, 10, 4, 4, 4, 4},
	'N': {17, 25, 21, 19, 17, 17, 17},
	'T': {31, 4, 4, 4, 4, 4, 4},
	'H': {17, 17, 17, 31, 17, 17, 17},
	'E': {31, 16, 16, 30, 16, 16, 31},
	'I': {14, 4, 4, 4, 4, 4, 14},
	'C': {14, 17, 16, 16, 16, 17, 14},
}

// stamp writes text in white with its upper left corner at x, y, each pixel of
// a letter 2 × 2 big.
func stamp(img *image.RGBA, text string, x, y int) {
	for _, r := range text {
		for row, bits := range letters[r] {
			for col := range 5 {
				if bits>>(4-col)&1 == 0 {
					continue
				}
				for dot := range 4 {
					img.SetRGBA(x+2*col+dot%2, y+2*row+dot/2, color.RGBA{255, 255, 255, 255})
				}
			}
		}
		x += 15
	}
}
