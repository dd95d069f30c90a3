package proofing_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/cardreader"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/simulator"
)

// inProduction turns a desk into one whose agent runs in production, with all
// that it needs for that.
func (d *desk) inProduction() {
	d.prover.Test = false
	d.prover.Signing.Mode = proof.Production
	d.prover.Signing.Issuer = "https://agency.example.go.th"
}

// Lock 2 of proof §7, alone: the signer of production signs nothing that was not
// read from a card, whatever else is set.
func TestTheSignerOfProductionRefusesASimulatedCard(t *testing.T) {
	d := newDesk(t, "default")
	result, err := d.prover.Prove(t.Context(), d.asks(nil), agrees(""), nil)
	require.NoError(t, err)
	p := *d.opened(result.Proof)
	d.inProduction()
	signing := d.prover.Signing

	for _, from := range []proofing.Source{proofing.FromSimulator, "", "Reader"} {
		assert.ErrorIs(t, signing.Ready(from), proofing.ErrSimulatorRefused, "%q", from)
		_, err := signing.Sign(from, p)
		assert.ErrorIs(t, err, proofing.ErrSimulatorRefused, "%q", from)
	}
	for _, from := range []proofing.Source{proofing.FromReader, proofing.FromTyping} {
		assert.NoError(t, signing.Ready(from))
		_, err := signing.Sign(from, p)
		assert.ErrorIs(t, err, proofing.ErrSimulatorRefused, "its facts say where it is from")
	}
}

// Rows P6 and P12 of agent-security §5: refused before the card is touched.
func TestWhatCannotBeSignedIsRefusedBeforeTheCardIsTouched(t *testing.T) {
	other, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	for name, row := range map[string]struct {
		change func(d *desk)
		want   error
	}{
		"simulated card in production":   {func(d *desk) { d.inProduction() }, proofing.ErrSimulatorRefused},
		"a prover that is not of a test": {func(d *desk) { d.prover.Test = false }, proofing.ErrSimulatorRefused},
		"no signing at all":              {func(d *desk) { d.prover.Signing = nil }, proofing.ErrKeyUnavailable},
		"key gone":                       {func(d *desk) { d.loseKey() }, proofing.ErrKeyUnavailable},
		"no key":                         {func(d *desk) { d.key = nil; d.useKey(nil) }, proofing.ErrKeyUnavailable},
		"key of another curve":           {func(d *desk) { d.useKey(other) }, proofing.ErrKeyUnavailable},
		"signing of another mode":        {func(d *desk) { d.prover.Signing.Mode = proof.Production }, nil},
		"signing of no mode":             {func(d *desk) { d.prover.Signing.Mode = "" }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, "default")
			row.change(d)
			result, err := d.prover.Prove(t.Context(), d.asks(nil), agrees(""), nil)
			require.Error(t, err)
			if row.want != nil {
				assert.ErrorIs(t, err, row.want)
			}
			assert.Nil(t, result)
			assert.Zero(t, d.card.Exchanges(), "the card was not touched")
			assert.Empty(t, d.office.Entries(audit.KindProofing))
		})
	}
}

func (d *desk) useKey(key crypto.Signer) {
	d.prover.Signing.Key = func() (crypto.Signer, error) { return key, nil }
}

// Our own console signs nothing and is refused all the same: a record of
// production that rests on an invented card would be a lie.
func TestOurOwnConsoleProofsNoSimulatedCardInProduction(t *testing.T) {
	d := newDesk(t, "default")
	d.prover.Test, d.prover.Signing = false, nil
	_, err := d.prover.Prove(t.Context(), d.consoleAsks(proofing.IdentityProofing), agrees(""), nil)
	assert.ErrorIs(t, err, proofing.ErrSimulatorRefused)
	assert.Zero(t, d.card.Exchanges())
}

// metal is a driver that forgets to say that its readers are software, as vpcd's
// do; their names remain.
type metal struct{ *simulator.Machine }

func (m metal) List(ctx context.Context) ([]cardreader.State, error) {
	states, err := m.Machine.List(ctx)
	return unmarked(states), err
}

func (m metal) Watch(ctx context.Context, report func([]cardreader.State)) error {
	return m.Machine.Watch(ctx, func(states []cardreader.State) { report(unmarked(states)) })
}

func unmarked(states []cardreader.State) []cardreader.State {
	for i := range states {
		states[i].Simulated = false
	}
	return states
}

func TestAVirtualReaderIsRefusedByItsNameInProduction(t *testing.T) {
	for reader, want := range map[string]error{
		"Virtual PCD 00 00":                             proofing.ErrSimulatorRefused,
		"Virtual Smart Card Architecture Virtual PCD 0": proofing.ErrSimulatorRefused, // on Windows (docs/adr 0011)
		"/dev/null:0x8C7B(1)":                           proofing.ErrSimulatorRefused, // on macOS
		"ACS ACR39U 00 00":                              nil,
	} {
		t.Run(reader, func(t *testing.T) {
			d := newDesk(t, "default")
			d.inProduction()
			require.NoError(t, d.Plug(reader))
			card := newCard(t, "default", simulator.CardOptions{})
			require.NoError(t, d.Insert(reader, card))
			d.prover.Readers = cardreader.New(metal{d.Machine}, cardreader.Options{})
			a := d.asks(nil)
			a.Reader = reader
			result, err := d.prover.Prove(t.Context(), a, agrees(""), nil)
			if want != nil {
				assert.ErrorIs(t, err, want)
				assert.Zero(t, card.Exchanges())
				return
			}
			require.NoError(t, err)
			assert.Equal(t, proofing.ByReader, result.Verdict.Facts.Of(proofing.ChipRead).How)
		})
	}
}

// A reader that turns out to be simulated only when it is opened is refused then,
// before anything is sent to the card.
func TestTheReaderThatIsOpenedIsAskedAgain(t *testing.T) {
	d := newDesk(t, "default")
	d.inProduction()
	looks := 0
	d.prover.Readers = cardreader.New(turncoat{metal{d.Machine}, &looks}, cardreader.Options{})
	_, err := d.prover.Prove(t.Context(), d.asks(nil), agrees(""), nil)
	assert.ErrorIs(t, err, proofing.ErrSimulatorRefused)
	assert.Zero(t, d.card.Exchanges())
	assert.Equal(t, 2, looks)
}

type turncoat struct {
	metal
	looks *int
}

func (c turncoat) List(ctx context.Context) ([]cardreader.State, error) {
	*c.looks++
	if *c.looks > 1 {
		return c.Machine.List(ctx)
	}
	return c.metal.List(ctx)
}

func TestWhoAnswersForProofs(t *testing.T) {
	d := newDesk(t, "default")
	for name, row := range map[string]struct {
		mode   proof.Mode
		issuer string
		want   error
	}{
		"production without a name":      {proof.Production, "", proofing.ErrIssuerNotSet},
		"production in the name of test": {proof.Production, proofing.TestIssuer, proofing.ErrIssuerNotSet},
		"no mode is production":          {"", "", proofing.ErrIssuerNotSet},
		"production":                     {proof.Production, "https://agency.example.go.th", nil},
		"test without a name":            {proof.Test, "", nil},
		"test":                           {proof.Test, "https://agency.example.go.th", nil},
	} {
		d.prover.Signing.Mode, d.prover.Signing.Issuer = row.mode, row.issuer
		err := d.prover.Signing.Ready(proofing.FromReader)
		if row.want == nil {
			assert.NoError(t, err, name)
			continue
		}
		assert.ErrorIs(t, err, row.want, name)
	}
}
