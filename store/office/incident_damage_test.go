package office_test

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/breach"
	"chipproof/store"
	"chipproof/store/office"
	"chipproof/store/office/testdata/story"
)

func TestAHistoryThatWasTamperedWithIsRefusedAsBroken(t *testing.T) {
	for name, statement := range map[string]string{
		"a text changed":            swap("โทรกลับไป", "ไม่ได้โทร", 2),
		"a time changed":            swap(`"at":"2026-12-31T23:32`, `"at":"2026-12-31T23:31`, 3),
		"another writer":            swap("u-12", "u-13", 2),
		"no JSON":                   `UPDATE incident_event SET event = x'00ff' WHERE number = 2`,
		"a salt changed":            `UPDATE incident_event SET salt = randomblob(16) WHERE number = 2`,
		"a link changed":            `UPDATE incident_event SET link = randomblob(32) WHERE number = 4`,
		"the first removed":         `DELETE FROM incident_event WHERE number = 1`,
		"one in the middle removed": `DELETE FROM incident_event WHERE number = 3`,
		"one removed, gap closed":   `DELETE FROM incident_event WHERE number = 3; UPDATE incident_event SET number = number - 1 WHERE number > 3`,
		"two exchanged":             exchange("number", 5, 6),
		"entries exchanged":         `UPDATE incident_event SET entry = entry + 900 WHERE number = 5; UPDATE incident_event SET entry = entry - 1 WHERE number = 6; UPDATE incident_event SET entry = entry - 899 WHERE number = 5`,
		"moved to another incident": `UPDATE incident_event SET incident = 'b-2026-0007'`,
		"held to another's entry":   `UPDATE incident_event SET entry = (SELECT max(number) FROM audit_entry) WHERE number = 2`,
		"held to no entry":          `UPDATE incident_event SET entry = 5000 WHERE number = 2`,
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			c := b.told(7)
			require.NoError(t, b.incidents.RecordDocument(t.Context(), dpo, c.ID, "file_note", "html")) // an entry of no event
			b.raw(statement)
			id := c.ID
			if name == "moved to another incident" {
				id = "b-2026-0007"
			}
			_, err := b.incidents.One(t.Context(), id)
			require.ErrorIs(t, err, breach.ErrHistoryBroken)
			assert.NotContains(t, err.Error(), "โทร", "the error quotes nothing")
			_, err = b.incidents.Record(t.Context(), dpo, id, office.AnyState, story.Steps()[7](b.clock()))
			assert.ErrorIs(t, err, breach.ErrHistoryBroken, "nothing is added to it")
			assert.ErrorIs(t, b.incidents.Check(t.Context()), breach.ErrHistoryBroken)
		})
	}
}

// swap puts another text into an event.
func swap(old, other string, number int) string {
	return fmt.Sprintf(`UPDATE incident_event SET event = CAST(replace(CAST(event AS TEXT), '%s', '%s') AS BLOB) WHERE number = %d`, old, other, number)
}

func exchange(column string, a, b int) string {
	return fmt.Sprintf(`UPDATE incident_event SET %[1]s = 99 WHERE %[1]s = %[2]d; UPDATE incident_event SET %[1]s = %[2]d WHERE %[1]s = %[3]d; `+
		`UPDATE incident_event SET %[1]s = %[3]d WHERE %[1]s = 99`, column, a, b)
}

// Whoever writes the database can make links that fit again, but not entries.
func TestAHistoryThatWasRewrittenWithFittingLinksIsHeldToTheLog(t *testing.T) {
	b := newBench(t)
	c := b.told(7)
	b.raw(swap("โทรกลับไป", "ไม่ได้โทร", 2))
	var link [sha256.Size]byte
	for n := range c.Events {
		var salt, event []byte
		require.NoError(t, b.store.Read(t.Context(), func(tx *sql.Tx) error {
			return tx.QueryRowContext(t.Context(), `SELECT salt, event FROM incident_event WHERE number = ?`, n+1).Scan(&salt, &event)
		}))
		link = sha256.Sum256(slices.Concat([]byte("chipproof incident event\n"), link[:], salt, event))
		require.NoError(t, b.exec(`UPDATE incident_event SET link = ? WHERE number = ?`, link[:], n+1))
	}
	_, err := b.incidents.One(t.Context(), c.ID)
	require.ErrorIs(t, err, breach.ErrHistoryBroken)
	assert.ErrorContains(t, err, "event 2: is not what its audit entry says")
}

func TestALastEventThatWasTakenAwayIsFoundByTheLog(t *testing.T) {
	for name, statement := range map[string]string{
		"the last":  `DELETE FROM incident_event WHERE number = 7`,
		"all of it": `DELETE FROM incident_event`,
	} {
		b := newBench(t)
		c := b.told(7)
		require.NoError(t, b.incidents.Check(t.Context()))
		b.raw(statement)
		err := b.incidents.Check(t.Context())
		require.ErrorIs(t, err, breach.ErrHistoryBroken, name)
		assert.ErrorContains(t, err, c.ID)
	}
}

func TestOneBrokenHistoryHidesNoOthersClocks(t *testing.T) {
	b := newBench(t)
	bad, good := b.told(4), b.told(5)
	b.raw(fmt.Sprintf(`UPDATE incident_event SET salt = randomblob(16) WHERE incident = '%s' AND number = 2`, bad.ID))
	duties, broken, err := b.incidents.Due(t.Context(), b.clock())
	require.NoError(t, err)
	assert.Equal(t, []string{bad.ID}, broken, "and it is named")
	assert.Equal(t, breach.Duties(good, b.clock()), duties)
}

// Retention takes the content of entries, oldest first; the register stays.
func TestAHistoryOutlivesTheContentOfItsEntries(t *testing.T) {
	b := newBench(t)
	c := b.told(5)
	entry := b.entries(audit.KindIncidentEvent)[0].Number
	_, err := b.log.Erase(t.Context(), store.AuditBy{Actor: "os:0"}, "retention", entry)
	require.NoError(t, err)
	assert.Equal(t, c, b.one(c.ID))
	require.NoError(t, b.incidents.Check(t.Context()))
	b.raw(`UPDATE incident_event SET salt = randomblob(16) WHERE number = 2`)
	_, err = b.incidents.One(t.Context(), c.ID)
	assert.ErrorIs(t, err, breach.ErrHistoryBroken, "the links still hold it")
}
