package office

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/api/apitest"
	"chipproof/breach/letters"
	storeoffice "chipproof/store/office"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden is the interface as its users have it; its diff is the review.
var golden = filepath.Join("..", "..", "docs", "openapi-office.json")

// shipped is the server as `serve` makes it, with every route of an office.
func shipped(t *testing.T) *api.Server {
	t.Helper()
	a := apitest.NewAgency(t)
	exposures, err := NewExposures(ExposureOptions{
		Scans: a.Scans, Files: a.Scans, Findings: a.Scans, Trend: a.Scans, Tasks: a.Tasks, TaskActs: a.Tasks, Assets: a.Assets, Imports: a.Scans,
		Key: a.Key, Runs: a.Manager, Owners: func(context.Context) ([]Owner, error) { return nil, nil }, Now: a.Clock.Now,
	})
	require.NoError(t, err)
	rows := storeoffice.NewIncidents(a.Store, a.Log, storeoffice.IncidentOptions{Clock: a.Clock.Now})
	incidents, err := NewIncidents(IncidentOptions{
		Rows: rows, Acts: rows, Proposals: rows, Now: a.Clock.Now,
		Letters: func(context.Context) (letters.Maker, error) { return letters.Maker{}, nil },
	})
	require.NoError(t, err)
	logins := api.NewLogins(a.MFA, a.Cookie())
	s, err := api.NewServer(api.Options{Title: Title, Version: Version, Problems: Problems(), Gates: Gates(logins), Now: a.Clock.Now})
	require.NoError(t, err)
	Mount(s, Office{Exposures: exposures, Incidents: incidents})
	api.RegisterLogins(s, logins)
	api.RegisterClock(s, logins, nil)
	api.RegisterUsers(s, logins)
	api.RegisterAudit(s, logins, nil)
	api.RegisterKeys(s, nil)
	return s
}

func TestTheOpenAPIDocumentOfTheOfficeIsTheOneInTheManual(t *testing.T) {
	spec, err := shipped(t).Spec()
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile(golden, spec, 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(spec), "the interface changed: look at it, then run make golden")
}

// What the document doesn't name is not answered. What it names is for people who
// are logged in, but for login itself and what is public by design; and every member
// says what it is.
func TestEveryRouteOfTheOfficeIsNamedAndInAClassAndEveryMemberExplained(t *testing.T) {
	s := shipped(t)
	spec, err := s.Spec()
	require.NoError(t, err)
	var doc struct {
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
	require.NoError(t, json.Unmarshal(spec, &doc))
	open := map[string]string{
		"get /healthz": "open", "get /openapi.json": "open", "get /v1/clock": "open",
		"post /v1/sessions": "own", "post /v1/enrolments": "own", "post /v1/enrolments/confirm": "own",
	}
	named := 0
	for path, methods := range doc.Paths {
		for method, op := range methods {
			named++
			assert.NotEmpty(t, op.OperationID, path)
			assert.NotEmpty(t, op.Summary, path)
			assert.Contains(t, op.Responses, "default", path)
			want := open[method+" "+path]
			if want == "" {
				want = "console"
			}
			assert.Equal(t, want, op.Class, "%s %s", method, path)
		}
	}
	assert.Len(t, s.Routes(), named)
	assert.Equal(t, Problems().Codes(), doc.Components.Schemas["Problem"].Properties["code"].Enum)
	for name, schema := range doc.Components.Schemas {
		for member, property := range schema.Properties {
			assert.NotEmpty(t, property.Description, "%s.%s is not explained", name, member)
		}
	}
}
