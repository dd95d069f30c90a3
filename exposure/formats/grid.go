package formats

import (
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// grid follows the tables of a page, so that a cell knows its header: the th of
// its column, the first row's cell when that row holds no data, or the th before
// it in its own row.
type grid struct {
	tables  uint64 // begun so far
	depth   int    // of tables in tables; only the outermost one has columns
	rows    int
	col     int
	inCell  bool
	inHead  bool
	heads   []string
	rowHead string
	rowSeen uint64
	plain   bool // the first row holds data: there are no headers
}

func (g *grid) start(a atom.Atom) {
	switch a {
	case atom.Table:
		if g.depth++; g.depth == 1 {
			g.tables++
			g.rows, g.col, g.heads, g.plain = 0, 0, g.heads[:0], false
		}
	case atom.Tr:
		if g.depth == 1 {
			g.rows++
			g.rowSeen++
			g.col, g.rowHead = 0, ""
		}
	case atom.Td, atom.Th:
		if g.depth == 1 {
			g.inCell, g.inHead = true, a == atom.Th
			g.col++
		}
	}
}

func (g *grid) end(a atom.Atom) {
	switch a {
	case atom.Table:
		g.depth = max(0, g.depth-1)
		g.inCell = false
	case atom.Td, atom.Th:
		if g.depth == 1 {
			g.inCell, g.inHead = false, false
		}
	}
}

// cell takes the text of a block and says what heads it.
func (g *grid) cell(text []byte) string {
	if !g.inCell || g.depth == 0 {
		return ""
	}
	if g.rows <= 1 || g.inHead {
		if digitsIn(text) >= 5 {
			g.plain = true
		}
		if g.inHead {
			g.rowHead = string(text[:min(len(text), maxHeader)])
		}
		if g.rows <= 1 && !g.plain {
			for len(g.heads) < g.col && len(g.heads) < maxFields {
				g.heads = append(g.heads, "")
			}
			if g.col >= 1 && g.col <= len(g.heads) {
				g.heads[g.col-1] = string(text[:min(len(text), maxHeader)])
			}
			if g.inHead {
				return ""
			}
		}
		if g.rows <= 1 {
			return g.rowHead
		}
	}
	if g.rowHead != "" && !g.inHead {
		return g.rowHead
	}
	if !g.plain && g.col >= 1 && g.col <= len(g.heads) {
		return g.heads[g.col-1]
	}
	return ""
}

func (g *grid) column() uint64 {
	if !g.inCell {
		return 0
	}
	return g.tables<<16 | uint64(g.col)
}

// record is the row, or 0 outside of tables.
func (g *grid) record() uint64 {
	if g.depth == 0 {
		return 0
	}
	return g.rowSeen
}

// tail is the last n bytes of b, from a whole character on.
func tail(b []byte, n int) []byte {
	if len(b) <= n {
		return b
	}
	b = b[len(b)-n:]
	for len(b) > 0 && !utf8.RuneStart(b[0]) {
		b = b[1:]
	}
	return b
}
