package simulator_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// Without TCP_QUICKACK each of these costs the 40 ms of a delayed
// acknowledgement, because vpcd sends length and message apart: 4 s in all. With
// it they take a few milliseconds.
func TestAnExchangeDoesNotWaitForADelayedAcknowledgement(t *testing.T) {
	v := newVPCD(t)
	link(t, v, echo())
	start := time.Now()
	for range 100 {
		v.send(t, []byte{0x00, 0xB0, 0x00, 0x00, 0x00})
		v.receive(t)
	}
	assert.Less(t, time.Since(start), 2*time.Second)
}
