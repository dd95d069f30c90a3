//go:build !race

package browsertest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
	"chipproof/proofing/proof"
)

// keysOf are the thumbprints of an origin's keys, as they are stored.
func (a *agent) keysOf(origin string) []string {
	a.t.Helper()
	o, found, err := a.office.Records.Origin(a.t.Context(), origin)
	require.NoError(a.t, err)
	require.True(a.t, found)
	if len(o.Keys) == 0 {
		return nil
	}
	keys, err := proof.ParseKeys(o.Keys)
	require.NoError(a.t, err)
	return keys.Thumbprints()
}

func TestAnOriginKeepsItsKeysUnlessTheyAreTakenOutOrReplaced(t *testing.T) {
	a := newAgent(t)
	site := a.newRelyingParty()
	kept := a.keysOf(site.origin)
	require.Len(t, kept, 1)
	b := newBrowser(t, a, "th")
	b.enters("/origins", a.admin)
	change := func() {
		t.Helper()
		// By its name: entries are sorted by origin, and ports of tests are what is free.
		b.click(fmt.Sprintf(`#origins button[aria-label$=": %s"]`, site.origin))
		b.when(`!document.querySelector('#edit').hidden`)
	}
	save := func() {
		t.Helper()
		b.click("#save-origin")
		b.when(`!document.querySelector('#lists').hidden`)
	}
	b.see(kept[0])
	change()
	b.click("input[name=ask]")
	b.see("กุญแจที่มีอยู่และจะเก็บไว้")
	b.everywhere("th-origin-change")
	save()
	assert.Equal(t, kept, a.keysOf(site.origin), "no file was chosen, and the keys stay")

	other := a.newRelyingParty()
	keys, err := proof.NewKeySet(&other.key.PublicKey)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "keys.json")
	require.NoError(t, os.WriteFile(file, keys.JSON(), 0o600))
	change()
	b.do(chromedp.SetUploadFiles("input[name=jwks]", []string{file}, chromedp.ByQuery))
	save()
	assert.Equal(t, keys.Thumbprints(), a.keysOf(site.origin), "a file takes the place of all")

	change()
	b.click("input[name=keep_keys]")
	b.click(`input[name=purposes][value="identity_proofing"]`)
	b.click(`input[name=purposes][value="form_fill"]`)
	save()
	assert.Empty(t, a.keysOf(site.origin), "and a key that is unmarked goes")
}

func TestAPlainHTTPSiteIsSaidToBeUnencryptedBeforeAnythingIsRead(t *testing.T) {
	a := newAgent(t)
	site := a.newRelyingParty()
	plain := "http://intranet.example.go.th"
	keys, err := proof.NewKeySet(&site.key.PublicKey)
	require.NoError(t, err)
	_, err = a.office.Records.SaveOrigin(t.Context(), proofing.Actor{ID: "os:0"}, proofing.Origin{
		Origin: plain, Audience: plain, Fields: []string{"citizen_id", "name"}, Purposes: []string{proofing.IdentityProofing}, PlainHTTP: true,
		ReturnURLs: []string{plain + "/return"}, Keys: keys.JSON(), Ask: proofing.AskNever, ApprovedAt: a.office.Clock.Now(),
	})
	require.NoError(t, err)
	token, err := proof.SignRequest(site.key, proof.Request{
		Issuer: plain, Nonce: proof.NewNonce(), Audience: plain, Purpose: proofing.IdentityProofing, IssuedAt: a.office.Clock.Now().Unix(),
		Fields: []string{"citizen_id", "name"}, ReturnURL: plain + "/return", State: "state-of-a-plain-site",
	})
	require.NoError(t, err)
	b := newBrowser(t, a, "th")
	b.open("/prove#" + token)
	b.login(a.clerk, a.clerk.Code())
	b.see(plain)
	b.see("ผลพิสูจน์จะเดินทางโดยไม่เข้ารหัส")
	b.everywhere("th-prove-plain")
	b.click("#refuse")
	b.see("ไม่ได้ส่งผลใด")
	assert.Empty(t, a.office.Entries("read", "proofing"))

	b.open("/prove?lang=en#" + strings.TrimSpace(site.request("state-of-this-session")))
	b.see(site.origin)
	b.holds(`document.querySelector('#asks .plain').hidden`, "a site on this machine sends nothing over a network")
	b.everywhere("en-prove")
}
