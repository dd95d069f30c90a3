package formats

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

// Reader reads files of every format. Its PDF pool may be shared with others. It
// is safe for several goroutines.
type Reader struct {
	PDF    *PDF
	limits Limits
}

// NewReader makes a reader. Close its PDF pool at the end.
func NewReader(l Limits) *Reader { return &Reader{PDF: &PDF{}, limits: l.orDefault()} }

// Stats is what was read of one source.
type Stats struct {
	// Bytes of text and packed files. Members of archives count unpacked.
	Bytes int64
	// Files is 0 for a single file, else the members of the archive.
	Files int
	// Format that the content turned out to have: csv, docx, html, json, pdf,
	// text, xlsx, xml, zip; empty when it was not read.
	Format string
}

// Read reads src and hands its text to sink. name and mediaType are hints; the
// content decides. The error is the sink's, the context's, or that of reading;
// what the file itself is to blame for goes to [Sink.NotRead].
func (r *Reader) Read(ctx context.Context, name, mediaType string, src Source, sink Sink) (Stats, error) {
	return r.read(ctx, name, mediaType, src, sink, "")
}

const headSize = 64 << 10

func (r *Reader) read(ctx context.Context, name, mediaType string, src Source, sink Sink, inner string) (Stats, error) {
	var stats Stats
	err := r.open(ctx, name, mediaType, src, sink, inner, &stats)
	var c *cut
	switch {
	case err == nil:
		return stats, nil
	case errors.As(err, &c):
		sink.NotRead("", c.why)
		return stats, nil
	case errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrNotExist):
		sink.NotRead("", Unreadable)
		return stats, nil
	}
	return stats, err
}

// open looks at the beginning of the file and chooses how to read it.
func (r *Reader) open(ctx context.Context, name, mediaType string, src Source, sink Sink, inner string, stats *Stats) error {
	f, err := src.Open(ctx)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, headSize)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	head = head[:n]
	switch what := classify(name, mediaType, head); what {
	case "empty":
		return nil
	case "image":
		return &cut{Image}
	case "binary":
		return &cut{Unsupported}
	case "encrypted":
		return &cut{Encrypted}
	case "zip":
		return r.packed(ctx, src, sink, inner, stats)
	case "pdf":
		stats.Format = "pdf"
		content, err := readAll(ctx, io.MultiReader(bytes.NewReader(head), f), r.limits.Document)
		if err != nil {
			return err
		}
		stats.Bytes += int64(len(content))
		return guarded(func() error { return r.pdf(ctx, content, sink, inner) })
	default:
		stats.Format = what
		s := newStream(ctx, io.MultiReader(bytes.NewReader(head), f), r.limits.File)
		err := r.textual(what, s, head, sink, inner)
		stats.Bytes += s.bytes
		return err
	}
}

func (r *Reader) textual(what string, s *stream, head []byte, sink Sink, inner string) error {
	switch what {
	case "html":
		return readHTML(s, r.limits.Token, sink, inner)
	case "json":
		return readJSON(s, r.limits.Token, sink, inner)
	case "xml":
		return readXML(s, r.limits.Token, sink, inner)
	case "csv":
		if sep := sniffSeparator(decodedHead(head), len(head) == headSize); sep != 0 {
			return readTable(s, sep, sink, inner)
		}
		return readTable(s, ',', sink, inner)
	}
	return readText(s, sink, inner)
}

// packed reads what begins as a ZIP archive: a document, or an archive.
func (r *Reader) packed(ctx context.Context, src Source, sink Sink, inner string, stats *Stats) error {
	at, size, closer, err := r.openAt(ctx, src)
	if err != nil {
		return err
	}
	defer closer.Close()
	z, err := r.openZip(at, size)
	if err != nil {
		return err
	}
	for _, f := range z.File {
		switch f.Name {
		case "xl/workbook.xml":
			stats.Format = "xlsx"
			if size > r.limits.Document {
				return &cut{OverLimit}
			}
			return guarded(func() error { return r.xlsx(ctx, at, size, z, sink, inner, stats) })
		case "word/document.xml":
			stats.Format = "docx"
			return r.docx(ctx, z, sink, inner, stats)
		}
	}
	if inner != "" {
		return &cut{Nested}
	}
	stats.Format = "zip"
	return r.zipFile(ctx, z, sink, stats)
}

// guarded keeps a panic inside a foreign parser of packed documents from ending a
// scan: that file is then unreadable. Our own parsers don't run under it; they
// are fuzzed.
func guarded(read func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("parse document: %w", &cut{Unreadable})
		}
	}()
	return read()
}

// pictures says of an Office file, once, that it holds images: a page of one may
// be scanned paper.
func pictures(z *zip.Reader, sink Sink) {
	for _, f := range z.File {
		if strings.Contains(f.Name, "/media/") && !f.FileInfo().IsDir() {
			sink.NotRead("", Image)
			return
		}
	}
}

// image says whether a file name ends as pictures do.
func image(ext string) bool {
	switch strings.ToLower(ext) {
	case ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".ico", ".heic", ".emf", ".wmf", ".avif":
		return true
	}
	return false
}

func extension(name string) string {
	return strings.ToLower(path.Ext(strings.ReplaceAll(name, "\\", "/")))
}
