package main

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"chipproof/cmd/internal/program"
	"chipproof/doctor"
)

// openAgent is the class of these findings (assurance §4.8).
const openAgent = "open_agent"

// leaksRules is the version of what is asked and how it is judged, so that a
// change of these is not taken for a change of the machine.
const leaksRules = "leaks-1"

// leakReport is a scan in the shape of assurance §4.8. It is written here a second
// time, because the counter links no scanner; a test gives it to the office's own
// parser.
type leakReport struct {
	Tool     string        `json:"tool"`
	Version  string        `json:"version"`
	Rules    string        `json:"rules"`
	Started  time.Time     `json:"started"`
	Ended    time.Time     `json:"ended"`
	Complete bool          `json:"complete"`
	Roots    []string      `json:"roots"`
	RootIDs  []string      `json:"root_ids"`
	Scanned  []string      `json:"scanned"`
	Findings []leakFinding `json:"findings"`
	Summary  leakSummary   `json:"summary"`
	NotRead  []leakNotRead `json:"not_read"`
}

type leakFinding struct {
	Class    string `json:"class"`
	Target   string `json:"target"` // tcp://MACHINE:PORT
	TargetID string `json:"target_id"`
	Locator  struct {
		Path string `json:"path"` // what was asked
	} `json:"locator"`
	Masked       string    `json:"masked"` // the agent; there is nothing to mask
	Fingerprint  string    `json:"fingerprint"`
	Score        int       `json:"score"`
	Reachability string    `json:"reachability"`
	Severity     string    `json:"severity"`
	Record       int       `json:"record"`
	Rule         string    `json:"rule"` // the way in which the card is given away
	Snippet      string    `json:"snippet"`
	Seen         time.Time `json:"seen"`
	Rules        string    `json:"rules"`
}

type leakSummary struct {
	People     int            `json:"people"`
	Findings   int            `json:"findings"`
	Classes    map[string]int `json:"classes"`
	Files      int            `json:"files"` // ports that are open
	Bytes      int64          `json:"bytes"`
	Suppressed int            `json:"suppressed"`
	Allowed    int            `json:"allowed"`
	NotRead    int            `json:"not_read"`
}

type leakNotRead struct {
	Target   string `json:"target"`
	TargetID string `json:"target_id"`
	Reason   string `json:"reason"` // not_asked or timed_out
}

// leaksReport says what a look at the ports of a machine came to.
func leaksReport(ports []doctor.Port, machine string, started, ended time.Time) leakReport {
	started, ended = started.UTC().Truncate(time.Second), ended.UTC().Truncate(time.Second)
	r := leakReport{
		Tool: "chipproof doctor --leaks", Version: program.ThisBuild().Version, Rules: leaksRules,
		Started: started, Ended: ended, Complete: true,
		Roots: []string{}, RootIDs: []string{}, Scanned: []string{}, Findings: []leakFinding{}, NotRead: []leakNotRead{},
		Summary: leakSummary{Classes: map[string]int{}},
	}
	for _, p := range ports {
		target := fmt.Sprintf("tcp://%s:%d", machine, p.Number)
		id := leakSum("target", target)
		r.Roots, r.RootIDs = append(r.Roots, target), append(r.RootIDs, id)
		if p.State != doctor.PortClosed {
			r.Summary.Files++
		}
		switch p.State {
		case doctor.PortUnasked, doctor.PortSlow:
			r.NotRead = append(r.NotRead, leakNotRead{target, id, string(p.State)})
		default: // a port on which nobody listens is known to give nothing
			r.Scanned = append(r.Scanned, id)
		}
		for _, l := range p.Leaks {
			r.Findings = append(r.Findings, findingOf(l, target, ended))
		}
	}
	r.Summary.Findings, r.Summary.NotRead = len(r.Findings), len(r.NotRead)
	if len(r.Findings) > 0 {
		r.Summary.Classes[openAgent] = len(r.Findings)
	}
	return r
}

// findingOf is critical, as a record with number, name and address is: that is
// what is on a card.
func findingOf(l doctor.Leak, target string, seen time.Time) leakFinding {
	f := leakFinding{
		Class: openAgent, Target: target, TargetID: leakSum("target", target),
		Masked: l.Agent, Fingerprint: leakSum(openAgent, l.Call, string(l.Way)), Score: l.Score,
		Reachability: "anonymous", // any site that somebody at this machine opens
		Severity:     "critical", Rule: string(l.Way), Snippet: l.Sign, Seen: seen, Rules: leaksRules,
	}
	f.Locator.Path = l.Call
	if l.Way == doctor.OtherAddresses {
		f.Reachability = "internal"
	}
	return f
}

// leakSum makes the same of the same, in the form of the scanner's fingerprints.
// There is nothing to hide in it, so it has no key.
func leakSum(words ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}
