package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/api/counter"
	"chipproof/audit"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/simulator"
)

// Three locks keep a simulated card out of production, and each holds by itself.
// What the program can't be made to do with its flags is done here with its parts;
// testdata/e2e/production.txtar does the rest with the program.

const simulatedSite = "https://app.example.go.th"

// inProduction is an agent in production over the simulator's driver, which no
// flag of `serve` can make. The reader's name gives nothing away.
func inProduction(t *testing.T) (*rig, *simulator.Card) {
	t.Helper()
	machine := simulator.NewMachine("ACS ACR39U 00 00")
	inserted := card(t)
	require.NoError(t, machine.Insert("ACS ACR39U 00 00", inserted))
	r := newRig(t, machine, api.Production, simulatedSite)
	r.agent.proofs.issuer = agency
	r.serve(counter.Patience{})
	return r, inserted
}

func TestTheDriversMarkAloneKeepsASimulatedCardOutOfProduction(t *testing.T) {
	r, inserted := inProduction(t)
	assert.Equal(t, "simulator_refused", r.read(r.asks(), http.StatusForbidden).Code)
	r.clerks("/v1/proofings", `{"purpose":"identity_proofing","fields":["citizen_id"]}`, http.StatusForbidden)
	assert.Zero(t, inserted.Exchanges(), "nothing was read")
	assert.Empty(t, r.entries(audit.KindProofing))
}

func TestTheSignerAloneSignsNothingSimulatedInProduction(t *testing.T) {
	r, _ := inProduction(t)
	signing, err := r.agent.signing(t.Context())
	require.NoError(t, err)
	require.NoError(t, signing.Ready(proofing.FromReader), "it has issuer and key")
	read := proof.Proof{Facts: []proof.Fact{{Kind: "chip_read", Outcome: proof.Passed, How: string(proofing.BySimulator)}}}
	for lost, from := range map[string]proofing.Source{
		"nothing":                     proofing.FromSimulator,
		"where it is from":            "",
		"and took it for a real card": proofing.FromReader,
	} {
		_, err := signing.Sign(from, read)
		assert.ErrorIs(t, err, proofing.ErrSimulatorRefused, "whoever asked for it lost %s", lost)
	}
}

func TestTheVerifierAloneTakesNothingOfTestModeInProduction(t *testing.T) {
	machine := simulator.NewMachine("A")
	require.NoError(t, machine.Insert("A", card(t)))
	r := newRig(t, machine, api.Test, simulatedSite)
	r.agent.proofs.issuer = agency // the same as in production
	r.serve(counter.Patience{})
	waits := r.read(r.asks(), http.StatusAccepted)
	r.clerks("/v1/proofings/"+waits.ID+"/facts", faceSeen, http.StatusNoContent)
	got := r.read(r.fetches("/v1/proofings/"+waits.ID+"/result", "{}"), http.StatusOK)
	require.Equal(t, "accepted", got.Decision)
	p, err := r.checked(got.Proof, proof.Test, proof.Test)
	require.NoError(t, err)
	assert.Equal(t, proof.Test, p.Mode)

	_, err = r.checked(got.Proof, proof.Production, proof.Production)
	assert.ErrorIs(t, err, proof.ErrKey, "by the keys")
	_, err = r.checked(got.Proof, proof.Production, proof.Test)
	assert.ErrorIs(t, err, proof.ErrKey, "by the keys, with the wrong mode set")
	_, err = r.checked(got.Proof, proof.Test, proof.Production)
	assert.ErrorIs(t, err, proof.ErrMode, "by the mode, with the wrong keys set")
}
