package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cmd/internal/program"
	"chipproof/proofing/proof"
)

const (
	agency  = "https://agency.example.go.th"
	asker   = "https://app.example.go.th"
	purpose = "identity_proofing"
	nonce   = "WYVxNuwz3RBEhnJKM4LvVh2tOdXI9WRUPYqA_qa0klM"
)

// relying is what a relying party has at hand: a proof, and the files to check it.
type relying struct {
	testing.TB
	key   *ecdsa.PrivateKey
	made  proof.Proof
	photo []byte
	files string // folder
}

func newRelying(t testing.TB) *relying {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	r := &relying{TB: t, key: key, photo: []byte("stands for a photo"), files: t.TempDir()}
	now := time.Now()
	at := proof.StampOf(now)
	candidate := "IAL2.2"
	digest := proof.DigestOf(r.photo)
	r.made = proof.Proof{
		Issuer: agency, Audience: asker, Nonce: nonce, IssuedAt: now.Unix(), Origin: asker, Purpose: purpose, Txn: "pf-20261121-000417",
		Mode: proof.Production, Agent: proof.Agent{ID: "counter-07", Version: "1.0.0", Build: "7f3c2a9", KeyStorage: "software"},
		Operator: proof.Operator{ID: "u-0042", AMR: []string{"pwd", "otp", "mfa"}, AuthTime: now.Unix() - 60}, Decision: proof.Accepted,
		Facts: []proof.Fact{
			{Kind: "chip_read", Outcome: proof.Passed, At: at, By: "agent", How: "PC/SC reader"},
			{Kind: "issuer_status", Outcome: proof.NotDone},
		},
		Assurance:   []proof.Assurance{{Scheme: "th-etda", RulesVersion: "0", CandidateLevel: &candidate, Unconfirmed: true, Met: []string{}, Unmet: []proof.Unmet{}, NextStep: []string{}}},
		PhotoDigest: &digest,
		Verified: proof.Conceal(proof.VerifiedClaims{
			Verification: proof.Verification{
				TrustFramework: proof.Framework, VerificationProcess: "pf-20261121-000417", Time: at,
				Evidence: []proof.EvidenceItem{{
					Type:            "document",
					CheckDetails:    []proof.CheckDetail{{CheckMethod: "vdig", CheckID: "pf-20261121-000417.chip_read", Time: at}},
					DocumentDetails: &proof.DocumentDetails{Type: "idcard"},
				}},
			},
			Claims: proof.PersonClaims{GivenNameTH: "สมชาย", CitizenID: "1101700230708"},
		}),
	}
	return r
}

func (r *relying) file(name string, content []byte) string {
	r.Helper()
	path := filepath.Join(r.files, name)
	require.NoError(r, os.WriteFile(path, content, 0o600))
	return path
}

func (r *relying) token() string {
	r.Helper()
	token, err := proof.Sign(r.key, r.made)
	require.NoError(r, err)
	return token
}

func (r *relying) kid() string {
	r.Helper()
	kid, err := proof.Thumbprint(&r.key.PublicKey)
	require.NoError(r, err)
	return kid
}

// all names everything that can be checked.
func (r *relying) all() []string {
	r.Helper()
	keys, err := proof.NewKeySet(&r.key.PublicKey)
	require.NoError(r, err)
	return []string{
		"--jwks", r.file("keys.json", keys.JSON()), "--issuer", agency, "--audience", asker, "--origin", asker, "--purpose", purpose,
		"--nonce", nonce, "--photo", r.file("photo.jpg", r.photo),
	}
}

// verify runs `proof verify`, and gives its exit code and what it printed.
func (r *relying) verify(token string, args ...string) (code int, stdout, stderr string) {
	r.Helper()
	var out, err bytes.Buffer
	code = run(context.Background(), append([]string{"--config", os.DevNull, "--lang", "en", "proof", "verify"}, args...),
		program.Streams{In: strings.NewReader(token), Out: &out, Err: &err})
	return code, out.String(), err.String()
}

func TestAGoodProofIsAnsweredWithItsClaims(t *testing.T) {
	r := newRelying(t)
	code, out, _ := r.verify(r.token()+"\n", append(r.all(), "--json")...)
	require.Equal(t, program.ExitYes, code, out)
	var line struct {
		Valid      bool     `json:"valid"`
		Decision   string   `json:"decision"`
		Txn        string   `json:"txn"`
		NotChecked []string `json:"not_checked"`
		Claims     struct {
			Nonce    string `json:"nonce"`
			Verified struct {
				Claims map[string]string `json:"claims"`
			} `json:"verified_claims"`
		} `json:"claims"`
	}
	require.NoError(t, json.Unmarshal([]byte(out), &line))
	assert.True(t, line.Valid)
	assert.Equal(t, proof.Accepted, line.Decision)
	assert.Equal(t, r.made.Txn, line.Txn)
	assert.Equal(t, []string{"jti"}, line.NotChecked, "that it is new is for the relying party to remember")
	assert.Equal(t, nonce, line.Claims.Nonce)
	assert.Equal(t, "1101700230708", line.Claims.Verified.Claims["urn:chipproof:claim:th_citizen_id"])
}

