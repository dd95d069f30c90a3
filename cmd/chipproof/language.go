package main

import (
	"strings"

	"chipproof/api"
)

// speech is the languages that messages are said in, the first one first.
type speech []api.Lang

// speechOf settles it: the setting if there is one, else the locale, else both.
// A command line that could not be parsed may still have named a language.
func speechOf(setting string, args []string, getenv func(string) string) speech {
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, "--lang="); ok && setting == "" {
			setting = value
		} else if arg == "--lang" && setting == "" && i+1 < len(args) {
			setting = args[i+1]
		}
	}
	if setting == "" {
		setting = getenv("CHIPPROOF_LANG")
	}
	// POSIX: the first of these that is set to something decides.
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if setting == "" {
			setting = getenv(name)
		}
	}
	switch {
	case strings.HasPrefix(setting, "th"):
		return speech{api.Thai}
	case strings.HasPrefix(setting, "en"):
		return speech{api.English}
	}
	return speech{api.Thai, api.English}
}

// line is a text in all languages of s, joined by sep.
func (s speech) line(t api.Text, sep string) string {
	said := make([]string, len(s))
	for i, lang := range s {
		said[i] = t.In(lang)
	}
	return strings.Join(said, sep)
}

// label is a word or two: "ชื่อ / Name".
func (s speech) label(t api.Text) string { return s.line(t, " / ") }
