package counter

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/proofing"
	"chipproof/simulator"
	"chipproof/store"
)

func TestEachReadIsAnEntryWithoutTheCitizen(t *testing.T) {
	d := newDesk(t)
	doc := d.readCard("sex", "name").read(t)
	entries := d.office.Entries(audit.KindRead)
	require.Len(t, entries, 1)
	e := entries[0]
	pseudonym, err := d.office.Pseudonyms.Pseudonym(proofing.FormFill, 2026, "1101700230708") // synthetic
	require.NoError(t, err)
	assert.Equal(t, d.login.Session.User.ID, e.Actor)
	assert.Equal(t, d.login.Session.ID, e.Session)
	assert.Equal(t, pseudonym, e.Subject)
	assert.Equal(t, map[string]string{
		"read": doc.ID, "purpose": proofing.FormFill, "origin": site, "fields": "sex name", "pseudonym": pseudonym,
	}, e.Attributes)
	assert.NotContains(t, doc.Identity, "citizen_id", "it was read for the pseudonym and not asked for")

	d.office.Clock.Forward(-time.Hour) // back to seven in the morning
	d.readCard("citizen_id").read(t)
	entries = d.office.Entries(audit.KindRead)
	assert.Equal(t, pseudonym, entries[1].Subject, "one citizen's reads of a purpose and year belong together")
}

func TestThePseudonymsYearBeginsAtMidnightInThailand(t *testing.T) {
	d := newDesk(t)
	newYear := time.Date(2026, 12, 31, 17, 0, 0, 0, time.UTC)
	d.stayAwakeUntil(newYear.Add(-time.Minute))
	d.readCard("sex").read(t)
	d.office.Clock.Forward(2 * time.Minute)
	d.readCard("sex").read(t)
	entries := d.office.Entries(audit.KindRead)
	assert.Contains(t, entries[0].Subject, ".2026.")
	assert.Contains(t, entries[1].Subject, ".2027.")
}

// stayAwakeUntil moves the clock on by days, in each of which the clerk logs in.
func (d *desk) stayAwakeUntil(moment time.Time) {
	d.office.Clock.Forward(moment.Sub(d.office.Clock.Now()) - 2*time.Minute)
	d.login = d.clerk.Login()
	d.office.Clock.Forward(moment.Sub(d.office.Clock.Now()))
}

func TestAFindingAboutANumberThatWasNotAskedForIsNotTold(t *testing.T) {
	d := newDesk(t)
	require.NoError(t, d.machine.Remove(reader))
	insert(t, d.machine, "wrong-check-digit", simulator.Line{})
	assert.NotContains(t, d.readCard("sex").body, "citizen_id")
	assert.Contains(t, d.readCard("citizen_id").body, "checksum_failed")
}

func TestAReadThatCameAsFarAsTheCardAndFailedIsAnEntry(t *testing.T) {
	d := newDesk(t)
	fault(`[{exchange: 3, do: remove}]`)(t, d.machine)
	d.readCard("citizen_id", "name", "birth_date").says(t, 409, "card_removed", "")
	failed := d.office.Entries(audit.KindReadFailed)
	require.Len(t, failed, 1)
	assert.Equal(t, map[string]string{"purpose": proofing.FormFill, "origin": site, "fields": "citizen_id name birth_date", "code": "card_removed"}, failed[0].Attributes)
	for range 3 {
		d.readCard("sex").says(t, 409, "card_absent", "a page that asks until there is a card")
	}
	assert.Len(t, d.office.Entries(audit.KindReadFailed), 1, "leaves no entry each time")
}

func TestWhatASiteMayNotHaveIsAnEntryWithoutItsWords(t *testing.T) {
	d := newDesk(t)
	d.raw(post("/v1/reads", `{"purpose":"compat","fields":["name"]}`, fromSite)).says(t, 403, "purpose_refused", "")
	d.raw(post("/v1/reads", `{"purpose":"form_fill","fields":["name","laser_code"]}`, fromSite)).says(t, 403, "field_refused", "")
	d.raw(post("/v1/reads", `{"purpose":"somchai-jaidee","fields":["name"]}`, fromSite)).says(t, 422, "purpose_unknown", "")
	refused := d.office.Entries(audit.KindRequestRefused)
	require.Len(t, refused, 3)
	assert.Equal(t, map[string]string{"code": "purpose_refused", "origin": site, "purpose": "compat", "fields": "name"}, refused[0].Attributes)
	assert.Equal(t, "name laser_code", refused[1].Attributes["fields"])
	assert.Equal(t, "purpose_unknown", refused[2].Attributes["code"])
	assert.NotContains(t, fmt.Sprint(refused), "somchai", "a word that is no purpose could be anything")
}

