package issuer

import "errors"

// Why there is no answer. None of them says anything about a card: the fact is
// indeterminate.
var (
	// ErrConfig: the settings can't be meant. Only [New], [ParseCA],
	// [ParseClient] and [ParseVersion] return it.
	ErrConfig = errors.New("issuer's service is configured wrongly")
	// ErrIncomplete: the card lacks what the issuer asks for, or it was not read.
	// Nothing was sent.
	ErrIncomplete = errors.New("card lacks what the issuer asks for")
	// ErrUnreachable: no connection, no answer in time, or half of one.
	ErrUnreachable = errors.New("issuer's service is out of reach")
	// ErrUntrusted: the server's certificate is not one to trust, or the server
	// refuses ours. Nothing was sent.
	ErrUntrusted = errors.New("issuer's service is not trusted")
	// ErrPaused: it was out of reach again and again, so nobody asks for a while.
	ErrPaused = errors.New("issuer's service is left alone for a while")
	// ErrAnswer: something answered that is no answer of this service.
	ErrAnswer = errors.New("issuer's service gave no answer that can be read")
)
