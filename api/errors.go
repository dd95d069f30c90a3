package api

import "errors"

// Why a request gets no answer. Each has a row in [Problems], where its code,
// status and text stand (design §7, agent-security §5).
var (
	// ErrRequestMalformed: request line or headers that no honest client sends.
	ErrRequestMalformed = errors.New("request malformed")
	// ErrHostRefused: Host is not byte for byte one of our three names.
	ErrHostRefused = errors.New("host refused")
	// ErrNotFound: no such route.
	ErrNotFound = errors.New("route not found")
	// ErrMethodRefused: the route exists and does not take this method.
	ErrMethodRefused = errors.New("method refused")
	// ErrOriginRefused: Origin is missing, not approved, or not for this class of route.
	ErrOriginRefused = errors.New("origin refused")
	// ErrContextRefused: the browser says that the request comes from where none should.
	ErrContextRefused = errors.New("request context refused")
	// ErrMediaTypeRefused: a POST whose body is not declared as JSON.
	ErrMediaTypeRefused = errors.New("media type refused")
	// ErrThrottled: too many requests, or too many open event streams.
	ErrThrottled = errors.New("throttled")
	// ErrBodyTooLarge: more than the 64 KiB that a body may have.
	ErrBodyTooLarge = errors.New("body too large")
	// ErrBodyInvalid: not strict JSON, or not of the shape or values that the route takes.
	ErrBodyInvalid = errors.New("body invalid")
	// ErrStopping: the program is being stopped and gave up what it was doing.
	ErrStopping = errors.New("agent stopping")
)

// Why a server does not start.
var (
	// ErrAddressRefused: an address to listen on that is not loopback, or is no address.
	ErrAddressRefused = errors.New("listen address refused")
	// ErrPortTaken: another program listens on that port; see [PortTakenError].
	ErrPortTaken = errors.New("port taken")
	// ErrOriginInvalid: a web origin that no browser sends, or that may not be approved.
	ErrOriginInvalid = errors.New("origin invalid")
)
