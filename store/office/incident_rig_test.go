package office_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/breach"
	"chipproof/breach/reading"
	"chipproof/exposure"
	"chipproof/store"
	"chipproof/store/office"
	"chipproof/store/office/testdata/story"
)

// bench is a register in a real database, with a clock that the test moves.
type bench struct {
	testing.TB
	dir       string
	key       *audit.Key
	store     *store.Store
	log       *store.AuditLog
	incidents *office.Incidents
	reader    breach.Reader

	mu  sync.Mutex
	now time.Time
}

// newYearsEve is a moment shortly before midnight in Thailand, at the end of a
// month and of a year, when it is still afternoon in UTC.
var newYearsEve = time.Date(2026, time.December, 31, 23, 30, 0, 0, breach.Bangkok())

var dpo = breach.Actor{ID: "u-12", Session: "s-1"}

func newBench(t testing.TB) *bench {
	t.Helper()
	key, err := audit.GenerateKey(rand.Reader)
	require.NoError(t, err)
	fingerprints, err := exposure.NewKey(rand.Reader)
	require.NoError(t, err)
	scanner, err := exposure.NewScanner(exposure.Options{Key: fingerprints, Now: time.Now})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, scanner.Close()) })
	b := &bench{TB: t, dir: filepath.Join(t.TempDir(), "data"), key: key, now: newYearsEve, reader: reading.New(scanner)}
	b.open(store.Create)
	t.Cleanup(b.close)
	return b
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bench) after(d time.Duration) *bench {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
	return b
}

func (b *bench) open(how func(context.Context, string, store.Options) (*store.Store, error)) {
	b.Helper()
	b.store, b.log, b.incidents = b.process(how)
}

// process opens the database as a process of its own would.
func (b *bench) process(how func(context.Context, string, store.Options) (*store.Store, error)) (*store.Store, *store.AuditLog, *office.Incidents) {
	b.Helper()
	log, err := store.NewAuditLog(store.AuditOptions{Key: b.key, Interval: time.Hour, Clock: b.clock})
	require.NoError(b, err)
	s, err := how(b.Context(), b.dir, store.Options{Recorder: log})
	require.NoError(b, err)
	log.Attach(s)
	return s, log, office.NewIncidents(s, log, office.IncidentOptions{
		Reader: b.reader, Own: []string{"ที่ว่าการอำเภอตัวอย่าง"}, Clock: b.clock,
	})
}

func (b *bench) close() {
	if b.store != nil {
		assert.NoError(b, b.log.Close(context.Background()))
		assert.NoError(b, b.store.Close())
		b.store = nil
	}
}

// begun is an incident of which nothing but the report is known.
func (b *bench) begun() breach.Case {
	b.Helper()
	c, err := b.incidents.Open(b.Context(), dpo, b.report())
	require.NoError(b, err)
	return c
}

func (b *bench) report() breach.Reported {
	return breach.Reported{
		Title: "ไฟล์รายชื่อผู้ป่วยเปิดให้ดาวน์โหลด", Role: breach.RoleController, Source: breach.FromStaff, ReportedAt: breach.At(b.clock()),
	}
}

func (b *bench) record(id string, bodies ...breach.Body) breach.Case {
	b.Helper()
	c, err := b.incidents.Record(b.Context(), dpo, id, office.AnyState, bodies...)
	require.NoError(b, err)
	return c
}

func (b *bench) one(id string) breach.Case {
	b.Helper()
	c, err := b.incidents.One(b.Context(), id)
	require.NoError(b, err)
	return c
}

// told is an incident with the first n events of B14; with all of them closed.
func (b *bench) told(n int) breach.Case {
	b.Helper()
	var c breach.Case
	for i, step := range story.Steps()[:n] {
		body := step(b.clock())
		if i == 0 {
			var err error
			c, err = b.incidents.Open(b.Context(), dpo, body.(breach.Reported))
			require.NoError(b, err)
		} else {
			c = b.record(c.ID, body)
		}
		b.after(time.Minute)
	}
	return c
}

// entries are those of some kinds in the audit log, oldest first.
func (b *bench) entries(kinds ...audit.Kind) (list []audit.Entry) {
	b.Helper()
	for r, err := range b.store.AuditLog().Records(b.Context()) {
		require.NoError(b, err)
		e, err := audit.ParseEntry(r.Payload)
		require.NoError(b, err)
		for _, k := range kinds {
			if e.Kind == k {
				list = append(list, e)
			}
		}
	}
	return list
}

// exec runs a statement as our own code could.
func (b *bench) exec(statement string, args ...any) error {
	return b.store.Write(b.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(b.Context(), statement, args...)
		return err
	})
}

// raw changes the database behind everybody's back, triggers included.
func (b *bench) raw(statements ...string) {
	b.Helper()
	files, err := filepath.Glob(filepath.Join(b.dir, "*.db"))
	require.NoError(b, err)
	require.Len(b, files, 1)
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: files[0]}).String()+"?_busy_timeout=10000")
	require.NoError(b, err)
	defer db.Close()
	for _, s := range append([]string{
		`DROP TRIGGER IF EXISTS incident_event_has_no_gap`, `DROP TRIGGER IF EXISTS incident_event_stays`, `DROP TRIGGER IF EXISTS incident_event_is_kept`,
		`DROP TRIGGER IF EXISTS incident_proposal_is_settled_once`, `DROP TRIGGER IF EXISTS incident_proposal_is_kept`,
	}, statements...) {
		_, err := db.ExecContext(b.Context(), s)
		require.NoError(b, err, s)
	}
}

// files is everything that stands in the data directory, write-ahead log included.
func (b *bench) files() string {
	b.Helper()
	var all strings.Builder
	require.NoError(b, filepath.WalkDir(b.dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		all.Write(content)
		return err
	}))
	return all.String()
}

func duty(t testing.TB, duties []breach.Duty, name breach.DutyName) breach.Duty {
	t.Helper()
	for _, d := range duties {
		if d.Duty == name {
			return d
		}
	}
	require.Fail(t, "not owed", "%s", name)
	return breach.Duty{}
}
