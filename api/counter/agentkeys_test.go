package counter

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/api/apitest"
	"chipproof/cardreader"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/simulator"
)

// agency is who answers for the proofs of these tests.
const agency = "https://agency.example.go.th"

// agentKeys is the agent's own key for proofs, which can be lost.
type agentKeys struct {
	mu   sync.Mutex
	key  *ecdsa.PrivateKey
	lost bool
}

func newAgentKeys(t testing.TB) *agentKeys {
	t.Helper()
	return &agentKeys{key: newKey(t)}
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return key
}

func (k *agentKeys) lose(lost bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.lost = lost
}

func (k *agentKeys) signing(o *apitest.Office, mode api.Mode) *proofing.Signing {
	return &proofing.Signing{
		Mode: proof.Mode(mode), Issuer: agency, Now: o.Clock.Now,
		Agent: proof.Agent{ID: "counter-07", Version: "1.0.0", Build: "0123456", KeyStorage: "software"},
		Key: func() (crypto.Signer, error) {
			k.mu.Lock()
			defer k.mu.Unlock()
			if k.lost {
				return nil, errors.New("the key file is gone")
			}
			return k.key, nil
		},
	}
}

func (k *agentKeys) published(context.Context) (proof.KeySet, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.lost {
		return proof.KeySet{}, proofing.ErrKeyUnavailable
	}
	return proof.NewKeySet(&k.key.PublicKey)
}

// metal passes a simulated machine off as hardware, which tests have none of,
// until it is soft again.
type metal struct {
	*simulator.Machine
	soft *atomic.Bool
}

func (m metal) List(ctx context.Context) ([]cardreader.State, error) {
	states, err := m.Machine.List(ctx)
	return m.real(states), err
}

func (m metal) Watch(ctx context.Context, report func([]cardreader.State)) error {
	return m.Machine.Watch(ctx, func(states []cardreader.State) { report(m.real(states)) })
}

func (m metal) real(states []cardreader.State) []cardreader.State {
	for i := range states {
		states[i].Simulated = m.soft.Load()
	}
	return states
}
