package crawl

// Waiting is how many addresses are known and were not asked for yet. It is for
// [Crawl.Each], on whose goroutine it may be called.
func (c *Crawl) Waiting() int { return len(c.queue) }
