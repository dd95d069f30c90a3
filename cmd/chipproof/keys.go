package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/cmd/internal/program"
	"chipproof/mfa"
	"chipproof/proofing/proof/keyring"
	"chipproof/store"
)

// keysCmd groups what is done about the keys of the data folder.
type keysCmd struct {
	List   keysListCmd   `cmd:"" help:"List the keys: which is in use, and what still needs an old one."`
	Rotate keysRotateCmd `cmd:"" help:"Make a new key and use it from now on. Old ones stay for what was written under them."`
	Drop   keysDropCmd   `cmd:"" help:"Take an old key away for good, once nothing needs it any more."`
	Revoke keysRevokeCmd `cmd:"" help:"Revoke a key for proofs: whatever it signs is refused from now on."`
	Export keysExportCmd `cmd:"" help:"Print the public keys for proofs, for the relying parties."`
}

type keysListCmd struct {
	JSON bool            `name:"json" help:"Print JSON."`
	Data program.DataDir `embed:""`
}

// Help is the long text of `keys list --help`.
func (keysListCmd) Help() string {
	return `secrets seals the keys of authenticator apps in the database; pepper goes into password hashes; pseudonyms names citizens in the audit log; audit signs the log's checkpoints; proof signs proofs, proof-test those of test mode. Keys are named by ids, and none is ever printed.`
}

// keyLine is a key in `keys list --json`.
type keyLine struct {
	program.Key
	// What follows is of keys for proofs.
	State     keyring.State `json:"state,omitzero"`
	SignsFrom time.Time     `json:"signs_from,omitzero"`
	Until     time.Time     `json:"until,omitzero"` // when the state ends; of a revoked one, when it was revoked
}

func (c *keysListCmd) Run(ctx context.Context, p *program.Program) error {
	lines, err := onSite(ctx, p, c.Data, func(s *site) ([]keyLine, error) { return s.keyLines(ctx) })
	if err != nil {
		return err
	}
	return printKeys(p, lines, c.JSON)
}

func (s *site) keyLines(ctx context.Context) ([]keyLine, error) {
	keys, err := s.Keys(ctx)
	if err != nil {
		return nil, err
	}
	lines := []keyLine{}
	for _, k := range keys {
		lines = append(lines, keyLine{Key: k})
	}
	for _, ring := range proofRingNames() {
		more, err := s.proofKeys(ring).lines()
		if err != nil {
			return nil, err
		}
		lines = append(lines, more...)
	}
	return lines, nil
}

func printKeys(p *program.Program, lines []keyLine, asJSON bool) error {
	if asJSON {
		return program.PrintJSON(p.Out, struct {
			Keys []keyLine `json:"keys"`
		}{lines})
	}
	table := tabwriter.NewWriter(p.Out, 0, 0, 2, ' ', 0)
	for _, k := range lines {
		fmt.Fprintf(table, "%s\t%s\t%s\n", k.Ring, k.ID, p.Say.Label(k.state(p)))
	}
	return table.Flush()
}

func (k keyLine) state(p *program.Program) api.Text {
	switch {
	case k.State != "":
		return k.proofState(p)
	case k.Current:
		return api.Text{TH: "ใช้อยู่", EN: "in use"}
	case !k.Held && k.Uses > 0:
		return api.Text{TH: fmt.Sprintf("ไม่มีไฟล์กุญแจ แต่ยังจำเป็น %d แห่ง", k.Uses), EN: fmt.Sprintf("missing, and still needed %d times", k.Uses)}
	case !k.Held:
		return api.Text{TH: "ทิ้งแล้ว", EN: "dropped"}
	case k.Ring == program.RingPseudonyms:
		return api.Text{TH: "กุญแจเก่า ใช้ค้นรายการของบุคคล", EN: "old, finds a person's entries"}
	case k.Uses > 0:
		return api.Text{TH: fmt.Sprintf("กุญแจเก่า ยังจำเป็น %d แห่ง", k.Uses), EN: fmt.Sprintf("old, still needed %d times", k.Uses)}
	}
	return api.Text{TH: "กุญแจเก่า ทิ้งได้ (chipproof keys drop)", EN: "old, may go (chipproof keys drop)"}
}

type keysRotateCmd struct {
	Ring []string        `arg:"" optional:"" enum:"secrets,pepper,pseudonyms,proof,proof-test" help:"Which: secrets, pepper, pseudonyms, proof, proof-test. Without it the first three."`
	JSON bool            `name:"json" help:"Print the keys as they are then, as JSON."`
	Data program.DataDir `embed:""`
}

