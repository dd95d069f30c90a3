package rp

import (
	"crypto"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"chipproof/proofing/proof"
)

// ErrSettings is for options that no site can be made of.
var ErrSettings = errors.New("settings of the relying party invalid")

// TestIssuer is the organisation that an agent in test mode names when it was told
// no other (proof §2).
const TestIssuer = "https://test.chipproof.invalid"

// Options are what a site needs.
type Options struct {
	// Origin is the site's own, as browsers send it: http://localhost:8000.
	Origin string
	// Agent is where the agent's page and API are, on the visitor's own machine:
	// http://localhost:8731. Only the port can differ.
	Agent string
	// Script is chipproof.js, which a site hosts itself. Nil: there is none, and
	// the buttons of the page do nothing.
	Script []byte
	// Key is that of the site's backend, of P-256.
	Key crypto.Signer
	// AgentKeys gives the file of the agent's public keys (JWK set), each time that
	// a proof is checked. Nil: none are known yet, and nothing verifies. They never
	// come from the agent itself.
	AgentKeys func() ([]byte, error)
	// Denied are the kids of revoked keys.
	Denied []string
	// Issuer is the organisation that answers for the agent; [TestIssuer] if empty.
	Issuer string
	// Ask is what the site wants; [DefaultAsk] if its purpose is empty.
	Ask Ask
	// Clock says what time it is.
	Clock func() time.Time
	// Log takes a line a judgement: no personal data. Nil: nothing is logged.
	Log *slog.Logger
}

// Ask is what the backend asks to be proved. No page has a say in it.
type Ask struct {
	Purpose string
	// Fields of design §5. On the page road those that travel beside a proof are
	// left out.
	Fields []string
	// Needs are facts that the clerk must state besides those of the purpose.
	Needs []string
	// IssuerCheck asks the issuer if the desk is set up for it.
	IssuerCheck bool
	// Demand is what a proof must hold beyond being good.
	Demand proof.Demand
}

// DefaultAsk is a proofing in person with the face compared to the chip's photo.
func DefaultAsk() Ask {
	return Ask{
		Purpose: "identity_proofing",
		Fields:  []string{"citizen_id", "name", "birth_date", "sex", "address", "card", "photo"},
		Needs:   []string{"face_visual"},
		Demand:  proof.Demand{Methods: []string{"vdig", "pvp"}, Facts: []string{"chip_read", "face_visual"}},
	}
}

// Site is the relying party. It is an [http.Handler].
type Site struct {
	options  Options
	port     string // the agent's
	keys     proof.KeySet
	sessions *sessions
	returns  *returns
	mux      *http.ServeMux
}

// New makes a site. Error: [ErrSettings].
func New(o Options) (*Site, error) {
	agent, err := url.Parse(o.Agent)
	if o.Clock == nil || !isOrigin(o.Origin) || !isOrigin(o.Agent) || err != nil || agent.Scheme != "http" || agent.Hostname() != "localhost" || agent.Port() == "" {
		return nil, fmt.Errorf("make site: %w: clock, origin or agent", ErrSettings)
	}
	if err := proof.CheckSigner(o.Key); err != nil {
		return nil, fmt.Errorf("make site: %w: %w", ErrSettings, err)
	}
	public, _ := o.Key.Public().(*ecdsa.PublicKey) // the check says so
	keys, err := proof.NewKeySet(public)
	if err != nil {
		return nil, fmt.Errorf("make site: %w: %w", ErrSettings, err)
	}
	if o.Issuer == "" {
		o.Issuer = TestIssuer
	}
	if o.Ask.Purpose == "" {
		o.Ask = DefaultAsk()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Site{options: o, port: agent.Port(), keys: keys, sessions: newSessions(o.Clock), returns: newReturns(o.Clock)}
	s.mux = s.routes()
	return s, nil
}

// isOrigin says whether a text is the origin of a site as browsers write it.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && text == u.Scheme+"://"+strings.ToLower(u.Host)
}

// Keys are the public keys of the site's backend, as a JWK set: what an
// administrator registers with chipproof origin add --jwks.
func (s *Site) Keys() []byte { return s.keys.JSON() }

// ReturnURL is the address to which the page road brings a proof.
func (s *Site) ReturnURL() string { return s.options.Origin + "/return" }

// Origin is the site's own name.
func (s *Site) Origin() string { return s.options.Origin }

// Thumbprints are the names of the site's keys, for an administrator to compare.
func (s *Site) Thumbprints() []string { return s.keys.Thumbprints() }
