package mfa_test

import (
	"os"
	"testing"
)

// TestMain runs the test binary as a second process where a test asks for one.
func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		os.Exit(child())
	}
	os.Exit(m.Run())
}
