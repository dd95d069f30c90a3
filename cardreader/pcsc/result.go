//go:build cgo || windows

package pcsc

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/ebfe/scard"

	"chipproof/cardreader"
)

// phase is what was being done when PC/SC answered: the same result means
// different things before and after a connection stands.
type phase int

const (
	// opening a context.
	opening phase = iota
	// asking: listing, watching.
	asking
	// connecting: up to the moment that the transaction is held.
	connecting
	// connected: everything afterwards.
	connected
)

// result is a row of agent-security §9: what a PC/SC result means, by phase.
type result struct {
	// name is how winscard.h or winerror.h spells it.
	name                          string
	asking, connecting, connected error
	opening                       error // as asking if nil
}

// Results of Windows itself that its PC/SC calls hand through (winerror.h).
const (
	errorAccessDenied       scard.Error = 5
	errorInvalidHandle      scard.Error = 6
	errorBadCommand         scard.Error = 22
	errorBrokenPipe         scard.Error = 109
	errorSemTimeout         scard.Error = 121
	errorServiceNotActive   scard.Error = 1062
	errorIODevice           scard.Error = 1117
	errorDeviceNotConnected scard.Error = 1167
	errorRPCUnavailable     scard.Error = 1722
	errorRPCCallFailed      scard.Error = 1726
)

