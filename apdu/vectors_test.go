package apdu_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/apdu"
)

// unhex turns hex with spaces into bytes.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	require.NoError(t, err)
	return b
}

// vectors are commands whose bytes somebody else has fixed. No line was made by
// running the code under test.
var vectors = []struct {
	form    string
	source  string
	bytes   string
	command apdu.Command
}{
	{
		form: "case 1", source: "ISO/IEC 7816-4:2013 §5.2 table 1: header alone",
		bytes:   "00 A4 04 00",
		command: apdu.Command{INS: 0xA4, P1: 0x04},
	},
	{
		form: "case 2 short", source: "ICAO Doc 9303-11 appendix D.3: GET CHALLENGE",
		bytes:   "00 84 00 00 08",
		command: apdu.Command{INS: 0x84, Ne: 8},
	},
	{
		form: "case 2 short, Le of 256", source: "GlobalPlatform Card Specification 2.3.1 §11.3: GET DATA, Le 00",
		bytes:   "80 CA 9F 7F 00",
		command: apdu.Command{CLA: 0x80, INS: 0xCA, P1: 0x9F, P2: 0x7F, Ne: 256},
	},
	{
		form: "case 3 short", source: "ICAO Doc 9303-11 appendix D.4: SELECT EF.COM before protection",
		bytes:   "00 A4 02 0C 02 01 1E",
		command: apdu.Command{INS: 0xA4, P1: 0x02, P2: 0x0C, Data: []byte{0x01, 0x1E}},
	},
	{
		form: "case 3 short of this card", source: "thai-id-card §2: READ of 13 bytes at 0x0004",
		bytes:   "80 B0 00 04 02 00 0D",
		command: apdu.Command{CLA: 0x80, INS: 0xB0, P2: 0x04, Data: []byte{0x00, 0x0D}},
	},
	{
		form: "case 4 short, Le of 256", source: "ICAO Doc 9303-11 appendix D.4: protected SELECT EF.COM",
		bytes: "0C A4 02 0C 15 87 09 01 63 75 43 29 08 C0 44 F6 8E 08 BF 8B 92 D6 35 FF 24 F8 00",
		command: apdu.Command{CLA: 0x0C, INS: 0xA4, P1: 0x02, P2: 0x0C, Ne: 256, Data: []byte{
			0x87, 0x09, 0x01, 0x63, 0x75, 0x43, 0x29, 0x08, 0xC0, 0x44, 0xF6,
			0x8E, 0x08, 0xBF, 0x8B, 0x92, 0xD6, 0x35, 0xFF, 0x24, 0xF8,
		}},
	},
	{
		form: "case 4 short, Le of 256", source: "NIST SP 800-73-4 part 2 §3.1.2: GET DATA of the CHUID",
		bytes:   "00 CB 3F FF 05 5C 03 5F C1 02 00",
		command: apdu.Command{INS: 0xCB, P1: 0x3F, P2: 0xFF, Ne: 256, Data: []byte{0x5C, 0x03, 0x5F, 0xC1, 0x02}},
	},
	{
		form: "case 2 extended", source: "ISO/IEC 7816-4:2013 §5.2: Le field of three bytes, 00 then two, when Lc is absent",
		bytes:   "00 B0 00 00 00 01 01",
		command: apdu.Command{INS: 0xB0, Ne: 257, Extended: true},
	},
	{
		form: "case 2 extended, Le of 65536", source: "ISO/IEC 7816-4:2013 §5.2: Le field 00 00 00 means 65 536",
		bytes:   "00 B0 00 00 00 00 00",
		command: apdu.Command{INS: 0xB0, Ne: 65536, Extended: true},
	},
	{
		form: "case 3 extended", source: "ISO/IEC 7816-4:2013 §5.2: Lc field of three bytes, 00 then two not 0000",
		bytes:   "00 D6 00 00 00 00 02 AA BB",
		command: apdu.Command{INS: 0xD6, Data: []byte{0xAA, 0xBB}, Extended: true},
	},
	{
		form: "case 4 extended", source: "ISO/IEC 7816-4:2013 §5.2: Le field of two bytes when Lc is extended",
		bytes:   "00 2A 80 86 00 00 02 AA BB 01 00",
		command: apdu.Command{INS: 0x2A, P1: 0x80, P2: 0x86, Data: []byte{0xAA, 0xBB}, Ne: 256, Extended: true},
	},
	{
		form: "case 4 extended, Le of 65536", source: "ISO/IEC 7816-4:2013 §5.2: Le field 0000 means 65 536",
		bytes:   "00 2A 80 86 00 00 02 AA BB 00 00",
		command: apdu.Command{INS: 0x2A, P1: 0x80, P2: 0x86, Data: []byte{0xAA, 0xBB}, Ne: 65536, Extended: true},
	},
}

func TestCommandsEncodeAsTheStandardsHaveThem(t *testing.T) {
	for _, v := range vectors {
		t.Run(v.form+" of "+v.source, func(t *testing.T) {
			got, err := v.command.Bytes()
			require.NoError(t, err)
			assert.Equal(t, unhex(t, v.bytes), got)
		})
	}
}

func TestCommandsParseAsTheStandardsHaveThem(t *testing.T) {
	for _, v := range vectors {
		t.Run(v.form+" of "+v.source, func(t *testing.T) {
			got, err := apdu.ParseCommand(unhex(t, v.bytes))
			require.NoError(t, err)
			assert.Equal(t, v.command, got)
		})
	}
}

// ISO/IEC 7816-4 §5.2: more than 255 bytes of data or 256 of answer need
// extended fields. gmrtd's own vectors wrote a two-byte Le here (style.md 3.7).
func TestLongLengthsBecomeExtendedByThemselves(t *testing.T) {
	data := bytes.Repeat([]byte{0x5A}, 256)
	for name, row := range map[string]struct {
		command apdu.Command
		prefix  string
		suffix  string
		length  int
	}{
		"256 bytes of data":                   {apdu.Command{Data: data}, "00 00 00 00 00 01 00 5A", "5A", 4 + 3 + 256},
		"256 bytes of data, one wanted":       {apdu.Command{Data: data, Ne: 1}, "00 00 00 00 00 01 00 5A", "5A 00 01", 4 + 3 + 256 + 2},
		"one byte of data, 257 wanted":        {apdu.Command{Data: data[:1], Ne: 257}, "00 00 00 00 00 00 01 5A", "01 01", 4 + 3 + 1 + 2},
		"no data, 257 wanted":                 {apdu.Command{Ne: 257}, "00 00 00 00 00 01 01", "01 01", 7},
		"255 bytes of data, 256 wanted":       {apdu.Command{Data: data[:255], Ne: 256}, "00 00 00 00 FF 5A", "5A 00", 4 + 1 + 255 + 1},
		"nothing to be long, though extended": {apdu.Command{Extended: true}, "00 00 00 00", "00", 4},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := row.command.Bytes()
			require.NoError(t, err)
			assert.True(t, bytes.HasPrefix(got, unhex(t, row.prefix)), "begins %X", got[:8])
			assert.True(t, bytes.HasSuffix(got, unhex(t, row.suffix)), "ends %X", got[len(got)-3:])
			assert.Len(t, got, row.length)
		})
	}
}
