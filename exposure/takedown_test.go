package exposure_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"chipproof/exposure"
)

var places = []exposure.Place{
	{Kind: exposure.ThePage, TargetID: "page"},
	{Kind: exposure.CachedCopy, TargetID: "cache"},
	{Kind: exposure.SitemapOf, TargetID: "map"},
	{Kind: exposure.Attachment, TargetID: "file"},
}

func takedown() exposure.Takedown {
	return exposure.Takedown{Since: at, Fingerprints: []string{"fp1", "fp2"}, Places: places}
}

func saw(id string, minutes int, state exposure.PlaceState, found ...string) exposure.Observation {
	return exposure.Observation{TargetID: id, At: at.Add(time.Duration(minutes) * time.Minute), State: state, Fingerprints: found}
}

// everywhere is a clean later scan of all places.
func everywhere() []exposure.Observation {
	return []exposure.Observation{saw("page", 1, exposure.Gone), saw("cache", 1, exposure.Gone), saw("map", 1, exposure.Read), saw("file", 1, exposure.Closed)}
}

func TestA04OnlyALaterCleanScanOfEveryPlaceProvesATakedown(t *testing.T) {
	assert.Empty(t, exposure.Unproven(takedown(), everywhere()))
	cases := map[string]struct {
		seen []exposure.Observation
		why  string
	}{
		"nobody looked":                {nil, exposure.NotScanned},
		"looked before it was claimed": {[]exposure.Observation{saw("page", -1, exposure.Gone)}, exposure.NotScanned},
		"looked at that very moment":   {[]exposure.Observation{saw("page", 0, exposure.Gone)}, exposure.NotScanned},
		"no answer":                    {[]exposure.Observation{saw("page", 1, exposure.NoAnswer)}, "no_answer"},
		"a firewall's refusal":         {[]exposure.Observation{saw("page", 1, exposure.StateOf(403))}, "refused"},
		"a server's failure":           {[]exposure.Observation{saw("page", 1, exposure.StateOf(503))}, "refused"},
		"read in part":                 {[]exposure.Observation{saw("page", 1, exposure.Partly)}, "not_read"},
		"still there":                  {[]exposure.Observation{saw("page", 1, exposure.Read, "x", "fp2")}, exposure.StillServed},
		"gone and back":                {[]exposure.Observation{saw("page", 1, exposure.Gone), saw("page", 2, exposure.Read, "fp1")}, exposure.StillServed},
	}
	for name, c := range cases {
		open := exposure.Unproven(takedown(), append(c.seen, everywhere()[1:]...))
		if assert.Len(t, open, 1, name) {
			assert.Equal(t, exposure.OpenPlace{Place: places[0], Why: c.why}, open[0], name)
		}
	}
	listed := everywhere()
	listed[2].Lists = []string{"other", "page"}
	assert.Equal(t, []exposure.OpenPlace{{Place: places[2], Why: exposure.StillListed}}, exposure.Unproven(takedown(), listed))
	assert.NotEmpty(t, exposure.Unproven(exposure.Takedown{}, everywhere()), "without a place nothing is proven")
	for status, state := range map[int]exposure.PlaceState{200: exposure.Read, 204: exposure.Read, 301: exposure.Refused, 401: exposure.Closed, 403: exposure.Refused, 404: exposure.Gone, 410: exposure.Gone, 429: exposure.Refused, 500: exposure.Refused} {
		assert.Equal(t, state, exposure.StateOf(status), status)
	}
}

func observation(t *rapid.T) exposure.Observation {
	return exposure.Observation{
		TargetID:     rapid.SampledFrom([]string{"page", "cache", "map", "file", "other"}).Draw(t, "id"),
		At:           at.Add(time.Duration(rapid.IntRange(-5, 20).Draw(t, "minutes")) * time.Minute),
		State:        rapid.SampledFrom([]exposure.PlaceState{exposure.Read, exposure.Gone, exposure.Closed, exposure.NoAnswer, exposure.Partly, exposure.Refused}).Draw(t, "state"),
		Fingerprints: rapid.SliceOfN(rapid.SampledFrom([]string{"fp1", "fp2", "fp3"}), 0, 2).Draw(t, "found"),
		Lists:        rapid.SliceOfN(rapid.SampledFrom([]string{"page", "other"}), 0, 2).Draw(t, "lists"),
	}
}

