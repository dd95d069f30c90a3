package api

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// What is kept of refused origins for the administrator (agent-security §5, O11).
const (
	refusedKept = 20
	refusedAge  = time.Hour
)

// RefusedOrigin is an origin that knocked and is not approved. That it is listed
// says nothing about who it is: any page and any local program can make the line
// appear.
type RefusedOrigin struct {
	Origin      string
	First, Last time.Time
	Times       int
}

// RefusedOrigins remembers the newest 20 refused origins of the last hour. Only
// what an administrator could approve is listed: exact origins as browsers send
// them.
type RefusedOrigins struct {
	now   func() time.Time
	rules OriginRules

	mu   sync.Mutex
	list []RefusedOrigin // by Last, the oldest first
}

func newRefusedOrigins(now func() time.Time, rules OriginRules) *RefusedOrigins {
	return &RefusedOrigins{now: now, rules: rules}
}

// List is what is remembered, the newest first.
func (o *RefusedOrigins) List() []RefusedOrigin {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.forget()
	list := slices.Clone(o.list)
	slices.Reverse(list)
	return list
}

func (o *RefusedOrigins) note(origin string, err error) {
	if !errors.Is(err, ErrOriginRefused) || !approvable(origin, o.rules) {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.forget()
	now := o.now()
	entry := RefusedOrigin{Origin: origin, First: now}
	if i := slices.IndexFunc(o.list, func(e RefusedOrigin) bool { return e.Origin == origin }); i >= 0 {
		entry = o.list[i]
		o.list = slices.Delete(o.list, i, i+1)
	}
	entry.Last = now
	entry.Times++
	o.list = append(o.list, entry)
	if len(o.list) > refusedKept {
		o.list = slices.Delete(o.list, 0, len(o.list)-refusedKept)
	}
}

// forget drops what is older than an hour; the caller holds the lock.
func (o *RefusedOrigins) forget() {
	limit := o.now().Add(-refusedAge)
	o.list = slices.DeleteFunc(o.list, func(e RefusedOrigin) bool { return e.Last.Before(limit) })
}
