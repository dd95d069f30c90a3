package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"chipproof/apdu"
	"chipproof/cardreader"
	"chipproof/cmd/internal/program"
	"chipproof/proofing"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"
)

type readCmd struct {
	Reader  string        `help:"Reader, by its name as 'chipproof readers' prints it. Without it: the only one with a card." placeholder:"NAME"`
	Fields  []string      `help:"What to read, separated by commas: ${fields}. Default: ${default}." default:"${text_fields}" placeholder:"LIST"`
	Photo   string        `help:"Read the photo too, and write the JPEG to this file (mode 0600)." placeholder:"FILE"`
	Force   bool          `help:"Let --photo and --record replace files that exist."`
	JSON    bool          `name:"json" help:"Print the identity as JSON, and nothing else."`
	Record  string        `help:"Write a transcript of the read for a bug report: structure, lengths, status words and times, every personal byte replaced. It is written whether the read succeeds or not." placeholder:"FILE"`
	Timeout time.Duration `help:"How long to wait for a card; 0 is for ever. Default: ${default}." default:"1m" placeholder:"DURATION"`
	Source  source        `embed:""`
}

// Help is the long text of `read --help`.
func (readCmd) Help() string {
	return `Prints text for a person, or JSON. What the chip says is shown as it is; what looks wrong about it stands behind it as a note ("findings" in the JSON) and changes no exit code.

Exit codes: 0 an identity was printed; 2 none was, stdout is empty and stderr says why.`
}

// Validate is called by kong once all values are settled.
func (c *readCmd) Validate() error {
	_, fields := thaiid.ParseFields(c.Fields)
	if fields != nil {
		fields = fmt.Errorf("--fields: %w; there are %s", fields, fieldList(thaiid.AllFields()))
	}
	var timeout error
	if c.Timeout < 0 {
		timeout = errors.New("--timeout: can't be negative")
	}
	var target error
	if c.Photo != "" && filepath.Clean(c.Photo) == filepath.Clean(c.Record) {
		target = errors.New("--record: can't be the file of --photo")
	}
	return errors.Join(fields, timeout, target, c.Source.check())
}

func (c *readCmd) Run(ctx context.Context, p *program.Program) error {
	for _, path := range []string{c.Photo, c.Record} {
		if path != "" {
			if err := program.CheckTarget(path, c.old()); err != nil {
				return err
			}
		}
	}
	driver, err := c.Source.open()
	if err != nil {
		return err
	}
	r := reading{
		readers: cardreader.New(driver, cardreader.Options{Log: p.Log}),
		reader:  c.Reader,
		timeout: c.Timeout,
		show:    newProgress(p),
	}
	r.options = proofing.ReadOptions{Fields: c.fields(), Progress: r.show.reading}
	recording := &recording{path: c.Record, old: c.old()}
	if c.Record != "" {
		r.options.Wrap = recording.wrap
	}

	identity, err := r.whenReady(ctx)
	r.show.clear()
	if err := errors.Join(err, recording.save()); err != nil {
		return err
	}
	if c.Photo != "" {
		if err := program.WriteFile(c.Photo, identity.Photo.Bytes(), c.old()); err != nil {
			return err
		}
	}
	if c.JSON {
		return program.PrintJSON(p.Out, identity.Document())
	}
	_, err = io.WriteString(p.Out, identityText(identity, p.Say))
	return err
}

func (c *readCmd) old() program.Existing {
	if c.Force {
		return program.Replace
	}
	return program.Keep
}

// fields is what to read: --photo asks for the photo, whatever --fields says.
func (c *readCmd) fields() thaiid.Fields {
	fields, _ := thaiid.ParseFields(c.Fields) // Validate has refused what is wrong
	if c.Photo != "" && !fields.Has(thaiid.FieldPhoto) {
		fields = append(fields, thaiid.FieldPhoto)
	}
	return fields
}

// reading waits for a card and reads it.
type reading struct {
	readers *cardreader.Readers
	reader  string
	timeout time.Duration
	options proofing.ReadOptions
	show    *progress
}

// whenReady reads as soon as a card can be read. It waits for the readers'
// events, never by asking again and again. A reader that is missing from the
// start is an answer; one that goes while we wait may come back.
func (r reading) whenReady(ctx context.Context) (*thaiid.Identity, error) {
	identity, _, err := r.try(ctx)
	if !errors.Is(err, cardreader.ErrCardAbsent) {
		return identity, err
	}
	var late <-chan time.Time
	if r.timeout > 0 {
		timer := time.NewTimer(r.timeout)
		defer timer.Stop()
		late = timer.C
	}
	changed, stop := r.changes(ctx) // begins with what is there, so nothing is missed
	defer stop()
	for again := true; again; {
		r.show.waiting()
		select {
		case <-changed:
			identity, again, err = r.try(ctx)
		case <-late:
			return nil, fmt.Errorf("wait %s for a card: %w", r.timeout, err)
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for a card: %w", ctx.Err())
		}
	}
	return identity, err
}

// changes has something in it whenever something happened at the readers since
// it was looked at last, until stop.
func (r reading) changes(ctx context.Context) (changed <-chan struct{}, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	bell := make(chan struct{}, 1)
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		_ = r.readers.Follow(ctx, func(cardreader.Event) { // ends with its context and no other way
			select {
			case bell <- struct{}{}:
			default:
			}
		})
	}()
	return bell, func() { cancel(); <-followed }
}

// try reads what is in the reader now. again says that there was nothing to
// read, or nowhere to look for it.
func (r reading) try(ctx context.Context) (identity *thaiid.Identity, again bool, err error) {
	name, err := proofing.Choose(ctx, r.readers, r.reader)
	if err != nil {
		return nil, !errors.Is(err, proofing.ErrReaderAmbiguous), err
	}
	identity, err = proofing.Read(ctx, r.readers, name, r.options)
	return identity, errors.Is(err, cardreader.ErrCardAbsent), err
}

// recording is the transcript to be written, if one was asked for.
type recording struct {
	path     string
	old      program.Existing
	recorder *simulator.Recorder // of the last try that came to a card
}

func (r *recording) wrap(card apdu.Transmitter, atr []byte) apdu.Transmitter {
	r.recorder = simulator.NewRecorder(card, atr, time.Now)
	return r.recorder
}

// save writes what was recorded. Without a card there was nothing to record.
func (r *recording) save() error {
	if r.recorder == nil {
		return nil
	}
	content, err := r.recorder.Transcript().Encode()
	if err != nil {
		return fmt.Errorf("--record: %w", err)
	}
	return program.WriteFile(r.path, content, r.old)
}
