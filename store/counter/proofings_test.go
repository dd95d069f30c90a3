package counter_test

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api/apitest"
	"chipproof/audit"
	"chipproof/proofing"
	"chipproof/store"
	storecounter "chipproof/store/counter"
)

var clerk = proofing.Actor{ID: "user-2", Session: "session-2"}

// record is a proofing in which everything is said that can be.
func record(o *apitest.Office) proofing.Record {
	at := proofing.StampOf(o.Clock.Now())
	candidate, level := "IAL2.2", "IAL1"
	none := ""
	return proofing.Record{
		ID: "proofing-1", Origin: site, Audience: "our-app", Purpose: "identity_proofing", PolicyVersion: "1", PolicyDigest: "d1",
		Fields: []string{"citizen_id", "name"}, Needs: []proofing.Kind{proofing.FaceVisual}, Pseudonym: "p00000000.2026.synthetic",
		By: clerk, Approval: "approval-1", Approver: "user-3", Test: true, At: o.Clock.Now(),
		Desk: proofing.Desk{Attended: true, Issuer: true}, SchemeVersions: map[string]string{"th-etda": "0", "nist-800-63a-4": "0"},
		Verdict: proofing.Verdict{
			Decision: proofing.Rejected, Reasons: []string{"issuer_status_failed"},
			Facts: proofing.NewFacts(
				proofing.Fact{Kind: proofing.ChipRead, Outcome: proofing.Passed, At: at, By: proofing.ByAgent, How: proofing.BySimulator},
				proofing.Fact{Kind: proofing.IssuerStatus, Outcome: proofing.Failed, At: at, By: proofing.ByDOPA, How: proofing.ByChipData, Code: "1", Desc: "ข้อความของผู้ออกบัตร"},
				proofing.Fact{Kind: proofing.CardInspected, Outcome: proofing.Passed, At: at, By: clerk.ID, How: proofing.InPerson, PrintedExpiry: proofing.PrintedInForce},
				proofing.Fact{Kind: proofing.TypedMatchesChip, Outcome: proofing.Failed, At: at, By: proofing.ByAgent, How: proofing.ByComparison, Fields: []string{"last_name"}},
			),
			Assurance: []proofing.Assurance{
				{Scheme: "th-etda", RulesVersion: "0", CandidateLevel: &candidate, Unconfirmed: true, Met: []proofing.Kind{proofing.ChipRead}, Unmet: []proofing.Unmet{{Level: "IAL2.3", Needs: []proofing.Kind{proofing.FaceBiometric}}}, NextStep: []proofing.Kind{}},
				{Scheme: "nist-800-63a-4", RulesVersion: "0", CandidateLevel: &none, Unconfirmed: true, Met: []proofing.Kind{}, Unmet: []proofing.Unmet{}, NextStep: []proofing.Kind{}},
				{Scheme: "confirmed", RulesVersion: "1", Level: &level, Met: []proofing.Kind{}, Unmet: []proofing.Unmet{}, NextStep: []proofing.Kind{}},
			},
		},
	}
}

func recorded(o *apitest.Office, r proofing.Record) string {
	o.Helper()
	txn, err := o.Records.RecordProofing(o.Context(), r)
	require.NoError(o, err)
	return txn
}

