package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cmd/internal/program"
	"chipproof/proofing/issuer"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"
)

// simulatedDOPA is `sim dopa` as the program runs it.
type simulatedDOPA struct {
	url   string
	typed func(line string) string // what is answered to a typed line
}

func startDOPA(t *testing.T, args ...string) simulatedDOPA {
	t.Helper()
	t.Setenv("CHIPPROOF_CONFIG", os.DevNull)
	ctx, stop := context.WithCancel(t.Context())
	in, typing := io.Pipe()
	answers, out := io.Pipe()
	said, err := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"--lang", "en", "--log-level", "error", "sim", "dopa", "--listen", "127.0.0.1:0"}, args...), program.Streams{In: in, Out: out, Err: err})
		_ = err.Close()
	}()
	t.Cleanup(func() {
		stop()
		_ = typing.Close()
		assert.Equal(t, program.ExitYes, <-ended)
	})
	lines := bufio.NewScanner(said)
	require.True(t, lines.Scan())
	require.Equal(t, "simulated card-status service:", lines.Text())
	require.True(t, lines.Scan())
	url := strings.TrimSpace(lines.Text())
	go func() { _, _ = io.Copy(io.Discard, said) }()
	answer := bufio.NewScanner(answers)
	return simulatedDOPA{url, func(line string) string {
		_, err := io.WriteString(typing, line+"\n")
		require.NoError(t, err)
		require.True(t, answer.Scan())
		return answer.Text()
	}}
}

// counterOf is a client of it, configured by the files that it wrote.
func counterOf(t *testing.T, url, ca, cert, key string) *issuer.Client {
	t.Helper()
	pem, err := os.ReadFile(ca)
	require.NoError(t, err)
	pool, err := issuer.ParseCA(pem)
	require.NoError(t, err)
	o := issuer.Options{URL: url, CA: pool, Now: time.Now}
	if cert != "" {
		certificate, err := os.ReadFile(cert)
		require.NoError(t, err)
		private, err := os.ReadFile(key)
		require.NoError(t, err)
		o.Client, err = issuer.ParseClient(certificate, private)
		require.NoError(t, err)
	}
	client, err := issuer.New(o)
	require.NoError(t, err)
	return client
}

func cardOf(t *testing.T, key string) issuer.Card {
	t.Helper()
	person, err := simulator.PersonNamed(key)
	require.NoError(t, err)
	card, err := simulator.NewCard(person, simulator.CardOptions{})
	require.NoError(t, err)
	id, err := thaiid.Read(t.Context(), card, card.ATR(), thaiid.Options{Fields: thaiid.TextFields()})
	require.NoError(t, err)
	return issuer.CardOf(id)
}

func TestTheSimulatedIssuerAnswersWhoeverTrustsItsFile(t *testing.T) {
	dir := t.TempDir()
	ca := filepath.Join(dir, "ca.pem")
	dopa := startDOPA(t, "--write-ca", ca, "--state", "year-only=moved", "--state", "3222222222225=lost")
	client := counterOf(t, dopa.url, ca, "", "")
	require.NoError(t, client.Probe(t.Context()))
	outcome := func(key string) issuer.Outcome {
		answer, err := client.CheckCID(t.Context(), cardOf(t, key))
		require.NoError(t, err)
		return answer.Outcome
	}
	assert.Equal(t, issuer.Passed, outcome("default"))
	assert.Equal(t, issuer.Failed, outcome("year-only"))
	assert.Equal(t, issuer.Indeterminate, outcome("lifelong"), "a code that nobody knows")

	assert.Equal(t, "ok", dopa.typed("state default moved"))
	assert.Equal(t, issuer.Failed, outcome("default"))
	assert.Equal(t, "ok", dopa.typed("fault {act: html}"))
	_, err := client.CheckCID(t.Context(), cardOf(t, "default"))
	require.ErrorIs(t, err, issuer.ErrAnswer)
	assert.Equal(t, issuer.Failed, outcome("default"), "once")
	assert.Contains(t, dopa.typed("explode"), "error: command invalid")
}

