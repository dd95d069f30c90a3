//go:build cgo || windows

package pcsc

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestARingIsHeardOnceByAllWhoListenedBefore(t *testing.T) {
	var b bell
	b.ring() // nobody listens
	one, two := b.listen(), b.listen()
	assert.False(t, heard(one))
	b.ring()
	assert.True(t, heard(one))
	assert.True(t, heard(two))
	assert.False(t, heard(b.listen()), "whoever listens later hears the next ring")
}

func heard(rung <-chan struct{}) bool {
	select {
	case <-rung:
		return true
	default:
		return false
	}
}
