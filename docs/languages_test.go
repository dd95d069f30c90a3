package docs_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing/proof"
)

// row is a proof that a relying party must refuse (proof §8).
type row struct {
	name  string
	step  string // of proof §6, or the part of it that has a word of its own
	spoil func(t *testing.T, c *counter, d *draft)
}

func rows() []row {
	set := func(name string, value any) func(*testing.T, *counter, *draft) {
		return func(_ *testing.T, _ *counter, d *draft) { d.claims[name] = value }
	}
	without := func(name string) func(*testing.T, *counter, *draft) {
		return func(_ *testing.T, _ *counter, d *draft) { delete(d.claims, name) }
	}
	header := func(name string, value any) func(*testing.T, *counter, *draft) {
		return func(_ *testing.T, _ *counter, d *draft) { d.header[name] = value }
	}
	token := func(change func(string) string) func(*testing.T, *counter, *draft) {
		return func(_ *testing.T, _ *counter, d *draft) { d.spoil = change }
	}
	claims := func(change func(string) string) func(*testing.T, *counter, *draft) {
		return func(_ *testing.T, _ *counter, d *draft) { d.rewriteClaims = change }
	}
	times := func(iat, life int64) func(*testing.T, *counter, *draft) {
		return func(_ *testing.T, _ *counter, d *draft) {
			now := time.Now().Unix()
			d.claims["iat"], d.claims["nbf"], d.claims["exp"] = now+iat, now+iat, now+iat+life
		}
	}
	return []row{
		{"N1 without a signature", "form", token(func(s string) string { return s[:strings.LastIndex(s, ".")+1] })},
		{"N1 alg none", "header", header("alg", "none")},
		{"N2 alg HS256", "header", header("alg", "HS256")},
		{"N3 alg missing", "header", func(_ *testing.T, _ *counter, d *draft) { delete(d.header, "alg") }},
		{"N4 a repeated header member", "header", func(_ *testing.T, _ *counter, d *draft) {
			d.rewriteHeader = func(s string) string { return strings.Replace(s, "{", `{"typ":"JWT",`, 1) }
		}},
		{"N4 a header that is no object", "header", func(_ *testing.T, _ *counter, d *draft) {
			d.rewriteHeader = func(string) string { return `["ES256"]` }
		}},
		{"N5 typ JWT", "header", header("typ", "JWT")},
		{"N5 typ in other case", "header", header("typ", "Chipproof+JWT")},
		{"N5 a request", "header", header("typ", "chipproof-request+jwt")},
		{"N7 jku", "header", header("jku", "https://evil.example/keys.json")},
		{"N10 crit empty", "header", header("crit", []string{})},
		{"N12 kid unknown", "key", func(t *testing.T, c *counter, d *draft) { d.key, d.header["kid"] = c.stranger, kidOf(t, c.stranger) }},
		{"N12 kid empty", "key", header("kid", "")},
		{"N12 a revoked key", "key", func(t *testing.T, c *counter, d *draft) { d.key, d.header["kid"] = c.revoked, kidOf(t, c.revoked) }},
		{"N13 under the kid of another good key", "signature", func(t *testing.T, c *counter, d *draft) { d.header["kid"] = kidOf(t, c.second) }},
		{"N14 a changed payload", "signature", token(func(s string) string {
			parts := strings.Split(s, ".")
			text, _ := base64.RawURLEncoding.DecodeString(parts[1])
			return parts[0] + "." + part([]byte(strings.Replace(string(text), "1101700230708", "1234567890121", 1))) + "." + parts[2]
		})},
		{"N15 a signature of nothing", "signature", token(func(s string) string { return s[:strings.LastIndex(s, ".")+1] + part(make([]byte, 64)) })},
		{"N16 other spare bits", "form", token(func(s string) string { // 64 bytes leave 4 bits in the last character, all zero
			const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
			return s[:len(s)-1] + string(alphabet[strings.IndexByte(alphabet, s[len(s)-1])+1])
		})},
		{"N18 a blank inside", "form", token(func(s string) string { return s[:10] + " " + s[10:] })},
		{"N18 a line end behind", "form", token(func(s string) string { return s + "\n" })},
		{"N19 two parts", "form", token(func(s string) string { return s[:strings.LastIndex(s, ".")] })},
		{"N19 four parts", "form", token(func(s string) string { return s + ".AAAA" })},
		{"N19 JSON", "form", token(func(s string) string { return fmt.Sprintf(`{"payload":%q}`, s) })},
		{"N20 padding", "form", token(func(s string) string { return s + "==" })},
		{"N20 too large", "form", set("more", strings.Repeat("a", 32<<10))},
		{"N21 payload null", "payload", claims(func(string) string { return "null" })},
		{"N22 payload an array", "payload", claims(func(s string) string { return "[" + s + "]" })},
		{"N22 two objects", "payload", claims(func(s string) string { return s + "{}" })},
		{"N23 a repeated claim", "payload", claims(func(s string) string { return strings.Replace(s, "{", `{"aud":"https://evil.example",`, 1) })},
		{"N23 one that repeats further in", "payload", claims(func(s string) string { return strings.Replace(s, `"operator":{`, `"operator":{"id":"u-0001",`, 1) })},
		{"N24 a claim in other case", "payload", func(_ *testing.T, _ *counter, d *draft) { d.claims["AUD"] = d.claims["aud"]; delete(d.claims, "aud") }},
		{"N25 exp missing", "payload", without("exp")},
		{"N25 nonce null", "payload", set("nonce", nil)},
		{"N25 jti missing", "payload", without("jti")},
		{"N25 operator missing", "payload", without("operator")},
		{"N25 facts missing", "payload", without("urn:chipproof:claim:facts")},
		{"N26 aud an array of one", "payload", set("aud", []string{site})},
		{"N27 aud of another", "audience", set("aud", "https://other.example.go.th")},
		{"N27 aud with a slash behind", "audience", set("aud", site+"/")},
		{"N28 iss of another organisation", "issuer", set("iss", "https://id.example.go.th")},
		{"N29 exp a float", "payload", claims(func(s string) string { return strings.Replace(s, `,"iat":`, `.0,"iat":`, 1) })},
		{"N29 iat text", "payload", func(_ *testing.T, _ *counter, d *draft) { d.claims["iat"] = fmt.Sprint(d.claims["iat"]) }},
		{"N29 overlong", "time", times(0, 301)},
		{"N29 exp is iat", "time", times(0, 0)},
		{"N29 milliseconds", "payload", func(_ *testing.T, _ *counter, d *draft) { d.claims["exp"] = d.claims["exp"].(int64) * 1000 }},
		{"N30 from the future", "early", times(90, 300)},
		{"N30 nbf not iat", "time", func(_ *testing.T, _ *counter, d *draft) { d.claims["nbf"] = d.claims["iat"].(int64) - 1 }},
		{"N31 expired a second ago", "expired", times(-301, 300)},
		{"N32 of production, in a test system", "mode", set("mode", "production")},
		{"N32 mode in other case", "mode", set("mode", "Test")},
		{"N33 another origin", "asked", set("origin", "https://other.example.go.th")},
		{"N33 another purpose", "asked", set("purpose", "other_purpose")},
		{"N34 a nonce that nobody gave out", "nonce", set("nonce", strings.Repeat("A", 43))},
		{"N37 rejected", "not accepted", func(_ *testing.T, _ *counter, d *draft) {
			d.claims["urn:chipproof:claim:decision"] = "rejected"
			delete(d.claims, "verified_claims")
		}},
		{"N37 rejected, with an identity", "payload", set("urn:chipproof:claim:decision", "rejected")},
		{"N37 accepted, without one", "demand", without("verified_claims")},
		{"N37 verified_claims an array", "payload", set("verified_claims", []any{})},
		{"N38 an unknown framework", "demand", func(_ *testing.T, _ *counter, d *draft) {
			in(d.claims, "verified_claims", "verification")["trust_framework"] = "eidas"
		}},
		{"N38 a demanded method missing", "demand", func(_ *testing.T, _ *counter, d *draft) {
			verification := in(d.claims, "verified_claims", "verification")
			delete(verification, "assurance_process")
			evidence := verification["evidence"].([]any)[0].(map[string]any)
			evidence["check_details"] = evidence["check_details"].([]any)[:1]
		}},
		{"N38 vcrypt", "demand", func(_ *testing.T, _ *counter, d *draft) { d.check(0)["check_method"] = "vcrypt" }},
		{"N38 a level that is unconfirmed", "demand", func(_ *testing.T, _ *counter, d *draft) {
			delete(d.assurance(), "candidate_level")
			d.assurance()["level"] = "IAL2.1"
		}},
		{"N39 a check without its fact", "demand", func(_ *testing.T, _ *counter, d *draft) { d.check(1)["check_id"] = txn + ".issuer_status" }},
		{"N39 a check whose fact failed", "demand", func(_ *testing.T, _ *counter, d *draft) { d.fact(1)["outcome"] = "failed" }},
		{"N39 a reference to no check", "demand", func(_ *testing.T, _ *counter, d *draft) {
			details := in(d.claims, "verified_claims", "verification", "assurance_process")["assurance_details"].([]any)
			details[0].(map[string]any)["evidence_ref"] = []any{map[string]any{"check_id": txn + ".card_inspected"}}
		}},
		{"N40 one factor", "operator", func(_ *testing.T, _ *counter, d *draft) { in(d.claims, "operator")["amr"] = []string{"pwd", "mfa"} }},
		{"N40 login after the proof", "operator", func(_ *testing.T, _ *counter, d *draft) {
			in(d.claims, "operator")["auth_time"] = d.claims["iat"].(int64) + 1
		}},
		{"N40 login two days ago", "operator", func(_ *testing.T, _ *counter, d *draft) {
			in(d.claims, "operator")["auth_time"] = d.claims["iat"].(int64) - 48*3600
		}},
		{"N41 a photo changed by a bit", "photo", func(_ *testing.T, _ *counter, d *draft) {
			d.photo = append([]byte{photo[0] ^ 1}, photo[1:]...)
		}},
		{"N41 a digest without a photo", "photo", func(_ *testing.T, _ *counter, d *draft) { d.photo = nil }},
		{"N41 a photo without a digest", "photo", without("urn:chipproof:claim:photo_digest")},
	}
}

