package proofing

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"chipproof/proofing/thaiid"
)

// laserMember is the name of [Purpose.AskIssuerByLaserCode].
const laserMember = "ask_issuer_by_laser_code"

// readPurpose reads one entry of a policy. With an error the purpose has its
// name, if that could be read, and nothing else.
func readPurpose(n *yaml.Node) (Purpose, error) {
	entries, err := yamlEntries(n)
	if err != nil {
		return Purpose{}, err
	}
	name, err := purposeName(entries["name"])
	if err != nil {
		return Purpose{}, err
	}
	p, err := readNamed(n, name)
	if err != nil {
		return Purpose{Name: name}, err
	}
	return p, nil
}

func readNamed(n *yaml.Node, name string) (Purpose, error) {
	m, err := yamlMembers(n, "name", "title", "use", "fields", "needs", "level", "origins", "printed", "two_persons", laserMember)
	if err != nil {
		return Purpose{}, err
	}
	p := Purpose{Name: name}
	for _, member := range []struct {
		name string
		read func(*yaml.Node) error
	}{
		{"title", func(n *yaml.Node) (err error) { p.Title, err = readTitle(n); return err }},
		{"use", func(n *yaml.Node) (err error) { p.Use, err = readUse(n); return err }},
		{"fields", func(n *yaml.Node) (err error) { p.Fields, err = readFields(n); return err }},
		{"needs", func(n *yaml.Node) (err error) { p.Needs, err = readNeeds(n); return err }},
		{"level", func(n *yaml.Node) (err error) { p.Level, err = readLevelNeed(n); return err }},
		{"origins", func(n *yaml.Node) (err error) { p.Origins, err = readOrigins(n); return err }},
		{"printed", func(n *yaml.Node) (err error) { p.Printed, err = readPrinted(n); return err }},
		{"two_persons", func(n *yaml.Node) (err error) { p.TwoPersons, err = yamlFlag(n); return err }},
		{laserMember, func(n *yaml.Node) (err error) { p.AskIssuerByLaserCode, err = yamlFlag(n); return err }},
	} {
		if err := member.read(m[member.name]); err != nil {
			return Purpose{}, fmt.Errorf("member %s: %w", member.name, err)
		}
	}
	return p, checkUse(p)
}

// checkUse: what isn't judged needs nothing, and what is judged needs something.
func checkUse(p Purpose) error {
	judged := p.Use == UseProof
	switch {
	case judged && len(p.Needs) == 0 && p.Level == nil:
		return errors.New("member needs: a purpose for proofs needs facts or a level")
	case !judged && len(p.Needs) > 0:
		return fmt.Errorf("member needs: use %s judges nothing", p.Use)
	case !judged && p.Level != nil:
		return fmt.Errorf("member level: use %s judges nothing", p.Use)
	case !judged && p.TwoPersons:
		return fmt.Errorf("member two_persons: use %s judges nothing", p.Use)
	case !judged && p.AskIssuerByLaserCode:
		return fmt.Errorf("member %s: use %s judges nothing", laserMember, p.Use)
	}
	return nil
}

// purposeName: lower-case words, as they stand in requests, proofs and audit
// entries.
func purposeName(n *yaml.Node) (string, error) {
	name, err := yamlText(n)
	if err != nil {
		return "", fmt.Errorf("member name: %w", err)
	}
	odd := strings.ContainsFunc(name, func(r rune) bool { return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') })
	if name == "" || len(name) > 40 || odd || name[0] < 'a' {
		return "", fmt.Errorf("member name: %.40q is not 1 to 40 of a to z, 0 to 9 and _, a letter first", name)
	}
	return name, nil
}

func readTitle(n *yaml.Node) (Text, error) {
	if n == nil {
		return Text{}, errors.New("missing")
	}
	m, err := yamlMembers(n, "th", "en")
	if err != nil {
		return Text{}, err
	}
	th, err := titleText(m["th"])
	if err != nil {
		return Text{}, fmt.Errorf("th: %w", err)
	}
	en, err := titleText(m["en"])
	if err != nil {
		return Text{}, fmt.Errorf("en: %w", err)
	}
	return Text{TH: th, EN: en}, nil
}

func titleText(n *yaml.Node) (string, error) {
	text, err := yamlText(n)
	if err != nil {
		return "", err
	}
	unseen := strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) })
	if strings.TrimSpace(text) == "" || utf8.RuneCountInString(text) > 100 || unseen {
		return "", errors.New("not a text of 1 to 100 visible characters")
	}
	return text, nil
}

