package api

import (
	"fmt"
	"log/slog"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"chipproof/mfa"
)

// typed is a secret that came in a body. It prints as a fixed word, like the
// [mfa.Hidden] that it is handed on as.
type typed string

// Format hides the value from every verb.
func (typed) Format(s fmt.State, _ rune) { fmt.Fprint(s, "[hidden]") }

// LogValue hides the value from structured logs.
func (typed) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Schema lets no page show the value either.
func (typed) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "password", MinLength: new(1), MaxLength: new(maxTyped)}
}

// maxTyped is how long a typed secret may be, in code points: well above the
// 256 of the longest password, so that it is package mfa that says what is too
// long.
const maxTyped = 1024

func (t typed) hidden() mfa.Hidden { return mfa.Hide(string(t)) }

// code is a typed code with the digits of a Thai keyboard folded. Nowhere else
// are they: package mfa has one form only (mfa §2.2).
func (t typed) code() mfa.Hidden { return mfa.Hide(thaiDigits.Replace(string(t))) }

var thaiDigits = strings.NewReplacer(
	"๐", "0", "๑", "1", "๒", "2", "๓", "3", "๔", "4", "๕", "5", "๖", "6", "๗", "7", "๘", "8", "๙", "9",
)
