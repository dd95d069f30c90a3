package audit_test

import (
	"context"
	"crypto/rand"
	"errors"
	"iter"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"chipproof/audit"
)

func TestAWholeLogVerifies(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 7, 8, 600} {
		l := filled(t, n)
		r := l.verify(t)
		assert.True(t, r.OK, r.Problems)
		assert.EqualValues(t, n, r.Entries)
		assert.Equal(t, l.head(t).Root.String(), r.Root)
		assert.Zero(t, r.Unsigned)
		assert.NotNil(t, r.Problems, "it is a list in JSON, and an empty one")
	}
}

// Twenty entries, the log's own checkpoint at 20, and one elsewhere at 15.
func TestEveryKindOfTamperingIsFound(t *testing.T) {
	type found = map[audit.ProblemCode]string
	for name, c := range map[string]struct {
		tamper func(t *testing.T, l *ledger)
		want   found
	}{
		"content edited": {
			func(t *testing.T, l *ledger) { l.edit(t, 5, func(e *audit.Entry) { e.Actor = "someone else" }) },
			found{audit.ProblemEntryChanged: "5"},
		},
		"content edited, its leaf too": {
			func(t *testing.T, l *ledger) {
				l.edit(t, 5, func(e *audit.Entry) { e.Actor = "someone else" })
				l.records[5].Hashes[0] = audit.Leaf(l.records[5].Salt, l.records[5].Payload)
			},
			found{audit.ProblemTreeChanged: "5", audit.ProblemCheckpoint: "0-19", audit.ProblemWitnessConflict: "0-14"},
		},
		"content edited, every hash too": {
			func(t *testing.T, l *ledger) {
				l.edit(t, 17, func(e *audit.Entry) { e.Actor = "someone else" })
				l.rehash(t)
			},
			found{audit.ProblemCheckpoint: "15-19"}, // the witness at 15 narrows it down
		},
		"salt changed": {
			func(t *testing.T, l *ledger) { l.records[5].Salt = slices.Repeat([]byte{1}, audit.SaltBytes) },
			found{audit.ProblemEntryChanged: "5"},
		},
		"salt cut": {
			func(t *testing.T, l *ledger) { l.records[5].Salt = l.records[5].Salt[:15] },
			found{audit.ProblemEntryChanged: "5"},
		},
		"content that is no entry": {
			func(t *testing.T, l *ledger) { l.records[5].Payload = []byte("nonsense") },
			found{audit.ProblemEntryChanged: "5", audit.ProblemEntryMalformed: "5"},
		},
		"row removed": {
			func(t *testing.T, l *ledger) {
				l.records[5] = audit.Record{Number: 5, Hashes: l.records[5].Hashes, Gone: true}
			},
			found{audit.ProblemEntryMissing: "5"},
		},
		"row and hashes removed": {
			func(t *testing.T, l *ledger) { l.records = slices.Delete(l.records, 5, 8) },
			found{audit.ProblemEntryMissing: "5-7", audit.ProblemCheckpoint: "0-19", audit.ProblemWitnessConflict: "0-14"},
		},
		"removed, the rest moved up": {
			func(t *testing.T, l *ledger) {
				l.records = slices.Delete(l.records, 5, 6)
				for i := 5; i < len(l.records); i++ {
					l.records[i].Number = int64(i)
					l.edit(t, i, func(e *audit.Entry) { e.Number = int64(i) })
				}
				l.rehash(t)
			},
			found{audit.ProblemTruncated: "19", audit.ProblemWitnessConflict: "0-14"},
		},
		"two contents changed over": {
			func(t *testing.T, l *ledger) {
				a, b := &l.records[5], &l.records[9]
				a.Payload, b.Payload, a.Salt, b.Salt = b.Payload, a.Payload, b.Salt, a.Salt
			},
			found{audit.ProblemEntryChanged: "5", audit.ProblemEntryMoved: "5"},
		},
		"two entries changed over, every hash too": {
			func(t *testing.T, l *ledger) {
				a, b := &l.records[5], &l.records[9]
				a.Payload, b.Payload, a.Salt, b.Salt = b.Payload, a.Payload, b.Salt, a.Salt
				l.edit(t, 5, func(e *audit.Entry) { e.Number = 5 })
				l.edit(t, 9, func(e *audit.Entry) { e.Number = 9 })
				l.rehash(t)
			},
			found{audit.ProblemCheckpoint: "0-19", audit.ProblemWitnessConflict: "0-14"},
		},
		"rows out of order": {
			func(t *testing.T, l *ledger) { l.records[5], l.records[6] = l.records[6], l.records[5] },
			found{
				audit.ProblemEntryMissing: "5", audit.ProblemEntryMoved: "5",
				audit.ProblemCheckpoint: "0-19", audit.ProblemWitnessConflict: "0-14",
			},
		},
		"end cut off": {
			func(t *testing.T, l *ledger) { l.records = l.records[:18] },
			found{audit.ProblemTruncated: "18-19"},
		},
		"end cut off, and what the log knew of it": {
			func(t *testing.T, l *ledger) {
				l.records, l.checkpoints = l.records[:12], nil
				sign(t, l, 12)
			},
			found{audit.ProblemTruncated: "12-14"},
		},
		"end cut off and written anew": {
			func(t *testing.T, l *ledger) {
				l.records = l.records[:12]
				l.rehash(t)
				l.reads(t, 8)
			},
			found{audit.ProblemCheckpoint: "0-19", audit.ProblemWitnessConflict: "0-14"},
		},
		"all removed": {
			func(t *testing.T, l *ledger) { l.records, l.checkpoints = nil, nil },
			found{audit.ProblemTruncated: "0-14"},
		},
		"an inner hash changed": {
			func(t *testing.T, l *ledger) { l.records[7].Hashes[2][0] ^= 1 },
			found{audit.ProblemTreeChanged: "7"},
		},
		"hashes removed": {
			func(t *testing.T, l *ledger) { l.records[5].Hashes = nil },
			found{audit.ProblemTreeChanged: "5"},
		},
		"content gone without a word": {
			func(t *testing.T, l *ledger) { l.records[5].Salt, l.records[5].Payload = nil, nil },
			found{audit.ProblemErasedUnlogged: "5"},
		},
		"entry inserted at the end, unsigned": {
			func(t *testing.T, l *ledger) {
				l.append(t, audit.Event{Kind: audit.KindErased, Attributes: map[string]string{"numbers": "99"}})
			},
			found{audit.ProblemEntryMalformed: "20"},
		},
		"checkpoint of a key of one's own": {
			func(t *testing.T, l *ledger) {
				forger := newLedger(t)
				forger.reads(t, 20)
				forger.checkpoint(t)
				l.checkpoints = forger.checkpoints
			},
			found{audit.ProblemCheckpointInvalid: ""},
		},
		"restored entry for what was no restore": {
			func(t *testing.T, l *ledger) {
				backup := l.headAt(t, 12)
				l.append(t, audit.Event{Kind: audit.KindRestored, Attributes: audit.Restore{Backup: backup, Known: backup, From: audit.KnownFromBackup}.Attributes(nil)})
			},
			found{audit.ProblemRestoreFalse: "20"},
		},
		"restored entry that names no heads": {
			func(t *testing.T, l *ledger) { l.append(t, audit.Event{Kind: audit.KindRestored}) },
			found{audit.ProblemEntryMalformed: "20"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := filled(t, 15)
			elsewhere := l.checkpoint(t)
			l.checkpoints = nil
			l.reads(t, 5)
			l.checkpoint(t)
			require.True(t, l.verify(t, elsewhere).OK)
			c.tamper(t, l)
			r := l.verify(t, elsewhere)
			assert.False(t, r.OK)
			assert.Equal(t, c.want, codes(r))
		})
	}
}

