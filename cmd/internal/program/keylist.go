package program

import (
	"context"
	"strings"

	"chipproof/api"
	"chipproof/audit"
)

// Key is a key of the data folder, as commands and console list it. The key
// itself is shown nowhere.
type Key struct {
	Ring    string `json:"ring"`
	ID      string `json:"id"`
	Current bool   `json:"current"`
	Held    bool   `json:"held"` // its file has it
	Uses    int    `json:"uses"` // what can't be read without it
}

// Keys are those that both programs have, by ring, oldest first.
func (s *Site) Keys(ctx context.Context) ([]Key, error) {
	infos, err := s.MFA.Keys(ctx)
	if err != nil {
		return nil, err
	}
	keys := []Key{}
	for _, k := range infos {
		keys = append(keys, Key{Ring: k.Ring, ID: k.ID, Current: k.Current, Held: k.Held, Uses: k.Uses})
	}
	if ring := s.Pseudonyms.Load(); ring != nil {
		ids := PseudonymIDs(ring)
		for i, id := range ids {
			keys = append(keys, Key{Ring: RingPseudonyms, ID: id, Current: i == len(ids)-1, Held: true})
		}
	}
	return append(keys, Key{Ring: ringAudit, ID: s.auditKey.Name(), Current: true, Held: true}), nil
}

// PseudonymIDs are the ids of a ring, oldest first, as its String names them.
func PseudonymIDs(ring *audit.PseudonymRing) []string {
	return strings.Fields(strings.TrimPrefix(ring.String(), "pseudonym keys "))
}

// State says whether the key is in use, as the console has it.
func (k Key) State() api.KeyState {
	switch {
	case k.Current:
		return api.KeyCurrent
	case !k.Held && k.Uses > 0:
		return api.KeyMissing
	case !k.Held:
		return api.KeyDropped
	}
	return api.KeyOld
}

// keyLines is [Site.Keys] for the console.
func (s *Site) keyLines(ctx context.Context) ([]api.KeyLine, error) {
	keys, err := s.Keys(ctx)
	if err != nil {
		return nil, err
	}
	var lines []api.KeyLine
	for _, k := range keys {
		lines = append(lines, api.KeyLine{Ring: k.Ring, ID: k.ID, Uses: k.Uses, State: k.State()})
	}
	return lines, nil
}