// results holds every result that means something of its own. All others say
// that the service fails at its work while asking, and that the card does
// otherwise.
var results = func() map[scard.Error]result {
	var (
		down        = cardreader.ErrServiceDown
		denied      = cardreader.ErrDenied
		noReader    = cardreader.ErrReaderNotFound
		broken      = cardreader.ErrCardError
		unsupported = cardreader.ErrCardUnsupported
		late        = cardreader.ErrCardTimeout
		sharing     = cardreader.ErrSharing
		torn        = cardreader.ErrTorn
		absent      = cardreader.ErrCardAbsent
		removed     = cardreader.ErrCardRemoved
		reset       = cardreader.ErrCardReset
	)
	return map[scard.Error]result{
		scard.ErrNoService:       {"SCARD_E_NO_SERVICE", down, down, down, nil},
		scard.ErrServiceStopped:  {"SCARD_E_SERVICE_STOPPED", down, down, down, nil},
		scard.ErrInvalidHandle:   {"SCARD_E_INVALID_HANDLE", down, down, down, nil},
		scard.ErrServerTooBusy:   {"SCARD_E_SERVER_TOO_BUSY", down, down, down, nil},
		scard.ErrSystemCancelled: {"SCARD_E_SYSTEM_CANCELLED", down, down, down, nil},
		scard.ErrShutdown:        {"SCARD_P_SHUTDOWN", down, down, down, nil},
		// pcsc-lite: no room for one more context or handle.
		scard.ErrNoMemory: {"SCARD_E_NO_MEMORY", down, down, broken, nil},

		// polkit refuses newcomers and connections. Beyond that pcsc-lite calls it so
		// when its socket is reset, which is how a service that was killed may look.
		scard.ErrSecurityViolation: {"SCARD_W_SECURITY_VIOLATION", down, denied, torn, denied},
		scard.ErrNoAccess:          {"SCARD_E_NO_ACCESS", denied, denied, broken, nil},

		scard.ErrNoReadersAvailable: {"SCARD_E_NO_READERS_AVAILABLE", noReader, noReader, noReader, nil},
		scard.ErrReaderUnavailable:  {"SCARD_E_READER_UNAVAILABLE", noReader, noReader, noReader, nil},
		scard.ErrUnknownReader:      {"SCARD_E_UNKNOWN_READER", noReader, noReader, noReader, nil},
		// pcsc-lite says so of a handle or a name whose reader was unplugged.
		scard.ErrInvalidValue: {"SCARD_E_INVALID_VALUE", down, noReader, noReader, nil},

		scard.ErrNoSmartcard: {"SCARD_E_NO_SMARTCARD", down, absent, removed, nil},
		scard.ErrRemovedCard: {"SCARD_W_REMOVED_CARD", down, absent, removed, nil},

		scard.ErrSharingViolation: {"SCARD_E_SHARING_VIOLATION", down, sharing, sharing, nil},
		// While connecting there is nothing yet to start again; see hold.
		scard.ErrResetCard: {"SCARD_W_RESET_CARD", down, broken, reset, nil},

		scard.ErrProtoMismatch:   {"SCARD_E_PROTO_MISMATCH", down, unsupported, unsupported, nil},
		scard.ErrUnsupportedCard: {"SCARD_W_UNSUPPORTED_CARD", down, unsupported, unsupported, nil},
		scard.ErrCardUnsupported: {"SCARD_E_CARD_UNSUPPORTED", down, unsupported, unsupported, nil},
		scard.ErrUnknownCard:     {"SCARD_E_UNKNOWN_CARD", down, unsupported, unsupported, nil},
		scard.ErrInvalidAtr:      {"SCARD_E_INVALID_ATR", down, unsupported, unsupported, nil},

		scard.ErrNotTransacted: {"SCARD_E_NOT_TRANSACTED", down, broken, torn, nil},
		scard.ErrCommError:     {"SCARD_F_COMM_ERROR", down, broken, torn, nil},

		scard.ErrCommDataLost:     {"SCARD_E_COMM_DATA_LOST", down, broken, broken, nil},
		scard.ErrNotReady:         {"SCARD_E_NOT_READY", down, broken, broken, nil},
		scard.ErrUnresponsiveCard: {"SCARD_W_UNRESPONSIVE_CARD", down, broken, broken, nil},
		scard.ErrUnpoweredCard:    {"SCARD_W_UNPOWERED_CARD", down, broken, broken, nil},

		scard.ErrTimeout:   {"SCARD_E_TIMEOUT", down, late, late, nil},
		scard.ErrCancelled: {"SCARD_E_CANCELLED", context.Canceled, context.Canceled, context.Canceled, nil},

		errorAccessDenied:       {"ERROR_ACCESS_DENIED", denied, denied, broken, nil},
		errorInvalidHandle:      {"ERROR_INVALID_HANDLE", down, down, down, nil},
		errorBadCommand:         {"ERROR_BAD_COMMAND", down, broken, torn, nil},
		errorBrokenPipe:         {"ERROR_BROKEN_PIPE", down, down, down, nil},
		errorSemTimeout:         {"ERROR_SEM_TIMEOUT", down, late, late, nil},
		errorServiceNotActive:   {"ERROR_SERVICE_NOT_ACTIVE", down, down, down, nil},
		errorIODevice:           {"ERROR_IO_DEVICE", down, broken, broken, nil},
		errorDeviceNotConnected: {"ERROR_DEVICE_NOT_CONNECTED", down, noReader, noReader, nil},
		errorRPCUnavailable:     {"RPC_S_SERVER_UNAVAILABLE", down, down, down, nil},
		errorRPCCallFailed:      {"RPC_S_CALL_FAILED", down, down, down, nil},
	}
}()

// meaning turns a result of PC/SC into an error of cardreader that says what was
// being done and names the result. No error stays no error.
func meaning(doing string, at phase, err error) error {
	if err == nil {
		return nil
	}
	code, ok := errors.AsType[scard.Error](err)
	if !ok {
		// The binding itself only refuses names that cannot be encoded.
		return fmt.Errorf("%s: %w: %w", doing, cardreader.ErrReaderNotFound, err)
	}
	row, known := results[code]
	if !known {
		// The number, not the library's text: pcsc-lite builds that in a buffer
		// that all threads share.
		row = result{fmt.Sprintf("PC/SC 0x%08X", uint32(code)), cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError, nil}
	}
	return fmt.Errorf("%s: %w (%s)", doing, row.at(at), row.name)
}

func (r result) at(p phase) error {
	switch p {
	case opening:
		return cmp.Or(r.opening, r.asking)
	case asking:
		return r.asking
	case connecting:
		return r.connecting
	case connected:
		return r.connected
	}
	return cardreader.ErrCardError
}
