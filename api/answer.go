package api

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Problem is the body of every refusal and failure (RFC 9457), in one language.
type Problem struct {
	Type      string `json:"type" doc:"urn:chipproof:problem: and the code" example:"urn:chipproof:problem:card_absent"`
	Title     string `json:"title" doc:"What happened, for a person" example:"ยังไม่ได้เสียบบัตร"`
	Status    int    `json:"status" doc:"The HTTP status" example:"409"`
	Code      string `json:"code" doc:"Stable name of the cause, for programs" example:"card_absent"`
	Remedy    string `json:"remedy" doc:"What to do next, for a person" example:"เสียบบัตรประชาชนแล้วลองอีกครั้ง"`
	Field     string `json:"field,omitzero" doc:"The field of the request or of the card that this is about" example:"laser_code"`
	Detail    string `json:"detail,omitzero" doc:"Which step of the checks a signed request failed" example:"signature"`
	Seconds   int64  `json:"seconds,omitzero" doc:"By how many seconds a time is off: the age of a request, or how far it lies ahead" example:"3600"`
	RequestID string `json:"request_id,omitzero" doc:"Names this request in the log" example:"MZXW6YTBOI2HE3TB"`

	lang  Lang
	cause error
	wait  time.Duration
}

// problemType is the media type of RFC 9457.
const problemType = "application/problem+json"

func newProblem(row Row, err error, lang Lang, requestID string) *Problem {
	p := &Problem{
		Type:   "urn:chipproof:problem:" + row.Code,
		Title:  row.Title.In(lang),
		Status: row.Status,
		Code:   row.Code,
		Remedy: row.Remedy.In(lang),

		RequestID: requestID,
		lang:      lang,
		cause:     err,
	}
	if row.Field != nil {
		p.Field = row.Field(err)
	}
	if row.Detail != nil {
		p.Detail = row.Detail(err)
	}
	if row.Seconds != nil {
		p.Seconds = row.Seconds(err)
	}
	if row.RetryAfter != nil {
		p.wait = row.RetryAfter(err)
	}
	return p
}

// Error is the code: texts are for people, and the cause is for the log.
func (p *Problem) Error() string { return p.Code }

// Unwrap is the cause.
func (p *Problem) Unwrap() error { return p.cause }

// GetStatus, GetHeaders and ContentType are how huma asks an error for its
// status, headers and media type.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders says in which language the texts are, and how long to wait.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{"Content-Language": {string(p.lang)}}
	if p.wait > 0 {
		h.Set("Retry-After", retryAfter(p.wait))
	}
	return h
}

// retryAfter is a wait as the header says it: whole seconds, never too few.
func retryAfter(wait time.Duration) string {
	return strconv.FormatInt(int64((wait+time.Second-1)/time.Second), 10)
}

// ContentType turns JSON into problem+json.
func (p *Problem) ContentType(string) string { return problemType }

// write sends the problem. A client that is gone is nobody to report to.
func (p *Problem) write(w http.ResponseWriter) {
	var body bytes.Buffer
	if err := writeJSON(&body, p); err != nil {
		// Strings and an int: only invalid UTF-8 could fail, and the texts are ours.
		body.Reset()
		body.Write(bareProblem(p.Status, p.Code))
	}
	h := w.Header()
	h.Set("Content-Type", problemType)
	maps.Copy(h, p.GetHeaders())
	w.WriteHeader(p.Status)
	_, _ = w.Write(body.Bytes())
}

// writeBare is the constant answer to whoever did not even know our name: no
// text, no id, nothing that a page on another name could learn from
// (agent-security §4).
func writeBare(w http.ResponseWriter, row Row) {
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(row.Status)
	_, _ = w.Write(bareProblem(row.Status, row.Code))
}

func bareProblem(status int, code string) []byte {
	return fmt.Appendf(nil, "{\"status\":%d,\"code\":%q}\n", status, code)
}

// FieldError is a cause that concerns one field. It says which, and nothing of
// the field's value.
type FieldError struct {
	Field string
	Err   error
}

// Error names the field before the cause.
func (e *FieldError) Error() string { return e.Field + ": " + e.Err.Error() }

// Unwrap is the cause.
func (e *FieldError) Unwrap() error { return e.Err }

// bodyField names the member of a body that was refused, where that is known.
func bodyField(err error) string {
	if e, ok := errors.AsType[*FieldError](err); ok {
		return e.Field
	}
	return ""
}

// writeJSON is how every body is written: deterministic, one line, a line end.
// What is no UTF-8, in a reader's name for example, is replaced and fails nothing.
func writeJSON(w *bytes.Buffer, v any) error {
	err := json.MarshalWrite(w, v,
		json.Deterministic(true), jsontext.EscapeForHTML(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	return w.WriteByte('\n')
}