func sign(t testing.TB, l *ledger, size int64) {
	t.Helper()
	signed, err := audit.SignCheckpoint(l.key, l.headAt(t, size), l.at(size))
	require.NoError(t, err)
	l.checkpoints = append(l.checkpoints, signed)
}

func TestALogWithoutAnyCheckpointProvesNothing(t *testing.T) {
	l := filled(t, 20)
	l.checkpoints = nil
	assert.Equal(t, map[audit.ProblemCode]string{audit.ProblemUnsigned: "0-19"}, codes(l.verify(t)))
	sheet, err := audit.NewSheet(l.key, l.head(t), noon)
	require.NoError(t, err)
	r := l.verify(t, audit.Witness{Source: "sheet", Text: sheet.QR})
	assert.Equal(t, map[audit.ProblemCode]string{audit.ProblemUnsigned: "0-19"}, codes(r), "a sheet is no signature")
}

func TestTheEndThatNobodySignedYetIsCounted(t *testing.T) {
	l := filled(t, 20)
	l.reads(t, 3)
	r := l.verify(t)
	assert.True(t, r.OK)
	assert.EqualValues(t, 3, r.Unsigned)
}

func TestErasedContentLeavesEveryProofStanding(t *testing.T) {
	l := filled(t, 20)
	before := l.head(t)
	in, err := audit.ProveInclusion(20, 7, l)
	require.NoError(t, err)
	leaf := l.records[7].Hashes[0]
	l.erase(t, 3, 7, 8, 9)
	l.erasure(t, audit.KindDeleted, map[string]string{"numbers": "12", "class": "read"})
	l.records[12].Salt, l.records[12].Payload = nil, nil
	l.checkpoint(t)

	r := l.verify(t)
	assert.True(t, r.OK, r.Problems)
	assert.EqualValues(t, 5, r.Erased)
	assert.NoError(t, in.Check(before, leaf))

	t.Run("but content that comes back is found", func(t *testing.T) {
		whole := filled(t, 20)
		salt, payload := whole.records[3].Salt, whole.records[3].Payload
		whole.erase(t, 3)
		whole.checkpoint(t)
		whole.records[3].Salt, whole.records[3].Payload = salt, payload
		assert.Equal(t, map[audit.ProblemCode]string{audit.ProblemErasureUndone: "3"}, codes(whole.verify(t)))
	})
	t.Run("and the entry about an erasure can't be erased unseen", func(t *testing.T) {
		l.records[20].Salt, l.records[20].Payload = nil, nil
		assert.Equal(t, "3", codes(l.verify(t))[audit.ProblemErasedUnlogged])
	})
}

