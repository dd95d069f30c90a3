package console

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/mfa"
)

// said are the keys that a template or a script names by themselves.
var said = regexp.MustCompile(`(?:\bt\(|\{\{t |\(t )['"]([a-z_]+\.[a-z_0-9-]+)['"]`)

// sources are the templates and scripts of a part.
func sources(t *testing.T, p Part) string {
	t.Helper()
	var all strings.Builder
	for _, files := range []fs.FS{p.Static, p.Templates} {
		require.NoError(t, fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".js") && !strings.HasSuffix(name, ".html") {
				return err
			}
			content, err := fs.ReadFile(files, name)
			all.Write(content)
			return err
		}))
	}
	return all.String()
}

func TestEveryTextThatAPageSaysIsThereInBothLanguages(t *testing.T) {
	all, err := newTexts(Common().Messages)
	require.NoError(t, err)
	found := said.FindAllStringSubmatch(sources(t, Common()), -1)
	require.Greater(t, len(found), 80)
	for _, m := range found {
		for _, lang := range []api.Lang{api.Thai, api.English} {
			text, err := all.say(lang, m[1])
			require.NoError(t, err, m[1])
			assert.NotEmpty(t, text)
		}
	}
	for _, m := range all.list {
		assert.NotRegexp(t, `[ก-๙]`, strings.ReplaceAll(m.EN, "ไทย", ""), "%s: the English text is English", m.Key)
	}
}

func TestEveryFixedWordOfTheInterfaceHasAText(t *testing.T) {
	all, err := newTexts(Common().Messages)
	require.NoError(t, err)
	var words []string
	for _, r := range mfa.Roles() {
		words = append(words, "role."+string(r))
	}
	for _, k := range audit.Kinds() {
		words = append(words, "kind."+string(k.Kind))
	}
	for _, c := range audit.Classes() {
		words = append(words, "class."+string(c))
	}
	for _, d := range api.Doubts() {
		words = append(words, "doubt."+string(d))
	}
	for _, s := range api.KeyStates() {
		words = append(words, "keystate."+string(s))
	}
	for _, s := range []mfa.State{mfa.StateActive, mfa.StateLocked, mfa.StateSecondFactorRequired} {
		words = append(words, "state."+string(s))
	}
	for _, n := range []mfa.NoticeKind{
		mfa.NoticeNewDevice, mfa.NoticeBackupUsed, mfa.NoticeBackupMade, mfa.NoticeEmergencyUsed, mfa.NoticeFactorAdded,
		mfa.NoticeFactorRemoved, mfa.NoticePassword, mfa.NoticeReset, mfa.NoticeRole,
	} {
		words = append(words, "notice."+string(n))
	}
	for _, way := range []string{"totp", "backup-code", "emergency-code"} {
		words = append(words, "door.title_"+way, "door.label_"+way, "door.help_"+way)
	}
	for _, w := range words {
		assert.True(t, all.keys[w], w)
	}
}

func TestACatalogueWithAHoleIsRefused(t *testing.T) {
	for what, list := range map[string][]Message{
		"a key twice":                 {{"a.b", "ก", "a"}, {"a.b", "ข", "b"}},
		"no Thai":                     {{"a.b", "", "a"}},
		"no English":                  {{"a.b", "ก", ""}},
		"an argument in one language": {{"a.b", "ก %s", "a"}},
		"no key":                      {{"", "ก", "a"}},
	} {
		_, err := newTexts(list)
		assert.ErrorIs(t, err, errMessages, what)
	}
	all, err := newTexts([]Message{{"a.b", "ก %s ข", "a %s b"}})
	require.NoError(t, err)
	text, err := all.say(api.Thai, "a.b", "๑")
	require.NoError(t, err)
	assert.Equal(t, "ก ๑ ข", text)
	_, err = all.say(api.Thai, "a.c")
	assert.ErrorIs(t, err, errMessages)
	assert.Equal(t, "export default {\n\"a.b\": \"a %s b\",\n};\n", string(all.module(api.English)))
}

func TestATextCannotBreakOutOfTheModule(t *testing.T) {
	assert.Equal(t, `"a\"b\\c\nd\u2028e"`, quoted("a\"b\\c\nd\u2028e"))
}