func readUse(n *yaml.Node) (Use, error) {
	use, err := yamlText(n)
	if err == nil && !slices.Contains([]Use{UseRead, UseProof, UseCompat}, Use(use)) {
		err = fmt.Errorf("%.40q is not %s, %s or %s", use, UseRead, UseProof, UseCompat)
	}
	return Use(use), err
}

func readFields(n *yaml.Node) ([]thaiid.Field, error) {
	names, err := yamlTexts(n)
	if err != nil {
		return nil, err
	}
	return thaiid.ParseFields(names)
}

func readNeeds(n *yaml.Node) ([]Kind, error) {
	names, err := yamlTexts(n)
	if err != nil {
		return nil, err
	}
	var needs []Kind
	for _, name := range names {
		if !slices.Contains(Kinds(), Kind(name)) {
			return nil, fmt.Errorf("line %d: %.40q is no kind of fact", n.Line, name)
		}
		needs = append(needs, Kind(name))
	}
	return needs, nil
}

// readLevelNeed takes a level that some version of the scheme has: a policy
// outlives a corrected table.
func readLevelNeed(n *yaml.Node) (*LevelNeed, error) {
	if n == nil {
		return nil, nil
	}
	m, err := yamlMembers(n, "scheme", "level", "candidate_level")
	if err != nil {
		return nil, err
	}
	var need LevelNeed
	for _, member := range []struct {
		name  string
		value *string
	}{{"scheme", &need.Scheme}, {"level", &need.Level}, {"candidate_level", &need.CandidateLevel}} {
		if *member.value, err = yamlText(m[member.name]); err != nil {
			return nil, fmt.Errorf("%s: %w", member.name, err)
		}
	}
	if (need.Level == "") == (need.CandidateLevel == "") {
		return nil, fmt.Errorf("line %d: level or candidate_level: one of them", n.Line)
	}
	book, err := openRulebook(ruleFiles)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(book.all, func(s Scheme) bool { return s.Name == need.Scheme && s.index(need.name()) >= 0 }) {
		return nil, fmt.Errorf("line %d: no scheme %.40q has a level %.40q that can be reached", n.Line, need.Scheme, need.name())
	}
	return &need, nil
}

// readOrigins takes web sites in the one form in which browsers send them.
func readOrigins(n *yaml.Node) ([]string, error) {
	origins, err := yamlTexts(n)
	if err != nil {
		return nil, err
	}
	if n != nil && len(origins) == 0 {
		return nil, fmt.Errorf("line %d: empty; leave it out for every origin that the list grants it to", n.Line)
	}
	for _, o := range origins {
		u, err := url.Parse(o)
		web := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != ""
		if !web || o != u.Scheme+"://"+strings.ToLower(u.Host) || strings.HasSuffix(o, ":") {
			return nil, fmt.Errorf("line %d: %.100q is not an origin such as https://app.example.go.th", n.Line, o)
		}
	}
	return origins, nil
}

func readPrinted(n *yaml.Node) (Printed, error) {
	word, err := yamlText(n)
	switch {
	case err != nil:
		return "", err
	case n == nil, Printed(word) == PrintedMasked:
		return PrintedMasked, nil
	case Printed(word) == PrintedWhole:
		return PrintedWhole, nil
	}
	return "", fmt.Errorf("%.40q is not %s or %s", word, PrintedMasked, PrintedWhole)
}
