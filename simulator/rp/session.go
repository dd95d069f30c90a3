package rp

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"chipproof/proofing/proof"
)

const (
	// cookieName is that of the site's session. Cookies know no port, so that it
	// mustn't be one that another program on localhost would take.
	cookieName = "sim_rp_session"
	// nonceLife is how long a nonce waits for its proof (proof §2).
	nonceLife = 15 * time.Minute
	// sessionLife is how long a session lives after its last use.
	sessionLife = time.Hour
	// The most there can be, so that nobody fills the memory. The oldest makes room.
	maxSessions, maxPending = 1000, 16
)

// session is one browser. Its pending requests are known to nobody else.
type session struct {
	id, csrf string
	used     time.Time
	lang     string    // that its page was asked for in; empty: as the browser prefers
	pending  []pending // oldest first
}

// pending is a request that no proof has come for.
type pending struct {
	nonce string
	state string // of the page road
	until time.Time
}

// sessions are all of them, and the proofs that were seen.
type sessions struct {
	clock func() time.Time
	mu    sync.Mutex
	byID  map[string]*session
	seen  map[string]time.Time // jti -> exp
}

func newSessions(clock func() time.Time) *sessions {
	return &sessions{clock: clock, byID: map[string]*session{}, seen: map[string]time.Time{}}
}

// begin makes a session.
func (all *sessions) begin() *session {
	all.mu.Lock()
	defer all.mu.Unlock()
	now := all.clock()
	var next *session // to make room
	for id, s := range all.byID {
		if now.Sub(s.used) >= sessionLife {
			delete(all.byID, id)
		} else if next == nil || s.goesBefore(next, now) {
			next = s
		}
	}
	if len(all.byID) >= maxSessions {
		delete(all.byID, next.id)
	}
	s := &session{id: proof.NewID(), csrf: proof.NewID(), used: now}
	all.byID[s.id] = s
	return s
}

// goesBefore says whether a session makes room sooner than another one: those that
// wait for no proof first, since every visit without a cookie makes one, and then
// the one that was used longest ago.
func (s *session) goesBefore(other *session, now time.Time) bool {
	if s.waits(now) != other.waits(now) {
		return !s.waits(now)
	}
	return s.used.Before(other.used)
}

// waits says whether a proof may still come.
func (s *session) waits(now time.Time) bool {
	return slices.ContainsFunc(s.pending, func(p pending) bool { return now.Before(p.until) })
}

// find is the session of a cookie's value, nil if there is none.
func (all *sessions) find(id string) *session {
	all.mu.Lock()
	defer all.mu.Unlock()
	s, now := all.byID[id], all.clock()
	if s == nil || now.Sub(s.used) >= sessionLife {
		delete(all.byID, id)
		return nil
	}
	s.used = now
	return s
}

// cookie is the one that holds a session. Lax, so that it comes along when the page
// road leads back here. Over https it is also Secure and named __Host-, so that
// neither plain http nor another host of the domain can put a session into a
// browser. Nobody logs in here; a real site gives the session a new id at login,
// or whoever planted the old one would share it from then on.
func (s *Site) cookie(value string) *http.Cookie {
	c := &http.Cookie{Name: cookieName, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if strings.HasPrefix(s.options.Origin, "https://") {
		c.Name, c.Secure = "__Host-"+cookieName, true
	}
	return c
}

// sessionOf is the session that a request comes in, nil if it comes in none.
func (s *Site) sessionOf(r *http.Request) *session {
	cookie, err := r.Cookie(s.cookie("").Name)
	if err != nil {
		return nil
	}
	return s.sessions.find(cookie.Value)
}

// speak keeps the language that a page was asked for in, for those that follow,
// and gives the one of the session.
func (all *sessions) speak(s *session, lang string) string {
	all.mu.Lock()
	defer all.mu.Unlock()
	if lang != "" {
		s.lang = lang
	}
	return s.lang
}

// await keeps the nonce of a request, and its state on the page road.
func (all *sessions) await(s *session, nonce, state string) {
	all.mu.Lock()
	defer all.mu.Unlock()
	s.pending = append(s.pending, pending{nonce: nonce, state: state, until: all.clock().Add(nonceLife)})
	if len(s.pending) > maxPending {
		s.pending = s.pending[1:]
	}
}

// hasState says whether a session waits for a proof with this state.
func (all *sessions) hasState(s *session, state string) bool {
	all.mu.Lock()
	defer all.mu.Unlock()
	for _, p := range s.pending {
		if state != "" && p.state == state && all.clock().Before(p.until) {
			return true
		}
	}
	return false
}

// nonces are the store of one session for one road: with a state, only the nonce
// that was made together with it counts, without one only those made without.
type nonces struct {
	all     *sessions
	session *session
	state   string
}

var _ proof.Nonces = nonces{}

// Take implements [proof.Nonces].
func (n nonces) Take(_ context.Context, nonce string) (bool, error) {
	n.all.mu.Lock()
	defer n.all.mu.Unlock()
	for i, p := range n.session.pending {
		if p.nonce == nonce && p.state == n.state {
			n.session.pending = append(n.session.pending[:i:i], n.session.pending[i+1:]...)
			return n.all.clock().Before(p.until), nil
		}
	}
	return false, nil
}

// SeeID implements [proof.Nonces]; a jti is remembered for all sessions.
func (n nonces) SeeID(_ context.Context, jti string, until time.Time) (bool, error) {
	n.all.mu.Lock()
	defer n.all.mu.Unlock()
	now := n.all.clock()
	for old, exp := range n.all.seen {
		if !now.Before(exp) {
			delete(n.all.seen, old)
		}
	}
	if _, twice := n.all.seen[jti]; twice {
		return false, nil
	}
	n.all.seen[jti] = until
	return true, nil
}
