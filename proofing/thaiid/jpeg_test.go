package thaiid

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// realJPEG is made by the standard library, which shares no code with the
// scanner. The picture is noise, so nobody is on it.
func realJPEG(t testing.TB, width, height, quality int) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	seed := uint32(1)
	for x := range width {
		for y := range height {
			seed = seed*1664525 + 1013904223
			picture.Set(x, y, color.RGBA{byte(seed >> 24), byte(seed >> 16), byte(seed >> 8), 255})
		}
	}
	var out bytes.Buffer
	require.NoError(t, jpeg.Encode(&out, picture, &jpeg.Options{Quality: quality}))
	return out.Bytes()
}

func TestPicturesOfAnotherEncoderAreScannedToTheirEnd(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {148, 178}, {16, 300}} {
		for _, quality := range []int{1, 50, 100} {
			encoded := realJPEG(t, size[0], size[1], quality)
			got, err := scanJPEG(append(bytes.Clone(encoded), 0x20, 0xFF, 0xD9, 0x20))
			require.NoError(t, err)
			assert.Equal(t, [3]int{size[0], size[1], len(encoded)}, [3]int{got.width, got.height, got.end})

			config, err := jpeg.DecodeConfig(bytes.NewReader(encoded))
			require.NoError(t, err)
			assert.Equal(t, [2]int{config.Width, config.Height}, [2]int{got.width, got.height})
		}
	}
}

// Stuffed bytes, fill bytes, restart markers, several scans and markers that
// stand alone (ITU-T T.81 §B.1.1).
func TestMarkersInsideAPictureDoNotEndIt(t *testing.T) {
	scan := []byte{0xFF, 0xDA, 0x00, 0x08, 1, 1, 0, 0, 63, 0}
	for name, middle := range map[string][]byte{
		"stuffed":                    {0x20, 0xFF, 0x00, 0xD9, 0x20},
		"restart markers":            {0x20, 0xFF, 0xD0, 0x20, 0xFF, 0xD7, 0x20},
		"fill bytes before a marker": {0x20, 0xFF, 0xFF, 0xFF, 0xFE, 0x00, 0x04, 0xFF, 0xD9},
		"a second scan":              append([]byte{0x20}, append(scan, 0x21, 0x22)...),
		"a comment with an EOI":      {0xFF, 0xFE, 0x00, 0x06, 0xFF, 0xD9, 0xFF, 0xD9},
		"TEM":                        {0xFF, 0x01},
		"a table between scans":      append([]byte{0xFF, 0xC4, 0x00, 0x04, 0xFF, 0xD9}, scan...),
	} {
		t.Run(name, func(t *testing.T) {
			whole := append(append(jpegHead(148, 178), middle...), 0xFF, 0xD9)
			got, err := scanJPEG(append(whole, 0xFF, 0xD9))
			require.NoError(t, err)
			assert.Equal(t, [3]int{148, 178, len(whole)}, [3]int{got.width, got.height, got.end})
		})
	}
}

// A picture that is cut anywhere is short, never broken: the reader would stop
// too early otherwise.
func TestAPictureCutAnywhereIsShort(t *testing.T) {
	whole := realJPEG(t, 20, 20, 90)
	for n := range whole {
		_, err := scanJPEG(whole[:n])
		require.Equal(t, errJPEGShort, err, "cut at %d of %d", n, len(whole))
	}
}

func TestEveryFrameMarkerGivesDimensions(t *testing.T) {
	for marker := byte(0xC0); marker <= 0xCF; marker++ {
		b := jpegHead(148, 178)
		b[bytes.Index(b, []byte{0xFF, 0xC0})+1] = marker
		got, err := scanJPEG(append(b, 0xFF, 0xD9))
		require.NoError(t, err)
		noFrame := marker == 0xC4 || marker == 0xC8 || marker == 0xCC // DHT, JPG, DAC
		assert.Equal(t, noFrame, got.width == 0, "%02X", marker)
	}
}

func TestTheScannerEndsWhereItSays(t *testing.T) {
	bits := rapid.SampledFrom([]byte{0xFF, 0xD8, 0xD9, 0xDA, 0xC0, 0xE0, 0x00, 0x02, 0x08, 0x20})
	rapid.Check(t, func(t *rapid.T) {
		tail := rapid.SliceOfN(bits, 0, 60).Draw(t, "tail")
		b := append([]byte{0xFF, 0xD8}, tail...)
		got, err := scanJPEG(b)
		if err != nil {
			assert.Zero(t, got.end)
			return
		}
		assert.True(t, bytes.HasSuffix(b[:got.end], []byte{0xFF, 0xD9}))
		again, err := scanJPEG(b[:got.end])
		assert.NoError(t, err)
		assert.Equal(t, got, again, "what follows a picture changes nothing")
	})
}
