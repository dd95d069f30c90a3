package apdu

import (
	"context"
	"log/slog"
	"time"
)

// Trace logs every exchange with card at debug level: INS, lengths, status word
// and time, never a byte of content, because a card's bytes are personal data.
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
			attrs = append(attrs, slog.Int("ins", int(command[1])))
		}
		if res, perr := ParseResponse(answer); perr == nil {
			attrs = append(attrs, slog.Int("sw", int(res.Status)))
		}
		if err != nil {
			attrs = append(attrs, slog.Any("error", err))
		}
		log.LogAttrs(ctx, slog.LevelDebug, "apdu", attrs...)
		return answer, err
	})
}
