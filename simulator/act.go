package simulator

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"chipproof/apdu"
	"chipproof/proofing/thaiid"
)

type segment = thaiid.Segment

// act does what f does instead of the exchange; done says that it answered.
func (f occurrence) act(ctx context.Context, cmd apdu.Command, loaded life, b bay) (answer []byte, done bool, err error) {
	switch f.Do {
	case DoStatus:
		return apdu.Response{Status: f.Word[f.nth%len(f.Word)]}.Bytes(), true, nil
	case DoAnswer:
		return slices.Clone([]byte(f.Hex)), true, nil
	case DoError:
		return nil, true, fmt.Errorf("transmit to simulated card: %w", errorOf(f.Error))
	case DoEndless61:
		return f.endless(cmd), true, nil
	case DoDelay:
		err := wait(ctx, f.delay())
		return nil, err != nil, err
	case DoMute:
		answer, err := silence(ctx, loaded, b)
		return answer, true, err
	case DoHang:
		answer, err := silence(context.WithoutCancel(ctx), loaded, b)
		return answer, true, err
	}
	answer, err = b.perform(f.Fault)
	return answer, answer != nil || err != nil, err
}

// endless offers as much data again as each GET RESPONSE brings.
func (f Fault) endless(cmd apdu.Command) []byte {
	n := f.Length
	if n == 0 {
		n = 16
	}
	res := apdu.Response{Status: moreData(n)}
	if cmd.INS == insGetResponse {
		res.Data = slices.Repeat([]byte{' '}, n)
	}
	return res.Bytes()
}

// silence waits for whatever ends it. The zero channel of a context without
// cancel never does.
func silence(ctx context.Context, loaded life, b bay) ([]byte, error) {
	living := b.living()
	select {
	case <-ctx.Done():
		return nil, fmt.Errorf("transmit to simulated card: %w", ctx.Err())
	case <-living.ctx.Done():
		why, _ := living.over()
		return why.show()
	case <-loaded.ctx.Done():
		why, _ := loaded.over()
		return why.show()
	}
}

// bites says whether f has something to change in data that begins at brought.
func (f Fault) bites(brought ask, data []byte) bool {
	if len(data) == 0 {
		return false
	}
	at, found := f.start(brought, len(data))
	switch f.Do {
	case DoFlip:
		return found && at+f.Byte >= 0 && at+f.Byte < len(data)
	case DoTruncate:
		return found && max(at, 0)+f.Keep < len(data)
	}
	return found
}

// start is where the field begins in n bytes of data, below 0 if before them:
// the beginning of the data if f names no field.
func (f Fault) start(brought ask, n int) (at int, found bool) {
	if f.Field == "" {
		return 0, true
	}
	meant := brought.called(f.Field)
	touched := slices.ContainsFunc(brought.parts(n), func(s segment) bool { return isCalled(s, f.Field) })
	if !touched {
		return 0, false
	}
	return meant[0].Offset - brought.at, true
}

// distort returns data with f's change in a copy.
func (f Fault) distort(brought ask, data []byte, exchange int) []byte {
	at, _ := f.start(brought, len(data))
	changed := slices.Clone(data)
	switch f.Do {
	case DoFlip:
		changed[at+f.Byte] ^= 1 << f.Bit
	case DoTruncate:
		changed = changed[:max(at, 0)+f.Keep]
	case DoGarbage:
		if f.Length > 0 {
			return garbage(f.Length, exchange)
		}
		junk := garbage(len(data), exchange)
		if f.Field == "" {
			return junk
		}
		for _, s := range brought.called(f.Field) {
			from, to := max(s.Offset-brought.at, 0), min(s.End()-brought.at, len(data))
			if from < to {
				copy(changed[from:to], junk[from:to])
			}
		}
	}
	return changed
}

// garbage is n bytes that neither TIS-620 nor Windows-874 gives a meaning, so
// that no part made of them passes for text, digits or a JPEG.
func garbage(n, exchange int) []byte {
	meaningless := []byte{0x81, 0x82, 0x83, 0x84, 0xDB, 0xDC, 0xDD, 0xDE, 0xFC, 0xFD, 0xFE}
	junk := noise(n, "garbage "+strconv.Itoa(exchange))
	for i, b := range junk {
		junk[i] = meaningless[int(b)%len(meaningless)]
	}
	return junk
}
