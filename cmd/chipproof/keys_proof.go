package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/cmd/internal/program"
	"chipproof/proofing/proof/keyring"
)

// lines are the keys of a ring, oldest first, as they stand now; one line that
// says so for a machine that has none.
func (k proofKeys) lines() ([]keyLine, error) {
	ring, err := k.read()
	if errors.Is(err, errProofKeyMissing) {
		return []keyLine{{Key: program.Key{Ring: k.ring(), ID: "-"}, State: stateMissing}}, nil
	}
	if err != nil {
		return nil, err
	}
	var lines []keyLine
	for _, state := range ring.States(time.Now()) {
		line := keyLine{
			Key:   program.Key{Ring: k.ring(), ID: state.KID, Current: state.State == keyring.Current, Held: true},
			State: state.State, SignsFrom: state.SignsFrom.UTC(),
		}
		if !state.Until.IsZero() {
			line.Until = state.Until.UTC()
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// stateMissing is what stands in the list where there is no key.
const stateMissing keyring.State = "missing"

func (k keyLine) proofState(p *program.Program) api.Text {
	until := p.Moment(k.Until)
	switch k.State {
	case keyring.Current:
		return api.Text{TH: "ใช้อยู่", EN: "in use"}
	case keyring.Next:
		return api.Text{TH: "เผยแพร่แล้ว เริ่มลงนาม " + until, EN: "published, signs from " + until}
	case keyring.Old:
		return api.Text{TH: "เลิกลงนามแล้ว ยังเผยแพร่ถึง " + until, EN: "signs no more, published until " + until}
	case keyring.Retired:
		return api.Text{TH: "เก็บไว้ตรวจผลพิสูจน์เก่า", EN: "retired, checks old proofs"}
	case keyring.Revoked:
		return api.Text{TH: "เพิกถอนเมื่อ " + until, EN: "revoked " + until}
	}
	return api.Text{TH: "เครื่องนี้ยังไม่มี (chipproof keys rotate " + k.Ring + ")", EN: "none on this machine (chipproof keys rotate " + k.Ring + ")"}
}

// rotateProof makes the next key, or the first one of a machine that has none.
func (s *site) rotateProof(ctx context.Context, k proofKeys) error {
	if _, err := k.read(); errors.Is(err, errProofKeyMissing) {
		return s.makeProofKeys(ctx, k)
	}
	return s.changeProofKeys(ctx, k, func(ring *keyring.Ring) (*keyring.Ring, error) { return ring.Rotated(rand.Reader, time.Now()) })
}

// makeProofKeys makes a ring where there is none. Its entry comes after it: the
// key has signed nothing, and without the entry the command fails.
func (s *site) makeProofKeys(ctx context.Context, k proofKeys) error {
	var ring *keyring.Ring
	err := s.Store.Alone(ctx, func() (err error) {
		if ring, err = k.make(); err != nil {
			return fmt.Errorf("%w: %w", program.ErrFileUnwritable, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.recordProofKeys(ctx, k, ring)
}

func (s *site) recordProofKeys(ctx context.Context, k proofKeys, ring *keyring.Ring) error {
	for _, state := range ring.States(time.Now()) {
		if err := s.recordKey(ctx, audit.KindKeyAdded, k.ring(), state.KID); err != nil {
			return err
		}
	}
	return nil
}

type keysRevokeCmd struct {
	KID  string          `arg:"" name:"kid" help:"The key, as 'chipproof keys list' prints it. Put -- before one that begins with a dash."`
	Test bool            `help:"A key of test mode."`
	JSON bool            `name:"json" help:"Print the keys as they are then, as JSON."`
	Data program.DataDir `embed:""`
}

// Help is the long text of `keys revoke --help`.
func (keysRevokeCmd) Help() string {
	return `For a key that somebody else may have. It is out of the key set at once and on the deny list for good; if it was the one that signs, a new one signs from now on, and one that waited for its day is revoked along, for it lay in the same file. If it was itself the one that waited, the key that signs goes on, and another new one waits for the same day; until then 'keys rotate proof' is refused (rotation_pending). A running agent goes on with that at once.

Relying parties learn of it from you: hand them 'chipproof keys export' and 'chipproof keys export --denied' now.`
}

func (c *keysRevokeCmd) Run(ctx context.Context, p *program.Program) error {
	lines, err := onSite(ctx, p, c.Data, func(s *site) ([]keyLine, error) {
		err := s.changeProofKeys(ctx, s.proofKeys(ringFor(c.Test)), func(ring *keyring.Ring) (*keyring.Ring, error) {
			return ring.Revoked(c.KID, rand.Reader, time.Now())
		})
		if err != nil {
			return nil, err
		}
		return s.keyLines(ctx)
	})
	if err != nil {
		return err
	}
	return printKeys(p, lines, c.JSON)
}

func ringFor(test bool) string {
	if test {
		return ringProofTest
	}
	return ringProof
}

type keysExportCmd struct {
	Test    bool            `help:"Those of test mode."`
	Retired bool            `help:"The archive of retired keys instead: for checking proofs that were kept, and never for a login." xor:"set"`
	Denied  bool            `help:"The deny list instead: the ids of revoked keys, one a line." xor:"set"`
	Data    program.DataDir `embed:""`
}

// Help is the long text of `keys export --help`.
func (keysExportCmd) Help() string {
	return `A JWK set with the key that signs proofs, the one that will, and the one that did until a moment ago: public halves alone. Relying parties get it as a file, or from an https address of your own; they never fetch it from this machine. It is what a running agent shows its administrator at /.well-known/jwks.json.`
}

func (c *keysExportCmd) Run(ctx context.Context, p *program.Program) error {
	text, err := onSite(ctx, p, c.Data, func(s *site) (string, error) {
		ring, err := s.proofKeys(ringFor(c.Test)).read()
		switch {
		case err != nil:
			return "", err
		case c.Denied:
			return strings.Join(append(ring.Denied(), ""), "\n"), nil
		case c.Retired:
			return string(ring.Archive(time.Now()).JSON()) + "\n", nil
		}
		return string(ring.Published(time.Now()).JSON()) + "\n", nil
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(p.Out, text)
	return err
}
