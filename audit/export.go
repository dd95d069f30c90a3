package audit

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/go-json-experiment/json"
	"golang.org/x/mod/sumdb/tlog"
)

// An export is one JSON object a line: a header, the log's own checkpoints, then
// its entries in order. Each entry has its salt, so that an export can be
// verified like the log itself; whoever gets one gets what erasure would destroy.
const (
	exportTitle   = "chipproof audit log"
	exportVersion = 1
	longestLine   = 4 * MaxPayload // escaping may take more than the payload
)

type exportLine struct {
	Log        string `json:"log,omitzero"`
	Version    int    `json:"version,omitzero"`
	Checkpoint string `json:"checkpoint,omitzero"`

	Entry   *entryJSON `json:",embed"`
	Erased  *int64     `json:"erased,omitzero"` // number of an entry whose content is erased
	Gone    *int64     `json:"gone,omitzero"`   // number of one of which only the leaf is there
	Broken  *int64     `json:"broken,omitzero"` // number of one that breaks its form, with its payload
	Payload []byte     `json:"payload,omitzero"`
	Salt    []byte     `json:"salt,omitzero"`
	Leaf    *tlog.Hash `json:"leaf,omitzero"`
}

// entryJSON is an entry in JSON, in an export and wherever entries are shown.
type entryJSON struct {
	Number     int64             `json:"number"`
	At         time.Time         `json:"at"`
	Monotonic  int64             `json:"monotonic_us"`
	Run        string            `json:"run"`
	Kind       Kind              `json:"kind"`
	Class      Class             `json:"class"`
	Actor      string            `json:"actor,omitzero"`
	Subject    string            `json:"subject,omitzero"`
	Session    string            `json:"session,omitzero"`
	Attributes map[string]string `json:"attributes,omitempty"`
}

func (e Entry) json() *entryJSON {
	return &entryJSON{e.Number, e.At, e.Monotonic.Microseconds(), e.Run, e.Kind, e.Class, e.Actor, e.Subject, e.Session, e.Attributes}
}

// MarshalJSON gives the form of an export's line, without salt and leaf.
func (e Entry) MarshalJSON() ([]byte, error) { return json.Marshal(e.json(), json.Deterministic(true)) }

func (j *entryJSON) entry() Entry {
	return Entry{
		j.Number, j.At, time.Duration(j.Monotonic) * time.Microsecond, j.Run, j.Kind, j.Class, j.Actor, j.Subject, j.Session, j.Attributes,
	}
}

// WriteExport writes a log as an export and says how many entries it had. What
// is wrong with it is exported as it is, for the verifier to find.
func WriteExport(ctx context.Context, w io.Writer, log Log) (int64, error) {
	out := bufio.NewWriterSize(w, 1<<16)
	write := func(line exportLine) error {
		if err := json.MarshalWrite(out, line, json.Deterministic(true)); err != nil {
			return fmt.Errorf("write export: %w", err)
		}
		return out.WriteByte('\n')
	}
	if err := write(exportLine{Log: exportTitle, Version: exportVersion}); err != nil {
		return 0, err
	}
	for signed, err := range log.Checkpoints(ctx) {
		if err == nil {
			err = write(exportLine{Checkpoint: string(signed)})
		}
		if err != nil {
			return 0, err
		}
	}
	n := int64(0)
	for r, err := range log.Records(ctx) {
		if err == nil {
			err = write(exported(r))
		}
		if err != nil {
			return n, err
		}
		n++
	}
	if err := out.Flush(); err != nil {
		return n, fmt.Errorf("write export: %w", err)
	}
	return n, nil
}

func exported(r Record) exportLine {
	line := exportLine{Salt: r.Salt}
	if len(r.Hashes) > 0 {
		line.Leaf = &r.Hashes[0]
	}
	switch {
	case r.Gone:
		line.Gone = &r.Number
	case r.Payload == nil:
		line.Erased = &r.Number
	default:
		if e, err := ParseEntry(r.Payload); err == nil && e.Number == r.Number {
			line.Entry = e.json()
		} else {
			line.Broken, line.Payload = &r.Number, r.Payload
		}
	}
	return line
}

// ReadExport reads an export as a [Log], once. Error: [ErrInvalid] if it doesn't
// begin like one; what is wrong further on ends its sequences.
func ReadExport(r io.Reader) (Log, error) {
	e := &export{lines: bufio.NewScanner(r)}
	e.lines.Buffer(make([]byte, 1<<16), longestLine)
	head, err := e.line()
	if err != nil {
		return nil, fmt.Errorf("read export: %w: %w", ErrInvalid, err)
	}
	if head.Log != exportTitle || head.Version != exportVersion {
		return nil, fmt.Errorf("read export: %w: header", ErrInvalid)
	}
	return e, nil
}

type export struct {
	lines *bufio.Scanner
	n     int         // lines read
	ahead *exportLine // the first that is no checkpoint
}

func (e *export) line() (exportLine, error) {
	if !e.lines.Scan() {
		if err := e.lines.Err(); err != nil {
			return exportLine{}, fmt.Errorf("line %d: %w", e.n+1, err)
		}
		return exportLine{}, io.EOF
	}
	e.n++
	var line exportLine
	if err := json.Unmarshal(e.lines.Bytes(), &line, json.RejectUnknownMembers(true)); err != nil {
		return exportLine{}, fmt.Errorf("line %d: %w", e.n, ErrInvalid) // the cause may quote the line
	}
	return line, nil
}

// Checkpoints implements [Log].
func (e *export) Checkpoints(context.Context) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for e.ahead == nil {
			line, err := e.line()
			switch {
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				yield(nil, err)
				return
			case line.Checkpoint == "":
				e.ahead = &line
			case !yield([]byte(line.Checkpoint), nil):
				return
			}
		}
	}
}

// Records implements [Log].
func (e *export) Records(ctx context.Context) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for ctx.Err() == nil {
			var (
				line exportLine
				err  error
			)
			if e.ahead != nil {
				line, e.ahead = *e.ahead, nil
			} else if line, err = e.line(); errors.Is(err, io.EOF) {
				return
			}
			var r Record
			if err == nil {
				r, err = line.record()
			}
			if err != nil {
				yield(Record{}, fmt.Errorf("read export: %w", err))
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (line exportLine) record() (Record, error) {
	r := Record{Salt: line.Salt, LeafOnly: true}
	if line.Leaf != nil {
		r.Hashes = []tlog.Hash{*line.Leaf}
	}
	switch {
	case line.Entry != nil:
		payload, err := line.Entry.entry().Encode()
		r.Number, r.Payload = line.Entry.Number, payload
		return r, err
	case line.Erased != nil:
		r.Number = *line.Erased
		return r, nil
	case line.Gone != nil:
		r.Number, r.Gone = *line.Gone, true
		return r, nil
	case line.Broken != nil && line.Payload != nil:
		r.Number, r.Payload = *line.Broken, line.Payload
		return r, nil
	}
	return Record{}, fmt.Errorf("%w: a line that is no entry", ErrInvalid)
}