func TestAProofingIsARowAndAnEntryAndTheOriginsLastUse(t *testing.T) {
	o := apitest.New(t)
	_, err := o.Records.SaveOrigin(t.Context(), admin, entry(o))
	require.NoError(t, err)
	r := record(o)
	r.Txn = recorded(o, r)
	assert.Equal(t, "pf-20261123-000001", r.Txn)

	kept, found, err := o.Records.Proofing(t.Context(), r.Txn)
	require.NoError(t, err)
	require.True(t, found)
	assert.Equal(t, r, kept)
	_, found, err = o.Records.Proofing(t.Context(), "pf-20261123-000002")
	require.NoError(t, err)
	assert.False(t, found)

	entries := o.Entries(audit.KindProofing)
	require.Len(t, entries, 1)
	e := entries[0]
	assert.Equal(t, clerk.ID, e.Actor)
	assert.Equal(t, clerk.Session, e.Session)
	assert.Equal(t, r.Pseudonym, e.Subject)
	assert.Equal(t, audit.ClassProofing, e.Class)
	assert.Regexp(t, `^[0-9a-f]{64}$`, e.Attributes["record"])
	delete(e.Attributes, "record")
	assert.Equal(t, map[string]string{
		"proofing": "proofing-1", "txn": r.Txn, "origin": site, "audience": "our-app", "purpose": "identity_proofing", "policy": "1",
		"fields": "citizen_id name", "pseudonym": r.Pseudonym, "approval": "approval-1", "approver": "user-3", "mode": "test",
		"decision": "rejected", "reasons": "issuer_status_failed", "issuer_code": "1",
		"facts": "card_face_typed=not_done id_checksum=not_done laser_typed=not_done typed_matches_chip=failed chip_read=passed chip_photo=not_done" +
			" card_not_expired=not_done issuer_status=failed issuer_attributes=not_done card_inspected=passed face_visual=not_done" +
			" face_biometric=not_done liveness_pad=not_done second_evidence=not_done contact_confirmed=not_done thaid_login=not_done",
		"levels": "th-etda=IAL2.2? nist-800-63a-4=none? confirmed=IAL1",
	}, e.Attributes)
	for name, value := range e.Attributes {
		assert.NotContains(t, value, "ข้อความ", "the issuer's words are no part of %s", name)
	}
	origin, _, err := o.Records.Origin(t.Context(), site)
	require.NoError(t, err)
	assert.Equal(t, o.Clock.Now(), origin.LastUse)
}

func TestTheLongestFactsFitIntoAnEntry(t *testing.T) {
	o := apitest.New(t)
	r := record(o)
	r.Verdict.Reasons = nil
	for i, f := range r.Verdict.Facts {
		r.Verdict.Facts[i].Outcome = proofing.Indeterminate
		r.Verdict.Reasons = append(r.Verdict.Reasons, string(f.Kind)+"_"+string(proofing.Indeterminate))
	}
	recorded(o, r)
	a := o.Entries(audit.KindProofing)[0].Attributes
	assert.Contains(t, a["facts"], "thaid_login=indeterminate", "the last one is there whole")
	assert.Contains(t, a["reasons"], "thaid_login_indeterminate")
}

func TestProofingsAreNumberedByTheDayOfThailand(t *testing.T) {
	o := apitest.New(t) // eight in the morning of Monday the 23rd
	next := func() string {
		r := record(o)
		r.ID = fmt.Sprint(o.Clock.Now().UnixNano(), count(o, "proofing"))
		return recorded(o, r)
	}
	assert.Equal(t, "pf-20261123-000001", next())
	assert.Equal(t, "pf-20261123-000002", next())
	o.Clock.Forward(16*time.Hour - time.Second)
	assert.Equal(t, "pf-20261123-000003", next(), "a second before midnight")
	o.Clock.Forward(time.Second)
	assert.Equal(t, "pf-20261124-000001", next(), "midnight in Bangkok, and not in Greenwich")
}

func TestNoNumberIsGivenTwice(t *testing.T) {
	o := apitest.New(t)
	var (
		mu   sync.Mutex
		seen = map[string]bool{}
	)
	twice(t, o, func(r *storecounter.Records) {
		mu.Lock()
		p := record(o)
		p.ID = fmt.Sprint("proofing-", len(seen), "-", time.Now().UnixNano())
		mu.Unlock()
		txn, err := r.RecordProofing(t.Context(), p)
		assert.NoError(t, err)
		mu.Lock()
		defer mu.Unlock()
		assert.False(t, seen[txn], txn)
		seen[txn] = true
	})
	assert.Len(t, seen, 50)
	assert.True(t, seen["pf-20261123-000050"], "and without gaps")
}

