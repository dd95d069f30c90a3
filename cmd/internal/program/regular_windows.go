package program

import (
	"fmt"
	"io/fs"
	"os"
)

// openUnfollowed opens for reading what has this very name. Making a link takes
// an administrator on Windows, so looking first is enough. Error besides those
// of the file system: [errIrregular] for a link.
func openUnfollowed(path string) (*os.File, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode()&(fs.ModeSymlink|fs.ModeIrregular) != 0 {
		return nil, fmt.Errorf("%w: %s", errIrregular, path)
	}
	return os.Open(path)
}
