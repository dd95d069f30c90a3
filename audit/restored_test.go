package audit_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
)

// restoredLedger is a log that had 20 entries, was put back to 12, and went on.
// Witnesses saw it at 10, 12, 15 and 20, and once it had gone on at 16.
func restoredLedger(t *testing.T, known func(*ledger) (audit.Head, audit.KnownFrom)) (*ledger, map[string]audit.Witness) {
	t.Helper()
	seen := map[string]audit.Witness{}
	l := newLedger(t)
	see := func(name string) { seen[name] = l.checkpoint(t) }
	l.reads(t, 10)
	see("10")
	l.reads(t, 2)
	see("12")
	backup := l.copied()
	l.reads(t, 3)
	see("lost 15")
	l.reads(t, 5)
	see("lost 20")

	head, from := known(l)
	backup.restored(t, audit.Restore{At: l.at(30), Backup: backup.head(t), Known: head, From: from})
	backup.reads(t, 3)
	signed, err := audit.SignCheckpoint(backup.key, backup.head(t), l.at(40))
	require.NoError(t, err)
	backup.checkpoints = append(backup.checkpoints, signed)
	seen["later 16"] = audit.Witness{Source: "later", Text: string(signed)}
	return backup, seen
}

func verdicts(t *testing.T, l *ledger, seen map[string]audit.Witness) map[string]audit.Verdict {
	t.Helper()
	out := map[string]audit.Verdict{}
	for name, w := range seen {
		r := l.verify(t, w)
		require.Len(t, r.Witnesses, 1)
		out[name] = r.Witnesses[0].Verdict
		fails := out[name] == audit.VerdictConflict || out[name] == audit.VerdictTruncated
		assert.Equal(t, !fails, r.OK, "%s: %v", name, r.Problems)
	}
	return out
}

func TestARestoredLogIsHonestAboutWhatItLost(t *testing.T) {
	l, seen := restoredLedger(t, func(l *ledger) (audit.Head, audit.KnownFrom) { return l.head(t), audit.KnownFromDatabase })
	r := l.verify(t)
	assert.True(t, r.OK, r.Problems)
	require.Len(t, r.Restores, 1)
	assert.Equal(t, "12-19", r.Restores[0].Lost)
	assert.EqualValues(t, 12, r.Restores[0].Entry)
	assert.EqualValues(t, 12, r.Restores[0].Backup.Size)
	assert.EqualValues(t, 20, r.Restores[0].Known.Size)
	assert.Equal(t, map[string]audit.Verdict{
		"10": audit.VerdictHeld, "12": audit.VerdictHeld, "later 16": audit.VerdictHeld,
		"lost 15": audit.VerdictLost, "lost 20": audit.VerdictLost,
	}, verdicts(t, l, seen), "neither proof nor forgery")
}

func TestAWitnessThatTheRestoreDidNotKnowIsCalledSo(t *testing.T) {
	l, seen := restoredLedger(t, func(l *ledger) (audit.Head, audit.KnownFrom) { return l.headAt(t, 15), audit.KnownFromCheckpoint })
	assert.Equal(t, map[string]audit.Verdict{
		"10": audit.VerdictHeld, "12": audit.VerdictHeld, "later 16": audit.VerdictHeld,
		"lost 15": audit.VerdictLost, "lost 20": audit.VerdictLostUnnamed,
	}, verdicts(t, l, seen))
	l, seen = restoredLedger(t, func(l *ledger) (audit.Head, audit.KnownFrom) { return l.headAt(t, 12), audit.KnownFromBackup })
	assert.Empty(t, l.verify(t).Restores[0].Lost)
	assert.Equal(t, audit.VerdictLostUnnamed, verdicts(t, l, seen)["lost 15"])
}

func TestARestoreExcusesNothingElse(t *testing.T) {
	l, _ := restoredLedger(t, func(l *ledger) (audit.Head, audit.KnownFrom) { return l.head(t), audit.KnownFromDatabase })
	other := newLedger(t)
	other.key = l.key
	other.reads(t, 30)
	forged := func(size int64, at time.Time) map[string]audit.Witness {
		signed, err := audit.SignCheckpoint(l.key, other.headAt(t, size), at)
		require.NoError(t, err)
		return map[string]audit.Witness{"w": {Text: string(signed)}}
	}
	for name, c := range map[string]struct {
		size int64
		at   time.Time
		want audit.Verdict
	}{
		"before the backup's head":              {11, l.at(15), audit.VerdictConflict},
		"the backup's size, another root":       {12, l.at(15), audit.VerdictConflict},
		"the last known size, another root":     {20, l.at(20), audit.VerdictTruncated},
		"within the lost stretch, but later on": {14, l.at(31), audit.VerdictConflict},
		"beyond the log, later on":              {19, l.at(41), audit.VerdictTruncated},
	} {
		assert.Equal(t, c.want, verdicts(t, l, forged(c.size, c.at))["w"], name)
	}
}

func TestSheetsOfTheLostStretch(t *testing.T) {
	var lost []audit.Witness
	l, _ := restoredLedger(t, func(l *ledger) (audit.Head, audit.KnownFrom) {
		s, err := audit.NewSheet(l.key, l.head(t), noon)
		require.NoError(t, err)
		lost = []audit.Witness{{Source: "qr", Text: s.QR}, {Source: "words", Text: strings.Join(s.Words, " ")}}
		// What the restore knew came from a sheet's words, typed: the root is not whole.
		words, err := lost[1].Read(l.key.Keys())
		require.NoError(t, err)
		return words.Head, audit.KnownFromWitness
	})
	r := l.verify(t, lost...)
	assert.True(t, r.OK, r.Problems)
	for _, j := range r.Witnesses {
		assert.Equal(t, audit.VerdictLost, j.Verdict, j.Source)
		assert.Equal(t, "2026-11-25", j.At)
	}
}

func TestALogPutBackByHandFailsAgainstAnyLaterCheckpoint(t *testing.T) {
	l := filled(t, 12)
	copied := l.copied()
	l.reads(t, 8)
	later := l.checkpoint(t)
	assert.True(t, copied.verify(t).OK, "by itself nothing is wrong with it")
	assert.Equal(t, map[audit.ProblemCode]string{audit.ProblemTruncated: "12-19"}, codes(copied.verify(t, later)))
	copied.reads(t, 20)
	copied.checkpoint(t)
	assert.Equal(t, map[audit.ProblemCode]string{audit.ProblemWitnessConflict: "12-19"}, codes(copied.verify(t, later)))
}
