package counter

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
)

func TestWhatIsTypedIsJudgedWithoutAReader(t *testing.T) {
	p := proving(t, setup{})
	require.NoError(t, p.machine.Unplug(reader))
	claimed := map[string]string{"citizen_id": "1101700230708", "first_name": "สมชาย", "last_name": "ใจดี", "laser_code": "JT0123456789"}
	for range 2 { // no insertion, so none is used up
		got := p.site.proves("purpose", proofing.IdentityProofing, "evidence", "typed", "claimed", claimed).proven(t)
		assert.Equal(t, "rejected", got.Decision)
		assert.Equal(t, []string{"face_and_laser_only"}, got.Reasons)
		assert.Nil(t, got.Identity)
		checked := p.site.checked(got.Proof, proofing.IdentityProofing)
		assert.Equal(t, "rejected", checked.Decision)
		assert.Nil(t, checked.Verified)
	}
}

func TestWhatIsTypedWaitsForTheClerksWordToo(t *testing.T) {
	p := proving(t, setup{})
	p.site.list(always)
	require.NoError(t, p.machine.Unplug(reader))
	w := p.site.proves("evidence", "typed", "claimed", map[string]string{"citizen_id": "1101700230708"}).waiting(t)
	require.Equal(t, []string{"approval"}, w.WaitingFor)
	require.Equal(t, 204, p.console.post("/v1/approvals/"+p.console.waits().ID, words("answer", "approved")).status)
	assert.Equal(t, "rejected", p.site.result(w.ID).proven(t).Decision)
}

func TestOneTypedProofingAtATime(t *testing.T) {
	p := proving(t, setup{})
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	p.another(other).proves("evidence", "typed", "claimed", map[string]string{"citizen_id": "1101700230708"}).says(t, 409, "reader_busy", "one citizen stands there")
	require.Equal(t, 204, p.console.post("/v1/proofings/"+w.ID+"/decline", "").status)
}
