//go:build linux && cgo

package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/api/counter"
	"chipproof/audit"
	"chipproof/cardreader"
	"chipproof/cardreader/pcsc"
	"chipproof/cardreader/pcsc/pcsctest"
	"chipproof/cmd/internal/program"
	"chipproof/proofing/proof"
)

// counterWithPCSCD is an agent over a pcscd of the test's own, and `sim vpcd` that
// puts cards into it: handled works a slot and waits until the card is seen.
func counterWithPCSCD(t *testing.T, patience counter.Patience) (r *rig, handled func(line string)) {
	r = newRig(t, pcsc.New(), api.Test, "http://localhost:8000")
	r.serve(patience)
	t.Setenv("CHIPPROOF_CONFIG", os.DevNull)
	ctx, stop := context.WithCancel(t.Context())
	in, typing := io.Pipe()
	inserted := make(chan string, 8)
	readers := cardreader.New(pcsc.New(), cardreader.Options{Log: slog.New(slog.DiscardHandler)})
	ended := make(chan int, 1)
	followed := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"--log-level", "error", "sim", "vpcd"}, program.Streams{In: in, Out: io.Discard, Err: io.Discard})
	}()
	go func() {
		followed <- readers.Follow(ctx, func(e cardreader.Event) {
			if e.Kind == cardreader.CardInserted {
				inserted <- e.Reader
			}
		})
	}()
	t.Cleanup(func() {
		stop()
		_ = typing.Close()
		assert.Equal(t, program.ExitYes, <-ended)
		<-followed
	})
	<-inserted
	return r, func(line string) {
		_, err := io.WriteString(typing, line+"\n")
		require.NoError(t, err)
		<-inserted
	}
}

func TestAClerkWhoNeverAnswersLeavesASignedProofThatDecidesNothing(t *testing.T) {
	pcsctest.Run(t, func(t *testing.T, _ *pcsctest.Daemon) {
		r, _ := counterWithPCSCD(t, counter.Patience{Clerk: 100 * time.Millisecond})
		waits := r.read(r.asks(), http.StatusAccepted)
		assert.Equal(t, []string{"face_visual"}, waits.WaitingFor)
		got := r.read(r.fetches("/v1/proofings/"+waits.ID+"/result", "{}"), http.StatusOK)
		assert.Equal(t, "inconclusive", got.Decision)
		assert.Equal(t, []string{"face_visual_not_done"}, got.Reasons)
		assert.NotContains(t, r.last, "1101700230708", "nobody decided, so nobody is named")

		p, err := r.checked(got.Proof, proof.Test, proof.Test)
		require.NoError(t, err, "it is signed as any other")
		assert.Equal(t, "inconclusive", p.Decision)
		assert.Nil(t, p.Verified)
		assert.ErrorIs(t, proof.Demand{}.Check(p, nil, time.Now()), proof.ErrDemand)

		r.clerks("/v1/proofings/"+waits.ID+"/facts", faceSeen, http.StatusGone)
		assert.Empty(t, r.entries(audit.KindFactsStated), "a word that comes too late counts for nothing")
		assert.Len(t, r.entries(audit.KindProofing), 1)
	})
}

func TestAResultThatNobodyFetchedInTimeIsGone(t *testing.T) {
	pcsctest.Run(t, func(t *testing.T, _ *pcsctest.Daemon) {
		r, handled := counterWithPCSCD(t, counter.Patience{Result: time.Nanosecond})
		for {
			waits := r.read(r.asks(), http.StatusAccepted)
			r.clerks("/v1/proofings/"+waits.ID+"/facts", faceSeen, http.StatusNoContent)
			for r.goesOn() {
				require.NoError(t, t.Context().Err())
			}
			if got := r.fetches("/v1/proofings/"+waits.ID+"/result", "{}"); got.Status != http.StatusOK {
				assert.Equal(t, "result_gone", r.read(got, http.StatusGone).Code)
				break
			}
			handled("swap slot1 default") // we were faster than its nanosecond
		}
		assert.NotEmpty(t, r.entries(audit.KindProofing), "the decision stands in the log all the same")
	})
}