func TestARowThatWasChangedIsNotBelieved(t *testing.T) {
	o := apitest.New(t)
	txn := recorded(o, record(o))
	require.NoError(t, o.Store.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE proofing SET record = CAST(replace(record, '"rejected"', '"accepted"') AS BLOB)`)
		return err
	}))
	_, _, err := o.Records.Proofing(t.Context(), txn)
	assert.ErrorIs(t, err, storecounter.ErrRecordChanged)
}

func TestAnAttemptThatEndsAndWhatAClerkSawAreEntries(t *testing.T) {
	o := apitest.New(t)
	require.NoError(t, o.Records.EndProofing(t.Context(), proofing.Ending{
		ID: "proofing-1", Origin: site, Purpose: "identity_proofing", Fields: []string{"name"}, By: clerk, Code: "card_removed", At: o.Clock.Now(), Test: true,
	}))
	ended := o.Entries(audit.KindProofingEnd)
	require.Len(t, ended, 1)
	assert.Equal(t, clerk.ID, ended[0].Actor)
	assert.Empty(t, ended[0].Subject)
	assert.Equal(t, map[string]string{
		"proofing": "proofing-1", "origin": site, "purpose": "identity_proofing", "fields": "name", "code": "card_removed", "mode": "test",
	}, ended[0].Attributes)

	require.NoError(t, o.Records.RecordStated(t.Context(), proofing.Stated{
		Proofing: "proofing-1", Fact: proofing.CardInspected, Outcome: proofing.Failed, PrintedExpiry: proofing.PrintedExpired, By: clerk, At: o.Clock.Now(),
	}))
	stated := o.Entries(audit.KindFactsStated)
	require.Len(t, stated, 1)
	assert.Equal(t, clerk.ID, stated[0].Actor)
	assert.Equal(t, map[string]string{"proofing": "proofing-1", "facts": "card_inspected=failed", "printed_expiry": "expired"}, stated[0].Attributes)
}

// Retention and erasure of the log take the rows along (assurance §5.4).
func TestARowLivesAsLongAsItsEntry(t *testing.T) {
	o := apitest.New(t)
	r := record(o)
	erased := recorded(o, r)
	number := o.Entries(audit.KindProofing)[0].Number
	r.ID = "proofing-2"
	old := recorded(o, r)
	_, err := o.Log.Erase(t.Context(), store.AuditBy{Actor: "os:0"}, "asked for", number)
	require.NoError(t, err)
	for txn, want := range map[string]bool{erased: false, old: true} {
		_, found, err := o.Records.Proofing(t.Context(), txn)
		require.NoError(t, err)
		assert.Equal(t, want, found, txn)
	}

	o.Clock.Forward(91 * 24 * time.Hour)
	r.ID, r.At = "proofing-3", o.Clock.Now()
	young := recorded(o, r)
	retained := func(p audit.Policy) {
		_, err := o.Log.Retain(t.Context(), store.AuditBy{}, p)
		require.NoError(t, err)
	}
	retained(audit.Policy{audit.ClassRead: audit.LeastRetention})
	_, found, err := o.Records.Proofing(t.Context(), old)
	require.NoError(t, err)
	assert.True(t, found, "a policy about something else leaves it")
	retained(audit.Policy{audit.ClassProofing: audit.LeastRetention})
	for txn, want := range map[string]bool{old: false, young: true} {
		_, found, err := o.Records.Proofing(t.Context(), txn)
		require.NoError(t, err)
		assert.Equal(t, want, found, txn)
	}
	assert.Equal(t, 1, count(o, "proofing"))
}

// Whatever can't be written down has not happened (design §6, step 8).
func TestAProofingWithoutItsEntryHasNotHappened(t *testing.T) {
	o := apitest.New(t)
	_, err := o.Records.SaveOrigin(t.Context(), admin, entry(o))
	require.NoError(t, err)
	u := use(o, "jti-1", "nonce-1")
	require.True(t, reserve(o, u, "proofing-1"))
	require.NoError(t, o.Store.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'full'); END`)
		return err
	}))
	r := record(o)
	r.Use = u
	for name, act := range map[string]func(context.Context) error{
		"proofing": func(ctx context.Context) error { _, err := o.Records.RecordProofing(ctx, r); return err },
		"end": func(ctx context.Context) error {
			return o.Records.EndProofing(ctx, proofing.Ending{ID: r.ID, At: r.At, Use: u, Final: true})
		},
		"end, free": func(ctx context.Context) error {
			return o.Records.EndProofing(ctx, proofing.Ending{ID: r.ID, At: r.At, Use: u})
		},
		"stated": func(ctx context.Context) error { return o.Records.RecordStated(ctx, proofing.Stated{At: r.At}) },
		"policy": func(ctx context.Context) error {
			return o.Records.UsePolicy(ctx, admin, "1", "d1", []byte("x"), r.At)
		},
	} {
		assert.ErrorIs(t, act(t.Context()), audit.ErrUnavailable, name)
	}
	require.NoError(t, o.Store.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `DROP TRIGGER full`)
		return err
	}))
	assert.Zero(t, count(o, "proofing"))
	assert.Zero(t, count(o, "policy"))
	assert.False(t, reserve(o, u, "another"), "reserved as before")
	assert.Equal(t, "pf-20261123-000001", recorded(o, r), "no number is lost, and the request still good for this proofing")
}

