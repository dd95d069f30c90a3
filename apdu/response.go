package apdu

import (
	"errors"
	"fmt"
)

// ErrResponseInvalid is what [ParseResponse] returns for an answer that has no
// room for a status word, or is longer than any answer can be.
var ErrResponseInvalid = errors.New("response APDU invalid")

// MaxResponse is the longest possible response APDU in bytes.
const MaxResponse = MaxNe + 2

// Response is a response APDU (ISO/IEC 7816-4 §5.3): data and status word.
type Response struct {
	Data   []byte
	Status Status
}

// ParseResponse splits an answer into data and status word. It returns
// [ErrResponseInvalid] for fewer than two or more than [MaxResponse] bytes.
// The Data of the result shares raw's memory.
func ParseResponse(raw []byte) (Response, error) {
	if len(raw) < 2 || len(raw) > MaxResponse {
		return Response{}, fmt.Errorf("parse response: %w: %d bytes", ErrResponseInvalid, len(raw))
	}
	n := len(raw) - 2
	return Response{Data: raw[:n:n], Status: Status(raw[n])<<8 | Status(raw[n+1])}, nil
}

// Bytes is the encoded response.
func (r Response) Bytes() []byte {
	out := append(make([]byte, 0, len(r.Data)+2), r.Data...)
	return append(out, byte(r.Status>>8), byte(r.Status))
}
