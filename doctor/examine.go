package doctor

import (
	"context"
	"strings"
	"unicode"
)

// Examine looks at everything once and answers with one check for each thing,
// always in the same order. It takes as long as the readers take to be listed.
func Examine(ctx context.Context, m Machine) []Check {
	readers, err := m.Readers.List(ctx)
	service := m.service(ctx, err)
	known := service.State == OK
	plugged, seen := usbReaders(m.Sysfs)

	checks := []Check{service, m.reader(readers, plugged, known), m.driver(readers, plugged, seen, known)}
	for _, r := range readers {
		checks = append(checks, card(r))
	}
	checks = append(checks, m.clock(), m.ipv6(), m.terminal())
	return append(checks, m.dropIns(ctx)...)
}

// shown makes a name that a device gave itself fit for a terminal: no control
// characters, no more than 80 runes.
func shown(name string) string {
	clean := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	if runes := []rune(clean); len(runes) > 80 {
		clean = string(runes[:80])
	}
	return strings.TrimSpace(clean)
}
