package post_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach/letters"
	"chipproof/breach/post"
	"chipproof/breach/post/posttest"
)

const officer = "dpo@example.go.th"

func started(t *testing.T, o posttest.Options) *posttest.Server {
	t.Helper()
	s, err := posttest.Start(o)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

// to are settings that reach a server and trust it.
func to(t *testing.T, s *posttest.Server) post.Options {
	t.Helper()
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(s.Root))
	return post.Options{Host: "127.0.0.1", Port: s.Port(), Security: post.StartTLS, Roots: roots, From: "no-reply@example.go.th", Now: time.Now}
}

func write(t *testing.T, o post.Options) error {
	t.Helper()
	server, err := post.New(o)
	require.NoError(t, err)
	return server.Write(t.Context(), post.Mail{To: officer, Subject: "เตือนกำหนดเวลา", Text: "เหลือ 24 ชั่วโมง"})
}

func refusedWhy(t *testing.T, err error, why post.Why) {
	t.Helper()
	require.ErrorIs(t, err, post.ErrUnsent)
	var trouble *post.Trouble
	require.ErrorAs(t, err, &trouble)
	assert.Equal(t, why, trouble.Why, "%v", err)
}

func TestAMailIsHandedOverEncrypted(t *testing.T) {
	for name, implicit := range map[string]bool{"STARTTLS": false, "TLS from the first byte": true} {
		t.Run(name, func(t *testing.T) {
			s := started(t, posttest.Options{Implicit: implicit, User: "chipproof", Password: "secret words"})
			o := to(t, s)
			o.User, o.Password = "chipproof", post.NewSecret("secret words")
			if implicit {
				o.Security = post.TLS
			}
			require.NoError(t, write(t, o))
			mails := s.Mails()
			require.Len(t, mails, 1)
			assert.True(t, mails[0].Encrypted)
			assert.Equal(t, "chipproof", mails[0].User)
			assert.Equal(t, "no-reply@example.go.th", mails[0].From)
			assert.Equal(t, []string{officer}, mails[0].To)
			assert.Equal(t, "เตือนกำหนดเวลา", mails[0].Subject())
			assert.Contains(t, mails[0].Text(), "เหลือ 24 ชั่วโมง")
			assert.Contains(t, mails[0].Raw, "Auto-Submitted: auto-generated")
		})
	}
}

func TestInClearItSpeaksToLoopbackAlone(t *testing.T) {
	s := started(t, posttest.Options{Plain: true, User: "chipproof", Password: "secret words"})
	o := to(t, s)
	refusedWhy(t, write(t, o), post.WhyNotOffered)
	assert.Empty(t, s.Mails(), "a server that offers no STARTTLS gets nothing")

	o.Security, o.User, o.Password = post.Off, "chipproof", post.NewSecret("secret words")
	require.NoError(t, write(t, o))
	assert.Len(t, s.Mails(), 1)

	o.Host = "mail.example.go.th"
	_, err := post.New(o)
	assert.ErrorIs(t, err, post.ErrSettingsInvalid)
}

func TestAServerThatIsNotWhoItShouldBeGetsNothing(t *testing.T) {
	for name, serve := range map[string]posttest.Options{
		"another's name": {Name: "elsewhere.example"}, "another's name, TLS from the first byte": {Name: "elsewhere.example", Implicit: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := started(t, serve)
			o := to(t, s)
			if serve.Implicit {
				o.Security = post.TLS
			}
			refusedWhy(t, write(t, o), post.WhyCertificate)
			o.Roots = x509.NewCertPool()
			refusedWhy(t, write(t, o), post.WhyCertificate)
			assert.Empty(t, s.Mails())
		})
	}
}

