package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/term"

	"chipproof/api"
	"chipproof/cmd/internal/program"
	"chipproof/exposure/job"
)

// progressLine says on a terminal how far a scan is, in one line that is written
// over again and again. Where nobody watches it says nothing.
type progressLine struct {
	out   io.Writer // nil: nobody watches
	say   program.Speech
	width func() int
	now   func() time.Time

	mu    sync.Mutex
	last  time.Time
	shown int // columns of the line that stands there
}

// progressPause is between two writings of the line.
const progressPause = 200 * time.Millisecond

func newProgressLine(p *program.Program) *progressLine {
	l := &progressLine{say: p.Say, width: func() int { return 80 }, now: time.Now}
	f, ok := p.Err.(*os.File)
	if !ok || !program.IsTerminal(f) {
		return l
	}
	l.out = f
	l.width = func() int {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return w
		}
		return 80
	}
	return l
}

// tell shows how far the scan is, unless it was shown just now.
func (l *progressLine) tell(p job.Progress) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if l.out == nil || now.Sub(l.last) < progressPause {
		return
	}
	l.last = now
	l.put(fitted(progressText(l.say, p), l.width()-1))
}

// clear takes the line away, for something else to be said.
func (l *progressLine) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.out != nil && l.shown > 0 {
		l.put("")
		fmt.Fprint(l.out, "\r")
	}
}

// put writes over what stands there with spaces, which every terminal knows.
func (l *progressLine) put(text string) {
	columns := columnsOf(text)
	fmt.Fprint(l.out, "\r", text, strings.Repeat(" ", max(0, l.shown-columns)))
	l.shown = columns
}

// progressText is how far a scan is; people come first.
func progressText(say program.Speech, p job.Progress) string {
	words := []string{
		fmt.Sprintf("%d %s", p.People, say.Label(api.Text{TH: "คน", EN: "people"})),
		fmt.Sprintf("%d %s", p.Findings, say.Label(api.Text{TH: "รายการ", EN: "findings"})),
		fmt.Sprintf("%s %d/%d", say.Label(api.Text{TH: "ส่วนที่", EN: "part"}), p.Part, p.Parts),
		fmt.Sprintf("%d/%d %s", p.Items, p.TotalItems, say.Label(api.Text{TH: "ไฟล์หรือหน้า", EN: "files or pages"})),
	}
	if p.TotalBytes > 0 {
		words = append(words, fmt.Sprintf("%s/%s", mebibytes(p.Bytes), mebibytes(p.TotalBytes)))
	}
	if p.LeftMS > 0 {
		words = append(words, say.Label(api.Text{TH: "เหลือราว", EN: "left about"})+" "+p.Left().Round(time.Second).String())
	} else {
		words = append(words, say.Label(api.Text{TH: "ผ่านไป", EN: "so far"})+" "+p.Elapsed().Truncate(time.Second).String())
	}
	if p.Current != "" {
		words = append(words, filepath.Base(program.Shown(p.Current)))
	}
	return strings.Join(words, " · ")
}

func mebibytes(n int64) string { return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20)) }

// columnsOf is how wide a text stands on a terminal: Thai vowels and tone marks
// stand above and below, and take no place of their own.
func columnsOf(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.Is(unicode.Mn, r) {
			n++
		}
	}
	return n
}

// fitted cuts a text to so many columns.
func fitted(s string, columns int) string {
	if columnsOf(s) <= columns {
		return s
	}
	n := 0
	for i, r := range s {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		if n++; n >= columns {
			return s[:i] + "…"
		}
	}
	return s
}
