package post

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strings"
	"time"
)

// ErrSettingsInvalid is for settings that no mail server can be reached with.
var ErrSettingsInvalid = errors.New("mail settings invalid")

// Security is how the connection to the server is kept from others.
type Security string

// The ways. Each verifies the server's certificate.
const (
	StartTLS Security = "starttls" // begins in clear and is refused unless it turns to TLS
	TLS      Security = "tls"      // TLS from the first byte
	Off      Security = "off"      // in clear: for a server on this machine's loopback alone
)

// Secret is a password. It hides itself when printed.
type Secret struct{ value string }

// NewSecret hides a password.
func NewSecret(value string) Secret { return Secret{value} }

// String hides the password.
func (Secret) String() string { return "***" }

// GoString hides the password.
func (Secret) GoString() string { return "***" }

// Options say which server takes our mail.
type Options struct {
	Host     string
	Port     int
	Security Security
	Roots    *x509.CertPool // who may vouch for the server; nil is whom this machine trusts
	User     string         // empty: no login
	Password Secret
	From     string // address that mail comes from
	// Timeout is for one mail from dialling to the server's last word. Default 20 s.
	Timeout time.Duration
	Now     func() time.Time // the date of a mail
}

// DefaultTimeout is how long one mail may take.
const DefaultTimeout = 20 * time.Second

func (o Options) check() error {
	switch {
	case o.Host == "" || strings.ContainsAny(o.Host, "/ \t\r\n"):
		return errors.New("no name of a server")
	case o.Port < 1 || o.Port > 65535:
		return errors.New("no port from 1 to 65535")
	case o.Security != StartTLS && o.Security != TLS && o.Security != Off:
		return errors.New("security is neither starttls, tls nor off")
	case o.Security == Off && !isLoopback(o.Host):
		return errors.New("in clear only to this machine's own loopback")
	case o.Now == nil:
		return errors.New("no clock")
	case o.User == "" && o.Password.value != "", o.User != "" && o.Password.value == "":
		return errors.New("a user needs a password, and a password a user")
	}
	return CheckAddress(o.From)
}

// CheckAddress says whether a text is one plain address. Error:
// [ErrSettingsInvalid], which doesn't quote it.
func CheckAddress(text string) error {
	if a, err := mail.ParseAddress(text); err != nil || a.Address != text || a.Name != "" {
		return fmt.Errorf("%w: not an address of the form name@example.go.th", ErrSettingsInvalid)
	}
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