// Help is the long text of `keys rotate --help`.
func (keysRotateCmd) Help() string {
	return `A running agent goes on with the new keys at once. Keys of authenticator apps are sealed anew. A password hash gets the new pepper when its owner logs in next, so the old pepper is needed until everybody has. Under a new pseudonym key a citizen gets a new name in the log. The audit key is the log's own name and stays.

A new key for proofs is published for a day before it signs: hand 'chipproof keys export' to the relying parties meanwhile, unless they fetch it from your site. The former one stays published until its last proof is out of date. On a machine that has no key for proofs yet, the first one is made and signs at once.

Afterwards make a backup: an older one holds the old keys only, and opens with those.`
}

func (c *keysRotateCmd) Run(ctx context.Context, p *program.Program) error {
	lines, err := onSite(ctx, p, c.Data, func(s *site) ([]keyLine, error) {
		for _, ring := range c.rings() {
			if err := s.rotate(ctx, ring); err != nil {
				return nil, err
			}
		}
		return s.keyLines(ctx)
	})
	if err != nil {
		return err
	}
	return printKeys(p, lines, c.JSON)
}

func (c *keysRotateCmd) rings() []string {
	if len(c.Ring) == 0 {
		return []string{program.RingSecrets, program.RingPepper, program.RingPseudonyms}
	}
	return c.Ring
}

// rotate makes the new key durable in its file before anything is written under it.
func (s *site) rotate(ctx context.Context, name string) error {
	switch name {
	case program.RingPseudonyms:
		return s.rotatePseudonyms(ctx)
	case ringProof, ringProofTest:
		return s.rotateProof(ctx, s.proofKeys(name))
	}
	ring := s.Rings[name]
	rotated, err := ring.Rotated(rand.Reader)
	if err != nil {
		return fmt.Errorf("rotate %s: %w", name, err)
	}
	if err := s.recordKey(ctx, audit.KindKeyAdded, name, rotated.Current()); err != nil {
		return err
	}
	if err := s.takeRing(ctx, name, rotated); err != nil {
		return err
	}
	if name != program.RingSecrets {
		return nil
	}
	_, err = s.MFA.Reseal(ctx, s.By)
	return err
}

// takeRing writes a ring to its file and goes on with it.
func (s *site) takeRing(ctx context.Context, name string, ring *mfa.Keyring) error {
	if err := s.ReplaceKey(ctx, program.RingFiles[name], ring.Reveal()); err != nil {
		return err
	}
	s.Rings[name] = ring
	return s.MFA.UseKeys(ctx, s.Rings[program.RingSecrets], s.Rings[program.RingPepper])
}

type keysDropCmd struct {
	Ring string          `arg:"" enum:"secrets,pepper" help:"Which ring: secrets or pepper."`
	ID   string          `arg:"" help:"The key's id, as 'chipproof keys list' prints it."`
	JSON bool            `name:"json" help:"Print the keys as they are then, as JSON."`
	Data program.DataDir `embed:""`
}

// Help is the long text of `keys drop --help`.
func (keysDropCmd) Help() string {
	return `Refused while anything needs the key, and for the one in use. What a backup from before holds can't be read without it: keep those backups, they bring their own keys.`
}

func (c *keysDropCmd) Run(ctx context.Context, p *program.Program) error {
	lines, err := onSite(ctx, p, c.Data, func(s *site) ([]keyLine, error) {
		if err := s.drop(ctx, c.Ring, c.ID); err != nil {
			return nil, err
		}
		return s.keyLines(ctx)
	})
	if err != nil {
		return err
	}
	return printKeys(p, lines, c.JSON)
}

// errKeyNeeded is for a key that something was written under.
var errKeyNeeded = errors.New("key is needed")

func (s *site) drop(ctx context.Context, name, id string) error {
	keys, err := s.MFA.Keys(ctx)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if k.Ring == name && k.ID == id && (k.Uses > 0 || k.Current) {
			return fmt.Errorf("drop key %s of %s: %w", id, name, errKeyNeeded)
		}
	}
	without, err := s.Rings[name].Without(id)
	if err != nil {
		return fmt.Errorf("drop key of %s: %w", name, err)
	}
	if err := s.recordKey(ctx, audit.KindKeyRetired, name, id); err != nil {
		return err
	}
	return s.takeRing(ctx, name, without)
}

func (s *site) rotatePseudonyms(ctx context.Context) error {
	ring, err := s.Pseudonyms.Load().Rotated(rand.Reader)
	if err != nil {
		return fmt.Errorf("rotate pseudonym key: %w", err)
	}
	ids := program.PseudonymIDs(ring)
	if err := s.recordKey(ctx, audit.KindKeyAdded, program.RingPseudonyms, ids[len(ids)-1]); err != nil {
		return err
	}
	if err := s.ReplaceKey(ctx, store.PseudonymKeyFile, ring.Reveal()); err != nil {
		return err
	}
	s.Pseudonyms.Store(ring)
	return nil
}

func (s *site) recordKey(ctx context.Context, kind audit.Kind, ring, id string) error {
	return s.Record(ctx, audit.Event{Kind: kind, Attributes: map[string]string{"ring": ring, "key": id}})
}
