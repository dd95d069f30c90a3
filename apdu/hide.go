package apdu

import (
	"fmt"
	"log/slog"
)

// Format prints the header and the lengths, whatever the verb: the data field
// may hold somebody's name or PIN.
func (c Command) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "command %02X %02X %02X %02X, Nc %d, Ne %d", c.CLA, c.INS, c.P1, c.P2, len(c.Data), c.Ne)
}

// LogValue is what [Command.Format] prints.
func (c Command) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

// Format prints the length and the status word, whatever the verb.
func (r Response) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "response of %d bytes, status %04X", len(r.Data), uint16(r.Status))
}

// LogValue is what [Response.Format] prints.
func (r Response) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(r)) }
