package counter_test

import (
	"database/sql"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api/apitest"
	"chipproof/audit"
	"chipproof/proofing"
	storecounter "chipproof/store/counter"
)

// use is a request of a site, as verified at the office's time.
func use(o *apitest.Office, jti, nonce string) proofing.RequestUse {
	return proofing.RequestUse{Issuer: site, JTI: jti, Nonce: nonce, Until: o.Clock.Now().Add(3 * time.Minute)}
}

func reserve(o *apitest.Office, u proofing.RequestUse, id string) bool {
	o.Helper()
	reserved, err := o.Records.ReserveRequest(o.Context(), u, id, o.Clock.Now())
	require.NoError(o, err)
	return reserved
}

// proof §11, Q17 to Q19.
func TestARequestCountsOnceByItsIDAndByItsNonce(t *testing.T) {
	o := apitest.New(t)
	assert.True(t, reserve(o, use(o, "jti-1", "nonce-1"), "a"))
	assert.False(t, reserve(o, use(o, "jti-1", "nonce-1"), "b"), "the same request")
	assert.False(t, reserve(o, use(o, "jti-2", "nonce-1"), "b"), "a new id with a used nonce")
	assert.False(t, reserve(o, use(o, "jti-1", "nonce-2"), "b"), "a used id with a new nonce")
	assert.True(t, reserve(o, use(o, "jti-2", "nonce-2"), "b"), "what was refused has burnt nothing")

	other := use(o, "jti-1", "nonce-1")
	other.Issuer = "https://other.example"
	assert.True(t, reserve(o, other, "c"), "the same values of another site")
}

func TestOfFiftyWhoSendOneRequestOneIsAnswered(t *testing.T) {
	o := apitest.New(t)
	u := use(o, "jti-1", "nonce-1")
	var won atomic.Int32
	twice(t, o, func(r *storecounter.Records) {
		reserved, err := r.ReserveRequest(t.Context(), u, "a", o.Clock.Now())
		assert.NoError(t, err)
		if reserved {
			won.Add(1)
		}
	})
	assert.EqualValues(t, 1, won.Load())
}

// proof §11, Q21.
func TestARequestIsFreeAgainOnlyWithoutADecision(t *testing.T) {
	for name, row := range map[string]struct {
		happens func(*apitest.Office, proofing.RequestUse) error
		free    bool
	}{
		"the card left": {func(o *apitest.Office, u proofing.RequestUse) error {
			return o.Records.EndProofing(o.Context(), proofing.Ending{ID: "a", Code: "card_removed", At: o.Clock.Now(), Use: u})
		}, true},
		"it was taken back": {func(o *apitest.Office, u proofing.RequestUse) error {
			return o.Records.FreeRequest(o.Context(), u, "a")
		}, true},
		"it was decided": {func(o *apitest.Office, u proofing.RequestUse) error {
			r := record(o)
			r.ID, r.Use = "a", u
			_, err := o.Records.RecordProofing(o.Context(), r)
			return err
		}, false},
		"the clerk said no": {func(o *apitest.Office, u proofing.RequestUse) error {
			return o.Records.EndProofing(o.Context(), proofing.Ending{ID: "a", Code: "declined", At: o.Clock.Now(), Use: u, Final: true})
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			o := apitest.New(t)
			u := use(o, "jti-1", "nonce-1")
			require.True(t, reserve(o, u, "a"))
			require.NoError(t, row.happens(o, u))
			require.NoError(t, o.Records.FreeRequest(t.Context(), use(o, "jti-1", "another nonce"), "a"), "half of a request frees nothing")
			assert.Equal(t, row.free, reserve(o, u, "b"))
			if !row.free {
				require.NoError(t, o.Records.FreeRequest(t.Context(), u, "a"))
				assert.False(t, reserve(o, u, "c"), "what is used is not freed")
			}
		})
	}
}

func TestOnlyTheProofingThatReservedARequestUsesIt(t *testing.T) {
	o := apitest.New(t)
	u := use(o, "jti-1", "nonce-1")
	r := record(o)
	r.ID, r.Use = "a", u
	_, err := o.Records.RecordProofing(t.Context(), r)
	assert.ErrorIs(t, err, storecounter.ErrNotReserved, "nobody has reserved it")
	require.True(t, reserve(o, u, "another"))
	_, err = o.Records.RecordProofing(t.Context(), r)
	assert.ErrorIs(t, err, storecounter.ErrNotReserved, "somebody else has")
	err = o.Records.EndProofing(t.Context(), proofing.Ending{ID: "a", At: o.Clock.Now(), Use: u, Final: true})
	assert.ErrorIs(t, err, storecounter.ErrNotReserved)
	assert.Empty(t, o.Entries(audit.KindProofing, audit.KindProofingEnd), "and nothing is recorded of it")

	r.ID = "another"
	_, err = o.Records.RecordProofing(t.Context(), r)
	require.NoError(t, err)
	_, err = o.Records.RecordProofing(t.Context(), r)
	assert.ErrorIs(t, err, storecounter.ErrNotReserved, "one request, one decision")
}

