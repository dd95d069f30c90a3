package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"chipproof/breach/post"
	"chipproof/cmd/internal/program"
)

// mailFlags say by which server e-mail goes out, and to which officer.
type mailFlags struct {
	Server       string `name:"smtp" help:"Mail server, as HOST:PORT. Without it no e-mail is sent." placeholder:"HOST:PORT"`
	Security     string `name:"smtp-security" help:"Mail: starttls (refused unless the server turns to TLS), tls (from the first byte; port 465), or off, for a server on this machine's loopback alone. The certificate is always verified." enum:"starttls,tls,off" default:"starttls"`
	Roots        string `name:"smtp-roots" help:"Mail: PEM file of who vouches for the server's certificate. Without it: whom this machine trusts." placeholder:"FILE"`
	User         string `name:"smtp-user" help:"Mail: user to log in as. Without it no login." placeholder:"NAME"`
	PasswordFile string `name:"smtp-password-file" help:"Mail: file with that user's password, for this account alone (chmod 600)." placeholder:"FILE"`
	From         string `name:"smtp-from" help:"Mail: address that it comes from." placeholder:"ADDRESS"`
	Officer      string `name:"dpo-mail" help:"Mail: the data protection officer's address, for warnings before deadlines." placeholder:"ADDRESS"`
}

// check says what can be told without looking at files.
func (f mailFlags) check() error {
	if f.Server == "" {
		return nil // the rest may stand in a file for the day when there is one
	}
	o, err := f.options()
	if err != nil {
		return err
	}
	if f.User != "" {
		o.Password = post.NewSecret("given later")
	}
	if _, err := post.New(o); err != nil {
		return fmt.Errorf("--smtp, --smtp-security, --smtp-from: %w", err)
	}
	if (f.User == "") != (f.PasswordFile == "") {
		return errors.New("--smtp-user and --smtp-password-file go together")
	}
	if f.Officer != "" {
		if err := post.CheckAddress(f.Officer); err != nil {
			return fmt.Errorf("--dpo-mail: %w", err)
		}
	}
	return nil
}

func (f mailFlags) options() (post.Options, error) {
	host, number, err := net.SplitHostPort(f.Server)
	if err != nil {
		return post.Options{}, errors.New("--smtp: not of the form HOST:PORT")
	}
	port, err := strconv.Atoi(number)
	if err != nil {
		return post.Options{}, errors.New("--smtp: not of the form HOST:PORT")
	}
	return post.Options{Host: host, Port: port, Security: post.Security(f.Security), User: f.User, From: f.From, Now: time.Now}, nil
}

// server is the mail server; nil where none is set up. Error: a usage error.
func (f mailFlags) server() (*post.Server, error) {
	if f.Server == "" {
		return nil, nil
	}
	o, err := f.options()
	if err == nil {
		o.Roots, err = f.roots()
	}
	if err == nil {
		o.Password, err = f.password()
	}
	var s *post.Server
	if err == nil {
		s, err = post.New(o)
	}
	if err != nil {
		return nil, &program.UsageError{Err: err, Help: "${program} serve --help"}
	}
	return s, nil
}

func (f mailFlags) roots() (*x509.CertPool, error) {
	if f.Roots == "" {
		return nil, nil
	}
	text, err := os.ReadFile(f.Roots)
	if err != nil {
		return nil, fmt.Errorf("--smtp-roots: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, errors.New("--smtp-roots: no certificate in it")
	}
	return pool, nil
}

// longestPassword is more than any password has, in bytes.
const longestPassword = 4 << 10

func (f mailFlags) password() (post.Secret, error) {
	if f.PasswordFile == "" {
		return post.Secret{}, nil
	}
	content, err := program.ReadRegular(f.PasswordFile, longestPassword)
	if err != nil {
		return post.Secret{}, fmt.Errorf("--smtp-password-file: %w", err)
	}
	info, err := os.Stat(f.PasswordFile)
	if err != nil {
		return post.Secret{}, fmt.Errorf("--smtp-password-file: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return post.Secret{}, fmt.Errorf("--smtp-password-file: other accounts may read it; chmod 600 %s", f.PasswordFile)
	}
	password := strings.TrimRight(string(content), "\r\n")
	if password == "" {
		return post.Secret{}, errors.New("--smtp-password-file: it is empty")
	}
	return post.NewSecret(password), nil
}
