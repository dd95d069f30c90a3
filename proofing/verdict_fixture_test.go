package proofing_test

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
)

// fullDesk can do all that a desk can be set up for.
var fullDesk = proofing.Desk{Attended: true, Issuer: true}

// proofExample is the part of proof §10 that the rules are about, as it stands
// there.
const proofExample = `{
  "decision": "accepted",
  "facts": [
    {"kind": "card_face_typed",    "outcome": "not_done"},
    {"kind": "id_checksum",        "outcome": "passed", "at": "2026-11-21T09:30:02+07:00", "by": "agent",  "how": "check digit"},
    {"kind": "laser_typed",        "outcome": "not_done"},
    {"kind": "typed_matches_chip", "outcome": "not_done"},
    {"kind": "chip_read",          "outcome": "passed", "at": "2026-11-21T09:30:02+07:00", "by": "agent",  "how": "simulator"},
    {"kind": "chip_photo",         "outcome": "passed", "at": "2026-11-21T09:30:04+07:00", "by": "agent",  "how": "simulator"},
    {"kind": "card_not_expired",   "outcome": "passed", "at": "2026-11-21T09:30:02+07:00", "by": "agent",  "how": "expiry date on chip"},
    {"kind": "issuer_status",      "outcome": "passed", "at": "2026-11-21T09:30:05+07:00", "by": "dopa",   "how": "chip data"},
    {"kind": "issuer_attributes",  "outcome": "not_done"},
    {"kind": "card_inspected",     "outcome": "passed", "at": "2026-11-21T09:30:12+07:00", "by": "u-0042", "how": "in person"},
    {"kind": "face_visual",        "outcome": "passed", "at": "2026-11-21T09:30:12+07:00", "by": "u-0042", "how": "in person, against chip photo"},
    {"kind": "face_biometric",     "outcome": "not_done"},
    {"kind": "liveness_pad",       "outcome": "not_done"},
    {"kind": "second_evidence",    "outcome": "not_done"},
    {"kind": "contact_confirmed",  "outcome": "not_done"},
    {"kind": "thaid_login",        "outcome": "not_done"}
  ],
  "assurance": [
    {"scheme": "th-etda", "rules_version": "0", "candidate_level": "IAL2.2", "unconfirmed": true,
     "met": ["chip_read", "chip_photo", "face_visual", "issuer_status"],
     "unmet": [{"level": "IAL2.3", "needs": ["face_biometric"]}, {"level": "IAL3", "needs": ["face_biometric", "second_evidence"]}],
     "next_step": []},
    {"scheme": "nist-800-63a-4", "rules_version": "0", "candidate_level": "IAL1", "unconfirmed": true,
     "met": ["chip_read", "face_visual", "issuer_status"],
     "unmet": [{"level": "IAL2", "needs": ["second_evidence"]}],
     "next_step": []}
  ]
}`

type example struct {
	Decision  proofing.Decision `json:"decision"`
	Facts     proofing.Facts    `json:"facts"`
	Assurance jsontext.Value    `json:"assurance"`
}

func readExample(tb testing.TB) example {
	tb.Helper()
	var e example
	require.NoError(tb, json.Unmarshal([]byte(proofExample), &e))
	return e
}

func exampleAt() time.Time { return time.Date(2026, 11, 21, 2, 30, 15, 0, time.UTC) }

func shipped(tb testing.TB, purpose string) proofing.Purpose {
	tb.Helper()
	p, known := proofing.DefaultPolicy().Purpose(purpose)
	require.True(tb, known)
	return p
}

func TestTheExampleOfTheProofPageComesOutAsItStandsThere(t *testing.T) {
	e := readExample(t)

	v := proofing.Decide(proofing.Case{
		Purpose: shipped(t, proofing.IdentityProofing),
		Needs:   []proofing.Kind{proofing.FaceVisual, proofing.CardInspected},
		Facts:   e.Facts, Desk: fullDesk, At: exampleAt(),
	}, proofing.CurrentSchemes())

	assert.Equal(t, e.Decision, v.Decision)
	assert.Empty(t, v.Reasons)
	assert.Equal(t, e.Facts, v.Facts)
	got, err := json.Marshal(v.Assurance)
	require.NoError(t, err)
	want := e.Assurance.Clone()
	require.NoError(t, want.Compact())
	assert.Equal(t, string(want), string(got), "each member, in this order and spelling")
}
