package formats

import (
	"context"
	"io"

	"chipproof/exposure/detect"
)

// Locator says where in a file something stands (assurance §4.8). Which members
// are filled depends on the format.
type Locator struct {
	// Line counts from 1, in text formats.
	Line int64 `json:"line,omitzero"`
	// Offset is in bytes from the start of the file as it is stored, before any
	// decoding; nil where the format has none.
	Offset *int64 `json:"offset,omitzero"`
	// Cell is a cell: B7, Sheet1!B7.
	Cell string `json:"cell,omitzero"`
	// Path is a JSON pointer (RFC 6901), the elements of an XML document, a
	// paragraph or a page.
	Path string `json:"path,omitzero"`
}

// Piece is a stretch of text out of a file. It is good only during the call that
// hands it over.
type Piece struct {
	detect.Text
	// Inner is the name of the file inside an archive; empty outside.
	Inner string
	// Column is the same for all values under one header or key; 0 for flowing
	// text.
	Column uint64
	// Record is the same for all values of one row or object; 0 for flowing
	// text.
	Record uint64
	// Place resolves positions in Bytes.
	Place Place
}

// Place knows where the bytes of a piece stand in its file.
type Place interface {
	// Locate is the place of byte i of the piece.
	Locate(i int) Locator
}

// Reason says why something was not read.
type Reason string

// The reasons. They stand in reports.
const (
	Image       Reason = "image"              // text in pictures is not read
	Encrypted   Reason = "encrypted"          // a password would be needed
	OverLimit   Reason = "over_limit"         // larger, longer or more often packed than allowed
	TimedOut    Reason = "timed_out"          // the time for it was over
	Unreadable  Reason = "unreadable"         // damaged, or no access
	Unsupported Reason = "unsupported_format" // binary, or a format that is not read
	Nested      Reason = "nested_archive"     // an archive in an archive
)

// Sink takes what is read.
type Sink interface {
	// Piece takes the next piece; an error ends the reading and is returned.
	Piece(*Piece) error
	// NotRead takes the name inside an archive, empty for the file itself.
	NotRead(inner string, why Reason)
}

// Source is a file that can be opened again. What Open gives may also be an
// [io.ReaderAt], which spares a copy in memory.
type Source interface {
	Open(context.Context) (io.ReadCloser, error)
	// Size in bytes, or -1 when it is not known.
	Size() int64
}

// cut says that reading ended early, and why. It is no failure of the scan: what
// was read up to there counts.
type cut struct{ why Reason }

func (c *cut) Error() string { return "reading ended early: " + string(c.why) }
