package audit

import (
	"context"
	"errors"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// batchSize and batchesAhead bound what is read ahead of the hashing, which runs
// beside the reading on another core.
const (
	batchSize    = 256
	batchesAhead = 4
)

type batch struct {
	records []Record
	err     error
}

func (v *verification) records(ctx context.Context, log Log) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	batches := make(chan batch, batchesAhead)
	go func() {
		defer close(batches)
		readBatches(ctx, log, batches)
	}()
	for b := range batches {
		for i := range b.records {
			v.record(&b.records[i])
		}
		if b.err != nil {
			v.problem(Problem{Code: ProblemUnreadable, Entries: span{v.next, v.next}.String(), Detail: b.err.Error()})
		}
	}
}

func readBatches(ctx context.Context, log Log, out chan<- batch) {
	var b batch
	send := func() bool {
		select {
		case out <- b:
			b = batch{records: make([]Record, 0, batchSize)}
			return true
		case <-ctx.Done():
			return false
		}
	}
	for r, err := range log.Records(ctx) {
		if err != nil {
			b.err = err
			break
		}
		if b.records = append(b.records, r); len(b.records) == batchSize && !send() {
			return
		}
	}
	send()
}

// record takes the next record into the tree.
func (v *verification) record(r *Record) {
	if r.Number < v.next {
		v.entryProblem(ProblemEntryMoved, r.Number, "stands after later ones")
		return
	}
	if r.Number > v.next { // nothing is left of those between
		v.problem(Problem{Code: ProblemEntryMissing, Entries: span{v.next, r.Number - 1}.String()})
		v.broken, v.next = true, r.Number
	}
	leaf := v.content(r)
	v.next++
	v.seen++
	if v.broken {
		return
	}
	done := v.tree.add(leaf)
	if !r.LeafOnly && !equalHashes(done, r.Hashes) {
		v.entryProblem(ProblemTreeChanged, r.Number, "hashes stored with it")
	}
	v.pass()
}

func equalHashes(a, b []tlog.Hash) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// content checks the entry itself and gives the leaf that stands for it: the
// stored one as long as there is one, so that a changed entry is named and what
// follows can still be judged.
func (v *verification) content(r *Record) tlog.Hash {
	var stored tlog.Hash
	if len(r.Hashes) > 0 {
		stored = r.Hashes[0]
	}
	switch {
	case r.Gone:
		v.entryProblem(ProblemEntryMissing, r.Number, "")
		return stored
	case r.Payload == nil && r.Salt == nil:
		v.erased.add(r.Number, r.Number)
		v.result.Erased++
		return stored
	}
	leaf := Leaf(r.Salt, r.Payload)
	switch {
	case len(r.Salt) != SaltBytes || len(r.Hashes) > 0 && leaf != stored:
		v.entryProblem(ProblemEntryChanged, r.Number, "")
	case len(r.Hashes) == 0:
		stored = leaf // that they are missing is found with the tree
	}
	v.entry(r)
	return stored
}

// entry looks into an entry: its form, its number, and what it says about others.
func (v *verification) entry(r *Record) {
	e, err := scan(r.Payload, nil)
	if err != nil {
		v.entryProblem(ProblemEntryMalformed, r.Number, "")
		return
	}
	if e.number != r.Number {
		v.entryProblem(ProblemEntryMoved, r.Number, "it is entry "+span{e.number, e.number}.String())
		return
	}
	switch Kind(e.kind) {
	case KindErased, KindDeleted:
		err = v.erasure(r)
	case KindRestored:
		err = v.restored(r)
	}
	if err != nil {
		v.entryProblem(ProblemEntryMalformed, r.Number, err.Error())
	}
}

func (v *verification) erasure(r *Record) error {
	e, err := ParseEntry(r.Payload)
	if err != nil {
		return err
	}
	spans, err := parseNumbers(e.Attributes["numbers"])
	if err != nil {
		return err
	}
	for _, s := range spans {
		// The second bound is for numbers that a hostile log leaps over.
		if s.to >= r.Number || s.to-s.from >= v.seen {
			return errors.New("it erases entries that didn't stand before it")
		}
		v.named.add(s.from, s.to)
	}
	before := v.tree.head()
	signed := v.keys.attested(e, func(k note.Verifier) string {
		return erasureStatement(k, e.Kind, before, e.Attributes["numbers"])
	})
	if !signed && !v.broken { // without its tree nothing can be said, and that is a problem already
		v.entryProblem(ProblemErasureUnsigned, r.Number, "")
	}
	return nil
}

// restored holds a restored entry to what it says: before it, the log is exactly
// the backup, and the log's key says so. Any other excuses nothing.
func (v *verification) restored(r *Record) error {
	e, err := ParseEntry(r.Payload)
	if err != nil {
		return err
	}
	restore, err := ParseRestore(e)
	if err != nil {
		return err
	}
	if v.broken || v.tree.head() != restore.Backup {
		v.entryProblem(ProblemRestoreFalse, r.Number, "")
		return nil
	}
	if _, err := OpenRestore(e, v.keys); err != nil {
		v.entryProblem(ProblemRestoreUnsigned, r.Number, "")
		return nil
	}
	v.result.Restores = append(v.result.Restores, restore)
	return nil
}

func (v *verification) entryProblem(code ProblemCode, number int64, detail string) {
	v.problem(Problem{Code: code, Entries: span{number, number}.String(), Detail: detail})
}
