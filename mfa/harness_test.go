package mfa_test

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"database/sql"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
	"chipproof/store"
	"chipproof/store/storetest"
)

// cheap is for tests that are not about the cost of a hash.
var cheap = mfa.Argon2{MemoryKiB: 64, Passes: 1, Threads: 1}

var monday = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// clock stands still until a test moves it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// office is a whole installation: a real database, keys, a service over them.
type office struct {
	testing.TB
	*mfa.Service
	dir    string
	store  *store.Store
	config mfa.Config
	clock  *clock
	hashes atomic.Int64 // runs of argon2
}

func newOffice(t testing.TB, change ...func(*mfa.Config)) *office {
	t.Helper()
	o := &office{TB: t, dir: t.TempDir(), clock: &clock{now: monday}}
	var err error
	o.store, err = store.Create(t.Context(), o.dir, store.Options{Recorder: storetest.Recorder{}})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, o.store.Close()) })
	o.config = mfa.Config{
		Store: o.store, Keys: newKeys(t), Pepper: newKeys(t), Issuer: "เทศบาลตัวอย่าง", Agency: []string{"เทศบาลตัวอย่าง", "Tuayang Town"},
		Desk: true, Clock: o.clock.Now, Argon2: cheap, OnHash: func() { o.hashes.Add(1) },
	}
	for _, c := range change {
		c(&o.config)
	}
	o.Service, err = mfa.New(o.config)
	require.NoError(t, err)
	require.NoError(t, o.InitKeys(t.Context()))
	return o
}

func newKeys(t testing.TB) *mfa.Keyring {
	t.Helper()
	k, err := mfa.NewKeyring(rand.Reader)
	require.NoError(t, err)
	return k
}

// person is a synthetic user with a phone and a list of codes in the drawer.
type person struct {
	name, password string
	secret         mfa.Secret
	codes          []mfa.Hidden
}

const goodPassword = "แมวสามตัวข้ามคลอง"

// add makes an account, not enrolled.
func (o *office) add(name string, role mfa.Role) mfa.Invitation {
	o.Helper()
	inv, err := o.AddUser(o.Context(), mfa.ByOS("0"), name, role)
	require.NoError(o, err)
	return inv
}

// enrolled makes an account and goes through its enrolment. Afterwards the next
// step has begun, so that a code can be used.
func (o *office) enrolled(name string, role mfa.Role) *person {
	o.Helper()
	p := &person{name: name, password: goodPassword}
	o.enrol(p, o.add(name, role))
	return p
}

func (o *office) enrol(p *person, inv mfa.Invitation) {
	o.Helper()
	key, err := o.StartEnrolment(o.Context(), inv.Grant, mfa.Hide(p.password))
	require.NoError(o, err)
	if key.ID != "" {
		p.secret = key.Secret
	}
	codes, err := o.FinishEnrolment(o.Context(), inv.Grant, o.code(p))
	require.NoError(o, err)
	if codes != nil {
		p.codes = codes
	}
	o.nextStep()
}

func (o *office) nextStep() { o.clock.Forward(mfa.StepLength) }

// code is what the person's app shows now.
func (o *office) code(p *person) mfa.Hidden { return codeAt(p.secret, mfa.Step(o.clock.Now())) }

// codeAt is RFC 6238 once more, so that no test checks the library by itself.
func codeAt(secret mfa.Secret, step int64) mfa.Hidden {
	key, err := base32.StdEncoding.DecodeString(secret.Reveal())
	if err != nil {
		panic(err)
	}
	h := hmac.New(sha1.New, key)
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(step)))
	sum := h.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	return mfa.Hide(fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%1_000_000))
}

// wrongCode is six digits that no step around now has.
func (o *office) wrongCode(p *person) mfa.Hidden {
	for n := 0; ; n++ {
		code := fmt.Sprintf("%06d", n)
		if _, ok := mfa.Match(p.secret, code, o.clock.Now(), 0); !ok {
			return mfa.Hide(code)
		}
	}
}

func (o *office) tryPassword(name, password string) (mfa.Entry, error) {
	return o.Login(o.Context(), mfa.Login{UserName: name, Password: mfa.Hide(password), Address: "127.0.0.1", Agent: "test browser"})
}

// half is a login with the password alone.
func (o *office) half(p *person) mfa.Entry {
	o.Helper()
	e, err := o.tryPassword(p.name, p.password)
	require.NoError(o, err)
	require.Equal(o, mfa.StateSecondFactorRequired, e.Session.State)
	return e
}

// login is a login with both factors; the next step has begun afterwards.
func (o *office) login(p *person) mfa.Entry {
	o.Helper()
	e, err := o.GiveTOTP(o.Context(), o.half(p).Token, o.code(p))
	require.NoError(o, err)
	require.Equal(o, mfa.StateActive, e.Session.State)
	o.nextStep()
	return e
}

// stepUp gives a fresh second factor; the next step has begun afterwards.
func (o *office) stepUp(e mfa.Entry, p *person) mfa.Entry {
	o.Helper()
	e, err := o.GiveTOTP(o.Context(), e.Token, o.code(p))
	require.NoError(o, err)
	o.nextStep()
	return e
}

func (o *office) session(e mfa.Entry) mfa.Session {
	o.Helper()
	s, err := o.Session(o.Context(), e.Token)
	require.NoError(o, err)
	return s
}

// gone makes sure that a token opens nothing.
func (o *office) gone(e mfa.Entry, why string) {
	o.Helper()
	_, err := o.Session(o.Context(), e.Token)
	assert.ErrorIs(o, err, mfa.ErrMFARequired, why)
}

// holder is the name of who holds the desk, or nobody.
func (o *office) holder() string {
	o.Helper()
	h, err := o.Holder(o.Context())
	if err != nil {
		require.ErrorIs(o, err, mfa.ErrMFARequired)
		return "nobody"
	}
	return h.User.Name
}

// events are all entries so far; kinds only those of some kinds.
func (o *office) events(kinds ...mfa.EventKind) (list []mfa.Event) {
	o.Helper()
	require.NoError(o, o.store.Write(o.Context(), func(tx *sql.Tx) error {
		all, err := storetest.Events(o.Context(), tx)
		for _, e := range all {
			for _, k := range kinds {
				if e.Kind == k {
					list = append(list, e)
				}
			}
			if len(kinds) == 0 {
				list = append(list, e)
			}
		}
		return err
	}))
	return list
}

// sql runs a statement behind the service's back.
func (o *office) sql(statement string, args ...any) {
	o.Helper()
	require.NoError(o, o.store.Write(o.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(o.Context(), statement, args...)
		return err
	}))
}

// together runs fn n times at once and counts by kind of answer.
func together(n int, fn func(i int) error) (right int, wrong []error) {
	var (
		mu    sync.Mutex
		group sync.WaitGroup
		start = make(chan struct{})
	)
	for i := range n {
		group.Go(func() {
			<-start
			err := fn(i)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				right++
			} else {
				wrong = append(wrong, err)
			}
		})
	}
	close(start)
	group.Wait()
	return right, wrong
}

// mustService is another service over the same store.
func mustService(t testing.TB, o *office, change func(*mfa.Config)) *mfa.Service {
	t.Helper()
	c := o.config
	change(&c)
	s, err := mfa.New(c)
	require.NoError(t, err)
	return s
}

// contextThatEnds is a context, and a function that ends it.
func contextThatEnds(t testing.TB) (context.Context, func()) {
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	return ctx, stop
}
