package formats

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// openAt gives random access to a source: its own, or a copy in memory that is
// not larger than a document may be.
func (r *Reader) openAt(ctx context.Context, src Source) (io.ReaderAt, int64, io.Closer, error) {
	f, err := src.Open(ctx)
	if err != nil {
		return nil, 0, nil, err
	}
	if at, ok := f.(io.ReaderAt); ok && src.Size() >= 0 {
		return at, src.Size(), f, nil
	}
	defer f.Close()
	content, err := readAll(ctx, f, r.limits.Document)
	if err != nil {
		return nil, 0, nil, err
	}
	return bytes.NewReader(content), int64(len(content)), io.NopCloser(nil), nil
}

// readAll reads at most limit bytes; more is a cut.
func readAll(ctx context.Context, f io.Reader, limit int64) ([]byte, error) {
	var out bytes.Buffer
	n, err := io.Copy(&out, io.LimitReader(&stoppable{ctx, f}, limit+1))
	if err != nil {
		return nil, err
	}
	if n > limit {
		return nil, &cut{OverLimit}
	}
	return out.Bytes(), nil
}

// stoppable ends with its context.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s *stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}

// openZip opens an archive and judges what it says of itself. Sizes that lie
// are caught when a member is read.
func (r *Reader) openZip(at io.ReaderAt, size int64) (*zip.Reader, error) {
	z, err := zip.NewReader(at, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, &cut{Unreadable}
	}
	if len(z.File) > r.limits.Entries {
		return nil, &cut{OverLimit}
	}
	return z, nil
}

// member is a file in an archive as a source. left is what the whole archive may
// still unpack.
type member struct {
	r    *Reader
	file *zip.File
	left *int64
}

func (m *member) Size() int64 { return -1 }

// Open unpacks the member, up to the limits.
func (m *member) Open(ctx context.Context) (io.ReadCloser, error) {
	if size := m.file.UncompressedSize64; size > ratioFrom && size/max(m.file.CompressedSize64, 1) > uint64(m.r.limits.Ratio) {
		return nil, &cut{OverLimit}
	}
	f, err := m.file.Open()
	if err != nil {
		return nil, &cut{Unreadable}
	}
	return &unpacking{ReadCloser: f, m: m, ctx: ctx}, nil
}

type unpacking struct {
	io.ReadCloser
	m   *member
	ctx context.Context
	n   int64
}

const ratioFrom = 1 << 20

func (u *unpacking) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := u.ReadCloser.Read(p)
	u.n += int64(n)
	*u.m.left -= int64(n)
	packed := int64(max(u.m.file.CompressedSize64, 1))
	switch {
	case *u.m.left < 0, u.n > ratioFrom && u.n/packed > u.m.r.limits.Ratio:
		return n, &cut{OverLimit}
	case err != nil && err != io.EOF:
		return n, &cut{Unreadable}
	}
	return n, err
}

// zipFile reads an archive, one level deep.
func (r *Reader) zipFile(ctx context.Context, z *zip.Reader, sink Sink, stats *Stats) error {
	left := r.limits.Unpacked
	for _, f := range z.File {
		name := entryName(f)
		if f.FileInfo().IsDir() {
			continue
		}
		if f.Flags&1 != 0 {
			sink.NotRead(name, Encrypted)
			continue
		}
		if left <= 0 {
			sink.NotRead(name, OverLimit)
			continue
		}
		inner, err := r.read(ctx, name, "", &member{r, f, &left}, &within{sink, name}, name)
		stats.Bytes += inner.Bytes
		stats.Files++
		if err != nil {
			return err
		}
	}
	return nil
}

// entryName is the member's name; old archives have it in CP874.
func entryName(f *zip.File) string {
	if !f.NonUTF8 && utf8.ValidString(f.Name) {
		return f.Name
	}
	if utf8.ValidString(f.Name) {
		return f.Name
	}
	name, err := charmap.Windows874.NewDecoder().String(f.Name)
	if err != nil {
		return "?"
	}
	return name
}

// within names the member in what is handed on.
type within struct {
	Sink
	name string
}

func (w *within) NotRead(_ string, why Reason) { w.Sink.NotRead(w.name, why) }
