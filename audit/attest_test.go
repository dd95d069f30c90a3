package audit_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
)

// Somebody who can write the database, but hasn't the key, cuts the log off,
// writes the entry that would excuse it, and lets the agent sign what is there.
func TestARestoredEntryWithoutTheKeysSignatureExcusesNothing(t *testing.T) {
	genuine := func(t *testing.T, l *ledger, r audit.Restore) map[string]string {
		signed, err := audit.SignRestore(l.key, r, nil)
		require.NoError(t, err)
		return signed
	}
	for name, attributes := range map[string]func(*testing.T, *ledger, audit.Restore) map[string]string{
		"none": func(_ *testing.T, _ *ledger, r audit.Restore) map[string]string { return r.Attributes(nil) },
		"no base64": func(_ *testing.T, _ *ledger, r audit.Restore) map[string]string {
			return r.Attributes(map[string]string{"signature": "*"})
		},
		"of another key": func(t *testing.T, _ *ledger, r audit.Restore) map[string]string { return genuine(t, newLedger(t), r) },
		"of another entry": func(t *testing.T, l *ledger, r audit.Restore) map[string]string {
			r.Entry++
			return genuine(t, l, r)
		},
		"of another time": func(t *testing.T, l *ledger, r audit.Restore) map[string]string {
			r.At = r.At.Add(-time.Minute)
			return genuine(t, l, r)
		},
		"of another last head": func(t *testing.T, l *ledger, r audit.Restore) map[string]string {
			signature := genuine(t, l, audit.Restore{Entry: r.Entry, At: r.At, Backup: r.Backup, Known: r.Backup, From: r.From})["signature"]
			return r.Attributes(map[string]string{"signature": signature})
		},
		"of another source": func(t *testing.T, l *ledger, r audit.Restore) map[string]string {
			forged := genuine(t, l, r)
			forged["known_from"] = string(audit.KnownFromWitness)
			return forged
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLedger(t)
			l.reads(t, 12)
			cut := l.copied()
			l.reads(t, 8)
			seen := l.checkpoint(t)
			r := audit.Restore{Entry: 12, At: l.at(30), Backup: cut.head(t), Known: l.head(t), From: audit.KnownFromDatabase}
			cut.append(t, audit.Event{Kind: audit.KindRestored, Actor: "os:0", At: r.At, Attributes: attributes(t, l, r)})
			cut.checkpoint(t)
			found := cut.verify(t, seen)
			assert.Equal(t, map[audit.ProblemCode]string{audit.ProblemRestoreUnsigned: "12", audit.ProblemTruncated: "13-19"}, codes(found))
			assert.Empty(t, found.Restores)
		})
	}
}

func TestAnErasureThatNobodySignedIsFound(t *testing.T) {
	forge := func(t *testing.T, l *ledger, attributes map[string]string) map[audit.ProblemCode]string {
		l.records[3].Salt, l.records[3].Payload = nil, nil
		l.append(t, audit.Event{Kind: audit.KindErased, Attributes: attributes})
		l.checkpoint(t)
		return codes(l.verify(t))
	}
	sign := func(t *testing.T, l *ledger, kind audit.Kind, before audit.Head, numbers string) map[string]string {
		signed, err := audit.SignErasure(l.key, kind, before, map[string]string{"numbers": numbers})
		require.NoError(t, err)
		return signed
	}
	unsigned := map[audit.ProblemCode]string{audit.ProblemErasureUnsigned: "10"}
	l := filled(t, 10)
	assert.Empty(t, forge(t, l, sign(t, l, audit.KindErased, l.head(t), "3")))
	assert.Equal(t, unsigned, forge(t, filled(t, 10), map[string]string{"numbers": "3"}))
	l = filled(t, 10)
	assert.Equal(t, unsigned, forge(t, l, sign(t, l, audit.KindErased, l.headAt(t, 9), "3")), "signed elsewhere in the log")
	l = filled(t, 10)
	assert.Equal(t, unsigned, forge(t, l, sign(t, l, audit.KindDeleted, l.head(t), "3")), "as another kind")
	l, other := filled(t, 10), filled(t, 10)
	other.key = l.key
	assert.Equal(t, unsigned, forge(t, l, sign(t, l, audit.KindErased, other.head(t), "3")), "over other leaves")
	l = filled(t, 10)
	forged := sign(t, l, audit.KindErased, l.head(t), "2")
	forged["numbers"] = "3"
	assert.Equal(t, unsigned, forge(t, l, forged), "of other entries")
}
