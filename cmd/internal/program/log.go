package program

import (
	"io"
	"log/slog"
)

// Service is a command that runs until it is stopped; its log is part of what
// it is for.
type Service interface{ RunsOn() }

// newLog is the log on stderr. level and format are as [Globals] allows them.
func newLog(w io.Writer, level, format string, cmd Command) *slog.Logger {
	least := slog.LevelWarn
	if _, ok := cmd.(Service); ok {
		least = slog.LevelInfo
	}
	if level != "" {
		_ = least.UnmarshalText([]byte(level)) // the names were checked as flags
	}
	options := &slog.HandlerOptions{Level: least}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
