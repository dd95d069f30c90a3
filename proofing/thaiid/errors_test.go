package thaiid

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"chipproof/apdu"
)

func TestAReadErrorNamesItsPartAndKeepsItsCause(t *testing.T) {
	err := fmt.Errorf("outer: %w", blame(PartIssuer, apdu.Status(0x6982)))
	assert.EqualError(t, err, "outer: read card.issuer: status 6982: security status not satisfied")
	assert.ErrorIs(t, err, ErrAnswer)
	assert.ErrorIs(t, err, apdu.ErrSecurity)
	assert.NotErrorIs(t, err, ErrUnsupported)
	assert.NotErrorIs(t, err, ErrChanged)
	read, ok := errors.AsType[*ReadError](err)
	assert.True(t, ok)
	assert.Equal(t, PartIssuer, read.Field)

	assert.EqualError(t, blame("", apdu.ErrResponseInvalid), "read card: response APDU invalid")
	assert.EqualError(t, blame(PartSex, lengthError{0, 1}), "read sex: answer of 0 bytes where 1 were asked for")
}

func TestOnlyTheCardIsBlamedForTheCard(t *testing.T) {
	for _, row := range []struct {
		err   error
		blame bool
	}{
		{apdu.Status(0x6F00), true},
		{lengthError{1, 2}, true},
		{fmt.Errorf("x: %w", apdu.ErrLimit), true},
		{apdu.ErrResponseInvalid, true},
		{context.DeadlineExceeded, false},
		{errors.New("card removed"), false},
	} {
		for _, part := range []Part{PartPhoto, ""} {
			err := blame(part, row.err)
			assert.Equal(t, row.blame, errors.Is(err, ErrAnswer), "%v", row.err)
			assert.ErrorIs(t, err, row.err)
		}
	}
}
