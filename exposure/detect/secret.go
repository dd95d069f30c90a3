package detect

import (
	"bytes"
	"math"
)

// prefixed are tokens that say themselves what they are, in the manner of the
// rules of gitleaks: a beginning, an alphabet, and how many characters follow.
var prefixed = []struct {
	rule, prefix string
	least        int
}{
	{"aws_access_key", "AKIA", 16},
	{"aws_session_key", "ASIA", 16},
	{"github_token", "ghp_", 36},
	{"github_token", "gho_", 36},
	{"github_token", "ghs_", 36},
	{"github_token", "github_pat_", 40},
	{"gitlab_token", "glpat-", 20},
	{"slack_token", "xoxb-", 20},
	{"slack_token", "xoxp-", 20},
	{"google_api_key", "AIza", 35},
	{"stripe_key", "sk_live_", 20},
	{"sendgrid_key", "SG.", 40},
	{"json_web_token", "eyJ", 60},
	{"age_secret_key", "AGE-SECRET-KEY-1", 50},
}

const (
	tokenMin = 16
	tokenMax = 4096
)

func isToken(c byte) bool { return isLatin(c) || isDigit(c) || c == '_' || c == '-' || c == '.' }

// tokenAround is the longest run of token characters round i.
func tokenAround(b []byte, i int) (start, end int) {
	start, end = i, i
	for start > 0 && i-start < tokenMax && isToken(b[start-1]) {
		start--
	}
	for end < len(b) && end-i < tokenMax && isToken(b[end]) {
		end++
	}
	return start, end
}

// token looks at a long token round the digit at i: one with a prefix of its
// own, or one that looks random behind a word for a secret.
func (d *Detector) token(t *Text, i int) {
	if i < d.tokenEnd {
		return
	}
	start, end := tokenAround(t.Bytes, i)
	d.tokenEnd = end
	if end-start < tokenMin {
		return
	}
	token := t.Bytes[start:end]
	for _, p := range prefixed {
		if len(token) >= len(p.prefix)+p.least && string(token[:len(p.prefix)]) == p.prefix {
			if p.rule == "json_web_token" && bytes.Count(token, []byte(".")) != 2 {
				continue
			}
			d.add(Hit{Class: Secret, Start: start, End: end, Value: NewValue(string(token)), Score: 90, Rule: p.rule})
			return
		}
	}
	if entropy(token) < 3.4 || bytes.IndexByte(token, '.') >= 0 || onlyDigits(token) {
		return
	}
	a := d.context(t, start, end)
	if a.header.has(ofSecret) || a.behind(setOf(ofSecret)) <= 6 {
		d.add(Hit{Class: Secret, Start: start, End: end, Value: NewValue(string(token)), Score: 70, Rule: "assigned_secret"})
	}
}

func onlyDigits(b []byte) bool {
	for _, c := range b {
		if !isDigit(c) && c != '-' {
			return false
		}
	}
	return true
}

// entropy in bits a character; 32 random hexadecimal digits have about 3.7.
func entropy(token []byte) float64 {
	var counts [256]int
	for _, c := range token {
		counts[c]++
	}
	bits := 0.0
	for _, n := range counts {
		if n > 0 {
			p := float64(n) / float64(len(token))
			bits -= p * math.Log2(p)
		}
	}
	return bits
}

var (
	keyEnd   = []byte("PRIVATE KEY-----")
	keyBegin = []byte("-----BEGIN ")
	assw     = []byte("assw")
)

// blocks looks for what has no digit to begin with: private keys, and passwords
// that are assigned. These two words are rare, so that they are searched for by
// themselves.
func (d *Detector) blocks(t *Text) {
	for at := t.Skip; ; {
		i := bytes.Index(t.Bytes[at:], keyEnd)
		if i < 0 {
			break
		}
		end := at + i + len(keyEnd)
		if begin := bytes.LastIndex(t.Bytes[max(0, at+i-24):at+i], keyBegin); begin >= 0 {
			start := max(0, at+i-24) + begin
			d.add(Hit{Class: Secret, Start: start, End: end, Value: NewValue(string(t.Bytes[end:min(len(t.Bytes), end+64)])), Score: 95, Rule: "private_key"})
		}
		at = end
	}
	for at := t.Skip; ; {
		i := bytes.Index(t.Bytes[at:], assw)
		if i < 0 {
			break
		}
		at += i + len(assw)
		d.password(t, at)
	}
	if ks := d.headerKinds(t.Header); ks.has(ofSecret) && !ks.any(setOf(ofPlain, ofTime)) {
		d.secretCell(t)
	}
}

// password: what follows password, passwd or passwort and a sign of assignment.
func (d *Detector) password(t *Text, at int) {
	b := t.Bytes
	for at < len(b) && isLatin(b[at]) {
		at++
	}
	at += len(b[at:]) - len(bytes.TrimLeft(b[at:], `"' `))
	if at >= len(b) || b[at] != '=' && b[at] != ':' {
		return
	}
	at++
	at += len(b[at:]) - len(bytes.TrimLeft(b[at:], ` =>`))
	quoted := at < len(b) && (b[at] == '"' || b[at] == '\'')
	if quoted {
		at++
	}
	end := at
	for end < len(b) && end-at < 128 && b[end] > ' ' && b[end] != '"' && b[end] != '\'' && b[end] != '<' && b[end] != '&' && b[end] != ',' && b[end] != ';' {
		end++
	}
	value := b[at:end]
	if len(value) < 6 || !mixed(value) || bytes.ContainsAny(value, "${}()[]%*") {
		return
	}
	d.add(Hit{Class: Secret, Start: at, End: end, Value: NewValue(string(value)), Score: 60, Rule: "password"})
}

// mixed says that a value has letters and digits or signs, as passwords do and
// words of a manual don't.
func mixed(b []byte) bool {
	letters, others := false, false
	for _, c := range b {
		if isLatin(c) {
			letters = true
		} else {
			others = true
		}
	}
	return letters && others
}

// secretCell is a whole value under a header for secrets.
func (d *Detector) secretCell(t *Text) {
	cell := bytes.TrimSpace(t.Bytes[t.Skip:])
	if len(cell) < 8 || len(cell) > 512 || bytes.IndexByte(cell, ' ') >= 0 || !mixed(cell) || allEqual(cell) {
		return
	}
	start := t.Skip + bytes.Index(t.Bytes[t.Skip:], cell)
	d.add(Hit{Class: Secret, Start: start, End: start + len(cell), Value: NewValue(string(cell)), Score: 60, Rule: "secret_value"})
}