// An attempt that ends twice, or late, frees nothing of the one that came after it.
func TestOnlyTheProofingThatReservedARequestFreesIt(t *testing.T) {
	o := apitest.New(t)
	u := use(o, "jti-1", "nonce-1")
	require.True(t, reserve(o, u, "a"))
	require.NoError(t, o.Records.FreeRequest(t.Context(), u, "a"))
	require.True(t, reserve(o, u, "b"))
	require.NoError(t, o.Records.FreeRequest(t.Context(), u, "a"))
	assert.False(t, reserve(o, u, "c"))
	require.NoError(t, o.Records.EndProofing(t.Context(), proofing.Ending{ID: "a", Code: "card_removed", At: o.Clock.Now(), Use: u}))
	assert.False(t, reserve(o, u, "c"))
	assert.Len(t, o.Entries(audit.KindProofingEnd), 1, "how it ended is written down all the same")
	r := record(o)
	r.ID, r.Use = "b", u
	_, err := o.Records.RecordProofing(t.Context(), r)
	assert.NoError(t, err, "the one that has it is not disturbed")
}

// agent-security §11, row 29: somebody moves the machine's clock, and back again.
func TestAClockThatJumpsAheadAndBackMakesNoRoomForAReplay(t *testing.T) {
	for name, ahead := range map[string]time.Duration{"two hours": 2 * time.Hour, "a day": 24 * time.Hour, "four weeks": 28 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			o := apitest.New(t)
			used, open := use(o, "jti-1", "nonce-1"), use(o, "jti-2", "nonce-2")
			require.True(t, reserve(o, used, "a"))
			require.True(t, reserve(o, open, "b"))
			r := record(o)
			r.ID, r.Use = "a", used
			_, err := o.Records.RecordProofing(t.Context(), r)
			require.NoError(t, err)
			o.Clock.Forward(ahead)
			require.True(t, reserve(o, use(o, "jti-3", "nonce-3"), "c"))
			o.Clock.Forward(-ahead)
			assert.False(t, reserve(o, used, "d"), "what was used")
			assert.False(t, reserve(o, open, "d"), "what is being answered")
		})
	}
}

func TestRequestsAreForgottenOnceTheyAreLongOutOfDate(t *testing.T) {
	o := apitest.New(t)
	u := use(o, "jti-1", "nonce-1")
	require.True(t, reserve(o, u, "a"))
	o.Clock.Forward(4 * time.Minute)
	assert.False(t, reserve(o, u, "b"), "a clock that is set back finds it still")
	r := record(o)
	r.ID, r.Use = "a", u
	_, err := o.Records.RecordProofing(t.Context(), r)
	assert.NoError(t, err, "a proofing may last for longer than its request is good")
	o.Clock.Forward(29 * 24 * time.Hour)
	assert.True(t, reserve(o, use(o, "jti-2", "nonce-2"), "b"))
	assert.Equal(t, 2, count(o, "signed_request"))
	o.Clock.Forward(24 * time.Hour)
	assert.True(t, reserve(o, use(o, "jti-3", "nonce-3"), "c"))
	assert.Equal(t, 2, count(o, "signed_request"), "the first is gone")
}

func TestNoIDAndNoNonceStandsInTheDatabase(t *testing.T) {
	o := apitest.New(t)
	u := use(o, "jti-to-be-found", "nonce-to-be-found")
	require.True(t, reserve(o, u, "a"))
	r := record(o)
	r.ID, r.Use = "a", u
	_, err := o.Records.RecordProofing(t.Context(), r)
	require.NoError(t, err)
	dump := dumped(o)
	assert.Contains(t, dump, site)
	assert.NotContains(t, dump, "to-be-found")
}

func count(o *apitest.Office, table string) (n int) {
	o.Helper()
	require.NoError(o, o.Store.Read(o.Context(), func(tx *sql.Tx) error {
		return tx.QueryRowContext(o.Context(), `SELECT count(*) FROM `+table).Scan(&n)
	}))
	return n
}

// dumped is every row of the tables of proofings and of the audit log.
func dumped(o *apitest.Office) string {
	o.Helper()
	var text strings.Builder
	require.NoError(o, o.Store.Read(o.Context(), func(tx *sql.Tx) error {
		for _, table := range []string{"signed_request", "proofing", "audit_entry"} {
			rows, err := tx.QueryContext(o.Context(), `SELECT * FROM `+table)
			if err != nil {
				return err
			}
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			for rows.Next() {
				values := make([]sql.RawBytes, len(columns))
				into := make([]any, len(columns))
				for i := range values {
					into[i] = &values[i]
				}
				if err := rows.Scan(into...); err != nil {
					return err
				}
				fmt.Fprintf(&text, "%s\n", values)
			}
			if err := rows.Err(); err != nil {
				return err
			}
		}
		return nil
	}))
	return text.String()
}
