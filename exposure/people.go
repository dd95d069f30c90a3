package exposure

import "chipproof/exposure/detect"

// people counts distinct people, not hits (assurance §4.4). What stands together
// in one record belongs to one person; records that share a value are joined. A
// group that was joined has as many people as it has different citizen numbers,
// or names, or at least one.
type people struct {
	node  map[string]int32 // fingerprint -> node
	group []group
	lost  bool // there were more than are kept apart
}

type group struct {
	up             int32 // of a joined group
	citizens, name int32 // of its top
}

// maxPeople bounds the memory: about 100 bytes a node.
const maxPeople = 2_000_000

func newPeople() *people { return &people{node: map[string]int32{}} }

// identifies says that a class points to one person.
func identifies(c Class) bool {
	switch c {
	case detect.BirthDate, detect.Geo, detect.Secret:
		return false
	}
	return true
}

// mark is a finding as people sees it.
type mark struct {
	class       Class
	fingerprint string
}

// record takes the findings of one record.
func (p *people) record(marks []mark) {
	seen := map[Class]string{}
	single := true
	first := int32(-1)
	for _, m := range marks {
		if !identifies(m.class) {
			continue
		}
		if before, ok := seen[m.class]; ok && before != m.fingerprint {
			single = false // several people in one paragraph
		}
		seen[m.class] = m.fingerprint
	}
	for _, m := range marks {
		if !identifies(m.class) {
			continue
		}
		n, ok := p.add(m)
		if !ok {
			return
		}
		if single && first >= 0 {
			p.join(first, n)
		}
		first = n
	}
}

func (p *people) add(m mark) (int32, bool) {
	if n, known := p.node[m.fingerprint]; known {
		return p.top(n), true
	}
	if len(p.group) >= maxPeople {
		p.lost = true
		return 0, false
	}
	n := int32(len(p.group))
	g := group{up: n}
	switch m.class {
	case detect.CitizenID:
		g.citizens = 1
	case detect.Name:
		g.name = 1
	}
	p.group = append(p.group, g)
	p.node[m.fingerprint] = n
	return n, true
}

func (p *people) top(n int32) int32 {
	for p.group[n].up != n {
		p.group[n].up = p.group[p.group[n].up].up
		n = p.group[n].up
	}
	return n
}

func (p *people) join(a, b int32) {
	a, b = p.top(a), p.top(b)
	if a == b {
		return
	}
	p.group[b].up = a
	p.group[a].citizens += p.group[b].citizens
	p.group[a].name += p.group[b].name
}

// count is the number of distinct people.
func (p *people) count() int {
	n := 0
	for i := range p.group {
		if p.group[i].up == int32(i) {
			n += int(max(1, p.group[i].citizens, p.group[i].name))
		}
	}
	return n
}
