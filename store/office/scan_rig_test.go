package office_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/exposure"
	"chipproof/exposure/crawl"
	"chipproof/exposure/job"
	"chipproof/exposure/report"
	"chipproof/mfa"
	"chipproof/store"
	"chipproof/store/office"
)

// agency is an office with one owner of tasks, and a web site of its own.
type agency struct {
	testing.TB
	dir  string
	sign *audit.Key
	ring *mfa.Keyring

	store  *store.Store
	log    *store.AuditLog
	key    exposure.Key
	scans  *office.Scans
	tasks  *office.Tasks
	assets *office.Assets
	runner *job.Runner

	mu   sync.Mutex
	now  time.Time
	site map[string]page // by path with query
	down bool
}

// page is what the site answers.
type page struct {
	status int
	kind   string
	body   string
	token  string // without this Authorization it is 401
}

var officer = job.Actor{ID: "u-dpo", Session: "s-1"}

const owner = "u-owner"

func newAgency(t testing.TB) *agency {
	t.Helper()
	a := &agency{TB: t, dir: filepath.Join(t.TempDir(), "data"), now: time.Date(2026, 11, 25, 2, 0, 0, 0, time.UTC), site: map[string]page{}}
	var err error
	a.sign, err = audit.GenerateKey(rand.Reader)
	require.NoError(t, err)
	a.ring, err = mfa.NewKeyring(rand.Reader)
	require.NoError(t, err)
	a.open(store.Create)
	t.Cleanup(a.close)
	require.NoError(t, a.store.Update(t.Context(), func(tx mfa.Tx) error {
		_, err := tx.InsertUser(t.Context(), mfa.User{ID: owner, Name: "owner", Role: mfa.RoleStaff, Created: a.clock()})
		return err
	}))
	return a
}

// clock goes on by a millisecond each time it is looked at.
func (a *agency) clock() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.now = a.now.Add(time.Millisecond)
	return a.now
}

func (a *agency) later(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.now = a.now.Add(d)
}

// open opens the office as a process of its own would.
func (a *agency) open(how func(context.Context, string, store.Options) (*store.Store, error)) {
	a.Helper()
	var err error
	a.log, err = store.NewAuditLog(store.AuditOptions{Key: a.sign, Interval: time.Hour, Clock: a.clock})
	require.NoError(a, err)
	a.store, err = how(a.Context(), a.dir, store.Options{Recorder: a.log, Program: store.Office})
	require.NoError(a, err)
	a.log.Attach(a.store)
	a.key, err = office.ExposureKey(a.Context(), a.store, a.log, a.ring, officer, rand.Reader, a.clock())
	require.NoError(a, err)
	a.scans = office.NewScans(a.store, a.log, a.key, a.clock)
	a.tasks = office.NewTasks(a.store, a.log, a.key)
	a.assets = office.NewAssets(a.store, a.log)
	a.runner = a.newRunner(a.scans)
}

func (a *agency) close() {
	if a.store != nil {
		assert.NoError(a, a.log.Close(context.Background()))
		assert.NoError(a, a.store.Close())
		a.store = nil
	}
}

// outside is an address that counts as public; the dialler leads it to the site.
type outside struct{ at netip.Addr }

func (o outside) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return []netip.Addr{o.at}, nil
}

func (a *agency) newRunner(l job.Ledger) *job.Runner {
	a.Helper()
	server := httptest.NewServer(http.HandlerFunc(a.serve))
	a.Cleanup(server.Close)
	return job.NewRunner(job.Options{
		Ledger: l, Places: a.scans, Holds: a.scans, Key: a.key, Version: "1.0", Now: a.clock, Workers: 2,
		Fetch: crawl.Options{
			Resolver: outside{netip.MustParseAddr("8.8.4.4")},
			Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
			},
		},
	})
}

func (a *agency) serve(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	p, there := a.site[r.URL.RequestURI()]
	down := a.down
	a.mu.Unlock()
	switch {
	case down:
		w.WriteHeader(http.StatusServiceUnavailable)
	case !there:
		http.NotFound(w, r)
	case p.token != "" && r.Header.Get("Authorization") != p.token:
		w.WriteHeader(http.StatusUnauthorized)
	default:
		if p.kind != "" {
			w.Header().Set("Content-Type", p.kind)
		}
		if p.status != 0 {
			w.WriteHeader(p.status)
		}
		fmt.Fprint(w, p.body)
	}
}

// publish puts pages on the site; withdraw takes one off.
func (a *agency) publish(path, body string) { a.answer(path, page{body: body}) }

func (a *agency) answer(path string, p page) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.site[path] = p
}

func (a *agency) withdraw(path string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.site, path)
}

