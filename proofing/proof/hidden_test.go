package proof

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	stdjson "encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// carrier is another package's struct that keeps things in unexported fields,
// where package fmt calls no methods.
type carrier struct {
	p        Proof
	verified *Verified
	claimed  Claimed
}

func TestNothingOfThePersonShowsHoweverItIsPrinted(t *testing.T) {
	p := exampleProof(t)
	claimed := NewClaimed(map[string]string{"citizen_id": "1101700230708", "first_name": "สมชาย", "address": "99/9 หมู่ที่ 3"})
	request := exampleRequest()
	request.Claimed = claimed
	secrets := []string{"1101700230708", "สมชาย", "ใจดี", "Somchai", "Jaidee", "1982-12-31", "หมู่ที่ 3", "100012345678", "0123456789abcdef"}
	for _, secret := range secrets {
		secrets = append(secrets, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret), strings.Trim(fmt.Sprintf("%+q", secret), `"`),
			strings.Trim(fmt.Sprint([]byte(secret)), "[]"), base64.StdEncoding.EncodeToString([]byte(secret)))
	}
	for name, thing := range map[string]any{
		"proof": p, "proof pointer": &p, "verified": p.Verified, "verified value": *p.Verified, "claimed": claimed, "request": request,
		"request pointer": &request, "carrier": carrier{p, p.Verified, claimed}, "carrier pointer": &carrier{p, p.Verified, claimed},
		"archived": Archived(p), "in a list": []any{p, request, claimed, p.Verified}, "in a map": map[string]any{"x": p, "y": claimed},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%t", "%U", "%c", "%o"} {
				fmt.Fprintf(&out, verb+"\n", thing)
			}
			fmt.Fprintln(&out, thing, fmt.Errorf("wrapped: %v, %w", thing, errors.New("cause")))
			for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
				slog.New(handler).Info("got", "thing", thing, slog.Group("group", "thing", thing))
			}
			// What can't be encoded shows nothing either.
			for _, marshal := range []func(any) ([]byte, error){
				stdjson.Marshal, xml.Marshal, func(v any) ([]byte, error) { return json.Marshal(v) },
			} {
				text, err := marshal(thing)
				fmt.Fprintln(&out, string(text), err)
			}
			var encoded bytes.Buffer
			fmt.Fprintln(&out, gob.NewEncoder(&encoded).Encode(thing), encoded.String())
			for _, secret := range secrets {
				assert.NotContains(t, out.String(), secret)
			}
		})
	}
}

func TestARequestShowsNeitherNonceNorName(t *testing.T) {
	r := exampleRequest()
	shown := fmt.Sprintf("%v %+v %#v %s", r, &r, r, r.String())
	assert.Equal(t, strings.Repeat("[hidden] ", 3)+"[hidden]", shown)
	assert.Equal(t, "[hidden]", NewClaimed(nil).String())
	assert.Equal(t, "[hidden]", Conceal(VerifiedClaims{}).String())
}

func TestTheClearValueIsAskedForByName(t *testing.T) {
	values := map[string]string{"last_name": "ใจดี", "title": "นาย", "first_name": "สมชาย"}
	c := NewClaimed(values)
	values["title"] = "changed"
	assert.Equal(t, []string{"title", "first_name", "last_name"}, c.Names())
	assert.Equal(t, "นาย", c.Reveal("title"), "a copy")
	assert.Empty(t, c.Reveal("address"))
	assert.False(t, c.IsZero())
	assert.True(t, Claimed{}.IsZero())
	assert.Empty(t, Claimed{}.Names())
	assert.Empty(t, Claimed{}.Reveal("title"))
	assert.Equal(t, VerifiedClaims{}, (*Verified)(nil).Reveal())
	assert.Equal(t, VerifiedClaims{}, new(Verified).Reveal())
}

// What a request or proof is refused for is told to developers and logged, so it
// repeats nothing that stood in it.
func TestRefusalsRepeatNothing(t *testing.T) {
	s := requestScene(t)
	for name, token := range map[string]string{
		"a claimed number":    s.token(s.payload.with("claimed", map[string]any{"citizen_id": 1101700230708})),
		"an unknown name":     s.token(s.payload.with("claimed", map[string]any{"1101700230708": "x"})),
		"an unknown claim":    s.token(s.payload.with("1101700230708", "x")),
		"a text for a number": s.token(s.payload.with("iat", "1101700230708")),
		"a twin":              s.raw(strings.Replace(s.payload.text(), "{", `{"1101700230708":1,"1101700230708":2,`, 1)),
		"garbage":             s.raw("{1101700230708"),
		"a purpose of bytes":  s.raw(strings.Replace(s.payload.text(), purpose, "1101700230708\xff", 1)),
		"an evidence":         s.token(s.payload.with("evidence", "1101700230708")),
		"a header":            handToken(s.key, handHeader("1101700230708", handKID(s.key)), s.payload.text()),
		"a kid":               handToken(s.key, handHeader(s.typ, "1101700230708"), s.payload.text()),
		"an iss":              s.token(s.payload.with("iss", "1101700230708")),
		"raw":                 "1101700230708",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := verifyRequest(s, token, at(requestMade))
			require.Error(t, err)
			assert.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), "1101700230708")
			_, err = Verify(token, proofOptions(s))
			assert.NotContains(t, fmt.Sprint(err), "1101700230708")
		})
	}
	proofs := proofScene(t)
	for path := range leaves(proofs.payload) {
		for _, wrong := range []any{"1101700230708", 1101700230708, []any{"1101700230708"}} {
			_, err := Verify(proofs.token(proofs.payload.with(path, wrong)), proofOptions(proofs))
			assert.NotContains(t, fmt.Sprintf("%v %#v", err, err), "1101700230708", path)
		}
	}
}

func TestNobodyHereCallsWhatIsNamedUnsafe(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		if name == "hidden_test.go" {
			continue // this line names it
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		// go-jose's UnsafeClaimsWithoutVerification and its kin (proof §9).
		assert.NotContains(t, string(text), "Unsafe", name)
		assert.NotContains(t, string(text), "WithoutVerification", name)
	}
}
