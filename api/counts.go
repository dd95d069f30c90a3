package api

import "sync"

// Counts counts answers that were refusals or failures, by code, since the
// start. Codes come from tables, never from a request, so it stays small.
type Counts struct {
	mu sync.Mutex
	n  map[string]uint64
}

func (c *Counts) add(code string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = map[string]uint64{}
	}
	c.n[code]++
}

// Of is how often a code was answered.
func (c *Counts) Of(code string) uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n[code]
}
