package mfa_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

func TestSecretsHideThemselvesWhereverTheyArePrinted(t *testing.T) {
	secret := rfcSecret(t)
	for _, value := range []any{
		mfa.Hide("planted"), mfa.TokenFrom("planted"), secret, &secret,
		struct{ Password mfa.Hidden }{mfa.Hide("planted")},
		mfa.Login{UserName: "malee", Password: mfa.Hide("planted")},
		mfa.Entry{Token: mfa.TokenFrom("planted"), Session: mfa.Session{CSRF: mfa.Hide("planted")}},
		mfa.NewKey{Secret: secret, URI: mfa.Hide("planted")},
		map[string]mfa.Hidden{"code": mfa.Hide("planted")},
		mfa.BySession(mfa.TokenFrom("planted")),
	} {
		var said bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			fmt.Fprintf(&said, verb, value)
		}
		slog.New(slog.NewJSONHandler(&said, nil)).Info("test", "value", value)
		slog.New(slog.NewTextHandler(&said, nil)).Info("test", "value", value)
		require.NoError(t, json.NewEncoder(&said).Encode(value))
		for _, clear := range []string{"planted", fmt.Sprintf("%x", "planted"), secret.Reveal(), "12345678901234567890"} {
			assert.NotContains(t, said.String(), clear, "%T", value)
		}
	}
	assert.Equal(t, "planted", mfa.Hide("planted").Reveal(), "the clear value is asked for by name")
}

func TestAServiceIsNotMadeFromHalfAConfiguration(t *testing.T) {
	o := newOffice(t)
	for name, change := range map[string]func(*mfa.Config){
		"no store":  func(c *mfa.Config) { c.Store = nil },
		"no keys":   func(c *mfa.Config) { c.Keys = nil },
		"no pepper": func(c *mfa.Config) { c.Pepper = nil },
		"no cost":   func(c *mfa.Config) { c.Argon2 = mfa.Argon2{MemoryKiB: 64} },
		"no memory": func(c *mfa.Config) { c.Argon2 = mfa.Argon2{MemoryKiB: 7, Passes: 1, Threads: 1} },
	} {
		c := o.config
		change(&c)
		_, err := mfa.New(c)
		assert.ErrorIs(t, err, mfa.ErrConfigInvalid, name)
	}
}
