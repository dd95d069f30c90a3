package counter

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"time"

	"chipproof/api"
	"chipproof/cardreader"
	"chipproof/proofing"
	"chipproof/proofing/issuer"
	"chipproof/proofing/proof"
)

// Title and Version stand in the OpenAPI document. Version is the interface's:
// it changes when a caller must change.
const (
	Title   = "chipproof"
	Version = "1.0.0"
)

// Options make a [Counter]. All but Schemes, Issuer, Patience and Log are needed.
type Options struct {
	Readers *cardreader.Readers
	// Records keep origins and approvals, and write what is read into the audit log.
	Records    Records
	Pseudonyms Pseudonyms
	// Policy is the agency's: which purposes there are, and what each needs.
	Policy proofing.Policy
	// Schemes turn facts into levels. Nil means those that ship.
	Schemes []proofing.Scheme
	// Issuer is asked about cards; nil where this desk is not set up for it.
	Issuer issuer.Checker
	// Signing signs proofs.
	Signing *proofing.Signing
	// Keys are the public keys of the running mode, as they are published now.
	Keys func(context.Context) (proof.KeySet, error)
	// Rules are those of the server, [api.Options.Rules].
	Rules    api.OriginRules
	Patience Patience
	// Now is the clock of entries, by which days begin.
	Now func() time.Time
	// Log gets what no client is told. Nil means nowhere.
	Log *slog.Logger
}

// Counter answers for one counter: one clerk, one citizen, one read at a time.
type Counter struct {
	readers    *cardreader.Readers
	records    Records
	pseudonyms Pseudonyms
	policy     proofing.Policy
	signing    *proofing.Signing
	prover     *proofing.Prover
	keys       func(context.Context) (proof.KeySet, error)
	rules      api.OriginRules
	patience   Patience
	now        func() time.Time
	log        *slog.Logger

	hub        *hub
	turns      turns
	insertions *insertions
	attempts   *attempts
	glimpses   glimpses
	ports      ports
}

var _ api.Origins = (*Counter)(nil)

// errOptions is for options that lack something.
var errOptions = errors.New("options lack readers, records, pseudonyms, a policy, signing, keys or a clock")

// New is a counter that reads at those readers.
func New(o Options) (*Counter, error) {
	if o.Readers == nil || o.Records == nil || o.Pseudonyms == nil || len(o.Policy.Purposes) == 0 || o.Signing == nil || o.Keys == nil || o.Now == nil {
		return nil, fmt.Errorf("make counter: %w", errOptions)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Schemes == nil {
		o.Schemes = proofing.CurrentSchemes()
	}
	c := &Counter{
		readers: o.Readers, records: o.Records, pseudonyms: o.Pseudonyms, policy: o.Policy, signing: o.Signing, keys: o.Keys, rules: o.Rules,
		patience: o.Patience.withDefaults(), now: o.Now, log: o.Log,
		hub: newHub(), insertions: newInsertions(), attempts: newAttempts(),
	}
	c.prover = &proofing.Prover{
		Readers: o.Readers, Policy: o.Policy, Schemes: o.Schemes, Issuer: o.Issuer, Ledger: proofs{c}, Signing: o.Signing,
		Pseudonyms: o.Pseudonyms, Now: o.Now, Test: o.Rules.Mode == api.Test, Log: o.Log,
	}
	return c, nil
}

// Run follows the readers and hands what happens there to the event streams. It
// returns ctx's error when ctx ends, and nothing else ends it. A question to the
// clerk that is kept for a page is taken back then, and a proofing that runs ends
// unsigned.
func (c *Counter) Run(ctx context.Context) error {
	defer func() {
		c.attempts.stop(api.ErrStopping)
		if id := c.turns.leave(); id != "" {
			c.withdraw(id)
		}
	}()
	return c.readers.Follow(ctx, func(e cardreader.Event) {
		c.insertions.happened(e)
		c.turns.happened(e)
		c.hub.happened(e)
	})
}

// Register puts the counter's routes into a server, before it serves. The server
// asks the same counter which origins are approved.
func Register(s *api.Server, c *Counter) {
	registerReads(s, c)
	registerProofings(s, c)
	registerApprovals(s, c)
	registerOrigins(s, c)
}

func registerReads(s *api.Server, c *Counter) {
	api.Handle(s, api.Route{
		Method: http.MethodGet, Path: "/v1/readers", Class: api.WebApp, Roles: api.Clerks(), ID: "list-readers",
		Summary:     "The readers, and whether a card is in them",
		Description: "Names, presence and answer to reset; never anything of a card.",
	}, c.listReaders)
	api.HandleStream(s, api.Route{
		Method: http.MethodGet, Path: "/v1/events", Class: api.WebApp, Roles: api.Clerks(), ID: "follow-events",
		Summary: "What happens at the readers",
		Description: "Begins with what is there. `read_progress` comes only to the origin whose read it is. " +
			"Read it with `fetch`; a comment comes every 15 s. The stream ends when the desk is locked, left or taken over, and when the origin is revoked.",
	}, eventTypes(), c.followEvents)
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/reads", Class: api.WebApp, Roles: api.Clerks(), ID: "read-card",
		Audit:    []string{"read", "read_failed", "request_refused"},
		Accepted: reflect.TypeFor[WaitingAnswer](),
		Summary:  "Read the citizen's card",
		Description: "Fills a form: what the chip says, without judgement and without signature. " +
			"Whoever can reach the reader could have read the same. One insertion gives one answer to each origin. " +
			"Where the clerk must agree, a call waits up to 25 s and then says so with 202: repeat the same call. " +
			"What the clerk agrees to is the card that was in at the question: without one nobody is asked, and when it leaves the agreement is void.",
	}, c.readCard)
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/reads/{id}/text", Class: api.Console, Roles: api.Clerks(), ID: "read-text",
		Audit:   []string{"read"},
		Summary: "The text of the card whose photo is being read",
		Description: "For our own console and the session that asked for the read, from the event `text_read` on until the read has its answer. " +
			"The entry of the read stands by then. When the read fails, what was shown must be taken away.",
	}, c.readText)
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/reads/again", Class: api.Console, Roles: api.Clerks(), ID: "read-again",
		Audit:   []string{"read_approved"},
		Summary: "Once more: give an origin one more answer of the card that is in",
	}, c.readAgain)
}
