//go:build !unix

package exposure_test

import "time"

var begun = time.Now()

// processorTime is the time on the wall where the system tells no better.
func processorTime() time.Duration { return time.Since(begun) }
