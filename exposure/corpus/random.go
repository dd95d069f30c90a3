package corpus

// random is splitmix64 (Steele, Lea, Flood 2014): seeded, so that a measurement
// can be repeated on any machine. Never for keys.
type random struct{ state uint64 }

func (r *random) next() uint64 {
	r.state += 0x9E3779B97F4A7C15
	z := r.state
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// below gives 0 to n-1.
func (r *random) below(n int) int { return int(r.next() % uint64(n)) }

// between gives a to b.
func (r *random) between(a, b int) int { return a + r.below(b-a+1) }

// chance is true n times in a hundred.
func (r *random) chance(n int) bool { return r.below(100) < n }

// digits gives n digits.
func (r *random) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + r.below(10))
	}
	return string(b)
}

func pick[T any](r *random, from []T) T { return from[r.below(len(from))] }
