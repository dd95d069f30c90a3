package counter

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/api/apitest"
	"chipproof/api/compat"
	"chipproof/cardreader"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden is the interface as its users have it; its diff is the review.
var golden = filepath.Join("..", "..", "docs", "openapi.json")

// shipped is the server as `serve` makes it, with the real routes only.
func shipped(t *testing.T) *api.Server {
	t.Helper()
	office := apitest.New(t)
	c, err := New(Options{
		Readers: cardreader.New(simulator.NewMachine(), cardreader.Options{}), Records: office.Records, Pseudonyms: office.Pseudonyms,
		Policy: policy(t), Signing: newAgentKeys(t).signing(office, api.Production), Keys: newAgentKeys(t).published, Now: office.Clock.Now,
	})
	require.NoError(t, err)
	s, err := api.NewServer(api.Options{Title: Title, Version: Version, Problems: Problems(), Origins: c, Now: office.Clock.Now})
	require.NoError(t, err)
	logins := api.NewLogins(office.MFA, office.Cookie())
	api.RegisterLogins(s, logins)
	api.RegisterDesk(s, logins)
	Register(s, c)
	api.RegisterClock(s, logins, nil)
	api.RegisterUsers(s, logins)
	api.RegisterAudit(s, logins, nil)
	api.RegisterKeys(s, nil)
	RegisterDoctor(s, nil)
	RegisterSlip(s)
	ports, err := compat.New(compat.Options{Desk: c, Arms: c, Problems: Problems(), Now: office.Clock.Now})
	require.NoError(t, err)
	compat.RegisterConsole(s, ports)
	return s
}

func TestTheOpenAPIDocumentIsTheOneInTheManual(t *testing.T) {
	spec, err := shipped(t).Spec()
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile(golden, spec, 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(spec), "the interface changed: look at it, then run make golden")
}

func TestTheDocumentIsServedAsItIs(t *testing.T) {
	a := newDesk(t).raw(get("/openapi.json"))
	require.Equal(t, 200, a.status)
	assert.Equal(t, "application/json", a.header.Get("Content-Type"))
	assert.Contains(t, a.body, `"/v1/reads"`)
	assert.NotContains(t, a.body, "ErrorModel", "huma's own errors are seen by nobody")
}

type document struct {
	Paths map[string]map[string]struct {
		OperationID string         `json:"operationId"`
		Class       string         `json:"x-class"`
		Summary     string         `json:"summary"`
		Responses   map[string]any `json:"responses"`
	} `json:"paths"`
	Components struct {
		Schemas map[string]struct {
			Properties map[string]struct {
				Description string   `json:"description"`
				Enum        []string `json:"enum"`
			} `json:"properties"`
		} `json:"schemas"`
	} `json:"components"`
}

func parsed(t *testing.T) document {
	t.Helper()
	spec, err := shipped(t).Spec()
	require.NoError(t, err)
	var doc document
	require.NoError(t, json.Unmarshal(spec, &doc))
	return doc
}

func TestV1TheRoutesAreThoseOfTheDocumentEachInAClass(t *testing.T) {
	got := map[string]string{}
	for path, methods := range parsed(t).Paths {
		for method, op := range methods {
			got[method+" "+path] = op.Class
			assert.NotEmpty(t, op.OperationID)
			assert.NotEmpty(t, op.Summary)
			assert.Contains(t, op.Responses, "default")
		}
	}
	assert.Equal(t, map[string]string{
		"get /v1/clock": "open", "get /v1/users": "console", "post /v1/users": "console", "post /v1/users/{id}/reset": "console",
		"post /v1/users/{id}/role": "console", "post /v1/users/{id}/disable": "console", "post /v1/users/{id}/enable": "console",
		"post /v1/users/{id}/unlock": "console", "get /v1/audit": "console", "post /v1/audit/verify": "console", "get /v1/keys": "console",
		"get /v1/doctor": "console", "get /v1/txn-qr/{txn}": "console",
		"get /healthz": "open", "get /openapi.json": "open",
		"get /v1/readers": "web app", "get /v1/events": "web app", "get /v1/compat": "console", "post /v1/compat/arm": "console", "post /v1/reads": "web app",
		"post /v1/sessions": "own", "post /v1/enrolments": "own", "post /v1/enrolments/confirm": "own",
		"get /v1/sessions/current": "console", "delete /v1/sessions/current": "console",
		"post /v1/sessions/current/totp": "console", "post /v1/sessions/current/backup-code": "console",
		"post /v1/sessions/current/emergency-code": "console",
		"post /v1/sessions/current/lock":           "console", "post /v1/sessions/current/unlock": "console",
		"get /v1/sessions": "console", "delete /v1/sessions/{id}": "console",
		"get /v1/authenticators": "console", "post /v1/authenticators": "console",
		"post /v1/authenticators/{id}/confirm": "console", "delete /v1/authenticators/{id}": "console",
		"post /v1/backup-codes": "console", "post /v1/password": "console", "post /v1/emergency-code": "console",
		"post /v1/desk": "console", "delete /v1/desk": "console",
		"get /v1/origins": "console", "post /v1/origins": "console", "delete /v1/origins/{id}": "console", "get /v1/origins/refused": "console",
		"post /v1/proofings": "web app", "post /v1/proofings/{id}/result": "web app",
		"get /v1/proofings/current": "console", "post /v1/proofings/{id}/view": "console",
		"post /v1/proofings/{id}/facts": "console", "post /v1/proofings/{id}/decline": "console", "get /.well-known/jwks.json": "open",
		"get /v1/approvals": "console", "post /v1/approvals/{id}": "console", "post /v1/reads/again": "console", "post /v1/reads/{id}/text": "console",
	}, got)
	routes := shipped(t).Routes()
	assert.Len(t, routes, len(got), "nothing is answered that the document does not name")
}

func TestTheDocumentListsEveryCodeEveryFieldAndEveryMember(t *testing.T) {
	doc := parsed(t)
	assert.Equal(t, Problems().Codes(), doc.Components.Schemas["Problem"].Properties["code"].Enum)
	spec, err := os.ReadFile(golden)
	require.NoError(t, err)
	for _, f := range thaiid.AllFields() {
		assert.Contains(t, string(spec), fmt.Sprintf("%q", f))
	}
	for name, schema := range doc.Components.Schemas {
		for member, property := range schema.Properties {
			assert.NotEmpty(t, property.Description, "%s.%s is not explained", name, member)
		}
	}
}