func TestAGoodProofIsToldWithoutAnythingOfThePerson(t *testing.T) {
	r := newRelying(t)
	code, out, _ := r.verify(r.token(), r.all()...)
	require.Equal(t, program.ExitYes, code, out)
	for _, want := range []string{"the proof is good", "accepted", r.made.Txn, "chip_read passed", "issuer_status not_done", "IAL2.2 (candidate, unconfirmed)", "counter-07"} {
		assert.Contains(t, out, want)
	}
	assert.NotContains(t, out, "1101700230708")
	assert.NotContains(t, out, "สมชาย")
}

func TestWhatNobodyNamesIsNotCheckedAndSaidSo(t *testing.T) {
	r := newRelying(t)
	r.all()
	code, out, _ := r.verify(r.token(), "--jwks", filepath.Join(r.files, "keys.json"), "--json")
	assert.Equal(t, program.ExitYes, code)
	assert.Contains(t, out, `"not_checked":["issuer","audience","origin","purpose","nonce","jti","photo"]`)
}

// A variable of a script that is empty by mistake must not switch a check off.
func TestAnEmptyValueIsNoCheckLeftOut(t *testing.T) {
	r := newRelying(t)
	token, args := r.token(), r.all()
	refused := func(name string, more ...string) {
		t.Helper()
		code, out, stderr := r.verify(token, append(args[:len(args):len(args)], more...)...)
		assert.Equal(t, program.ExitNoAnswer, code, name)
		assert.Empty(t, out, name)
		assert.Contains(t, stderr, "chipproof: usage_invalid: ", name)
		assert.Contains(t, stderr, name)
	}
	for _, name := range []string{"jwks", "deny", "issuer", "audience", "origin", "purpose", "nonce", "photo"} {
		refused("--"+name, "--"+name, "")
		refused("--"+name, "--"+name+"=")
		for _, content := range []string{name + `: ""`, "proof:\n  verify:\n    " + name + `: ""`} {
			refused(name, "--config", r.file("chipproof.yaml", []byte("lang: en\n"+content+"\n")))
		}
		t.Run(name, func(t *testing.T) {
			t.Setenv("CHIPPROOF_"+strings.ToUpper(name), "")
			code, out, stderr := r.verify(token, "--test")
			assert.Equal(t, program.ExitNoAnswer, code)
			assert.Empty(t, out)
			assert.Contains(t, stderr, "CHIPPROOF_"+strings.ToUpper(name))
		})
	}
}

// Each step of proof §6 that this command takes refuses under a code of its own.
func TestARefusedProofIsToldWithItsStep(t *testing.T) {
	for code, row := range map[string]struct {
		step   int
		change func(r *relying) (token string, args []string)
	}{
		"proof_malformed": {1, func(r *relying) (string, []string) { return "a.b", nil }},
		"proof_header_refused": {2, func(r *relying) (string, []string) {
			return "e30" + r.token()[strings.Index(r.token(), "."):], nil
		}},
		"proof_key_unknown": {3, func(r *relying) (string, []string) {
			return r.token(), []string{"--deny", r.file("deny", []byte("# revoked\n"+r.kid()+"\n"))}
		}},
		"proof_signature_wrong": {4, func(r *relying) (string, []string) { return swapped(r.token()), nil }},
		"proof_payload_invalid": {5, func(r *relying) (string, []string) { return r.empty(), nil }},
		"proof_issuer_wrong":    {6, func(r *relying) (string, []string) { return r.token(), []string{"--issuer", "https://other.example"} }},
		"proof_audience_wrong":  {7, func(r *relying) (string, []string) { return r.token(), []string{"--audience", "another"} }},
		"proof_expired":         {8, func(r *relying) (string, []string) { r.move(-10 * time.Minute); return r.token(), nil }},
		"proof_early":           {8, func(r *relying) (string, []string) { r.move(10 * time.Minute); return r.token(), nil }},
		"proof_mode_wrong":      {9, func(r *relying) (string, []string) { r.made.Mode = proof.Test; return r.token(), nil }},
		"proof_context_wrong":   {10, func(r *relying) (string, []string) { return r.token(), []string{"--purpose", "another"} }},
		"proof_nonce_wrong":     {11, func(r *relying) (string, []string) { return r.token(), []string{"--nonce", strings.ToLower(nonce)} }},
		"proof_not_accepted": {13, func(r *relying) (string, []string) {
			r.made.Decision, r.made.Verified = proof.Rejected, nil
			return r.token(), nil
		}},
		"proof_operator_refused": {14, func(r *relying) (string, []string) { r.made.Operator.AMR = []string{"pwd"}; return r.token(), nil }},
		"proof_photo_wrong": {14, func(r *relying) (string, []string) {
			return r.token(), []string{"--photo", r.file("other.jpg", []byte("another"))}
		}},
	} {
		t.Run(code, func(t *testing.T) {
			r := newRelying(t)
			args := r.all()
			token, more := row.change(r)
			exit, out, _ := r.verify(token, append(append(args, more...), "--json")...)
			assert.Equal(t, program.ExitNo, exit)
			var line checkedLine
			require.NoError(t, json.Unmarshal([]byte(out), &line))
			assert.False(t, line.Valid)
			assert.Equal(t, code, line.Code, line.Detail)
			assert.Equal(t, row.step, line.Step)
			if row.step < 13 {
				assert.Empty(t, line.Claims, "nothing is told of what may not be so")
			}
			exit, out, _ = r.verify(token, append(args, more...)...)
			assert.Equal(t, program.ExitNo, exit)
			assert.Contains(t, out, "refused: "+code)
		})
	}
}