func TestTheSimulatedIssuerCanDemandACertificate(t *testing.T) {
	dir := t.TempDir()
	ca, cert, key := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "agency.pem"), filepath.Join(dir, "agency.key")
	dopa := startDOPA(t, "--write-ca", ca, "--write-cert", cert, "--write-key", key)
	_, err := counterOf(t, dopa.url, ca, "", "").CheckCID(t.Context(), cardOf(t, "default"))
	require.ErrorIs(t, err, issuer.ErrUntrusted)
	answer, err := counterOf(t, dopa.url, ca, cert, key).CheckCID(t.Context(), cardOf(t, "default"))
	require.NoError(t, err)
	assert.Equal(t, issuer.Passed, answer.Outcome)
}

func TestTheSimulatedIssuersFilesTakeTheirOwnPlaceAndNoOther(t *testing.T) {
	dir := t.TempDir()
	ca := filepath.Join(dir, "ca.pem")
	const begin = "-----BEGIN "
	older := []byte(begin + "CERTIFICATE-----\nolder\n")
	newer := []byte(begin + "CERTIFICATE-----\nnewer\n")
	require.NoError(t, writePEM(ca, older))
	require.NoError(t, writePEM(ca, newer))
	content, err := os.ReadFile(ca)
	require.NoError(t, err)
	assert.Equal(t, newer, content)

	for _, other := range []string{"", "notes", begin + "PRIVATE KEY-----\n"} {
		require.NoError(t, os.WriteFile(ca, []byte(other), 0o600))
		require.ErrorIs(t, writePEM(ca, newer), program.ErrFileExists)
	}
	require.ErrorIs(t, writePEM(dir, newer), program.ErrFileUnwritable)
	require.ErrorIs(t, writePEM(filepath.Join(dir, "nowhere", "ca.pem"), newer), program.ErrFileUnwritable)
}

func TestTheSimulatedIssuerTakesNoSettingThatCannotBeMeant(t *testing.T) {
	t.Setenv("CHIPPROOF_CONFIG", os.DevNull)
	for why, args := range map[string][]string{
		"--write-ca":                  {},
		"must be localhost:PORT":      {"--write-ca", "x", "--listen", "0.0.0.0:8732"},
		"or [::1]:PORT":               {"--write-ca", "x", "--listen", "example.org:1"},
		"both or neither":             {"--write-ca", "x", "--write-cert", "y"},
		"state unknown":               {"--write-ca", "x", "--state", "default=dead"},
		"person unknown":              {"--write-ca", "x", "--state", "nobody=lost"},
		"--delay: not below":          {"--write-ca", "x", "--delay=-1s"},
		"no file of at most":          {"--write-ca", "x", "--faults", "nowhere.yaml"},
		"have the same number":        {"--write-ca", "x", "--person", "default"},
		"--person: open nowhere.yaml": {"--write-ca", "x", "--person", "@nowhere.yaml"},
	} {
		var c cli
		_, err := program.Parse(kind(), &c, append([]string{"sim", "dopa"}, args...), program.Streams{Out: io.Discard, Err: io.Discard})
		require.Error(t, err, why)
		assert.ErrorContains(t, err, why)
	}
	for given, opened := range map[string]string{"localhost:8732": "127.0.0.1:8732", "[::1]:0": "[::1]:0", "127.0.0.1:1": "127.0.0.1:1"} {
		address, err := loopback(given)
		require.NoError(t, err)
		assert.Equal(t, opened, address)
	}
}

func TestTheSettingsOfTheManualOfTheIssuerAreTaken(t *testing.T) {
	for _, language := range []string{"en", "th"} {
		page, err := os.ReadFile(filepath.Join("..", "..", "docs", language, "dopa.md"))
		require.NoError(t, err)
		_, block, found := strings.Cut(string(page), "```yaml\n")
		require.True(t, found)
		block, _, found = strings.Cut(block, "```")
		require.True(t, found)
		configured(t, block)
		c, _, err := parsed(t, "serve")
		require.NoError(t, err)
		assert.Equal(t, issuer.DefaultURL, c.Serve.Proofs.DOPA.URL)
		assert.True(t, c.Serve.Proofs.DOPA.Ask)
	}
}
