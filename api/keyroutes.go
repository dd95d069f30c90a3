package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// KeyLine is a key of the installation, as the console lists it. The key itself is
// shown nowhere.
type KeyLine struct {
	Ring  string   `json:"ring" doc:"What it is for" example:"secrets"`
	ID    string   `json:"id" doc:"Its thumbprint or id"`
	State KeyState `json:"state" doc:"Whether it is in use" example:"current"`
	Uses  int      `json:"uses,omitzero" doc:"How much cannot be read without it"`
}

// KeyState says whether a key is in use.
type KeyState string

// The states. Next, retired and revoked are of keys that sign proofs.
const (
	KeyCurrent KeyState = "current"
	KeyNext    KeyState = "next"
	KeyOld     KeyState = "old"
	KeyRetired KeyState = "retired"
	KeyRevoked KeyState = "revoked"
	// KeyMissing: its file has it no more, and something needs it.
	KeyMissing KeyState = "missing"
	KeyDropped KeyState = "dropped"
)

// KeyStates are all there are.
func KeyStates() []KeyState {
	return []KeyState{KeyCurrent, KeyNext, KeyOld, KeyRetired, KeyRevoked, KeyMissing, KeyDropped}
}

// Schema lists the states.
func (KeyState) Schema(huma.Registry) *huma.Schema { return oneOf(KeyStates()...) }

type keysOutput struct {
	Body struct {
		Keys []KeyLine `json:"keys" nullable:"false" doc:"By ring, the present one of each among them"`
	}
}

// RegisterKeys adds the list of the installation's keys, for administrators.
func RegisterKeys(s *Server, list func(context.Context) ([]KeyLine, error)) {
	Handle(s, Route{
		Method: http.MethodGet, Path: "/v1/keys", Class: Console, Roles: Administrators(), ID: "list-keys",
		Summary: "The keys of the installation, by thumbprint or id",
	}, func(ctx context.Context, _ *struct{}) (*keysOutput, error) {
		keys, err := list(ctx)
		if err != nil {
			return nil, fmt.Errorf("list keys: %w", err)
		}
		var out keysOutput
		out.Body.Keys = append([]KeyLine{}, keys...)
		return &out, nil
	})
}
