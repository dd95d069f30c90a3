package proofing_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"
)

// secrets are the values on the default card by field, those that can be searched
// for: long enough not to stand anywhere by accident, in every form in which an
// answer could hold them.
func secrets() map[string][]string {
	return map[string][]string{
		"citizen_id": {"1101700230708", "1-1017-00230-70-8"},
		"name":       {"สมชาย", "ใจดี", "Somchai", "Jaidee"},
		"birth_date": {"25251231", "1982-12-31"},
		"sex":        {`"male"`},
		"address":    {"99/9", "หนองกะปุ", "อำเภอบ้านลาด จังหวัด"},
		"card": {
			"0123456789abcdef", "76030000001", "7603-01-150001", "0000000000009", "25670115", "2024-01-15", "25751230", "2032-12-30", "อำเภอบ้านลาด/",
		},
		"photo":      {"/9j/", "JFIF"},
		"laser_code": {"JT1234567890"},
		"nhso":       {"หลักประกันสุขภาพ", "โรงพยาบาลตัวอย่าง"},
	}
}

// Each field alone, by every road out: only that field is in the result and in the
// clerk's view, in the proof no more than that, and in the record nothing.
func TestOnlyWhatWasAskedForLeavesAProofing(t *testing.T) {
	for field := range secrets() {
		t.Run(field, func(t *testing.T) {
			d := newDesk(t, "default")
			d.changes(func(holder *simulator.Person) { // dates of its own
				holder.NHSO.IssueDate, holder.NHSO.ExpiryDate, holder.NHSO.UpdateDate = "25600102", "25690304", "25600506"
			})
			d.asksIssuer(simulator.People()...)
			a := d.asks(func(r *proof.Request) { r.IssuerCheck = true })
			a.Fields = []thaiid.Field{thaiid.Field(field)} // some alone would be refused in a request; here they are tried
			asked := &asking{clerk: agrees("")}
			result, err := d.prover.Prove(t.Context(), a, asked, nil)
			require.NoError(t, err)
			require.Equal(t, proofing.Accepted, result.Verdict.Decision)

			answer, err := json.Marshal(result.Identity.Document())
			require.NoError(t, err)
			holds(t, "result", string(answer), field)
			view, err := json.Marshal(asked.view.Identity.Document())
			require.NoError(t, err)
			holds(t, "view", string(view), field, "photo") // for the clerk's eyes
			verdict, err := json.Marshal(result.Verdict)
			require.NoError(t, err)
			holds(t, "verdict", string(verdict))
			claims, err := d.opened(result.Proof).Reveal()
			require.NoError(t, err)
			switch field {
			case "photo", "laser_code", "nhso": // beside the proof, never in it
				holds(t, "proof", string(claims))
			default:
				holds(t, "proof", string(claims), field)
			}
			assert.Equal(t, field == "photo", d.opened(result.Proof).PhotoDigest != nil)
			holds(t, "record", d.office.Files())
		})
	}
}

// holds says that a text holds values of these fields and of no others.
func holds(t *testing.T, what, text string, fields ...string) {
	t.Helper()
	for field, values := range secrets() {
		may := false
		for _, f := range fields {
			may = may || f == field
		}
		for _, value := range values {
			if !may {
				assert.NotContains(t, text, value, "%s: %s", what, field)
			}
		}
	}
}

// Nothing leaves with a decision that is not accepted.
func TestNoDataLeavesWithoutAnAcceptance(t *testing.T) {
	d := newDesk(t, "default")
	a := d.asks(func(r *proof.Request) { r.Fields = append(textFields(), "photo", "laser_code", "nhso") })
	result, err := d.prover.Prove(t.Context(), a, person(silent), nil)
	require.NoError(t, err)
	assert.Nil(t, result.Identity)
	claims, err := d.opened(result.Proof).Reveal()
	require.NoError(t, err)
	holds(t, "proof", string(claims))
}

// A whole proofing with everything on, at debug level: no log line, no error, no
// file and no printed value holds anything of the card.
func TestAWholeProofingLeaksNothing(t *testing.T) {
	printed := &transcript{}
	logger := slog.New(slog.NewTextHandler(printed, &slog.HandlerOptions{Level: slog.LevelDebug}))
	d := newDesk(t, "default")
	d.prover.Log = logger
	d.prover.Readers = cardreader.New(d.Machine, cardreader.Options{Log: logger})
	service := d.asksIssuer(simulator.People()...)
	all := func(r *proof.Request) {
		r.Fields = append(textFields(), "photo", "laser_code", "nhso")
		r.Needs, r.IssuerCheck, r.Claimed = []string{"card_inspected"}, true, proof.NewClaimed(onCard())
	}
	looks := person(func(ctx context.Context, v proofing.View, wanted []proofing.Kind) ([]proofing.Fact, error) {
		print3(printed, v)
		logger.Debug("view", "view", v, "identity", v.Identity)
		return agrees(proofing.PrintedInForce)(ctx, v, wanted)
	})
	a := d.asks(all)
	print3(printed, a)
	logger.Debug("asked", "asked", a)
	result, err := d.prover.Prove(t.Context(), a, looks, nil)
	require.NoError(t, err)
	require.Equal(t, proofing.Accepted, result.Verdict.Decision, result.Verdict.Reasons)
	print3(printed, *result)
	print3(printed, result)
	logger.Debug("result", "result", result)
	p := d.opened(result.Proof)
	print3(printed, p)

	// The same with everything that can fail.
	fault(d, service, "{act: html, until: cleared}")
	_, err = d.prover.Prove(t.Context(), d.asks(all), looks, nil)
	require.NoError(t, err)
	for n := 1; n < 60; n += 3 {
		require.NoError(t, d.Faults(readerName, simulator.Plan{{Exchange: n, Do: simulator.DoStatus, Word: simulator.Words{0x6F00}, Until: "cleared"}}))
		if _, err := d.prover.Prove(t.Context(), d.asks(all), looks, nil); err != nil {
			print3(printed, err)
		}
	}
	require.NoError(t, d.Faults(readerName, nil))
	d.office.Close()
	a = d.asksInVain(all)
	_, err = d.prover.Prove(t.Context(), a, looks, nil)
	require.Error(t, err)
	print3(printed, err)

	require.Greater(t, len(printed.String()), 10_000, "the log says something")
	for what, text := range map[string]string{"log and prints": printed.String(), "files": d.office.Files()} {
		holds(t, what, text)
		assert.NotContains(t, text, result.Proof, what)
		for _, part := range strings.Split(result.Proof, ".") {
			assert.NotContains(t, text, part[:40], what)
		}
		for _, values := range secrets() {
			for _, v := range values {
				assert.NotContains(t, text, base64.StdEncoding.EncodeToString([]byte(v)), what)
				assert.NotContains(t, text, fmt.Sprintf("%x", v), what)
			}
		}
	}
}

// transcript is what several goroutines write.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *transcript) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(b)
}

func (w *transcript) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// print3 prints a value in the ways in which somebody looking for a mistake would.
func print3(into io.Writer, v any) {
	fmt.Fprintf(into, "%v\n%+v\n%#v\n", v, v, v)
}
