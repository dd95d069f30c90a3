package office

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"chipproof/audit"
	"chipproof/breach"
	"chipproof/exposure"
	"chipproof/exposure/detect"
	"chipproof/mfa"
	"chipproof/store"
)

// ProposeFromLog proposes an incident where the audit log of the last while has
// too many failed logins at one account, or too many refusals of one origin. It
// gives those that are new, and is to be called now and then. Error:
// [audit.ErrUnavailable].
func (i *Incidents) ProposeFromLog(ctx context.Context) ([]breach.Proposal, error) {
	counted, err := i.countLog(ctx)
	if err != nil {
		return nil, fmt.Errorf("propose incidents: %w", err)
	}
	return i.proposeIf(ctx, counted)
}

// ProposeFromAudit proposes an incident when the audit log didn't verify: problems
// is how many there are, entries where the first of them lies, as the verifier
// says it. Error: [audit.ErrUnavailable].
func (i *Incidents) ProposeFromAudit(ctx context.Context, problems int, entries string) ([]breach.Proposal, error) {
	if problems < 1 {
		return []breach.Proposal{}, nil
	}
	now := breach.At(i.clock())
	ref := "verify " + now.String()
	if entries != "" {
		ref += " entries " + entries
	}
	return i.proposeIf(ctx, []breach.Counted{{
		Alarm: breach.AlarmAudit, Number: problems, Since: now, Until: now,
		Links: []breach.Linked{{To: breach.LinkAudit, Ref: ref}},
	}})
}

// ProposeFromFindings proposes an incident for each target that a scan found data
// of severity high or critical in. Error: [audit.ErrUnavailable].
func (i *Incidents) ProposeFromFindings(ctx context.Context, findings []exposure.Finding) ([]breach.Proposal, error) {
	return i.proposeIf(ctx, Severe(findings))
}

// ProposeFromRefusals proposes an incident when the guard refused too many
// requests of one origin or host. The guard counts them; what it names comes from
// outside, so that everything personal in it is masked. Error: [audit.ErrUnavailable].
func (i *Incidents) ProposeFromRefusals(ctx context.Context, of string, number int, since, until time.Time) ([]breach.Proposal, error) {
	shown, _ := detect.New().Plain(short(strings.ToValidUTF8(of, "")))
	return i.proposeIf(ctx, []breach.Counted{{
		Alarm: breach.AlarmGuard, Of: shown, Number: number, Since: breach.At(since), Until: breach.At(until),
	}})
}

// short cuts a text from outside to what the name of a host may have.
func short(s string) string {
	r := []rune(s)
	return string(r[:min(len(r), 253)])
}

func (i *Incidents) proposeIf(ctx context.Context, counted []breach.Counted) ([]breach.Proposal, error) {
	if len(breach.Propose(counted, i.limits, i.clock())) == 0 {
		return []breach.Proposal{}, nil // nothing to write, no transaction
	}
	return i.propose(ctx, counted)
}

// mostLinks is how many findings of one target are linked as evidence; the count
// says how many there are.
const mostLinks = 20

// Severe counts the findings of severity high and critical by target, the worst
// target first. Which values there are makes the sign: the same ones found again
// are the same state.
func Severe(findings []exposure.Finding) []breach.Counted {
	byTarget := map[string][]exposure.Finding{}
	for _, f := range findings {
		if f.Severity == exposure.High || f.Severity == exposure.Critical {
			byTarget[f.TargetID] = append(byTarget[f.TargetID], f)
		}
	}
	var all []breach.Counted
	rank := map[string]int{}
	for _, id := range slices.Sorted(maps.Keys(byTarget)) {
		found := byTarget[id]
		slices.SortStableFunc(found, func(a, b exposure.Finding) int {
			return cmp.Or(b.Rank()-a.Rank(), strings.Compare(a.ID(), b.ID()))
		})
		rank[id] = found[0].Rank()
		c := breach.Counted{Alarm: breach.AlarmFinding, Of: id}
		values := map[string]bool{}
		for _, f := range found {
			seen := breach.At(f.Seen)
			if c.Since.IsZero() || c.Since.After(seen) {
				c.Since = seen
			}
			if seen.After(c.Until) {
				c.Until = seen
			}
			if values[f.ID()] {
				continue // the same value on another line
			}
			values[f.ID()] = true
			if len(c.Links) < mostLinks {
				c.Links = append(c.Links, breach.Linked{To: breach.LinkFinding, Ref: f.ID()})
			}
		}
		c.Number, c.Sign = len(values), sign(slices.Sorted(maps.Keys(values)))
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b breach.Counted) int { return rank[b.Of] - rank[a.Of] })
	return all
}

func sign(words []string) string {
	sum := sha256.Sum256([]byte(strings.Join(words, "\n")))
	return hex.EncodeToString(sum[:16])
}

// countLog counts in the audit log, within the window: failed logins by account,
// refusals by origin.
func (i *Incidents) countLog(ctx context.Context) ([]breach.Counted, error) {
	alarms := map[audit.Kind]breach.Alarm{
		audit.Kind(mfa.EventLoginFailed): breach.AlarmLogins, audit.Kind(mfa.EventLoginThrottled): breach.AlarmLogins,
		audit.KindRequestRefused: breach.AlarmGuard,
	}
	type thing struct {
		alarm breach.Alarm
		of    string
	}
	counts := map[thing]*breach.Counted{}
	ends := map[thing][2]int64{} // first and last entry
	filter := store.AuditFilter{Kinds: slices.Sorted(maps.Keys(alarms)), Since: i.clock().Add(-i.limits.Window)}
	err := i.entries(ctx, filter, func(e audit.Entry) { // newest first
		t := thing{alarms[e.Kind], e.Subject}
		if t.alarm == breach.AlarmGuard {
			t.of = e.Attributes["origin"]
		}
		at := breach.At(e.At)
		c := counts[t]
		if c == nil {
			c = &breach.Counted{Alarm: t.alarm, Of: t.of, Since: at, Until: at}
			counts[t], ends[t] = c, [2]int64{e.Number, e.Number}
		}
		c.Number++
		if c.Since.After(at) {
			c.Since = at
		}
		ends[t] = [2]int64{e.Number, ends[t][1]}
	})
	if err != nil {
		return nil, err
	}
	var all []breach.Counted
	for t, c := range counts {
		for _, n := range between(ends[t]) {
			c.Links = append(c.Links, breach.Linked{To: breach.LinkAudit, Ref: strconv.FormatInt(n, 10)})
		}
		all = append(all, *c)
	}
	slices.SortFunc(all, func(a, b breach.Counted) int {
		return cmp.Or(strings.Compare(string(a.Alarm), string(b.Alarm)), strings.Compare(a.Of, b.Of))
	})
	return all, nil
}

// between names the first and the last entry, or the only one.
func between(ends [2]int64) []int64 {
	if ends[0] == ends[1] {
		return ends[:1]
	}
	return ends[:]
}