func TestA04NoOrderOfObservationsStopsATaskThatIsNotProven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seen := rapid.SliceOfN(rapid.Custom(observation), 0, 12).Draw(t, "seen")
		open := exposure.Unproven(takedown(), seen)
		reversed := make([]exposure.Observation, len(seen))
		for i, o := range seen {
			reversed[len(seen)-1-i] = o
		}
		if distinctTimes(seen) {
			assert.Equal(t, open, exposure.Unproven(takedown(), reversed), "the order in which they are told is nothing")
		}
		if len(open) > 0 {
			return
		}
		for _, p := range places { // an independent reading of the rule
			var last exposure.Observation
			for _, o := range seen {
				if o.TargetID == p.TargetID && o.At.After(at) && o.At.After(last.At) {
					last = o
				}
			}
			assert.Contains(t, []exposure.PlaceState{exposure.Read, exposure.Gone, exposure.Closed}, last.State)
			if last.State == exposure.Read {
				assert.NotContains(t, last.Fingerprints, "fp1")
				assert.NotContains(t, last.Fingerprints, "fp2")
			}
		}
		// Silence later on doesn't keep it proven.
		for _, p := range places {
			later := append(seen, saw(p.TargetID, 100, exposure.NoAnswer))
			assert.NotEmpty(t, exposure.Unproven(takedown(), later))
		}
	})
}

func distinctTimes(seen []exposure.Observation) bool {
	met := map[string]bool{}
	for _, o := range seen {
		k := o.TargetID + o.At.String()
		if met[k] {
			return false
		}
		met[k] = true
	}
	return true
}

func TestA07AnOverdueTaskAlarmsAndFixedNeedsAVerification(t *testing.T) {
	task := exposure.Task{Owner: "กองช่าง", Opened: at, Due: at.Add(time.Hour), Takedown: exposure.Takedown{Fingerprints: []string{"fp1"}, Places: places[:1]}}
	in := func(minutes int) time.Time { return at.Add(time.Duration(minutes) * time.Minute) }
	assert.Equal(t, exposure.TaskOpen, task.State(nil, in(60)), "on time, to the second")
	assert.Equal(t, exposure.TaskOverdue, task.State(nil, in(60).Add(time.Second)))
	task.Claimed = in(10)
	assert.Equal(t, exposure.TaskOpen, task.State(nil, in(9)))
	assert.Equal(t, exposure.TaskClaimed, task.State(nil, in(11)), "a click is no proof")
	assert.Equal(t, exposure.TaskOverdue, task.State(nil, in(61)), "and stops no clock")
	gone := []exposure.Observation{saw("page", 20, exposure.Gone)}
	assert.Equal(t, exposure.TaskClaimed, task.State(gone, in(19)))
	assert.Equal(t, exposure.TaskStopped, task.State(gone, in(20)))
	assert.Equal(t, exposure.TaskStopped, task.State(gone, in(6000)))
	back := append(gone, saw("page", 30, exposure.Read, "fp1"))
	assert.Equal(t, exposure.TaskAgain, task.State(back, in(31)))
}

func TestA05TheCoverageReportListsAssetsThatWereNeverScanned(t *testing.T) {
	assets := []exposure.Asset{
		{Name: "เว็บไซต์", Owner: "สำนักปลัด", Targets: []string{"https://www.banlat.go.th/", "https://eservice.banlat.go.th/files"}},
		{Name: "โฟลเดอร์งานทะเบียน", Owner: "งานทะเบียน", Targets: []string{"/srv/registry/2568"}},
		{Name: "เครื่องสำรอง", Targets: []string{"/srv/reg"}},
	}
	scans := []exposure.Past{
		{Roots: []string{"https://www.banlat.go.th"}, Ended: at, Complete: true},
		{Roots: []string{"https://www.banlat.go.th"}, Ended: at.Add(time.Hour), Complete: false},
		{Roots: []string{"/srv/registry/"}, Ended: at.Add(2 * time.Hour), Complete: true},
	}
	coverage := exposure.Coverage(assets, scans)
	assert.Equal(t, []exposure.Covered{
		{Asset: "เว็บไซต์", Target: "https://www.banlat.go.th/", Last: at},
		{Asset: "เว็บไซต์", Target: "https://eservice.banlat.go.th/files"},
		{Asset: "โฟลเดอร์งานทะเบียน", Target: "/srv/registry/2568", Last: at.Add(2 * time.Hour)},
		{Asset: "เครื่องสำรอง", Target: "/srv/reg"},
	}, coverage)
	assert.Equal(t, []exposure.Covered{coverage[1], coverage[3]}, exposure.NeverScanned(coverage))
}
