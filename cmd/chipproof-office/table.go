package main

import (
	"strings"

	"chipproof/cmd/internal/program"
)

// table is rows of words whose columns stand below each other, also in Thai.
type table struct{ rows [][]string }

// add takes a row, fit for a terminal whoever has written its words.
func (t *table) add(words ...string) {
	row := make([]string, len(words))
	for i, w := range words {
		row[i] = program.Shown(w)
	}
	t.rows = append(t.rows, row)
}

// write ends each line behind its last word.
func (t *table) write(page *strings.Builder) {
	var widths []int
	for _, row := range t.rows {
		for i, w := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], columnsOf(w))
		}
	}
	for _, row := range t.rows {
		line := ""
		for i, w := range row {
			line += w
			if i < len(row)-1 {
				line += strings.Repeat(" ", widths[i]-columnsOf(w)+2)
			}
		}
		page.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}
