package post

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"syscall"

	smtp "github.com/wneessen/go-mail"
)

// ErrUnsent is for a mail that the server hasn't taken. See [Trouble].
var ErrUnsent = errors.New("e-mail not sent")

// Why is why a mail wasn't taken.
type Why string

// The reasons. All but the last two are the server's or the way to it, and would
// meet every mail.
const (
	WhyRefused     Why = "refused"     // nobody listens there
	WhyUnknown     Why = "unknown"     // no machine has that name
	WhySlow        Why = "slow"        // it didn't answer in time
	WhyCertificate Why = "certificate" // it isn't who it should be
	WhyNotOffered  Why = "not_offered" // it offers no STARTTLS, or no login that is safe
	WhyLogin       Why = "login"       // it refuses our user and password
	WhyBroken      Why = "broken"      // it hung up, or spoke no SMTP
	WhyAnswer      Why = "answer"      // it refuses whatever we send
	WhyAddress     Why = "address"     // it refuses this one recipient
	WhyContent     Why = "content"     // it refuses this one mail
)

// Trouble says why a mail wasn't taken, in our words. It is an [ErrUnsent].
type Trouble struct {
	Why  Why
	Code int // that the server gave; 0 for none
}

var words = map[Why]string{
	WhyRefused:     "the mail server refuses the connection: see that it runs, and that name and port are right",
	WhyUnknown:     "no machine has the mail server's name",
	WhySlow:        "the mail server didn't answer in time",
	WhyCertificate: "the mail server's certificate is not good for its name",
	WhyNotOffered:  "the mail server offers no STARTTLS, or no login that is safe",
	WhyLogin:       "the mail server refuses the user or the password",
	WhyBroken:      "the mail server hung up, or speaks no SMTP",
	WhyAnswer:      "the mail server refuses what we send",
	WhyAddress:     "the mail server refuses the recipient",
	WhyContent:     "the mail server refuses the mail",
}

// Error is what happened, without a word of the server's.
func (t *Trouble) Error() string {
	if t.Code != 0 {
		return fmt.Sprintf("%s (%d)", words[t.Why], t.Code)
	}
	return words[t.Why]
}

// Unwrap is [ErrUnsent].
func (t *Trouble) Unwrap() error { return ErrUnsent }

// Lone says that it is about this one mail, and the next may fare better.
func (t *Trouble) Lone() bool { return t.Why == WhyAddress || t.Why == WhyContent }

const (
	closing   = 421 // the server ends the session, whatever was asked
	tooMuch   = 552 // the mail is too large for it
	condemned = 554 // it takes the mail for harmful
)

// troubleOf reads what the library says. dialled: there was a connection.
func troubleOf(err error, dialled bool) *Trouble {
	if sent, ok := errors.AsType[*smtp.SendError](err); ok {
		return refusal(sent, err)
	}
	answer, answered := errors.AsType[*textproto.Error](err)
	_, unverified := errors.AsType[*tls.CertificateVerificationError](err)
	_, unnamed := errors.AsType[*net.DNSError](err)
	_, cut := errors.AsType[*net.OpError](err)
	_, noTLS := errors.AsType[tls.RecordHeaderError](err)
	switch {
	case unverified:
		return &Trouble{Why: WhyCertificate}
	case isSlow(err):
		return &Trouble{Why: WhySlow}
	case unnamed:
		return &Trouble{Why: WhyUnknown}
	case errors.Is(err, syscall.ECONNREFUSED), !dialled:
		return &Trouble{Why: WhyRefused}
	case answered && answer.Code/10 == 53: // RFC 4954: 530, 534, 535, 538
		return &Trouble{Why: WhyLogin, Code: answer.Code}
	case answered:
		return &Trouble{Why: WhyAnswer, Code: answer.Code}
	case cut || noTLS || isEnd(err):
		return &Trouble{Why: WhyBroken}
	}
	return &Trouble{Why: WhyNotOffered}
}

// refusal is what the server said once it had let us in.
func refusal(sent *smtp.SendError, err error) *Trouble {
	code := sent.ErrorCode()
	switch {
	case code == 0 && isSlow(err):
		return &Trouble{Why: WhySlow}
	case code == 0 && (sent.Reason == smtp.ErrGetRcpts || sent.Reason == smtp.ErrNoUnencoded):
		return &Trouble{Why: WhyAddress}
	case code == 0:
		return &Trouble{Why: WhyBroken}
	case code == closing:
		return &Trouble{Why: WhyAnswer, Code: code}
	case sent.Reason == smtp.ErrSMTPRcptTo:
		return &Trouble{Why: WhyAddress, Code: code}
	case code == tooMuch || code == condemned:
		return &Trouble{Why: WhyContent, Code: code}
	}
	return &Trouble{Why: WhyAnswer, Code: code}
}

func isSlow(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded)
}
