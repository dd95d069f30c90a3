package program

import (
	"strings"

	"chipproof/api"
)

// Speech is the languages that messages are said in, the first one first.
type Speech []api.Lang

// speechOf settles it: the setting if there is one, else the locale, else both.
// A command line that could not be parsed may still have named a language.
func speechOf(setting, env string, args []string, getenv func(string) string) Speech {
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, "--lang="); ok && setting == "" {
			setting = value
		} else if arg == "--lang" && setting == "" && i+1 < len(args) {
			setting = args[i+1]
		}
	}
	if setting == "" {
		setting = getenv(env + "_LANG")
	}
	// POSIX: the first of these that is set to something decides.
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if setting == "" {
			setting = getenv(name)
		}
	}
	switch {
	case strings.HasPrefix(setting, "th"):
		return Speech{api.Thai}
	case strings.HasPrefix(setting, "en"):
		return Speech{api.English}
	}
	return Speech{api.Thai, api.English}
}

// line is a text in all languages of s, joined by sep.
func (s Speech) line(t api.Text, sep string) string {
	said := make([]string, len(s))
	for i, lang := range s {
		said[i] = t.In(lang)
	}
	return strings.Join(said, sep)
}

// Label is a word or two: "ชื่อ / Name".
func (s Speech) Label(t api.Text) string { return s.line(t, " / ") }