const (
	scope = "# chipproof scope\nowner: เทศบาลตำบลตัวอย่าง\ncontact: dpo@banlat.go.th\nexpires: 2027-12-31\nhost: www.agency.test\n"
	home  = "http://www.agency.test/"
)

// people are synthetic; the numbers have right check digits.
const (
	somchai = "นายสมชาย ใจดี เลขประจำตัวประชาชน 1101700230708"
	malee   = "นางสาวมาลี รักไทย เลขประจำตัวประชาชน 1000000000190 โทร 0812345678"
)

// planted is every value that must never be kept or shown.
var planted = []string{"1101700230708", "1000000000190", "สมชาย", "ใจดี", "มาลี", "รักไทย", "0812345678"}

func (a *agency) plan(targets ...string) job.Plan {
	a.Helper()
	p, err := job.ParsePlan(job.Asked{Targets: targets, Scope: []byte(scope), Limits: crawl.Limits{Pause: time.Millisecond}}, a.clock())
	require.NoError(a, err)
	return p
}

// scan runs one from first to last.
func (a *agency) scan(targets ...string) (job.Scan, exposure.Report) {
	a.Helper()
	s, err := a.runner.Begin(a.Context(), officer, a.plan(targets...))
	require.NoError(a, err)
	r, err := a.runner.Run(a.Context(), s.ID, nil)
	require.NoError(a, err)
	return a.one(s.ID), r
}

func (a *agency) one(id string) job.Scan {
	a.Helper()
	s, err := a.scans.One(a.Context(), id)
	require.NoError(a, err)
	return s
}

// found is the register.
func (a *agency) found(f job.Filter) []job.Found {
	a.Helper()
	list, err := a.scans.Findings(a.Context(), f)
	require.NoError(a, err)
	return list
}

// number is the finding of the citizen number at a target.
func (a *agency) number(target string) job.Found {
	a.Helper()
	for _, f := range a.found(job.Filter{Class: "th_citizen_id"}) {
		if f.Target == target {
			return f
		}
	}
	require.Fail(a, "no finding", target)
	return job.Found{}
}

// task opens one about the number at a target.
func (a *agency) task(target string, also ...job.Also) job.Task {
	a.Helper()
	t, err := a.tasks.Open(a.Context(), officer, job.TaskOrder{
		Finding: a.number(target).ID, Owner: owner, Due: a.clock().Add(72 * time.Hour), Also: also,
	}, a.clock())
	require.NoError(a, err)
	return t
}

func (a *agency) state(id string) exposure.TaskState {
	a.Helper()
	t, err := a.tasks.One(a.Context(), id, a.clock())
	require.NoError(a, err)
	return t.State
}

func (a *agency) claim(id string) {
	a.Helper()
	_, err := a.tasks.Claim(a.Context(), job.Actor{ID: owner}, id, a.clock())
	require.NoError(a, err)
}

// entries of the log, oldest first.
func (a *agency) entries(kinds ...audit.Kind) []audit.Entry {
	a.Helper()
	items, err := a.store.List(a.Context(), store.AuditFilter{Kinds: kinds, Limit: 1000})
	require.NoError(a, err)
	out := make([]audit.Entry, len(items))
	for i, x := range items {
		out[len(items)-1-i] = x.Entry
	}
	return out
}

// folder writes files and gives where they are.
func (a *agency) folder(files map[string]string) string {
	a.Helper()
	dir := a.TempDir()
	for name, content := range files {
		a.write(dir, name, content)
	}
	return dir
}

func (a *agency) write(dir, name, content string) {
	a.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	require.NoError(a, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(a, os.WriteFile(path, []byte(content), 0o600))
}

// json is a report as the commands print it.
func (a *agency) json(r exposure.Report) string {
	a.Helper()
	var out strings.Builder
	require.NoError(a, report.JSON(&out, r))
	return out.String()
}

// writeKeys writes the key files that a backup takes along, as setup does.
func (a *agency) writeKeys(k store.KeyFiles) {
	a.Helper()
	signing, err := a.sign.Reveal()
	require.NoError(a, err)
	pepper, err := mfa.NewKeyring(rand.Reader)
	require.NoError(a, err)
	accounts, err := mfa.New(mfa.Config{Store: a.store, Keys: a.ring, Pepper: pepper, Issuer: "เทศบาลตัวอย่าง", Clock: a.clock})
	require.NoError(a, err)
	require.NoError(a, accounts.InitKeys(a.Context()))
	names, err := audit.NewPseudonymRing(rand.Reader)
	require.NoError(a, err)
	for path, content := range map[string][]byte{k.Audit: signing, k.Secrets: a.ring.Reveal(), k.Pepper: pepper.Reveal(), k.Pseudonyms: names.Reveal()} {
		require.NoError(a, os.WriteFile(path, content, 0o600))
	}
}
