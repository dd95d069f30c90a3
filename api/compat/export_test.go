package compat

// Kept is of how many origins an answer is kept in memory.
func (p *Ports) Kept() int {
	p.keeps.mu.Lock()
	defer p.keeps.mu.Unlock()
	return len(p.keeps.kept)
}
