package breach_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/breach"
)

func counted(alarm breach.Alarm, number int) breach.Counted {
	return breach.Counted{
		Alarm: alarm, Of: "u-1", Number: number, Since: at(start), Until: at(start.Add(time.Minute)),
		Links: []breach.Linked{{To: breach.LinkAudit, Ref: "17"}},
	}
}

func TestAProposalIsMadeFromTheLimitOn(t *testing.T) {
	limits := breach.Limits{Logins: 5, Refusals: 7}
	for alarm, from := range map[breach.Alarm]int{
		breach.AlarmLogins: 5, breach.AlarmGuard: 7, breach.AlarmAudit: 1, breach.AlarmFinding: 1,
	} {
		assert.Empty(t, breach.Propose([]breach.Counted{counted(alarm, from-1)}, limits, start), "%s", alarm)
		made := breach.Propose([]breach.Counted{counted(alarm, from)}, limits, start)
		require.Len(t, made, 1, "%s", alarm)
		assert.Equal(t, breach.ProposalOpen, made[0].State)
		assert.Equal(t, at(start), made[0].At)
		assert.NotEmpty(t, made[0].Report().Title)
		c, _, err := breach.Keeper{}.Open("b-2026-0001", made[0].Report(), "u-1", start)
		require.NoError(t, err, "its report can be taken as it is")
		assert.NotEqual(t, breach.FromStaff, c.Report.Source)
	}
	assert.Empty(t, breach.Propose([]breach.Counted{counted(breach.AlarmLogins, 0)}, breach.Limits{}, start), "nothing is never worth one")
}

func TestProposingIsAFunction(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		things := rapid.SliceOf(rapid.Custom(func(rt *rapid.T) breach.Counted {
			alarm := rapid.SampledFrom([]breach.Alarm{breach.AlarmLogins, breach.AlarmAudit, breach.AlarmGuard, breach.AlarmFinding}).Draw(rt, "alarm")
			return counted(alarm, rapid.IntRange(0, 500).Draw(rt, "number"))
		})).Draw(rt, "things")
		first := breach.Propose(things, breach.ShippedLimits(), start)
		assert.Equal(rt, first, breach.Propose(things, breach.ShippedLimits(), start))
		lower := breach.Propose(things, breach.Limits{Logins: 1, Refusals: 1}, start)
		assert.GreaterOrEqual(rt, len(lower), len(first), "lower limits propose no less")
	})
}

func TestOneStateOfAThingHasOneKey(t *testing.T) {
	key := func(c breach.Counted) string {
		made := breach.Propose([]breach.Counted{c}, breach.Limits{}, start)
		require.Len(t, made, 1)
		return made[0].Key
	}
	c := counted(breach.AlarmLogins, 9)
	more, other, guard, tomorrow := c, c, c, c
	more.Number, other.Of, guard.Alarm, tomorrow.Until = 10, "u-2", breach.AlarmGuard, at(start.Add(hour))
	assert.Equal(t, key(c), key(more), "the same day")
	for _, c2 := range []breach.Counted{other, guard, tomorrow} {
		assert.NotEqual(t, key(c), key(c2))
	}
	signed := c
	signed.Sign = "v1"
	later := signed
	later.Until = at(start.Add(100 * day))
	assert.Equal(t, key(signed), key(later), "what has a sign is told by it")
}

func TestAProposalIsAcceptedOrDismissedOnce(t *testing.T) {
	k := breach.Keeper{}
	open := breach.Propose([]breach.Counted{counted(breach.AlarmAudit, 1)}, breach.Limits{}, start)[0]
	accepted, c, err := k.Accept(open, "b-2026-0003", open.Report(), "u-1", start)
	require.NoError(t, err)
	assert.Equal(t, breach.ProposalAccepted, accepted.State)
	assert.Equal(t, open.Links, c.Links)
	dismissed, err := k.Dismiss(open, "ทดสอบ", "u-1", start)
	require.NoError(t, err)
	for _, p := range []breach.Proposal{accepted, dismissed} {
		_, _, err = k.Accept(p, "b-2026-0004", p.Report(), "u-1", start)
		assert.ErrorIs(t, err, breach.ErrProposalSettled)
		_, err = k.Dismiss(p, "ก", "u-1", start)
		assert.ErrorIs(t, err, breach.ErrProposalSettled)
	}
	_, err = k.Dismiss(open, " ", "", start)
	var named *breach.FieldsError
	require.ErrorAs(t, err, &named)
	assert.ElementsMatch(t, []string{"reason", "by"}, named.Fields)
	assert.Equal(t, "p-2026-0007", breach.ProposalID(2026, 7))
}
