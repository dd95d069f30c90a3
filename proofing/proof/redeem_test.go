package proof

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// session is a browser's session at a relying party: the nonces it was given and
// when, and the jtis that the whole site has seen.
type session struct {
	mu     sync.Mutex
	nonces map[string]time.Time
	seen   map[string]time.Time
	now    time.Time
	asked  int
}

func newSession(nonces ...string) *session {
	s := &session{nonces: map[string]time.Time{}, seen: map[string]time.Time{}, now: at(proofMade)}
	for _, nonce := range nonces {
		s.nonces[nonce] = s.now
	}
	return s
}

func (s *session) Take(_ context.Context, nonce string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	made, there := s.nonces[nonce]
	delete(s.nonces, nonce)
	return there && s.now.Before(made.Add(15*time.Minute)), nil
}

func (s *session) SeeID(_ context.Context, jti string, until time.Time) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, before := s.seen[jti]
	s.seen[jti] = until
	return !before, nil
}

func goodProof(t testing.TB) *Proof {
	t.Helper()
	s := proofScene(t)
	p, err := Verify(s.good(), proofOptions(s))
	require.NoError(t, err)
	return p
}

func TestN34ANonceCountsOnceInItsOwnSessionAndInTime(t *testing.T) {
	p := goodProof(t)
	for name, row := range map[string]struct {
		stored string
		later  time.Duration
		good   bool
	}{
		"its own":             {p.Nonce, 0, true},
		"its own, 14 minutes": {p.Nonce, 14 * time.Minute, true},
		"expired":             {p.Nonce, 15 * time.Minute, false},
		"another session's":   {NewNonce(), 0, false},
		"other case":          {strings.ToUpper(p.Nonce), 0, false},
		"trimmed":             {p.Nonce[:42], 0, false},
		"none":                {"", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSession(row.stored)
			s.now = s.now.Add(row.later)
			err := Redeem(t.Context(), p, s)
			if !row.good {
				assert.ErrorIs(t, err, ErrNonce)
				assert.ErrorIs(t, err, ErrProofRefused)
				assert.Empty(t, s.seen, "the jti is not used up by a bad nonce")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, at(p.ExpiresAt), s.seen[p.ID], "remembered until exp")
			assert.ErrorIs(t, Redeem(t.Context(), p, s), ErrNonce, "used before")
		})
	}
}

// N17 and N36.
func TestN17N36ATwinOrAnyOtherFormOfASeenJTIIsRefused(t *testing.T) {
	s := proofScene(t)
	nonce, other := s.payload["nonce"].(string), NewNonce()
	store := newSession(nonce)
	p, err := Verify(s.good(), proofOptions(s))
	require.NoError(t, err)
	require.NoError(t, Redeem(t.Context(), p, store))

	again, err := Verify(twin(s.good()), proofOptions(s))
	require.NoError(t, err, "both signatures of ECDSA verify: bytes name no proof")
	require.NotEqual(t, s.good(), twin(s.good()))
	assert.ErrorIs(t, Redeem(t.Context(), again, store), ErrNonce, "the nonce is used")
	store.nonces[nonce] = store.now
	assert.ErrorIs(t, Redeem(t.Context(), again, store), ErrReplayed, "and if nonces are shared by mistake, the jti is")

	fresh, err := Verify(s.token(s.payload.with("nonce", other)), proofOptions(s))
	require.NoError(t, err)
	store.nonces[other] = store.now
	assert.ErrorIs(t, Redeem(t.Context(), fresh, store), ErrReplayed, "a used jti with a fresh nonce")
}

func TestN35OneProofToFiftyAtOnceIsRedeemedOnce(t *testing.T) {
	p := goodProof(t)
	store := newSession(p.Nonce)
	var won, lost atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			switch err := Redeem(t.Context(), p, store); {
			case err == nil:
				won.Add(1)
			case errors.Is(err, ErrNonce):
				lost.Add(1)
			}
		})
	}
	all.Wait()
	assert.Equal(t, []int32{1, 49}, []int32{won.Load(), lost.Load()})
}

// folder is a store that two processes share: a nonce is a file, which only one
// of them can remove.
type folder string

func (f folder) Take(_ context.Context, nonce string) (bool, error) {
	err := os.Remove(filepath.Join(string(f), "nonce-"+nonce))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (f folder) SeeID(_ context.Context, jti string, _ time.Time) (bool, error) {
	file, err := os.OpenFile(filepath.Join(string(f), "jti-"+jti), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, file.Close()
}

// redeemIn names the folder in which this binary, started by the test below,
// redeems a proof of the example's nonce and jti.
const redeemIn = "CHIPPROOF_TEST_REDEEM_IN"

func TestN35OneProofToTwoProcessesOnOneStoreIsRedeemedOnce(t *testing.T) {
	claims := example(t, "proof.json")
	p := &Proof{Nonce: claims["nonce"].(string), ID: claims["jti"].(string), ExpiresAt: proofMade + 300}
	if dir := os.Getenv(redeemIn); dir != "" {
		if err := Redeem(t.Context(), p, folder(dir)); err != nil {
			require.ErrorIs(t, err, ErrNonce)
			return
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, "won-"+NewID()), nil, 0o600))
		return
	}
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "nonce-"+p.Nonce), nil, 0o600))
	var processes []*exec.Cmd
	for range 2 {
		process := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		process.Env = append(os.Environ(), redeemIn+"="+dir)
		require.NoError(t, process.Start())
		processes = append(processes, process)
	}
	for _, process := range processes {
		require.NoError(t, process.Wait())
	}
	winners, err := filepath.Glob(filepath.Join(dir, "won-*"))
	require.NoError(t, err)
	assert.Len(t, winners, 1)
}

// broken is a store that can't answer.
type broken struct{ nonce, id error }

func (b broken) Take(context.Context, string) (bool, error) { return b.nonce == nil, b.nonce }

func (b broken) SeeID(context.Context, string, time.Time) (bool, error) { return b.id == nil, b.id }

func TestAStoreThatFailsIsNoYesAndNoNo(t *testing.T) {
	p := goodProof(t)
	cause := errors.New("disk full")
	for _, store := range []broken{{nonce: cause}, {id: cause}} {
		err := Redeem(t.Context(), p, store)
		assert.ErrorIs(t, err, cause)
		assert.NotErrorIs(t, err, ErrProofRefused)
	}
}

func TestGarbageBurnsNoNonce(t *testing.T) {
	s := proofScene(t)
	store := newSession(s.payload["nonce"].(string))
	for _, token := range []string{"", s.good() + "A", s.token(s.payload.with("aud", "x")), s.token(s.payload.with("mode", "x"))} {
		_, err := Verify(token, proofOptions(s))
		require.Error(t, err)
	}
	assert.Zero(t, store.asked)
	p, err := Verify(s.good(), proofOptions(s))
	require.NoError(t, err)
	assert.NoError(t, Redeem(t.Context(), p, store))
}
