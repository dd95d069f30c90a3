package apdu_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/apdu"
)

func TestAResponseIsDataAndTheLastTwoBytes(t *testing.T) {
	res, err := apdu.ParseResponse(unhex(t, "30 30 30 33 90 00"))
	require.NoError(t, err)
	assert.Equal(t, []byte("0003"), res.Data)
	assert.Equal(t, apdu.StatusOK, res.Status)
}

// Fedict/eid-mw reads the last two bytes of an answer without looking whether
// there are two (agent-security §11.17).
func TestAnAnswerWithoutRoomForAStatusWordIsInvalid(t *testing.T) {
	for name, raw := range map[string][]byte{
		"no answer":       nil,
		"an empty answer": {},
		"one byte":        {0x90},
		"65539 bytes":     make([]byte, apdu.MaxResponse+1),
	} {
		t.Run(name, func(t *testing.T) {
			res, err := apdu.ParseResponse(raw)
			assert.ErrorIs(t, err, apdu.ErrResponseInvalid)
			assert.Zero(t, res)
		})
	}
}

func TestTheLongestPossibleResponseParses(t *testing.T) {
	res, err := apdu.ParseResponse(make([]byte, apdu.MaxResponse))
	require.NoError(t, err)
	assert.Len(t, res.Data, apdu.MaxNe)
}

// The data's capacity ends with it, so appending to it can't overwrite the
// status word of the buffer that it shares.
func TestAppendingToTheDataLeavesTheBufferAlone(t *testing.T) {
	raw := unhex(t, "AA 90 00")
	res, err := apdu.ParseResponse(raw)
	require.NoError(t, err)
	_ = append(res.Data, 0xFF)
	assert.Equal(t, unhex(t, "AA 90 00"), raw)
}

func TestEveryResponseComesBackFromItsBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Byte(), 2, 300).Draw(t, "raw")
		res, err := apdu.ParseResponse(raw)
		require.NoError(t, err)
		assert.Equal(t, raw, res.Bytes())
	})
}