func TestTheProgramsOfThePage(t *testing.T) {
	for _, l := range languages() {
		t.Run(l.file, func(t *testing.T) {
			t.Parallel()
			c := newCounter(t)
			b := l.start(t, c)
			assertGoodProofs(t, l, c, b)
			for _, r := range rows() {
				d := c.draft(t, c.read(t, b.ask("one")).Nonce)
				r.spoil(t, c, d)
				assert.Equal(t, map[string]string{"refused": l.refusal(wordOf(l, r.step))}, b.bring("one", d.token(t), d.photo), r.name)
			}
			assertOnce(t, l, c, b)
		})
	}
}

// wordOf joins the parts of a step for programs that have one word for it.
func wordOf(l language, step string) string {
	if l.file != "backend.php" {
		switch step {
		case "expired", "early":
			return "time"
		case "not accepted":
			return "demand"
		}
	}
	return step
}

// ask is a click in a session.
func (b *backend) ask(session string) string {
	b.Helper()
	token := b.call(map[string]string{"session": session})["request"]
	require.NotEmpty(b, token)
	return token
}

// bring hands over what the agent answered.
func (b *backend) bring(session, token string, photo []byte) map[string]string {
	b.Helper()
	call := map[string]string{"session": session, "proof": token}
	if photo != nil {
		call["photo"] = base64.StdEncoding.EncodeToString(photo)
	}
	return b.call(call)
}

