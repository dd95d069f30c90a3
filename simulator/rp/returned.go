package rp

import (
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"chipproof/proofing/proof"
)

const (
	// returnLife is how long what was brought back waits to be looked at, once.
	returnLife = time.Minute
	// maxReturns is how much may wait at a time. Anybody can send a form here, so
	// the oldest makes room: refusing would let a stranger's forms keep everybody
	// else out for a minute, and a browser follows its redirect at once.
	maxReturns = 64
	// maxForm is how large the form may be, in bytes: a proof and a state.
	maxForm = 40 << 10
)

// brought is a form of the page road, of which nothing is known yet.
type brought struct {
	handle, proof, state string
	until                time.Time
}

// returns holds them, by handles that are good once.
type returns struct {
	clock func() time.Time
	mu    sync.Mutex
	forms []brought // oldest first
}

func newReturns(clock func() time.Time) *returns { return &returns{clock: clock} }

// keep gives a handle for a form.
func (all *returns) keep(token, state string) (handle string) {
	all.mu.Lock()
	defer all.mu.Unlock()
	now := all.clock()
	all.forms = slices.DeleteFunc(all.forms, func(b brought) bool { return !now.Before(b.until) })
	if len(all.forms) >= maxReturns {
		all.forms = slices.Delete(all.forms, 0, 1)
	}
	handle = proof.NewID()
	all.forms = append(all.forms, brought{handle: handle, proof: token, state: state, until: now.Add(returnLife)})
	return handle
}

// take gives a form out, once.
func (all *returns) take(handle string) (brought, bool) {
	all.mu.Lock()
	defer all.mu.Unlock()
	i := slices.IndexFunc(all.forms, func(b brought) bool { return b.handle == handle })
	if i < 0 {
		return brought{}, false
	}
	b := all.forms[i]
	all.forms = slices.Delete(all.forms, i, i+1)
	return b, all.clock().Before(b.until)
}

// takeReturn is where the agent's page posts the form: from another site, without
// this one's cookie and with Origin null, so it is exempt from the check against
// forged calls, and it judges nothing (agent-security §13).
func (s *Site) takeReturn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	err := r.ParseForm()
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		http.Error(w, "form too large", http.StatusRequestEntityTooLarge)
		return
	}
	form := r.PostForm
	if err != nil || r.URL.RawQuery != "" || len(form) != 2 || len(form["proof"]) != 1 || len(form["state"]) != 1 || form.Get("state") == "" {
		http.Error(w, "the form is proof and state", http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, "/returned/"+s.returns.keep(form.Get("proof"), form.Get("state")), http.StatusSeeOther)
}

// showReturned judges it, in the session that this browser has here: the redirect
// to the site's own page is what brings the cookie along.
func (s *Site) showReturned(w http.ResponseWriter, r *http.Request) {
	b, there := s.returns.take(r.PathValue("handle"))
	if !there {
		http.Error(w, "this was looked at before, or waited too long: ask for a new proof", http.StatusGone)
		return
	}
	current := s.sessionOf(r)
	if current == nil {
		current = &session{} // it has asked for nothing, so the state can't be its own
	}
	report, err := s.judge(r.Context(), b.proof, nil, nonces{all: s.sessions, session: current, state: b.state})
	if err != nil {
		s.fail(w, err)
		return
	}
	s.show(w, r, current, statusOf(report), "page", page{Report: &report})
}
