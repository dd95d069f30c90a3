package apdu_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/apdu"
)

var causes = []error{
	apdu.ErrNotFound, apdu.ErrNotAllowed, apdu.ErrSecurity, apdu.ErrWrongLength,
	apdu.ErrWrongParameter, apdu.ErrNotSupported, apdu.ErrCardFailure,
}

// The meanings are those of ISO/IEC 7816-4:2013 §5.6, tables 6 and 7; the last
// block is of words that the standard leaves to the application, whatever
// others make of them.
func TestStatusWordsUnwrapToWhatACallerCanActOn(t *testing.T) {
	for _, row := range []struct {
		status apdu.Status
		is     error
		text   string
	}{
		{0x6400, apdu.ErrCardFailure, "status 6400: card failed inside"},
		{0x6581, apdu.ErrCardFailure, "status 6581: card failed inside"},
		{0x6700, apdu.ErrWrongLength, "status 6700: wrong length"},
		{0x6881, apdu.ErrNotSupported, "status 6881: instruction or class not supported"},
		{0x6882, apdu.ErrNotSupported, "status 6882: instruction or class not supported"},
		{0x6982, apdu.ErrSecurity, "status 6982: security status not satisfied"},
		{0x6983, apdu.ErrSecurity, "status 6983: security status not satisfied"},
		{0x6985, apdu.ErrNotAllowed, "status 6985: command not allowed now"},
		{0x6986, apdu.ErrNotAllowed, "status 6986: command not allowed now"},
		{0x6A80, apdu.ErrWrongParameter, "status 6A80: wrong parameter"},
		{0x6A81, apdu.ErrNotSupported, "status 6A81: instruction or class not supported"},
		{0x6A82, apdu.ErrNotFound, "status 6A82: file or application not found"},
		{0x6A83, apdu.ErrNotFound, "status 6A83: file or application not found"},
		{0x6A86, apdu.ErrWrongParameter, "status 6A86: wrong parameter"},
		{0x6A87, apdu.ErrWrongLength, "status 6A87: wrong length"},
		{0x6A88, apdu.ErrNotFound, "status 6A88: file or application not found"},
		{0x6B00, apdu.ErrWrongParameter, "status 6B00: wrong parameter"},
		{0x6C0D, apdu.ErrWrongLength, "status 6C0D: wrong length"},
		{0x6D00, apdu.ErrNotSupported, "status 6D00: instruction or class not supported"},
		{0x6E00, apdu.ErrNotSupported, "status 6E00: instruction or class not supported"},
		{0x6F00, apdu.ErrCardFailure, "status 6F00: card failed inside"},

		{0x6282, nil, "status 6282"},
		{0x63C2, nil, "status 63C2"},
		{0x6AF1, nil, "status 6AF1"}, // thai-id-card §9: service not available
		{0x6F0D, nil, "status 6F0D"}, // thai-id-card §9: PKI sign failed
		{0x9710, nil, "status 9710"}, // thai-id-card §9: taken as success by one reader
		{0x0000, nil, "status 0000"},
	} {
		t.Run(fmt.Sprintf("%04X", uint16(row.status)), func(t *testing.T) {
			wrapped := fmt.Errorf("read: %w", row.status)
			assert.EqualError(t, row.status, row.text)
			for _, cause := range causes {
				assert.Equal(t, errors.Is(cause, row.is), errors.Is(wrapped, cause), "is %v", cause)
			}
			found, ok := errors.AsType[apdu.Status](wrapped)
			require.True(t, ok)
			assert.Equal(t, row.status, found)
		})
	}
}

func TestStatusWordsTellHowManyBytesTheyMean(t *testing.T) {
	for _, row := range []struct {
		status    apdu.Status
		more      int
		isMore    bool
		length    int
		isCorrect bool
	}{
		{0x6100, 256, true, 256, false}, // 00 stands for 256, as in Le
		{0x610D, 13, true, 13, false},
		{0x6C00, 256, false, 256, true},
		{0x6C2D, 45, false, 45, true},
		{0x9000, 256, false, 256, false},
		{0x6A82, 0x82, false, 0x82, false},
	} {
		t.Run(fmt.Sprintf("%04X", uint16(row.status)), func(t *testing.T) {
			n, ok := row.status.MoreData()
			assert.Equal(t, row.isMore, ok)
			if ok {
				assert.Equal(t, row.more, n)
			}
			n, ok = row.status.CorrectLength()
			assert.Equal(t, row.isCorrect, ok)
			if ok {
				assert.Equal(t, row.length, n)
			}
		})
	}
}
