package office

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/exposure/job"
)

// serve has the rig's server listen on loopback until the test ends.
func (r *rig) serve() (url string) {
	r.Helper()
	listeners, err := api.Listen(r.Context(), "localhost:0")
	require.NoError(r, err)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { assert.NoError(r, r.server.Serve(ctx, listeners)) })
	r.Cleanup(func() {
		cancel()
		running.Wait()
	})
	// It answers once it has written its own description.
	res, err := http.Get(listeners.URL() + "/healthz")
	require.NoError(r, err)
	require.NoError(r, res.Body.Close())
	return listeners.URL()
}

// stream asks for a stream as EventSource does.
func (v *visit) stream(url, path string) *http.Response {
	v.Helper()
	req, err := http.NewRequestWithContext(v.Context(), http.MethodGet, url+path, nil)
	require.NoError(v, err)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Sec-Fetch-Mode", "cors")
	req.Header.Set("Sec-Fetch-Dest", "empty")
	for name, value := range v.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(v, err)
	v.Cleanup(func() { _ = res.Body.Close() })
	return res
}

func TestAScanIsFollowedUntilItEnds(t *testing.T) {
	r := newRig(t)
	url := r.serve()
	v := r.as(r.dpo)
	dir, _ := exposedFolder(t)
	id := read[struct{ ID string }](r, v.post("/v1/scans", body(map[string]any{"targets": []string{dir}}))).ID
	res := v.stream(url, "/v1/scans/"+id+"/events")
	require.Equal(t, http.StatusOK, res.StatusCode)
	assert.Equal(t, "text/event-stream", res.Header.Get("Content-Type"))
	lines := bufio.NewScanner(res.Body)
	var events, data []string
	for lines.Scan() {
		if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			events = append(events, name)
		}
		if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			data = append(data, text)
			if len(data) == 1 {
				assert.Contains(t, text, `"state":"waiting"`, "nothing runs yet")
				r.Run()
			}
		}
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, events)
	assert.Equal(t, "progress", events[0])
	assert.Equal(t, "ended", events[len(events)-1])
	assert.JSONEq(t, `{"state":"complete"}`, data[len(data)-1])
	assert.NotContains(t, strings.Join(data, ""), planted)

	// One that has ended says so at once; one that nobody has is unknown.
	all, err := io.ReadAll(v.stream(url, "/v1/scans/"+id+"/events").Body)
	require.NoError(t, err)
	assert.Contains(t, string(all), "event: ended")
	assert.Equal(t, http.StatusNotFound, v.stream(url, "/v1/scans/s-2026-9999/events").StatusCode)
	assert.Equal(t, http.StatusForbidden, r.anonymous().stream(url, "/v1/scans/"+id+"/events").StatusCode)
	assert.Equal(t, http.StatusForbidden, r.as(r.staff).stream(url, "/v1/scans/"+id+"/events").StatusCode)
}

func TestACanceledScanEndsForGood(t *testing.T) {
	r := newRig(t)
	v := r.as(r.dpo)
	dir, _ := exposedFolder(t)
	id := read[struct{ ID string }](r, v.post("/v1/scans", body(map[string]any{"targets": []string{dir}}))).ID
	assert.Equal(t, stateWaiting, read[ScanAnswer](r, v.get("/v1/scans/"+id)).State)
	require.Less(t, v.post("/v1/scans/"+id+"/cancel", "{}").Code, 300)
	assert.Equal(t, string(job.Canceled), read[ScanAnswer](r, v.get("/v1/scans/"+id)).State)
	v.post("/v1/scans/"+id+"/cancel", "{}").says(t, http.StatusConflict, "scan_ended")
	assert.Len(t, r.Entries("scan_ended"), 1)
}

func TestTheInterfaceIsDescribed(t *testing.T) {
	r := newRig(t)
	spec, err := r.server.Spec()
	require.NoError(t, err)
	for _, route := range r.own() {
		assert.NotEmpty(t, route.ID, route.Path)
		assert.NotEmpty(t, route.Summary, route.Path)
		assert.Contains(t, string(spec), `"operationId": "`+route.ID+`"`)
	}
}