func TestWhatGoesWrongWithAServerHasAName(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	nobody := listener.Addr().(*net.TCPAddr).Port
	require.NoError(t, listener.Close())

	t.Run("nobody listens", func(t *testing.T) {
		refusedWhy(t, write(t, post.Options{Host: "127.0.0.1", Port: nobody, Security: post.StartTLS, From: officer, Now: time.Now}), post.WhyRefused)
	})
	t.Run("it says nothing", func(t *testing.T) {
		o := to(t, started(t, posttest.Options{Greeting: "-"}))
		o.Timeout = 300 * time.Millisecond
		refusedWhy(t, write(t, o), post.WhySlow)
	})
	t.Run("it speaks no TLS", func(t *testing.T) {
		o := to(t, started(t, posttest.Options{}))
		o.Security = post.TLS
		require.ErrorIs(t, write(t, o), post.ErrUnsent)
	})
	t.Run("it refuses the login", func(t *testing.T) {
		o := to(t, started(t, posttest.Options{User: "chipproof", Password: "secret words"}))
		o.User, o.Password = "chipproof", post.NewSecret("other words")
		err := write(t, o)
		refusedWhy(t, err, post.WhyLogin)
		assert.NotContains(t, err.Error(), "other words")
	})
	t.Run("it asks for a login that we have none for", func(t *testing.T) {
		refusedWhy(t, write(t, to(t, started(t, posttest.Options{User: "chipproof", Password: "x"}))), post.WhyAnswer)
	})
	t.Run("it closes for the day", func(t *testing.T) {
		refusedWhy(t, write(t, to(t, started(t, posttest.Options{Greeting: "421 closing"}))), post.WhyAnswer)
	})
	t.Run("it refuses the recipient", func(t *testing.T) {
		err := write(t, to(t, started(t, posttest.Options{Refuse: map[string]string{officer: "550 no user " + officer}})))
		refusedWhy(t, err, post.WhyAddress)
		assert.NotContains(t, err.Error(), officer, "an error names nobody")
	})
	t.Run("it refuses the mail", func(t *testing.T) {
		refusedWhy(t, write(t, to(t, started(t, posttest.Options{Data: "552 too large"}))), post.WhyContent)
	})
	t.Run("its disk is full", func(t *testing.T) {
		refusedWhy(t, write(t, to(t, started(t, posttest.Options{Data: "452 no room"}))), post.WhyAnswer)
	})
	t.Run("the caller goes", func(t *testing.T) {
		server, err := post.New(to(t, started(t, posttest.Options{Greeting: "-"})))
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, server.Write(ctx, post.Mail{To: officer, Text: "x"}), post.ErrUnsent)
	})
}

func TestSettingsThatReachNobodyAreRefused(t *testing.T) {
	good := post.Options{Host: "mail.example.go.th", Port: 587, Security: post.StartTLS, From: officer, Now: time.Now}
	_, err := post.New(good)
	require.NoError(t, err)
	for name, change := range map[string]func(*post.Options){
		"no host":               func(o *post.Options) { o.Host = "" },
		"a path":                func(o *post.Options) { o.Host = "unix:///run/mail" },
		"no port":               func(o *post.Options) { o.Port = 0 },
		"no security":           func(o *post.Options) { o.Security = "" },
		"no clock":              func(o *post.Options) { o.Now = nil },
		"no sender":             func(o *post.Options) { o.From = "" },
		"a name in the sender":  func(o *post.Options) { o.From = "DPO <dpo@example.go.th>" },
		"a user without a word": func(o *post.Options) { o.User = "chipproof" },
		"a word without a user": func(o *post.Options) { o.Password = post.NewSecret("x") },
	} {
		t.Run(name, func(t *testing.T) {
			o := good
			change(&o)
			_, err := post.New(o)
			assert.ErrorIs(t, err, post.ErrSettingsInvalid)
		})
	}
}

func TestAPasswordHidesItself(t *testing.T) {
	o := post.Options{Password: post.NewSecret("secret words")}
	assert.NotContains(t, strings.Join([]string{fmt.Sprint(o), fmt.Sprintf("%+v %#v", o, o), fmt.Sprint(post.Mail{To: officer})}, " "), "secret words")
}

func TestALetterThatOnePersonCannotGetIsNoTroubleOfTheServer(t *testing.T) {
	s := started(t, posttest.Options{Refuse: map[string]string{"away@example.com": "550 no"}})
	server, err := post.New(to(t, s))
	require.NoError(t, err)
	err = server.Send(t.Context(), letters.NewRecipient(letters.Person{Name: "ก", Email: "away@example.com"}), letters.Document{})
	require.ErrorIs(t, err, post.ErrUnsent)
	assert.NotErrorIs(t, err, letters.ErrSenderDown)
	assert.NoError(t, server.Trouble())

	s.Close()
	err = server.Send(t.Context(), letters.NewRecipient(letters.Person{Name: "ก", Email: "here@example.com"}), letters.Document{})
	require.ErrorIs(t, err, letters.ErrSenderDown)
	assert.ErrorIs(t, server.Trouble(), post.ErrUnsent)
	assert.NotContains(t, err.Error(), "here@example.com")
}
