package mfa_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/argon2"

	"chipproof/mfa"
)

// BenchmarkLogin is one login with both factors over a real database, every
// transaction durable. Its cost is set by argon2id: the metrics say which share
// is that, and how many milliseconds are ours.
func BenchmarkLogin(b *testing.B) {
	o := newOffice(b, func(c *mfa.Config) { c.Argon2 = mfa.DefaultArgon2 })
	p := o.enrolled("malee", mfa.RoleStaff)
	b.ResetTimer()
	for range b.N {
		o.login(p)
	}
	b.StopTimer()
	perLogin := b.Elapsed() / time.Duration(b.N)
	hash := hashCost()
	b.ReportMetric(1/perLogin.Seconds(), "logins/s")
	b.ReportMetric(100*hash.Seconds()/perLogin.Seconds(), "%argon2id")
	b.ReportMetric((perLogin-hash).Seconds()*1000, "own-ms/login")
}

func hashCost() time.Duration {
	const runs = 10
	begin := time.Now()
	for range runs {
		argon2.IDKey(make([]byte, 32), make([]byte, 16), mfa.DefaultArgon2.Passes, mfa.DefaultArgon2.MemoryKiB, mfa.DefaultArgon2.Threads, 32)
	}
	return time.Since(begin) / runs
}

// BenchmarkSession is what every request of the console costs.
func BenchmarkSession(b *testing.B) {
	o := newOffice(b)
	e := o.login(o.enrolled("malee", mfa.RoleStaff))
	for b.Loop() {
		_, err := o.Session(b.Context(), e.Token)
		require.NoError(b, err)
	}
}

// BenchmarkHolder is what every request of a web app costs.
func BenchmarkHolder(b *testing.B) {
	o := newOffice(b)
	o.login(o.enrolled("malee", mfa.RoleStaff))
	for b.Loop() {
		_, err := o.Holder(b.Context())
		require.NoError(b, err)
	}
}

// BenchmarkWrongPassword is a failed login without the cost of its hash: two
// durable transactions, the reserved try and the entry.
func BenchmarkWrongPassword(b *testing.B) {
	o := newOffice(b)
	o.enrolled("malee", mfa.RoleStaff)
	for b.Loop() {
		b.StopTimer()
		require.NoError(b, o.UnlockUser(b.Context(), mfa.ByOS("0"), "malee"))
		b.StartTimer()
		_, err := o.tryPassword("malee", "ไม่ใช่รหัสนี้แน่นอน")
		require.ErrorIs(b, err, mfa.ErrLoginFailed)
	}
}
