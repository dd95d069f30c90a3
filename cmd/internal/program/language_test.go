package program

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"chipproof/api"
)

func TestTheLanguageIsTheFlagsThenTheLocalesThenBoth(t *testing.T) {
	th, en := Speech{api.Thai}, Speech{api.English}
	for _, c := range []struct {
		setting string
		args    []string
		env     map[string]string
		want    Speech
	}{
		{"th", nil, map[string]string{"LANG": "en_GB.UTF-8"}, th},
		{"", nil, map[string]string{"LANG": "th_TH.UTF-8"}, th},
		{"", nil, map[string]string{"LANG": "en_US.UTF-8", "LC_ALL": "th_TH.UTF-8"}, th},
		{"", nil, map[string]string{"LANG": "th_TH.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, en},
		{"", nil, map[string]string{"LANG": "th_TH.UTF-8", "LC_ALL": ""}, th},
		{"", nil, map[string]string{"LANG": "de_DE.UTF-8"}, Speech{api.Thai, api.English}},
		{"", nil, nil, Speech{api.Thai, api.English}},
		{"", nil, map[string]string{"CHIPPROOF_LANG": "en", "LANG": "th_TH.UTF-8"}, en},
		{"", []string{"read", "--lang", "en", "--bad"}, map[string]string{"LANG": "th_TH.UTF-8"}, en},
		{"", []string{"read", "--lang=en", "--bad"}, nil, en},
		{"", []string{"read", "--lang"}, nil, Speech{api.Thai, api.English}},
	} {
		got := speechOf(c.setting, "CHIPPROOF", c.args, func(name string) string { return c.env[name] })
		assert.Equal(t, c.want, got, "%+v", c)
	}
}