func TestAPolicyIsKeptAndItsChangeIsAnEntry(t *testing.T) {
	o := apitest.New(t)
	_, found, err := o.Records.PolicyInUse(t.Context())
	require.NoError(t, err)
	assert.False(t, found, "before the first start")
	for _, step := range []struct {
		version, digest string
		entries         int
	}{{"1", "d1", 1}, {"1", "d1", 1}, {"2", "d2", 2}, {"1", "d1", 3}, {"1", "d1", 3}} {
		require.NoError(t, o.Records.UsePolicy(t.Context(), admin, step.version, step.digest, []byte("policy "+step.digest), o.Clock.Now()))
		assert.Len(t, o.Entries(audit.KindPurposes), step.entries, step.digest)
		inUse, found, err := o.Records.PolicyInUse(t.Context())
		require.NoError(t, err)
		assert.True(t, found)
		assert.Equal(t, "policy "+step.digest, string(inUse))
	}
	changes := o.Entries(audit.KindPurposes)
	assert.Equal(t, map[string]string{"version": "1", "digest": "d1"}, changes[0].Attributes)
	assert.Equal(t, map[string]string{"version": "2", "digest": "d2", "before": "d1"}, changes[1].Attributes)
	assert.Equal(t, admin.ID, changes[1].Actor)
	for _, digest := range []string{"d1", "d2"} {
		content, found, err := o.Records.Policy(t.Context(), digest)
		require.NoError(t, err)
		assert.True(t, found)
		assert.Equal(t, "policy "+digest, string(content))
	}
	all, err := o.Records.Policies(t.Context())
	require.NoError(t, err)
	assert.Equal(t, [][]byte{[]byte("policy d1"), []byte("policy d2")}, all)
	_, found, err = o.Records.Policy(t.Context(), "d3")
	require.NoError(t, err)
	assert.False(t, found)
}

func TestAVersionOfAPolicyIsTheNameOfOneContent(t *testing.T) {
	o := apitest.New(t)
	use := func(version, digest string) error {
		return o.Records.UsePolicy(t.Context(), admin, version, digest, []byte("policy "+digest), o.Clock.Now())
	}
	require.NoError(t, use("1", "d1"))
	assert.ErrorIs(t, use("1", "d2"), storecounter.ErrPolicyVersionUsed)
	require.NoError(t, use("2", "d2"))
	assert.ErrorIs(t, use("1", "d3"), storecounter.ErrPolicyVersionUsed, "also when another is in use by now")

	assert.Len(t, o.Entries(audit.KindPurposes), 2, "what is refused leaves no trace of having been in use")
	inUse, _, err := o.Records.PolicyInUse(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "policy d2", string(inUse))
}

func TestEachInstallationHasAnAgentOfItsOwnThatKeepsItsName(t *testing.T) {
	seen := map[string]bool{}
	for range 3 {
		o := apitest.New(t)
		id, err := o.Records.AgentID(t.Context())
		require.NoError(t, err)
		assert.Regexp(t, `^agent-[0-9a-f]{8}$`, id)
		again, err := o.Records.AgentID(t.Context())
		require.NoError(t, err)
		assert.Equal(t, id, again)
		seen[id] = true
	}
	assert.Len(t, seen, 3)
}