// move makes the proof at another time.
func (r *relying) move(by time.Duration) {
	r.made.IssuedAt += int64(by / time.Second)
	r.made.Operator.AuthTime += int64(by / time.Second)
}

// swapped gives the token another signature of the right form.
func swapped(token string) string {
	at := strings.LastIndex(token, ".") + 1
	other := "A"
	if token[at] == 'A' {
		other = "B"
	}
	return token[:at] + other + token[at+1:]
}

// empty is a proof that says nothing, well signed.
func (r *relying) empty() string {
	r.Helper()
	token := r.token()
	signed := token[:strings.Index(token, ".")] + ".e30"
	sum := sha256.Sum256([]byte(signed))
	x, y, err := ecdsa.Sign(rand.Reader, r.key, sum[:])
	require.NoError(r, err)
	signature := append(x.FillBytes(make([]byte, 32)), y.FillBytes(make([]byte, 32))...)
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func TestEveryStepOfAProofHasACode(t *testing.T) {
	seen := map[string]bool{}
	for _, step := range proof.Steps() {
		code := refusalCodes[step.Name]
		assert.Regexp(t, `^proof_[a-z]+(_[a-z]+)*$`, code, step.Name)
		assert.False(t, seen[code], code)
		seen[code] = true
	}
	assert.Len(t, refusalCodes, len(proof.Steps()))
}

func TestAProofThatCantBeCheckedIsNoAnswer(t *testing.T) {
	r := newRelying(t)
	good := r.all()
	for name, row := range map[string]struct{ token, want, flag, value string }{
		"nothing on stdin":   {"", "usage_invalid", "", ""},
		"no key set":         {r.token(), "usage_invalid", "--jwks", filepath.Join(r.files, "none.json")},
		"a broken key set":   {r.token(), "keys_invalid", "--jwks", r.file("broken.json", []byte(`{"keys":[]}`))},
		"a broken deny list": {r.token(), "usage_invalid", "--deny", r.file("deny", []byte("not a key id\n"))},
		"no photo":           {r.token(), "usage_invalid", "--photo", filepath.Join(r.files, "none.jpg")},
	} {
		t.Run(name, func(t *testing.T) {
			args := good
			if row.flag != "" {
				args = append(good[:len(good):len(good)], row.flag, row.value)
			}
			code, out, stderr := r.verify(row.token, args...)
			assert.Equal(t, program.ExitNoAnswer, code)
			assert.Empty(t, out)
			assert.Contains(t, stderr, "chipproof: "+row.want+": ")
		})
	}
}

// Without a key set those of the data folder are taken, of one mode.
func TestTheDataFoldersOwnKeysCheckItsProofs(t *testing.T) {
	s := openedSite(t)
	r := newRelying(t)
	for _, mode := range []proof.Mode{proof.Production, proof.Test} {
		ring := ringFor(mode == proof.Test)
		signer, err := s.proofKeys(ring).signer()
		require.NoError(t, err)
		r.made.Mode = mode
		token, err := proof.Sign(signer, r.made)
		require.NoError(t, err)
		args := []string{"--data", s.Dir, "--json"}
		if mode == proof.Test {
			code, out, _ := r.verify(token, args...)
			assert.Equal(t, program.ExitNo, code)
			assert.Contains(t, out, `"code":"proof_key_unknown"`, "test keys are no keys of production")
			args = append(args, "--test")
		}
		code, out, stderr := r.verify(token, args...)
		assert.Equal(t, program.ExitYes, code, out+stderr)
	}
}
