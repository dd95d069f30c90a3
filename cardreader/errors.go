package cardreader

import "errors"

// What can go wrong between a program and a card. Callers compare with
// [errors.Is]; each has a row in the problem table (design §7).
var (
	// ErrServiceDown: the PC/SC service does not run, or stopped.
	ErrServiceDown = errors.New("reader service down")
	// ErrDenied: the PC/SC service refuses this account (polkit).
	ErrDenied = errors.New("reader service refuses this account")
	// ErrNotBuiltIn: this binary was built without the driver.
	ErrNotBuiltIn = errors.New("driver not built into this program")
	// ErrReaderNotFound: no reader of that name, or none at all, or it was unplugged.
	ErrReaderNotFound = errors.New("reader not found")
	// ErrReaderBusy: a read is going on, here or in another program.
	ErrReaderBusy = errors.New("reader busy")
	// ErrCardAbsent: there was no card when the reader was opened.
	ErrCardAbsent = errors.New("card absent")
	// ErrCardRemoved: the card left after the reader was opened.
	ErrCardRemoved = errors.New("card removed")
	// ErrCardChanged: the card in the reader is not the insertion that was opened.
	ErrCardChanged = errors.New("card changed")
	// ErrCardUnsupported: the card speaks no protocol that the reader offers, or
	// its answer to reset is longer than any can be.
	ErrCardUnsupported = errors.New("card unsupported")
	// ErrCardError: the card or its contacts failed; the card is still there.
	ErrCardError = errors.New("card error")
	// ErrCardTimeout: the card took too long for one exchange or for the whole session.
	ErrCardTimeout = errors.New("card timeout")
	// ErrCardReset: somebody reset the card, so what was selected is lost. The
	// work can be started again after [Session.Reconnect].
	ErrCardReset = errors.New("card reset by another program")
)

// What a driver reports to this package and no caller ever sees.
var (
	// ErrSharing: another program has the reader to itself at this moment.
	ErrSharing = errors.New("reader in exclusive use")
	// ErrTorn: the exchange broke off (SCARD_E_NOT_TRANSACTED,
	// SCARD_F_COMM_ERROR), and whether the card left is not known yet.
	ErrTorn = errors.New("exchange torn")
)
