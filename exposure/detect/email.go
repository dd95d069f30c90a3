package detect

import (
	"bytes"
	"strings"
)

// roles are mailboxes of an office, not of a person.
var roles = []string{
	"info", "contact", "saraban", "admin", "administrator", "webmaster", "support", "service", "services", "help", "helpdesk", "noreply", "no-reply", "donotreply", "postmaster", "abuse", "security", "dpo", "privacy", "office", "pr", "hr", "sales", "mail", "email", "root", "hostmaster", "callcenter", "callcentre", "feedback", "complaint", "news",
}

// email looks at an @ at i: an address round it. It returns where to go on.
func (d *Detector) email(t *Text, i int) int {
	b := t.Bytes
	start := i
	for start > 0 && i-start < 64 && isLocal(b[start-1]) {
		start--
	}
	for start < i && (b[start] == '.' || b[start] == '-') {
		start++
	}
	end := i + 1
	dots := 0
	for end < len(b) && end-i < 200 && (isLatin(b[end]) || isDigit(b[end]) || b[end] == '-' || b[end] == '.') {
		if b[end] == '.' {
			dots++
		}
		end++
	}
	for end > i+1 && (b[end-1] == '.' || b[end-1] == '-') {
		if b[end-1] == '.' {
			dots--
		}
		end--
	}
	if start == i || dots < 1 || start < t.Skip && end <= t.Skip {
		return i + 1
	}
	address := strings.ToLower(string(b[start:end]))
	local, domain, _ := strings.Cut(address, "@")
	top := domain[strings.LastIndexByte(domain, '.')+1:]
	if len(top) < 2 || !onlyLatin(top) || strings.Contains(domain, "..") || notDomain(top) {
		return end
	}
	score := 65
	if isRole(local) {
		score = 25
	}
	if strings.HasPrefix(domain, "example.") || strings.HasSuffix(domain, ".example") {
		score -= 10 // reserved for samples (RFC 2606), but somebody may have changed the domain only
	}
	a := d.context(t, start, end)
	if a.supports(setOf(ofEmail)) > 0 {
		score += 10
	}
	if start > 2 && string(b[start-2:start]) == "//" || bytes.IndexByte(b[max(0, start-24):start], '/') >= 0 && b[start-1] == ':' {
		score -= 40 // user@host of a URL
	}
	d.add(Hit{Class: Email, Start: start, End: end, Value: NewValue(address), Score: score})
	return end
}

func isLocal(c byte) bool {
	return isLatin(c) || isDigit(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%'
}

func onlyLatin(s string) bool {
	for i := range len(s) {
		if !isLatin(s[i]) {
			return false
		}
	}
	return true
}

// notDomain are endings of files: logo@2x.png is no mailbox.
func notDomain(top string) bool {
	switch top {
	case "png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "html", "htm", "php", "json", "xml", "pdf", "mjs", "ts", "vue":
		return true
	}
	return false
}

func isRole(local string) bool {
	local, _, _ = strings.Cut(local, "+")
	for _, r := range roles {
		if local == r || strings.HasPrefix(local, r+"-") || strings.HasPrefix(local, r+"_") || strings.HasPrefix(local, r+".") {
			return true
		}
	}
	return false
}
