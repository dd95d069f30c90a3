//go:build unix

package program

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// openUnfollowed opens for reading what has this very name. Error besides those
// of the file system: [errIrregular] for a link.
func openUnfollowed(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	// ENXIO is a socket's answer, ELOOP a link's.
	if errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.ENXIO) {
		return nil, fmt.Errorf("%w: %w", errIrregular, err)
	}
	return f, err
}
