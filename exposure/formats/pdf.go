package formats

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"sync"

	"github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
)

const (
	pdfMemory  = 8192 // pages of 64 KiB that one PDF's sandbox may take: 512 MiB
	pdfWorkers = 2
)

// PDF is the pool of sandboxes in which PDFium runs as WebAssembly, without a
// file system or a network. It is started with the first PDF, which takes
// about a second, and shared by all readers. Close it at the end.
type PDF struct {
	mu     sync.Mutex
	pool   pdfium.Pool
	failed error
	closed bool
}

// Close stops the sandboxes.
func (p *PDF) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	if p.pool == nil {
		return nil
	}
	return p.pool.Close()
}

var errPDFClosed = errors.New("the PDF pool is closed")

func (p *PDF) start() (pdfium.Pool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errPDFClosed
	}
	if p.pool == nil && p.failed == nil {
		p.pool, p.failed = webassembly.Init(webassembly.Config{
			MaxIdle: pdfWorkers, MaxTotal: pdfWorkers,
			FSConfig: wazero.NewFSConfig(), // the library's default is the whole disk
			Stdout:   io.Discard, Stderr: io.Discard,
			// Without it a page that never ends could not be stopped.
			RuntimeConfig: wazero.NewRuntimeConfig().WithMemoryLimitPages(pdfMemory).WithCloseOnContextDone(true),
		})
	}
	return p.pool, p.failed
}

// sheets are the pages of a PDF while they are read.
type sheets struct {
	page  int
	piece Piece
}

func (s *sheets) Locate(int) Locator { return Locator{Path: fmt.Sprintf("page %d", s.page)} }

// pdf reads the text of a document, page by page. What takes too long is cut
// off, whatever it is doing.
func (r *Reader) pdf(ctx context.Context, content []byte, sink Sink, inner string) error {
	pool, err := r.PDF.start()
	if err != nil {
		return fmt.Errorf("start PDF reader: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, r.limits.PDF)
	defer cancel()
	sandbox, err := pool.GetInstanceWithContext(ctx)
	if err != nil {
		return r.pdfCut(ctx)
	}
	defer sandbox.Close()
	stop := context.AfterFunc(ctx, func() { interrupt(sandbox) })
	defer stop()
	err = pdfText(ctx, sandbox, content, r.limits.Pages, sink, inner)
	var failed *sandboxError
	if errors.As(err, &failed) {
		return r.pdfCut(ctx)
	}
	return err
}

// pdfCut says why a sandbox stopped: its own time was over, the caller's
// context, or the file.
func (r *Reader) pdfCut(ctx context.Context) error {
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &cut{TimedOut}
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return &cut{Unreadable}
}

// sandboxError is an answer of PDFium, not of the sink.
type sandboxError struct{ err error }

func (e *sandboxError) Error() string { return "read PDF: " + e.err.Error() }
func (e *sandboxError) Unwrap() error { return e.err }

func pdfText(ctx context.Context, sandbox pdfium.Pdfium, content []byte, pages int, sink Sink, inner string) error {
	doc, err := sandbox.OpenDocument(&requests.OpenDocument{File: &content})
	if err != nil {
		if errors.Is(err, pdferrors.ErrPassword) {
			return &cut{Encrypted}
		}
		return &sandboxError{err}
	}
	count, err := sandbox.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.Document})
	if err != nil {
		return &sandboxError{err}
	}
	s := &sheets{}
	s.piece = Piece{Inner: inner, Place: s}
	s.piece.Loose = 1 // a space may be lost (assurance §4.5)
	pictures := false
	for i := range count.PageCount {
		if i >= pages {
			return &cut{OverLimit}
		}
		if err := ctx.Err(); err != nil {
			return &sandboxError{err}
		}
		text, err := pageText(sandbox, doc.Document, i)
		if err != nil {
			return err
		}
		if !pictures { // once a document is enough
			if pictures, err = pictured(sandbox, doc.Document, i, text); err != nil {
				return err
			}
			if pictures {
				sink.NotRead("", Image)
			}
		}
		s.page = i + 1
		s.piece.Bytes = text
		if err := sink.Piece(&s.piece); err != nil {
			return err
		}
	}
	return nil
}

func pageText(sandbox pdfium.Pdfium, doc references.FPDF_DOCUMENT, index int) ([]byte, error) {
	page, err := sandbox.FPDFText_LoadPage(&requests.FPDFText_LoadPage{
		Page: requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: index}},
	})
	if err != nil {
		return nil, &sandboxError{err}
	}
	defer sandbox.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: page.TextPage})
	chars, err := sandbox.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: page.TextPage})
	if err != nil {
		return nil, &sandboxError{err}
	}
	if chars.Count <= 0 {
		return nil, nil
	}
	text, err := sandbox.FPDFText_GetText(&requests.FPDFText_GetText{TextPage: page.TextPage, Count: chars.Count})
	if err != nil {
		return nil, &sandboxError{err}
	}
	// PDFium marks a hyphen at a line's end by U+0002.
	return bytes.ReplaceAll([]byte(text.Text), []byte{2}, []byte("-")), nil
}

// interrupt stops a sandbox that is still running by closing its module. The
// library's own way, Kill, fails on a nil pointer, and Close waits for the call
// that is running; the module itself is only to be had by its field.
func interrupt(sandbox pdfium.Pdfium) {
	implementation := reflect.Indirect(reflect.ValueOf(sandbox.GetImplementation()))
	if implementation.Kind() != reflect.Struct {
		return
	}
	field := implementation.FieldByName("Module")
	if !field.IsValid() || !field.CanInterface() {
		return
	}
	if module, ok := field.Interface().(interface {
		CloseWithExitCode(context.Context, uint32) error
	}); ok {
		module.CloseWithExitCode(context.Background(), pdfExit)
	}
}

const pdfExit = 124 // as of the command timeout
