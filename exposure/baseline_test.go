package exposure_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"chipproof/exposure"
	"chipproof/exposure/formats"
)

func report(complete bool, scanned []string, findings ...exposure.Finding) exposure.Report {
	return exposure.Report{Complete: complete, RootIDs: []string{"root"}, Scanned: scanned, Findings: findings}
}

func finding(target, fingerprint string) exposure.Finding {
	return exposure.Finding{TargetID: target, Fingerprint: fingerprint}
}

func changes(c []exposure.Compared) map[string]exposure.Change {
	out := map[string]exposure.Change{}
	for _, x := range c {
		out[x.ID()] = x.Change
	}
	return out
}

func TestAgainstABaselineAFindingIsNewStillThereOrFixed(t *testing.T) {
	before := report(true, []string{"a", "b", "c"}, finding("a", "1"), finding("a", "2"), finding("b", "1"), finding("c", "1"))
	after := report(true, []string{"a", "d"}, finding("a", "1"), finding("a", "1"), finding("d", "9"))
	after.NotRead = []exposure.NotRead{{TargetID: "c", Reason: formats.TimedOut}}
	got := exposure.Compare(before, after)
	assert.Equal(t, map[string]exposure.Change{
		"a.1": exposure.Still, "d.9": exposure.New,
		"a.2": exposure.Fixed,     // read to its end, and not there
		"b.1": exposure.Fixed,     // no longer met by a complete scan of the same roots
		"c.1": exposure.Unchecked, // could not be read
	}, changes(got))
	assert.Equal(t, 3, exposure.Open(got))
}

func TestWhatAScanDidNotReachIsNotFixed(t *testing.T) {
	before := report(true, []string{"a"}, finding("a", "1"))
	for name, after := range map[string]exposure.Report{
		"not complete": report(false, nil),
		"other roots":  {Complete: true, RootIDs: []string{"elsewhere"}},
	} {
		assert.Equal(t, map[string]exposure.Change{"a.1": exposure.Unchecked}, changes(exposure.Compare(before, after)), name)
	}
}

func TestWhatIsInAnArchiveThatWasNotReadIsNotFixed(t *testing.T) {
	in := finding("member", "1")
	in.Target = "papers.zip!list.csv"
	before := report(true, []string{"a"}, in, finding("a", "1"))
	after := report(true, []string{"a"})
	assert.Equal(t, map[string]exposure.Change{"member.1": exposure.Fixed, "a.1": exposure.Fixed}, changes(exposure.Compare(before, after)))
	after.NotRead = []exposure.NotRead{{Target: "papers.zip", TargetID: "archive", Reason: formats.Encrypted}}
	assert.Equal(t, map[string]exposure.Change{"member.1": exposure.Unchecked, "a.1": exposure.Fixed}, changes(exposure.Compare(before, after)))
	after.NotRead[0].Target = "papers.zip!photo.jpg"
	assert.Equal(t, exposure.Fixed, changes(exposure.Compare(before, after))["member.1"], "another of its members was not")
}

func TestA21OpenIsZeroExactlyWhenNoExposureIsOpen(t *testing.T) {
	before := report(true, []string{"a"}, finding("a", "1"))
	assert.Zero(t, exposure.Open(exposure.Compare(before, report(true, []string{"a"}))))
	assert.Zero(t, exposure.Open(exposure.Compare(report(true, nil), report(true, nil))))
	assert.Equal(t, 1, exposure.Open(exposure.Compare(before, report(false, nil))))
	assert.Equal(t, 1, exposure.Open(exposure.Compare(exposure.Report{}, before)))
}