func TestAnOriginsFirstUseOfADayIsAnEntry(t *testing.T) {
	d := newDesk(t)
	used := func() int { return len(d.office.Entries(audit.KindOriginUsed)) }
	lastUse := func() time.Time {
		o, found, err := d.office.Records.Origin(t.Context(), site)
		require.NoError(t, err)
		require.True(t, found)
		return o.LastUse
	}
	require.Zero(t, used())
	for range 3 {
		require.Equal(t, 200, d.raw(get("/v1/readers", fromSite)).status)
	}
	require.Equal(t, 1, used())
	first := lastUse()
	d.office.Clock.Forward(time.Minute)
	require.Equal(t, 200, d.readCard("sex").status)
	assert.Equal(t, 1, used())
	assert.Equal(t, first.Add(time.Minute), lastUse(), "a read is noted")

	d.stayAwakeUntil(time.Date(2026, 11, 23, 17, 1, 0, 0, time.UTC)) // past midnight in Thailand
	d.follow(fromSite).until("card_inserted")
	assert.Equal(t, 2, used())
	e := d.office.Entries(audit.KindOriginUsed)[1]
	assert.Equal(t, site, e.Attributes["origin"])
	assert.Equal(t, d.login.Session.User.ID, e.Actor)
	d.raw(get("/v1/readers", "Origin: https://unknown.example"))
	assert.Equal(t, 2, used())
}

// P7, and row 31: whatever keeps the log from being written, nothing is
// released, and when it can be written again, all goes on.
func TestP7WithoutTheAuditLogNothingIsReleased(t *testing.T) {
	problems := append(api.Table{{Cause: store.ErrUnwritable, Status: 503, Code: "audit_unavailable"}}, Problems()...) // as cmd has it
	for name, row := range map[string]struct{ spoil, mend string }{
		"its table takes no more entries": {`CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'full'); END`, `DROP TRIGGER full`},
		"its tree takes no more hashes":   {`CREATE TRIGGER full BEFORE INSERT ON audit_hash BEGIN SELECT RAISE(ABORT, 'full'); END`, `DROP TRIGGER full`},
		"the disk is full":                {`PRAGMA max_page_count = 1`, `PRAGMA max_page_count = 1073741823`},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.once = true
			require.Equal(t, 200, d.raw(get("/v1/readers", fromSite)).status)
			d.fill(t, row.spoil)
			before := len(d.office.Entries())
			a := d.readCard("citizen_id", "name")
			if a.code() == "internal_error" { // the row of the store's own failures is the command's
				assert.Equal(t, "audit_unavailable", problems.Find(store.ErrUnwritable).Code)
			} else {
				a.says(t, 503, "audit_unavailable", "")
			}
			assert.GreaterOrEqual(t, a.status, 500)
			assert.NotContains(t, a.body, "1101700230708")
			assert.NotContains(t, a.body, "identity")
			refused := d.raw(post("/v1/reads", `{"purpose":"compat","fields":["name"]}`, fromSite))
			assert.GreaterOrEqual(t, refused.status, 500, "not even a refusal is told")
			half := d.raw(post("/v1/sessions", words("username", "malee", "password", d.clerk.Password), ours))
			assert.GreaterOrEqual(t, half.status, 500, "and nobody logs in")
			assert.Empty(t, half.header["Set-Cookie"])
			assert.Len(t, d.office.Entries(), before)

			d.sql(row.mend)
			require.Equal(t, 200, d.readCard("citizen_id").status, "the insertion was not used up")
			assert.Len(t, d.office.Entries(), before+1)
		})
	}
}

// sql runs a statement on the connection that writes.
func (d *desk) sql(statement string) {
	d.t.Helper()
	require.NoError(d.t, d.office.Store.Write(d.t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(d.t.Context(), statement)
		return err
	}))
}

// fill spoils the database; one that may not grow is filled to its last page first.
func (d *desk) fill(t *testing.T, spoil string) {
	t.Helper()
	d.sql(spoil)
	if !strings.Contains(spoil, "max_page_count") {
		return
	}
	for _, size := range []int{900, 0} { // large entries until none fits, then the smallest
		for i := range 10_000 {
			require.Less(t, i, 9_999, "it fills up")
			_, err := d.office.Log.Append(t.Context(), audit.Event{
				Kind: audit.KindOriginUsed, Attributes: map[string]string{"filler": strings.Repeat("x", size)},
			})
			if err != nil {
				require.ErrorIs(t, err, audit.ErrUnavailable)
				break
			}
		}
	}
}

func TestTheLogOfAWholeDayVerifies(t *testing.T) {
	d := newDesk(t)
	for range 5 {
		d.readCard("sex", "name").read(t)
	}
	d.readCard("laser_code")
	d.pageOf(d.login).post("/v1/sessions/current/lock", "")
	d.half()
	d.stop()
	_, err := d.office.Log.Checkpoint(t.Context())
	require.NoError(t, err)
	result, err := d.office.Log.Verify(t.Context())
	require.NoError(t, err)
	assert.True(t, result.OK, "%v", result.Problems)
	assert.Greater(t, result.Entries, int64(10))
	info, err := os.Stat(filepath.Join(d.office.Dir, store.FileName))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}
