package cardreader

import "time"

// Until is the end of a session, for the test that looks at its clock.
func (s *Session) Until() time.Time { return s.until }

// Claims is the number of readers that somebody has, or left a call in.
func (r *Readers) Claims() int {
	r.claims.mu.Lock()
	defer r.claims.mu.Unlock()
	return len(r.claims.owners)
}
