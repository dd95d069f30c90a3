package counter

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestKeysThatAnAdministratorSawStayWithoutTheFile(t *testing.T) {
	d := newDesk(t)
	_, p := d.administrator(t)
	const new = "https://new.example.go.th"
	saved := func(members map[string]any) Origin {
		t.Helper()
		members["origin"] = new
		a := p.post("/v1/origins", mustJSON(members))
		require.Equal(t, 200, a.status, a.body)
		var o Origin
		require.NoError(t, json.Unmarshal([]byte(a.body), &o))
		return o
	}
	require.Equal(t, []string{exampleKID}, saved(map[string]any{"jwks": setOf(exampleKey())}).Keys)
	changed := saved(map[string]any{"keep_keys": []string{exampleKID}, "ask": "always"})
	assert.Equal(t, []string{exampleKID}, changed.Keys)
	assert.EqualValues(t, "always", changed.Ask)
	assert.Contains(t, changed.Purposes, "identity_proofing", "it has keys, so that is its default")

	refused := func(why string, members map[string]any) {
		t.Helper()
		members["origin"] = new
		p.post("/v1/origins", mustJSON(members)).says(t, 422, "keys_invalid", why)
	}
	refused("both at once", map[string]any{"keep_keys": []string{exampleKID}, "jwks": setOf(exampleKey())})
	assert.Empty(t, saved(map[string]any{}).Keys)
	refused("taken out meanwhile, and it does not come back by a page that was open", map[string]any{"keep_keys": []string{exampleKID}})
	p.post("/v1/origins", mustJSON(map[string]any{"origin": "https://never.example.go.th", "keep_keys": []string{exampleKID}})).says(t, 422, "keys_invalid", "an origin that is not listed has none")
}
