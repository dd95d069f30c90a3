package main

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode/utf8"

	"chipproof/api"
	"chipproof/cmd/internal/program"
	"chipproof/proofing/thaiid"
)

// progress is one line that is written over and over, for somebody who watches.
// Where nobody does it is silent. It uses no escape sequences, which a Windows
// console may show as they are.
type progress struct {
	w     io.Writer // nil: nobody watches
	say   program.Speech
	log   *slog.Logger
	shown int // runes on the line; no fewer than its columns, since Thai vowels and tones stand above or below
}

// newProgress writes to stderr if that is a terminal.
func newProgress(p *program.Program) *progress {
	if !program.IsTerminal(p.Err) {
		return &progress{log: p.Log}
	}
	return &progress{w: p.Err, say: p.Say, log: p.Log}
}

func (s *progress) waiting() {
	s.log.Debug("waiting for a card")
	s.write(api.Text{TH: "เสียบบัตรประชาชน …", EN: "insert the ID card …"})
}

func (s *progress) reading(p thaiid.Progress) {
	s.write(api.Text{
		TH: fmt.Sprintf("กำลังอ่าน อย่าดึงบัตรออก %d/%d", p.Step, p.Of),
		EN: fmt.Sprintf("reading, leave the card in %d/%d", p.Step, p.Of),
	})
}

func (s *progress) write(t api.Text) {
	if s.w == nil {
		return
	}
	s.clear()
	line := s.say.Label(t)
	s.shown = utf8.RuneCountInString(line)
	fmt.Fprint(s.w, line)
}

// clear leaves the line as it was before.
func (s *progress) clear() {
	if s.shown > 0 {
		fmt.Fprint(s.w, "\r"+strings.Repeat(" ", s.shown)+"\r")
		s.shown = 0
	}
}
