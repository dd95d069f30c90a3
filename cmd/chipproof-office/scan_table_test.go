package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/cmd/internal/program"
	"chipproof/exposure"
	"chipproof/exposure/detect"
	"chipproof/exposure/formats"
	"chipproof/exposure/job"
)

var update = flag.Bool("update", false, "write the golden files anew")

// resultForEyes has one of everything that a table shows.
func resultForEyes() job.Result {
	finding := func(c exposure.Class, s exposure.Severity, reach exposure.Reachability, masked, target string, l formats.Locator, change exposure.Change) exposure.Compared {
		return exposure.Compared{Change: change, Finding: exposure.Finding{
			Class: c, Severity: s, Reachability: reach, Masked: masked, Target: target, Locator: l,
		}}
	}
	r := job.Result{Compared: []exposure.Compared{
		finding(detect.Phone, exposure.Low, exposure.Internal, "08x-xxx-xx78", "/srv/web/ติดต่อ.docx", formats.Locator{Path: "paragraph 3"}, exposure.Still),
		finding(detect.CitizenID, exposure.Critical, exposure.Anonymous, "1-xxxx-xxxxx-70-8", "https://www.example.go.th/list.csv", formats.Locator{Line: 12, Cell: "B12"}, exposure.New),
		finding(detect.LaserCode, exposure.High, exposure.Login, "xxx-xxxxxxx-xx", "https://api.example.go.th/v1/people", formats.Locator{Line: 1, Path: "/0/laser"}, exposure.Unchecked),
		finding(detect.Name, exposure.Critical, exposure.LinkOnly, "xxxx xxxx", "/srv/web/a.zip!สำเนา xxxx xxxx.txt", formats.Locator{Path: "name"}, exposure.Fixed),
		finding(exposure.OpenAgent, exposure.Critical, exposure.Anonymous, "agent\x1b[2J\u202e", "tcp://counter-3:8182", formats.Locator{Path: "/"}, exposure.New),
	}}
	r.Report.Summary = exposure.Summary{People: 1234, Findings: 5, Files: 87, Bytes: 12_345_678, Allowed: 6, Omitted: 7, NotRead: 12}
	for _, f := range r.Compared {
		if f.Change != exposure.Fixed {
			r.Report.Findings = append(r.Report.Findings, f.Finding)
		}
	}
	for range 11 {
		r.Report.NotRead = append(r.Report.NotRead, exposure.NotRead{Target: "/srv/web/scan.png", Reason: formats.Image})
	}
	r.Report.NotRead = append(r.Report.NotRead, exposure.NotRead{Target: "tcp://counter-3:9898", Reason: exposure.NotAsked})
	return r
}

func TestTheTableOfAScanIsAsItWas(t *testing.T) {
	estimated := resultForEyes()
	estimated.Report.Summary.PeopleEstimated = true
	for name, text := range map[string]string{
		"table.th.txt":     scanTable(program.Speech{api.Thai}, resultForEyes(), true),
		"table.en.txt":     scanTable(program.Speech{api.English}, resultForEyes(), true),
		"table.both.txt":   scanTable(program.Speech{api.Thai, api.English}, estimated, false),
		"table.nobody.txt": scanTable(program.Speech{api.Thai, api.English}, job.Result{}, false),
	} {
		path := filepath.Join("testdata", "golden", name)
		if *update {
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
			require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		}
		golden, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, string(golden), text, name)
	}
}

func TestATableOfManyFindingsSaysHowToSeeTheRest(t *testing.T) {
	many := resultForEyes()
	for len(many.Compared) < tableRows+3 {
		many.Compared = append(many.Compared, many.Compared[0])
	}
	text := scanTable(program.Speech{api.English}, many, true)
	assert.Contains(t, text, "\nand 3 more; --format csv has all of them\n")
	assert.Equal(t, tableRows-3, strings.Count(text, "08x-xxx-xx78"), "the worst stand first, what is gone last")
}

func TestATableHoldsNothingThatATerminalWouldObey(t *testing.T) {
	text := scanTable(program.Speech{api.English}, resultForEyes(), true)
	assert.NotContains(t, text, "\x1b")
	assert.NotContains(t, text, "\u202e")
	assert.Contains(t, text, "agent[2J")
}

// Thai vowels and tone marks take no column of their own.
func TestColumnsStandBelowEachOtherInThai(t *testing.T) {
	assert.Equal(t, 3, columnsOf("ที่อยู่"))
	assert.Equal(t, 3, columnsOf("กำ")+columnsOf("ก"), "sara am has a column")
	for line := range strings.Lines(scanTable(program.Speech{api.Thai}, resultForEyes(), true)) {
		if before, _, ok := strings.Cut(line, "https://www.example.go.th/list.csv"); ok {
			for other := range strings.Lines(scanTable(program.Speech{api.Thai}, resultForEyes(), true)) {
				if at, _, ok := strings.Cut(other, "tcp://counter-3:8182"); ok {
					assert.Equal(t, columnsOf(before), columnsOf(at))
					return
				}
			}
		}
	}
	t.Fatal("no rows")
}

func TestProgressSaysPeopleFirstAndTheTimeThatIsLeft(t *testing.T) {
	p := job.Progress{
		Scan: "s-2026-0001", Stage: job.Runs, Part: 1, Parts: 2, Items: 120, TotalItems: 400, Bytes: 12 << 20, TotalBytes: 80 << 20, People: 34, Findings: 56,
		Current: "/srv/web/ประกาศ\x1b[2J.pdf", ElapsedMS: 4200, LeftMS: 125_400,
	}
	assert.Equal(t, "34 people · 56 findings · part 1/2 · 120/400 files or pages · 12.0 MiB/80.0 MiB · left about 2m5s · ประกาศ[2J.pdf", progressText(program.Speech{api.English}, p))
	assert.Equal(t, "34 คน · 56 รายการ · ส่วนที่ 1/2 · 120/400 ไฟล์หรือหน้า · 12.0 MiB/80.0 MiB · เหลือราว 2m5s · ประกาศ[2J.pdf", progressText(program.Speech{api.Thai}, p))
	p.LeftMS, p.TotalBytes, p.Current = 0, 0, ""
	assert.Equal(t, "34 people · 56 findings · part 1/2 · 120/400 files or pages · so far 4s", progressText(program.Speech{api.English}, p))
}

func TestTheProgressLineWritesOverItselfAndLeavesNothing(t *testing.T) {
	var out strings.Builder
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	l := &progressLine{out: &out, say: program.Speech{api.English}, width: func() int { return 30 }, now: func() time.Time { return now }}
	l.tell(job.Progress{People: 1, Parts: 1})
	l.tell(job.Progress{People: 2, Parts: 1}) // too soon
	now = now.Add(time.Second)
	l.tell(job.Progress{People: 3, Parts: 1})
	l.clear()
	written := out.String()
	assert.Contains(t, written, "\r1 people")
	assert.NotContains(t, written, "2 people")
	assert.NotContains(t, written, "\n")
	lines := strings.Split(written, "\r")
	assert.Empty(t, strings.TrimSpace(lines[len(lines)-2]), "spaces stand where the line was")
	for _, line := range lines {
		assert.LessOrEqual(t, columnsOf(line), 29)
	}

	var silent strings.Builder
	quiet := newProgressLine(&program.Program{Streams: program.Streams{Err: &silent}, Say: program.Speech{api.English}})
	quiet.tell(job.Progress{People: 1})
	quiet.clear()
	assert.Empty(t, silent.String(), "nobody watches")
}
