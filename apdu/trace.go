package apdu

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// Trace logs every exchange with card at debug level: INS, lengths, status word
// and time, never a byte of content, because a card's bytes are personal data.
// The card's error is logged as it is: a [Transmitter] puts no content in it.
func Trace(card Transmitter, log *slog.Logger) Transmitter {
	return TransmitterFunc(func(ctx context.Context, command []byte) ([]byte, error) {
		start := time.Now()
		answer, err := card.Transmit(ctx, command)
		attrs := []slog.Attr{
			slog.Int("sent", len(command)),
			slog.Int("received", len(answer)),
			slog.Duration("took", time.Since(start)),
		}
		if len(command) > 1 {
			attrs = append(attrs, slog.String("ins", fmt.Sprintf("%02X", command[1])))
		}
		if err != nil {
			attrs = append(attrs, slog.Any("error", err))
		} else if res, perr := ParseResponse(answer); perr == nil {
			attrs = append(attrs, slog.String("sw", fmt.Sprintf("%04X", uint16(res.Status))))
		}
		log.LogAttrs(ctx, slog.LevelDebug, "apdu", attrs...)
		return answer, err
	})
}
