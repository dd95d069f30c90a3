//go:build cgo || windows

package pcsc

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ebfe/scard"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
)

// meanings has every result that the binding knows, and those of Windows that
// agent-security §9 names, with what it must mean while asking, while connecting
// and once connected. The numbers are winscard.h's and winerror.h's, typed here
// anew, so that the driver's table is held against another source than itself.
var meanings = []struct {
	code                          uint32
	name                          string
	asking, connecting, connected error
}{
	{0x80100001, "F_INTERNAL_ERROR", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x80100002, "E_CANCELLED", context.Canceled, context.Canceled, context.Canceled},
	{0x80100003, "E_INVALID_HANDLE", cardreader.ErrServiceDown, cardreader.ErrServiceDown, cardreader.ErrServiceDown},
	{0x80100004, "E_INVALID_PARAMETER", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x80100005, "E_INVALID_TARGET", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x80100006, "E_NO_MEMORY", cardreader.ErrServiceDown, cardreader.ErrServiceDown, cardreader.ErrCardError},
	{0x80100007, "F_WAITED_TOO_LONG", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x80100008, "E_INSUFFICIENT_BUFFER", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x80100009, "E_UNKNOWN_READER", cardreader.ErrReaderNotFound, cardreader.ErrReaderNotFound, cardreader.ErrReaderNotFound},
	{0x8010000A, "E_TIMEOUT", cardreader.ErrServiceDown, cardreader.ErrCardTimeout, cardreader.ErrCardTimeout},
	{0x8010000B, "E_SHARING_VIOLATION", cardreader.ErrServiceDown, cardreader.ErrSharing, cardreader.ErrSharing},
	{0x8010000C, "E_NO_SMARTCARD", cardreader.ErrServiceDown, cardreader.ErrCardAbsent, cardreader.ErrCardRemoved},
	{0x8010000D, "E_UNKNOWN_CARD", cardreader.ErrServiceDown, cardreader.ErrCardUnsupported, cardreader.ErrCardUnsupported},
	{0x8010000E, "E_CANT_DISPOSE", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x8010000F, "E_PROTO_MISMATCH", cardreader.ErrServiceDown, cardreader.ErrCardUnsupported, cardreader.ErrCardUnsupported},
	{0x80100010, "E_NOT_READY", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x80100011, "E_INVALID_VALUE", cardreader.ErrServiceDown, cardreader.ErrReaderNotFound, cardreader.ErrReaderNotFound},
	{0x80100012, "E_SYSTEM_CANCELLED", cardreader.ErrServiceDown, cardreader.ErrServiceDown, cardreader.ErrServiceDown},
	{0x80100013, "F_COMM_ERROR", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrTorn},
	{0x80100014, "F_UNKNOWN_ERROR", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x80100015, "E_INVALID_ATR", cardreader.ErrServiceDown, cardreader.ErrCardUnsupported, cardreader.ErrCardUnsupported},
	{0x80100016, "E_NOT_TRANSACTED", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrTorn},
	{0x80100017, "E_READER_UNAVAILABLE", cardreader.ErrReaderNotFound, cardreader.ErrReaderNotFound, cardreader.ErrReaderNotFound},
	{0x80100018, "P_SHUTDOWN", cardreader.ErrServiceDown, cardreader.ErrServiceDown, cardreader.ErrServiceDown},
	{0x80100019, "E_PCI_TOO_SMALL", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x8010001A, "E_READER_UNSUPPORTED", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x8010001B, "E_DUPLICATE_READER", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x8010001C, "E_CARD_UNSUPPORTED", cardreader.ErrServiceDown, cardreader.ErrCardUnsupported, cardreader.ErrCardUnsupported},
	{0x8010001D, "E_NO_SERVICE", cardreader.ErrServiceDown, cardreader.ErrServiceDown, cardreader.ErrServiceDown},
	{0x8010001E, "E_SERVICE_STOPPED", cardreader.ErrServiceDown, cardreader.ErrServiceDown, cardreader.ErrServiceDown},
	{0x8010001F, "E_UNEXPECTED", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x80100020, "E_ICC_INSTALLATION", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x80100021, "E_ICC_CREATEORDER", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x80100024, "E_FILE_NOT_FOUND", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x80100025, "E_NO_DIR", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x80100026, "E_NO_FILE", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x80100027, "E_NO_ACCESS", cardreader.ErrDenied, cardreader.ErrDenied, cardreader.ErrCardError},
	{0x80100028, "E_WRITE_TOO_MANY", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x80100029, "E_BAD_SEEK", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x8010002A, "E_INVALID_CHV", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x8010002B, "E_UNKNOWN_RES_MNG", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x8010002C, "E_NO_SUCH_CERTIFICATE", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x8010002D, "E_CERTIFICATE_UNAVAILABLE", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x8010002E, "E_NO_READERS_AVAILABLE", cardreader.ErrReaderNotFound, cardreader.ErrReaderNotFound, cardreader.ErrReaderNotFound},
	{0x8010002F, "E_COMM_DATA_LOST", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x80100030, "E_NO_KEY_CONTAINER", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x80100031, "E_SERVER_TOO_BUSY", cardreader.ErrServiceDown, cardreader.ErrServiceDown, cardreader.ErrServiceDown},
	{0x80100065, "W_UNSUPPORTED_CARD", cardreader.ErrServiceDown, cardreader.ErrCardUnsupported, cardreader.ErrCardUnsupported},
	{0x80100066, "W_UNRESPONSIVE_CARD", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x80100067, "W_UNPOWERED_CARD", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x80100068, "W_RESET_CARD", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardReset},
	{0x80100069, "W_REMOVED_CARD", cardreader.ErrServiceDown, cardreader.ErrCardAbsent, cardreader.ErrCardRemoved},
	{0x8010006A, "W_SECURITY_VIOLATION", cardreader.ErrServiceDown, cardreader.ErrDenied, cardreader.ErrTorn},
	{0x8010006B, "W_WRONG_CHV", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x8010006C, "W_CHV_BLOCKED", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x8010006D, "W_EOF", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x8010006E, "W_CANCELLED_BY_USER", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{0x8010006F, "W_CARD_NOT_AUTHENTICATED", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},

	{5, "ERROR_ACCESS_DENIED", cardreader.ErrDenied, cardreader.ErrDenied, cardreader.ErrCardError},
	{6, "ERROR_INVALID_HANDLE", cardreader.ErrServiceDown, cardreader.ErrServiceDown, cardreader.ErrServiceDown},
	{22, "ERROR_BAD_COMMAND", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrTorn},
	{31, "ERROR_GEN_FAILURE", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{109, "ERROR_BROKEN_PIPE", cardreader.ErrServiceDown, cardreader.ErrServiceDown, cardreader.ErrServiceDown},
	{121, "ERROR_SEM_TIMEOUT", cardreader.ErrServiceDown, cardreader.ErrCardTimeout, cardreader.ErrCardTimeout},
	{1062, "ERROR_SERVICE_NOT_ACTIVE", cardreader.ErrServiceDown, cardreader.ErrServiceDown, cardreader.ErrServiceDown},
	{1117, "ERROR_IO_DEVICE", cardreader.ErrServiceDown, cardreader.ErrCardError, cardreader.ErrCardError},
	{1167, "ERROR_DEVICE_NOT_CONNECTED", cardreader.ErrServiceDown, cardreader.ErrReaderNotFound, cardreader.ErrReaderNotFound},
	{1722, "RPC_S_SERVER_UNAVAILABLE", cardreader.ErrServiceDown, cardreader.ErrServiceDown, cardreader.ErrServiceDown},
	{1726, "RPC_S_CALL_FAILED", cardreader.ErrServiceDown, cardreader.ErrServiceDown, cardreader.ErrServiceDown},
}

func TestEveryResultOfPCSCMeansOneThingInEachPhase(t *testing.T) {
	for _, want := range meanings {
		t.Run(want.name, func(t *testing.T) {
			for at, sentinel := range map[phase]error{asking: want.asking, connecting: want.connecting, connected: want.connected} {
				assert.Equal(t, sentinel, rootOf(meaning("do something", at, scard.Error(want.code))))
			}
		})
	}
}

func TestTheRowsCoverEveryResultThatTheBindingNames(t *testing.T) {
	known := map[uint32]bool{0: true} // SCARD_S_SUCCESS
	for _, row := range meanings {
		known[row.code] = true
	}
	for name, code := range resultsOfTheBinding(t) {
		assert.True(t, known[code], "%s (0x%08X) has no row", name, code)
	}
	for code := range results {
		assert.True(t, known[uint32(code)], "the driver knows 0x%08X and the test does not", uint32(code))
	}
}

// A newcomer that is refused is refused by policy; all else is as while asking.
func TestOpeningAContextIsLikeAskingExceptForRefusals(t *testing.T) {
	for _, want := range meanings {
		sentinel := want.asking
		if want.name == "W_SECURITY_VIOLATION" {
			sentinel = cardreader.ErrDenied
		}
		assert.Equal(t, sentinel, rootOf(meaning("open", opening, scard.Error(want.code))), want.name)
	}
}

func TestNoErrorStaysNone(t *testing.T) {
	assert.NoError(t, meaning("do something", connected, nil))
}

func TestAnErrorSaysWhatWasDoneAndWhichResultCame(t *testing.T) {
	assert.EqualError(t, meaning("transmit", connected, scard.ErrNotTransacted), "transmit: exchange torn (SCARD_E_NOT_TRANSACTED)")
	assert.EqualError(t, meaning("transmit", connected, scard.Error(0x1234)), "transmit: card error (PC/SC 0x00001234)")
}

func TestANameThatCannotBeEncodedIsNoReadersName(t *testing.T) {
	assert.ErrorIs(t, meaning("connect", connecting, errors.New("invalid argument")), cardreader.ErrReaderNotFound)
}

// rootOf is the innermost error.
func rootOf(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

// resultsOfTheBinding reads the constants of type Error from the binding's source.
func resultsOfTheBinding(t *testing.T) map[string]uint32 {
	t.Helper()
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.Dir}}", "github.com/ebfe/scard").Output()
	require.NoError(t, err)
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "zconst.go"), nil, 0)
	require.NoError(t, err)

	found := map[string]uint32{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Error" {
			return true
		}
		literal, ok := spec.Values[0].(*ast.BasicLit)
		require.True(t, ok)
		code, err := strconv.ParseUint(literal.Value, 0, 32)
		require.NoError(t, err)
		found[spec.Names[0].Name] = uint32(code)
		return true
	})
	require.Greater(t, len(found), 50, "the binding's source looks different")
	return found
}