var welcome = map[string]string{"txn": txn, "citizen_id": "1101700230708"}

// assertGoodProofs says that requests of the program pass here, and proofs of ours
// pass there, by our own signer and by hand, under each good key.
func assertGoodProofs(t *testing.T, l language, c *counter, b *backend) {
	t.Helper()
	assert.JSONEq(t, string(c.siteKeys(t).JSON()), b.raw("{}"), "the keys that an administrator registers")
	r := c.read(t, b.ask("one"))
	assert.Equal(t, []string{"citizen_id", "name", "photo"}, r.Fields)
	assert.Equal(t, []string{"face_visual"}, r.Needs)
	assert.Equal(t, int64(120), r.ExpiresAt-r.IssuedAt)
	assert.Equal(t, welcome, b.bring("one", c.sign(t, c.key, accepted(r.Nonce)), photo), l.file)
	assert.Equal(t, welcome, b.bring("one", c.sign(t, c.second, accepted(c.read(t, b.ask("one")).Nonce)), photo))
	assert.Equal(t, welcome, b.bring("one", c.draft(t, c.read(t, b.ask("one")).Nonce).token(t), photo))

	p := accepted(c.read(t, b.ask("one")).Nonce)
	p.PhotoDigest = nil
	assert.Equal(t, welcome, b.bring("one", c.sign(t, c.key, p), nil), "without a photo")

	// Spaces and another order are still JSON.
	d := c.draft(t, c.read(t, b.ask("one")).Nonce)
	d.rewriteHeader = func(string) string {
		return fmt.Sprintf("{ \"typ\": %q,\n\"kid\":%q , \"alg\":%q}", d.header["typ"], d.header["kid"], d.header["alg"])
	}
	d.rewriteClaims = func(s string) string {
		var tree any
		require.NoError(t, json.Unmarshal([]byte(s), &tree))
		return strings.ReplaceAll(s, `,"`, ` , "`)
	}
	assert.Equal(t, welcome, b.bring("one", d.token(t), photo))
}

// assertOnce is about nonces and jtis: rows N17 and N34 to N36.
func assertOnce(t *testing.T, l language, c *counter, b *backend) {
	t.Helper()
	nonce := map[string]string{"refused": l.refusal("nonce")}
	request := b.ask("one")
	token := c.sign(t, c.key, accepted(c.read(t, request).Nonce))
	assert.Equal(t, nonce, b.bring("two", token, photo), "another session's")
	assert.Equal(t, welcome, b.bring("one", token, photo), "which has cost its owner nothing")
	assert.Equal(t, nonce, b.bring("one", token, photo), "used before")

	first, second := accepted(c.read(t, b.ask("one")).Nonce), accepted(c.read(t, b.ask("one")).Nonce)
	first.ID = proof.NewID()
	second.ID = first.ID
	assert.Equal(t, welcome, b.bring("one", c.sign(t, c.key, first), photo))
	assert.Equal(t, map[string]string{"refused": l.refusal("replayed")}, b.bring("one", c.sign(t, c.key, second), photo))

	used := c.read(t, b.ask("one")).Nonce
	spoilt := c.draft(t, used)
	spoilt.check(0)["check_method"] = "vcrypt"
	assert.Equal(t, map[string]string{"refused": l.refusal("demand")}, b.bring("one", spoilt.token(t), photo))
	assert.Equal(t, nonce, b.bring("one", c.sign(t, c.key, accepted(used)), photo), "what fails at step 13 has used it up")
}
