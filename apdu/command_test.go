package apdu_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/apdu"
)

func TestCommandsThatNoEncodingHoldsAreRefusedNotCut(t *testing.T) {
	for name, c := range map[string]apdu.Command{
		"65536 bytes of data": {Data: make([]byte, 65536)},
		"65537 bytes wanted":  {Ne: 65537},
		"a negative number":   {Ne: -1},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.Bytes()
			assert.ErrorIs(t, err, apdu.ErrCommandInvalid)
			assert.Nil(t, got)
		})
	}
}

func TestBytesThatAreNoCommandAreRefused(t *testing.T) {
	for name, raw := range map[string]string{
		"nothing":                               "",
		"a header of three bytes":               "00 A4 04",
		"short Lc above what follows":           "00 A4 04 00 03 01 02",
		"two bytes behind the data":             "00 A4 04 00 01 AA 00 00",
		"a short Lc of zero":                    "00 A4 04 00 00 00",
		"an extended Lc of zero with data":      "00 A4 04 00 00 00 00 AA",
		"extended Lc above what follows":        "00 A4 04 00 00 00 03 AA BB",
		"one byte of Le behind extended Lc":     "00 A4 04 00 00 00 01 AA 00",
		"three bytes of Le behind extended Lc":  "00 A4 04 00 00 00 01 AA 00 00 00",
		"only the mark of extended and no more": "00 A4 04 00 00 01",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := apdu.ParseCommand(unhex(t, raw))
			assert.ErrorIs(t, err, apdu.ErrCommandInvalid)
			assert.Zero(t, got)
		})
	}
}

func TestParsedDataIsACopy(t *testing.T) {
	raw := unhex(t, "00 A4 04 00 02 AA BB")
	c, err := apdu.ParseCommand(raw)
	require.NoError(t, err)
	raw[5] = 0
	assert.Equal(t, []byte{0xAA, 0xBB}, c.Data)
}

func anyCommand(t *rapid.T) apdu.Command {
	length := rapid.OneOf(rapid.IntRange(0, 3), rapid.IntRange(253, 258), rapid.SampledFrom([]int{65535}))
	wanted := rapid.OneOf(rapid.IntRange(0, 3), rapid.IntRange(254, 258), rapid.IntRange(65534, 65536))
	header := rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "header")
	c := apdu.Command{
		CLA: header[0], INS: header[1], P1: header[2], P2: header[3],
		Ne:       wanted.Draw(t, "wanted"),
		Extended: rapid.Bool().Draw(t, "extended"),
	}
	if n := length.Draw(t, "length"); n > 0 {
		fill := rapid.Byte().Draw(t, "fill")
		c.Data = make([]byte, n)
		for i := range c.Data {
			c.Data[i] = fill + byte(i)
		}
	}
	return c
}

func TestEveryCommandComesBackFromItsBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCommand(t)
		raw, err := c.Bytes()
		require.NoError(t, err)

		back, err := apdu.ParseCommand(raw)
		require.NoError(t, err)
		again, err := back.Bytes()
		require.NoError(t, err)

		assert.Equal(t, raw, again)
		// Which form was used shows in the bytes; everything else is as it was.
		want := c
		want.Extended = back.Extended
		assert.Equal(t, want, back)
		needs := len(c.Data) > apdu.MaxShortNc || c.Ne > apdu.MaxShortNe
		empty := len(c.Data) == 0 && c.Ne == 0
		assert.Equal(t, (c.Extended || needs) && !empty, back.Extended)
	})
}

func TestWhateverParsesEncodesToTheSameBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.OneOf(rapid.Just(byte(0)), rapid.ByteRange(0, 6), rapid.Byte()), 0, 16).Draw(t, "raw")
		c, err := apdu.ParseCommand(raw)
		if err != nil {
			assert.ErrorIs(t, err, apdu.ErrCommandInvalid)
			return
		}
		again, err := c.Bytes()
		require.NoError(t, err)
		assert.Equal(t, raw, again)
	})
}