func TestManyProblemsAreCountedAndNotAllListed(t *testing.T) {
	l := filled(t, 300)
	for i := range l.records {
		l.records[i].Salt[0] ^= 1
	}
	r := l.verify(t)
	assert.Len(t, r.Problems, 100)
	assert.Equal(t, 200, r.More)
}

// failing breaks off, as a log on a damaged disk does.
type failing struct {
	*ledger
	after int
}

var errDisk = errors.New("disk image is malformed")

func (f failing) Records(ctx context.Context) iter.Seq2[audit.Record, error] {
	return func(yield func(audit.Record, error) bool) {
		for r, err := range f.ledger.Records(ctx) {
			if r.Number == int64(f.after) {
				yield(audit.Record{}, errDisk)
				return
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func TestALogThatCantBeReadToItsEndIsNotWhole(t *testing.T) {
	l := filled(t, 20)
	got := codes(verify(t, failing{l, 12}, l.key))
	assert.Equal(t, map[audit.ProblemCode]string{audit.ProblemUnreadable: "12", audit.ProblemTruncated: "12-19"}, got)
}

func TestVerifyingNeedsAKeyAndEndsWithItsContext(t *testing.T) {
	l := filled(t, 20)
	_, err := audit.Verify(t.Context(), l, audit.VerifyOptions{})
	require.ErrorIs(t, err, audit.ErrKeyInvalid)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = audit.Verify(ctx, l, audit.VerifyOptions{Keys: l.key.Keys()})
	require.ErrorIs(t, err, context.Canceled)
}

func TestAKeyThatWasReplacedStillCounts(t *testing.T) {
	l := filled(t, 10)
	old := l.key
	next, err := audit.GenerateKey(rand.Reader)
	require.NoError(t, err)
	l.key = next
	l.reads(t, 5)
	l.checkpoint(t)
	both, err := audit.ParseKeys([]byte("# first and second\n" + old.Public() + "\r\n" + next.Public() + "\n"))
	require.NoError(t, err)
	r, err := audit.Verify(t.Context(), l, audit.VerifyOptions{Keys: both})
	require.NoError(t, err)
	assert.True(t, r.OK)
	assert.Contains(t, codes(l.verify(t)), audit.ProblemCheckpointInvalid)
}

func TestALeafAloneIsEnoughOfATree(t *testing.T) {
	l := filled(t, 20)
	for i := range l.records {
		l.records[i].Hashes, l.records[i].LeafOnly = []tlog.Hash{l.records[i].Hashes[0]}, true
	}
	assert.True(t, l.verify(t).OK)
	l.records[4].Hashes[0][3] ^= 1
	assert.Equal(t, map[audit.ProblemCode]string{audit.ProblemEntryChanged: "4", audit.ProblemCheckpoint: "0-19"}, codes(l.verify(t)))
}

func TestEveryProblemAndVerdictIsExplained(t *testing.T) {
	for _, c := range []audit.ProblemCode{
		audit.ProblemEntryMissing, audit.ProblemEntryChanged, audit.ProblemEntryMoved, audit.ProblemEntryMalformed, audit.ProblemTreeChanged,
		audit.ProblemErasedUnlogged, audit.ProblemErasureUndone, audit.ProblemRestoreFalse, audit.ProblemUnsigned, audit.ProblemCheckpointInvalid,
		audit.ProblemCheckpoint, audit.ProblemWitnessInvalid, audit.ProblemWitnessConflict, audit.ProblemTruncated, audit.ProblemUnreadable,
	} {
		assert.NotEmpty(t, c.Explain().TH, c)
		assert.NotEmpty(t, c.Explain().EN, c)
	}
	for _, v := range []audit.Verdict{
		audit.VerdictHeld, audit.VerdictLost, audit.VerdictLostUnnamed, audit.VerdictConflict, audit.VerdictTruncated, audit.VerdictInvalid,
	} {
		assert.NotEmpty(t, v.Explain().TH, v)
		assert.NotEmpty(t, v.Explain().EN, v)
	}
}
