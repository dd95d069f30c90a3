package exposure

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
)

// FileSource is a file on disk.
type FileSource struct {
	Path  string
	Bytes int64
}

// Open opens the file for reading. What is no file is refused with
// [fs.ErrPermission]: a pipe that took a file's place since would never end.
func (f FileSource) Open(context.Context) (io.ReadCloser, error) {
	file, err := os.OpenFile(f.Path, openFlags, 0)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: f.Path, Err: fs.ErrPermission}
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// Size is what it had when the folder was walked.
func (f FileSource) Size() int64 { return f.Bytes }

// BodySource is content in memory: an answer of a server, a notice that is to
// be published.
type BodySource []byte

// Open reads from the beginning.
func (b BodySource) Open(context.Context) (io.ReadCloser, error) {
	return bodyReader{bytes.NewReader(b)}, nil
}

// Size is the length in bytes.
func (b BodySource) Size() int64 { return int64(len(b)) }

type bodyReader struct{ *bytes.Reader }

func (bodyReader) Close() error { return nil }
